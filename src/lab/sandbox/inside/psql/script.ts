import { promptText } from './prompt.ts';
import { newScanner, promptMark, type Scanner, scan } from './scan.ts';
import { EXIT_BADCONN, EXIT_USER, out, quiet, type Session } from './session.ts';
import { runSlash } from './slash/run.ts';
import { copyLines, INTERRUPTED, type LineSource, type NamedSource } from './source.ts';
import { runStatement } from './statement.ts';
import { isOn } from './variables.ts';

/** Reads commands until the source ends, and runs each. Answers psql's exit code. Throws Exit. */
export async function runLines(session: Session, unnumbered: LineSource): Promise<number> {
  const source = numbered(session, unnumbered);
  const reader: Reader = { session, source, scanner: newScanner() };
  const { interactive } = session;
  for (;;) {
    const line = await source.next(promptText(session, promptMark(reader.scanner)));
    if (line === INTERRUPTED) {
      reader.scanner = newScanner();
      continue;
    }
    if (line === null) break;
    if (line === '' && reader.scanner.mode === 'plain') continue;
    if (!interactive && session.variables.get('ECHO') === 'all') await out(session, `${line}\n`);
    if (interactive && reader.scanner.text === '') {
      const word = line.trim().replace(/;$/, '').trimEnd().toLowerCase();
      if (word === 'quit' || word === 'exit') return 0;
      if (word === 'help') {
        await out(session, HELP);
        continue;
      }
    }
    const code = await runLine(reader, line);
    if (code !== null) return code;
  }
  if (interactive) {
    await out(session, quiet(session) ? '\n' : '\n\\q\n');
    return 0;
  }
  return runRest(reader);
}

/** Counts the lines that are read, for messages. */
function numbered({ script }: Session, source: LineSource): LineSource {
  if (!script) return source;
  return {
    async next(prompt) {
      const line = await source.next(prompt);
      if (typeof line === 'string') script.line += 1;
      return line;
    },
  };
}

interface Reader {
  session: Session;
  source: LineSource;
  scanner: Scanner;
}

/** Runs what ends in this line. Answers an exit code when psql is to stop there. */
async function runLine(reader: Reader, typed: string): Promise<number | null> {
  const { session } = reader;
  const lookup = (name: string) => session.variables.get(name);
  const hadText = reader.scanner.text !== '';
  if (hadText) reader.scanner.text += '\n';
  const length = reader.scanner.text.length;
  let line = typed;
  let at = 0;
  for (;;) {
    const { scanner } = reader;
    const found = scan(scanner, line, at, lookup);
    line = found.line;
    at = found.next;
    if (found.stop === 'end') return null;
    let ok: boolean;
    if (found.stop === 'semicolon') {
      ok = await send(reader, scanner.text);
    } else {
      // A line that holds only a backslash command leaves no break in the statement around it.
      if (hadText && scanner.text.length === length) scanner.text = scanner.text.slice(0, -1);
      const slash = await runSlash(session, line, at, scanner.text, (file) => runNested(session, file));
      at = slash.next;
      if (slash.kind === 'quit') return 0;
      if (slash.kind === 'reset') reader.scanner = newScanner();
      ok = slash.kind !== 'failed';
      if (slash.kind === 'send') ok = await send(reader, scanner.text || session.previous, slash.run);
    }
    if (!ok && !session.interactive && isOn(session.variables, 'ON_ERROR_STOP')) return EXIT_USER;
    if (!session.connection && !session.interactive) return EXIT_BADCONN;
  }
}

type Run = (text: string) => Promise<boolean>;

async function send(reader: Reader, text: string, run?: Run): Promise<boolean> {
  const { session, source } = reader;
  reader.scanner = newScanner();
  if (text === '') return true;
  session.previous = text;
  return run ? run(text) : runStatement(session, text, () => copyData(session, source));
}

async function* copyData(session: Session, source: LineSource): AsyncGenerator<Buffer> {
  if (session.interactive && !quiet(session)) await out(session, COPY_HELP);
  yield* copyLines(source, session.variables.get('PROMPT3') ?? '>> ');
}

/** A statement without its semicolon at the end of a script runs all the same. */
async function runRest(reader: Reader): Promise<number> {
  const { session, scanner } = reader;
  if (scanner.text.trim() === '') return 0;
  const ok = await send(reader, scanner.text);
  if (!ok && isOn(session.variables, 'ON_ERROR_STOP')) return EXIT_USER;
  return session.connection ? 0 : EXIT_BADCONN;
}

/** A script in a script (`\i`). Answers whether it went well. */
async function runNested(session: Session, file: NamedSource): Promise<boolean> {
  const outer = { script: session.script, interactive: session.interactive };
  session.script = { name: file.name, line: 0 };
  session.interactive = false;
  try {
    return (await runLines(session, file.source)) === 0;
  } finally {
    Object.assign(session, outer);
  }
}

/** Runs a script with its name and lines in messages. Answers psql's exit code. Throws Exit. */
export async function runScript(session: Session, file: NamedSource): Promise<number> {
  session.script = { name: file.name, line: 0 };
  try {
    return await runLines(session, file.source);
  } finally {
    session.script = null;
  }
}

const HELP = `You are using psql, the command-line interface to PostgreSQL.
Type:  \\copyright for distribution terms
       \\h for help with SQL commands
       \\? for help with psql commands
       \\g or terminate with semicolon to execute query
       \\q to quit
`;

const COPY_HELP = `Enter data to be copied followed by a newline.
End with a backslash and a period on a line by itself, or an EOF signal.
`;
