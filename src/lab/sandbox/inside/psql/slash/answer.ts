import { complain, Exit, type Session } from '../session.ts';

/** Runs one statement in another way than plainly: expanded, or again and again. */
type RunStatement = (text: string) => Promise<boolean>;

/** What came of a backslash command. */
export type Answer =
  | { kind: 'done' | 'failed' | 'quit' | 'reset' }
  /** The statement before it is to be sent, or the last one where there is none. */
  | { kind: 'send'; run: RunStatement | undefined };

export const DONE: Answer = { kind: 'done' };
export const FAILED: Answer = { kind: 'failed' };

/** What psql has and the sandbox has not. A script can't do without it, so it ends there: throws Exit. */
export async function refuse(session: Session, what: string): Promise<Answer> {
  await complain(session, `the sandbox's psql does not know ${what}`);
  if (!session.interactive) throw new Exit(125);
  return FAILED;
}
