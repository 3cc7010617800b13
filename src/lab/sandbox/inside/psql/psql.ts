import { ConninfoError } from '../../conninfo.ts';
import { ConnectError } from '../connect.ts';
import type { Inside, Program } from '../types.ts';
import { AskFailed } from './describe/ask.ts';
import { listDatabases } from './describe/lists.ts';
import { readScript } from './files.ts';
import { type Options, PSQL_VERSION, parseOptions } from './options.ts';
import { write } from './output.ts';
import { cancelQuery, runQuery } from './query.ts';
import { runLines, runScript } from './script.ts';
import { closeConnection, complain, Exit, openConnection, out, quiet, type Session } from './session.ts';
import { runSlash } from './slash/run.ts';
import { copyLines, streamSource } from './source.ts';
import { runStatement } from './statement.ts';
import { resolveTarget, type Target } from './target.ts';
import { openTerminal, type Terminal } from './terminal.ts';
import { isOn, newVariables, setVariable } from './variables.ts';

/** PostgreSQL's own client, version 14, as far as the sandbox knows it. */
export const psql: Program = async (argv, inside) => {
  const parsed = parseOptions(argv);
  if (!parsed.ok) {
    if ('stdout' in parsed) await write(inside.stdout, parsed.stdout);
    else await write(inside.stderr, `${parsed.message}\n`);
    return 'stdout' in parsed ? 0 : parsed.exitCode;
  }
  for (const warning of parsed.warnings) await write(inside.stderr, `${warning}\n`);
  const { options } = parsed;
  const fail = async (message: string, code: number) => {
    await write(inside.stderr, code === 125 ? `${message}\n` : `psql: error: ${message}\n`);
    return code;
  };
  let session: Session | null = null;
  try {
    session = newSession(options, inside);
    return await run(session, options);
  } catch (error) {
    if (error instanceof Exit) return error.code;
    if (error instanceof ConnectError) return fail(error.message, 2);
    if (error instanceof ConninfoError) return fail(error.message, error.exitCode);
    throw error;
  } finally {
    if (session) await closeConnection(session);
  }
};

/** Throws ConninfoError, and Exit for a variable that can't have its value. */
function newSession(options: Options, inside: Inside): Session {
  const variables = newVariables();
  for (const [name, value] of options.variables) {
    const wrong = setVariable(variables, name, value);
    if (wrong === null) continue;
    inside.stderr.write(wrong.startsWith('the sandbox') ? `${wrong}\n` : `psql: error: ${wrong}\n`);
    throw new Exit(wrong.startsWith('the sandbox') ? 125 : 1);
  }
  return {
    inside,
    style: options.style,
    variables,
    connection: null,
    target: targetOf(options, inside),
    route: null,
    script: null,
    timing: false,
    interactive: false,
    previous: '',
    stdin: streamSource(inside.stdin, inside.signal),
    askPassword: null,
    notifications: [],
    onInterrupt: null,
  };
}

function targetOf(options: Options, inside: Inside): Target {
  const target = resolveTarget(options, inside, 'psql');
  const named = options.dbname ?? inside.env.PGDATABASE;
  return options.list && !named ? { ...target, database: 'postgres' } : target;
}

async function run(session: Session, options: Options): Promise<number> {
  const { inside } = session;
  const interactive = options.actions.length === 0 && !options.list && inside.terminal;
  if (interactive && options.singleTransaction) {
    inside.stderr.write('psql: fatal: -1 can only be used in non-interactive mode\n');
    return 1;
  }
  const interrupt = () => {
    if (session.onInterrupt) session.onInterrupt();
    else if (session.connection) {
      inside.stderr.write('Cancel request sent\n');
      void cancelQuery(session.connection.client);
    }
  };
  // Whoever is to end a statement that runs does it from outside, unless a terminal is read.
  inside.signal.addEventListener('abort', interrupt, { once: true });
  const terminal = interactive ? openTerminal(inside, interrupt) : null;
  if (!options.neverPrompt) session.askPassword = (prompt) => askPassword(session, terminal, prompt);
  try {
    await openConnection(session, session.target);
    if (options.list) {
      await listDatabases(session, { pattern: null, verbose: false, system: false }).catch(
        (error: unknown) => {
          if (!(error instanceof AskFailed)) throw error;
        },
      );
      return 0;
    }
    if (!terminal) return await runActions(session, options);
    session.interactive = true;
    if (!quiet(session)) await out(session, banner(session));
    return await runLines(session, terminal);
  } finally {
    terminal?.close();
    inside.signal.removeEventListener('abort', interrupt);
  }
}

/** Without a terminal psql asks all the same, and reads the first line of standard input. */
async function askPassword(session: Session, open: Terminal | null, prompt: string): Promise<string> {
  const { inside, stdin } = session;
  if (inside.terminal) {
    const terminal = open ?? openTerminal(inside, () => {});
    const password = await terminal.secret(prompt);
    if (terminal !== open) terminal.close();
    return password;
  }
  inside.stderr.write(prompt);
  const line = await stdin.next('');
  inside.stderr.write('\n');
  return typeof line === 'string' ? line : '';
}

function banner({ connection }: Session): string {
  const server = connection?.parameter('server_version').split(' ')[0] ?? '';
  const versions =
    server === PSQL_VERSION || server === '' ? PSQL_VERSION : `${PSQL_VERSION}, server ${server}`;
  return `psql (${versions})\nType "help" for help.\n\n`;
}

/** What -c and -f ask for, in their order; without any of them the commands of standard input. */
async function runActions(session: Session, { actions, singleTransaction }: Options): Promise<number> {
  let code = 0;
  if (singleTransaction) await silently(session, 'BEGIN');
  if (actions.length === 0) code = await runLines(session, session.stdin);
  for (const action of actions) {
    code =
      action.kind === 'file' ? await runFile(session, action.text) : await runCommand(session, action.text);
    if (code !== 0 && isOn(session.variables, 'ON_ERROR_STOP')) break;
  }
  if (singleTransaction) await silently(session, 'COMMIT');
  return code;
}

async function runFile(session: Session, name: string): Promise<number> {
  const script = await readScript(session, name);
  if (script.ok) return runScript(session, script);
  const where = script.opened ? `psql:${name}:` : 'psql:';
  await write(session.inside.stderr, `${where} error: ${script.message}\n`);
  return 1;
}

/** One -c: a string that is sent as it is, or one backslash command. */
async function runCommand(session: Session, text: string): Promise<number> {
  if (text.startsWith('\\')) {
    const slash = await runSlash(session, text, 0, '', (file) =>
      runScript(session, file).then((code) => code === 0),
    );
    if (slash.kind === 'send') return session.previous === '' ? 0 : 1;
    return slash.kind === 'failed' ? 1 : 0;
  }
  const ok = await runStatement(session, text, () => copyLines(session.stdin, ''));
  return ok ? 0 : 1;
}

async function silently(session: Session, text: string): Promise<void> {
  if (!session.connection) return;
  const outcome = await runQuery(session.connection, text, {
    input: async function* () {},
    output: () => {},
  });
  if (outcome.kind === 'error') await complain(session, outcome.said.message);
}
