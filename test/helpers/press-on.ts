import { expect } from 'vitest';
import { type Pty, sleep } from './pty.ts';

/** The last row with words on it: the legend of keys. It may take two rows; both are looked at. */
export const legend = (rows: string[]) =>
  rows
    .filter((row) => row.trim() !== '')
    .slice(-2)
    .join(' ');

/**
 * Presses Enter whenever the walk waits for it, until `done`. Fails with the screen when nothing moves for a minute,
 * and when a frame reaches the last row or leaves a part of an older one.
 */
export async function pressOn(
  pty: Pty,
  done: (rows: string[]) => boolean,
  running = () => {},
): Promise<number> {
  let presses = 0;
  let last = '';
  let since = Date.now();
  for (;;) {
    const rows = await pty.rows();
    if (done(rows)) return presses;
    expect(rows.at(-1), `the last row must stay free:\n${rows.join('\n')}`).toBe('');
    const screen = rows.join('\n');
    if (/Enter (run|write|next|skip|check|walk)/.test(legend(rows))) {
      const rules = rows.filter((row) => row.startsWith('── '));
      expect(rules.length, `one frame:\n${screen}`).toBe(1);
      pty.type('\r');
      presses++;
      await sleep(60);
    } else if (/Ctrl-C stop/.test(legend(rows))) running();
    if (screen !== last) since = Date.now();
    last = screen;
    if (Date.now() - since > 60_000) throw new Error(`nothing moved for a minute:\n${screen}`);
    await sleep(40);
  }
}
