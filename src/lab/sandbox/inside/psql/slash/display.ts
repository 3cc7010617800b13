import { applyPset, type PsetResult, toBoolean } from '../pset.ts';
import { complain, out, quiet, type Session } from '../session.ts';
import { type Answer, DONE, FAILED, refuse } from './answer.ts';

/** Commands that say how results look: `\x`, `\t`, `\a`, `\f`, `\C`, `\pset`, `\timing`. null for another command. */
export async function displayCommand(session: Session, name: string, args: string[]): Promise<Answer | null> {
  const { style } = session;
  switch (name) {
    case 'x':
      return tellPset(session, applyPset(style, 'expanded', args.shift() ?? null));
    case 't':
      return tellPset(session, applyPset(style, 'tuples_only', args.shift() ?? null));
    case 'a':
      return tellPset(
        session,
        applyPset(style, 'format', style.format === 'aligned' ? 'unaligned' : 'aligned'),
      );
    case 'f':
      return tellPset(session, applyPset(style, 'fieldsep', args.shift() ?? null));
    case 'C':
      return tellPset(session, applyPset(style, 'title', args.shift() ?? null));
    case 'pset': {
      const key = args.shift();
      if (key === undefined) return refuse(session, '\\pset without a name');
      return tellPset(session, applyPset(style, key, args.shift() ?? null));
    }
    case 'timing':
      return timing(session, args.shift());
  }
  return null;
}

async function tellPset(session: Session, result: PsetResult): Promise<Answer> {
  if (result.ok) {
    if (result.said !== null && !quiet(session)) await out(session, `${result.said}\n`);
    return DONE;
  }
  if (result.foreign) return refuse(session, result.message.replace(/^.* does not know /, ''));
  await complain(session, result.message);
  return FAILED;
}

async function timing(session: Session, value: string | undefined): Promise<Answer> {
  const on = value === undefined ? !session.timing : toBoolean(value);
  if (on === null) {
    await complain(session, `unrecognized value "${value}" for "\\timing": Boolean expected`);
  } else session.timing = on;
  if (!quiet(session)) await out(session, `Timing is ${session.timing ? 'on' : 'off'}.\n`);
  return { kind: on === null ? 'failed' : 'done' };
}
