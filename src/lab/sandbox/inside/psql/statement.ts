import { SERVER_CLOSED } from '../connect.ts';
import { print } from './print/print.ts';
import { isRightAligned, type Style, type Table } from './print/table.ts';
import { type Column, type CopyStreams, type Outcome, runQuery } from './query.ts';
import {
  complain,
  describeDiagnostics,
  EXIT_BADCONN,
  Exit,
  openConnection,
  out,
  quiet,
  type Session,
  tell,
} from './session.ts';

/**
 * Sends SQL and prints what comes of it. `style`: in place of the session's, for this result only. Answers whether
 * it went well. Throws Exit when the server is gone and psql can't go on.
 */
export async function runStatement(
  session: Session,
  text: string,
  copyInput: CopyStreams['input'],
  style: Style = session.style,
): Promise<boolean> {
  const { connection, variables, inside } = session;
  if (!connection) {
    await complain(session, 'You are currently not connected to a database.');
    return false;
  }
  const echo = variables.get('ECHO');
  if (echo === 'queries') await out(session, `${text}\n`);
  const begun = performance.now();
  let copied = false;
  const outcome = await runQuery(connection, text, {
    input: copyInput,
    output: (piece) => {
      copied = true;
      inside.stdout.write(piece);
    },
  });
  const milliseconds = performance.now() - begun;
  remember(session, outcome);
  const ok = await show(session, outcome, text, style, copied);
  if (!ok && echo === 'errors') await tell(session, `STATEMENT:  ${text}`);
  if (session.timing) await out(session, `${timeText(milliseconds)}\n`);
  await out(session, session.notifications.splice(0));
  if (outcome.kind === 'lost') await recover(session);
  return ok;
}

async function show(
  session: Session,
  outcome: Outcome,
  text: string,
  style: Style,
  copied: boolean,
): Promise<boolean> {
  switch (outcome.kind) {
    case 'empty':
      return true;
    case 'command':
      // After data of COPY … TO STDOUT its tag would look like one more row.
      if (!quiet(session) && !copied) await out(session, `${outcome.tag}\n`);
      return true;
    case 'rows': {
      await out(session, print(tableOf(outcome.columns, outcome.rows), style, terminalWidth(session)));
      if (/^(INSERT|UPDATE|DELETE)/.test(outcome.tag) && !quiet(session))
        await out(session, `${outcome.tag}\n`);
      return true;
    }
    case 'error':
      await tell(session, describeDiagnostics(session, outcome.said, text, true));
      return false;
    case 'lost': {
      const words = outcome.said ? `${describeDiagnostics(session, outcome.said, text, true)}\n` : '';
      await tell(session, `${words}${SERVER_CLOSED}`);
      return false;
    }
  }
}

export const tableOf = (columns: readonly Column[], rows: (string | null)[][]): Table => ({
  title: null,
  headers: columns.map((column) => column.name),
  rightAligned: columns.map((column) => isRightAligned(column.type)),
  rows,
  footers: null,
});

/** Columns of the terminal, for `\x auto`; null without one. */
function terminalWidth({ inside }: Session): number | null {
  const { columns } = inside.stdout as { columns?: number };
  return inside.terminal && columns ? columns : null;
}

/** The variables that tell a script how the last statement went. */
function remember({ variables }: Session, outcome: Outcome): void {
  const failed = outcome.kind === 'error' || outcome.kind === 'lost';
  const said = failed ? outcome.said : null;
  variables.set('ERROR', String(failed));
  variables.set('SQLSTATE', failed ? (said?.code ?? '') : '00000');
  const count = 'tag' in outcome ? /(\d+)$/.exec(outcome.tag)?.[1] : undefined;
  variables.set('ROW_COUNT', count ?? '0');
  if (!failed) return;
  variables.set('LAST_ERROR_MESSAGE', said?.message ?? SERVER_CLOSED);
  variables.set('LAST_ERROR_SQLSTATE', said?.code ?? '');
}

async function recover(session: Session): Promise<void> {
  session.connection = null;
  if (!session.interactive) {
    await complain(session, 'connection to server was lost');
    throw new Exit(EXIT_BADCONN);
  }
  const attempt = await openConnection(session, session.target).then(
    () => 'Succeeded.',
    () => 'Failed.',
  );
  await tell(session, `The connection to the server was lost. Attempting reset: ${attempt}`);
}

/** `Time: 0.512 ms`, and minutes and hours for what takes longer than a second. */
export function timeText(milliseconds: number): string {
  const text = `Time: ${milliseconds.toFixed(3)} ms`;
  if (milliseconds < 1000) return text;
  const seconds = milliseconds / 1000;
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  const rest = (seconds % 60).toFixed(3).padStart(6, '0');
  const minutes = Math.floor(seconds / 60) % 60;
  if (seconds < 3600) return `${text} (${two(minutes)}:${rest})`;
  const hours = Math.floor(seconds / 3600) % 24;
  if (seconds < 86_400) return `${text} (${two(hours)}:${two(minutes)}:${rest})`;
  return `${text} (${Math.floor(seconds / 86_400)} d ${two(hours)}:${two(minutes)}:${rest})`;
}
