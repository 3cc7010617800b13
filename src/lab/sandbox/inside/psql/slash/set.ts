import { complain, out, type Session } from '../session.ts';
import { setVariable, unsetVariable } from '../variables.ts';
import { type Answer, DONE, FAILED, refuse } from './answer.ts';

/** `\set`: all variables, or a new value, for which the words are put together. */
export async function setCommand(session: Session, words: string[]): Promise<Answer> {
  const [name, ...values] = words;
  if (name === undefined) {
    const names = [...session.variables.keys()].sort();
    await out(
      session,
      names.map((key) => `${key} = '${session.variables.get(key)}'\n`),
    );
    return DONE;
  }
  return answer(session, setVariable(session.variables, name, values.join('')));
}

export async function unsetCommand(session: Session, name: string | undefined): Promise<Answer> {
  if (name === undefined) {
    await complain(session, '\\unset: missing required argument');
    return FAILED;
  }
  return answer(session, unsetVariable(session.variables, name));
}

async function answer(session: Session, wrong: string | null): Promise<Answer> {
  if (wrong === null) return DONE;
  const foreign = /^the sandbox's psql does not know (.*)$/.exec(wrong)?.[1];
  if (foreign !== undefined) return refuse(session, foreign);
  await complain(session, wrong);
  return FAILED;
}
