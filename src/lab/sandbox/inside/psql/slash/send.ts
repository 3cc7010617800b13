import type { Session } from '../session.ts';
import { runStatement } from '../statement.ts';
import { type Answer, refuse } from './answer.ts';
import { watch } from './watch.ts';

/** `\g`, `\gx` and `\watch`. */
export async function sendCommand(session: Session, name: string, args: readonly string[]): Promise<Answer> {
  if (name === 'watch') {
    // psql takes what strtod makes of it; less than a second, or no number, is one second.
    const seconds = args[0] === undefined ? 2 : Math.max(Number.parseFloat(args[0]) || 1, 1);
    return { kind: 'send', run: (text) => watch(session, text, seconds) };
  }
  if (args.length > 0) return refuse(session, `\\${name} with a file or options`);
  if (name === 'g') return { kind: 'send', run: undefined };
  const expanded = { ...session.style, expanded: 'on' } as const;
  return { kind: 'send', run: (text) => runStatement(session, text, async function* () {}, expanded) };
}
