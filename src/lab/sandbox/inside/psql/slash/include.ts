import path from 'node:path';
import { readScript } from '../files.ts';
import { complain, type Session } from '../session.ts';
import type { NamedSource } from '../source.ts';
import { type Answer, DONE, FAILED } from './answer.ts';
import { dequote } from './words.ts';

/** `\i` and `\ir`: the latter looks beside the script that names it. */
export async function includeCommand(
  session: Session,
  name: string,
  word: string | undefined,
  runFile: (file: NamedSource) => Promise<boolean>,
): Promise<Answer> {
  if (word === undefined) {
    await complain(session, `\\${name}: missing required argument`);
    return FAILED;
  }
  const typed = dequote(word);
  const beside = name.endsWith('r') || name === 'include_relative';
  const file =
    beside && session.script && !typed.startsWith('/')
      ? path.posix.join(path.posix.dirname(session.script.name), typed)
      : typed;
  const script = await readScript(session, file);
  if (!script.ok) {
    await complain(session, script.message);
    return FAILED;
  }
  return (await runFile(script)) ? DONE : FAILED;
}
