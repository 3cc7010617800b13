import { AskFailed } from '../describe/ask.ts';
import { complain, out, quiet, type Session, tell } from '../session.ts';
import type { NamedSource } from '../source.ts';
import { type Answer, DONE, FAILED, refuse } from './answer.ts';
import { connectCommand, conninfoText } from './connect.ts';
import { describeCommand } from './describe.ts';
import { displayCommand } from './display.ts';
import { includeCommand } from './include.ts';
import { isForeign, KNOWN_HELP } from './names.ts';
import { sendCommand } from './send.ts';
import { setCommand, unsetCommand } from './set.ts';
import { readSlash } from './words.ts';

/** `next`: where the rest of the line begins. */
export type SlashResult = Answer & { next: number };

/** Runs the backslash command at `at`. Throws Exit for one that the sandbox's psql does not know, in a script. */
export async function runSlash(
  session: Session,
  line: string,
  at: number,
  buffer: string,
  runFile: (file: NamedSource) => Promise<boolean>,
): Promise<SlashResult> {
  const { name, args, next, wrong } = readSlash(line, at, (key) => session.variables.get(key));
  if (name === '\\') return { kind: 'done', next };
  if (wrong !== null) {
    await complain(session, wrong);
    return { kind: 'failed', next: line.length };
  }
  const rest = [...args];
  const answer = await command(session, name, rest, buffer, runFile).catch((error: unknown) => {
    if (error instanceof AskFailed) return FAILED;
    throw error;
  });
  if (answer.kind === 'failed') return { ...answer, next: line.length };
  for (const extra of rest) await warn(session, `\\${name}: extra argument "${extra}" ignored`);
  return { ...answer, next };
}

/** Takes from `args` what it uses. */
async function command(
  session: Session,
  name: string,
  args: string[],
  buffer: string,
  runFile: (file: NamedSource) => Promise<boolean>,
): Promise<Answer> {
  switch (name) {
    case 'q':
    case 'quit':
      return { kind: 'quit' };
    case 'r':
    case 'reset':
      if (!quiet(session)) await out(session, 'Query buffer reset (cleared).\n');
      return { kind: 'reset' };
    case 'p':
    case 'print': {
      const text = buffer || session.previous;
      if (text !== '') await out(session, `${text}\n`);
      else if (!quiet(session)) await out(session, 'Query buffer is empty.\n');
      return DONE;
    }
    case 'g':
    case 'gx':
    case 'watch':
      return sendCommand(session, name, args.splice(0));
    case 'echo':
    case 'qecho':
    case 'warn':
      return echo(session, name, args.splice(0));
    case 'conninfo':
      await out(session, `${conninfoText(session)}\n`);
      return DONE;
    case 'c':
    case 'connect':
      return connectCommand(session, args);
    case 'i':
    case 'include':
    case 'ir':
    case 'include_relative':
      return includeCommand(session, name, args.shift(), runFile);
    case 'set':
      return setCommand(session, args.splice(0));
    case 'unset':
      return unsetCommand(session, args.shift());
    case 'encoding':
      if (args.length > 0) return refuse(session, `\\encoding ${args[0]}`);
      await out(session, 'UTF8\n');
      return DONE;
    case '?':
      await out(session, KNOWN_HELP);
      return DONE;
  }
  const shown = (await displayCommand(session, name, args)) ?? (await describeCommand(session, name, args));
  if (shown) return shown;
  if (isForeign(name)) return refuse(session, `\\${name}`);
  await complain(session, `invalid command \\${name}`);
  if (session.interactive) await tell(session, 'Try \\? for help.');
  return FAILED;
}

async function echo(session: Session, name: string, words: string[]): Promise<Answer> {
  const bare = words[0] === '-n' && name !== 'warn' ? words.slice(1) : words;
  const text = `${bare.join(' ')}${bare === words ? '\n' : ''}`;
  if (name === 'warn') session.inside.stderr.write(text);
  else await out(session, text);
  return DONE;
}

async function warn(session: Session, message: string): Promise<void> {
  await tell(session, session.script ? `warning: ${message}` : message);
}
