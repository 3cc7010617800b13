import { expect } from 'vitest';
import { type Pty, sleep } from './pty.ts';

/** The last row with words on it: the legend of keys. It may take two rows; both are looked at. */
export const legend = (rows: string[]) =>
  rows
    .filter((row) => row.trim() !== '')
    .slice(-2)
    .join(' ');

/** What an answer to a key changes: the task, or what the keys do now. */
const place = (rows: string[]): string =>
  [...rows.filter((row) => row.startsWith('── ')), legend(rows)].join('\n');

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
      // On a busy machine the answer takes a while, and a second key would be for the next screen.
      for (let waited = 0; waited < 3000 && place(await pty.rows()) === place(rows); waited += 40)
        await sleep(40);
    } else if (/Ctrl-C stop/.test(legend(rows))) running();
    if (screen !== last) since = Date.now();
    last = screen;
    if (Date.now() - since > 60_000) throw new Error(`nothing moved for a minute:\n${screen}`);
    await sleep(40);
  }
}
