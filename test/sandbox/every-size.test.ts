import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLines, openRig, type Rig } from '../helpers/lab-rig.ts';
import { legend, pressOn } from '../helpers/press-on.ts';
import { Pty, sleep } from '../helpers/pty.ts';

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

/** Makes the window larger and smaller in the middle of a command, no faster than a hand can. */
async function resizeWhileRunning(pty: Pty, columns: number, rows: number): Promise<void> {
  // An open question must not take the key.
  if (/Enter skip the question/.test(legend(await pty.rows()))) pty.type('\r');
  await pty.until(/Enter (run|write|next|check)/);
  pty.type(':');
  await pty.until('A command of your own');
  pty.type('for i in 1 2 3 4 5 6; do echo line $i; sleep 0.5; done\r');
  await pty.until('Running');
  for (const [width, height] of [
    [columns + 17, rows + 5],
    [Math.max(60, columns - 15), Math.max(15, rows - 3)],
    [columns, rows],
  ] as const) {
    await sleep(500);
    pty.resize(width, height);
  }
  await pty.until('Done in');
}

describe.each([
  [60, 15],
  [80, 24],
  [140, 50],
])('the whole course in a window of %i columns and %i rows', (columns, rows) => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await openRig('sandbox');
  });
  afterAll(() => rig.remove());

  it('by keys alone, with the window made larger and smaller while commands run', async () => {
    const where = ['--lab', 'sandbox', '--course', rig.own.course, '--dir', rig.own.workspace];
    const pty = new Pty([CLI, ...where], { columns, rows });
    try {
      await pty.until(/Enter/, 20_000);
      for (const goal of [/step 4, task 1 |^── 4 · task 1/m, /step 9, task 6 |^── 9 · task 6/m]) {
        await pressOn(pty, (seen) => goal.test(seen.join('\n')));
        await resizeWhileRunning(pty, columns, rows);
      }
      await pressOn(pty, (seen) => /Enter finish/.test(legend(seen)));
      pty.type('\r');
      expect(await pty.exit).toEqual({ code: 0, signal: 0 });
      // The scrollback is the learner's: nothing of ours erases it.
      expect(pty.raw).not.toContain('\x1b[3J');
    } finally {
      await pty.close();
    }
    for (let step = 1; step <= 12; step++)
      expect(openLines(await rig.judgeSoon(step)), `step ${step}`).toEqual([]);
  });
});

describe('the whole course in plain lines', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await openRig('sandbox');
  });
  afterAll(() => rig.remove());

  it('by typing 1, with no escape sequence of our own', async () => {
    const where = ['--lab', 'sandbox', '--course', rig.own.course, '--dir', rig.own.workspace];
    const pty = new Pty([CLI, '--plain', ...where], { columns: 80, rows: 24 });
    try {
      // The first choice is always the one that goes on; where a question is open, it is the first answer.
      const prompts = () => pty.raw.split(/^> /m).length - 1;
      for (let answered = 0; !pty.raw.includes('The end of the course'); answered++) {
        await pty.until(() => prompts() > answered, 120_000);
        pty.type('1\r');
      }
      await pty.until(/1 finish/);
      pty.type('1\r');
      expect((await pty.exit).code).toBe(0);
      expect(pty.raw).not.toContain('\x1b');
    } finally {
      await pty.close();
    }
    for (let step = 1; step <= 12; step++)
      expect(openLines(await rig.judgeSoon(step)), `step ${step}`).toEqual([]);
  });
});
