import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { contentWidth } from '../../src/terminal/size.ts';
import { bundledFixture } from '../helpers/bundled.ts';
import { Pty, type PtyOptions, sleep } from '../helpers/pty.ts';

const ERASE_SCROLLBACK = '\x1b[3J';
const SHOW_CURSOR = '\x1b[?25h';
const HIDE_CURSOR = '\x1b[?25l';
const open: Pty[] = [];
let fixture: Awaited<ReturnType<typeof bundledFixture>>;

beforeAll(async () => {
  fixture = await bundledFixture('test/pty/fixtures/walk.tsx');
});
afterAll(() => fixture.remove());

function walk(scene = 'plain', options: PtyOptions = {}): Pty {
  const pty = new Pty([fixture.program], { ...options, env: { SCENE: scene, ...options.env } });
  open.push(pty);
  return pty;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((pty) => pty.close()));
});

/** One whole frame for this width, the last row left free, and no part of an older frame. */
function oneFrame(pty: Pty): (rows: string[]) => boolean {
  return (rows) => {
    const rules = rows.filter((row) => row.startsWith('── '));
    return rules.length === 1 && rules[0]?.length === contentWidth(pty.screen.columns) && rows.at(-1) === '';
  };
}

async function expectOneFrame(pty: Pty): Promise<void> {
  await pty.until(oneFrame(pty));
  await pty.quiet(100);
  const rows = await pty.rows();
  expect(oneFrame(pty)(rows), rows.join('\n')).toBe(true);
}

test.each([
  [60, 15],
  [80, 24],
  [100, 30],
  [140, 50],
])(
  'a walk at %ix%i runs a command, leaves the last row free and keeps the scrollback',
  async (columns, rows) => {
    const pty = walk('plain', { columns, rows });
    await pty.until('Enter run');
    await expectOneFrame(pty);
    pty.type('\r');
    await pty.until('Enter next');
    await expectOneFrame(pty);
    expect(pty.screen.all().join('\n')).toContain('follower_slot |');
    for (const key of ['l', '\x1b', '?', 'q', 'e', '\x1b']) {
      pty.type(key);
      await sleep(120);
      await expectOneFrame(pty);
    }
    pty.type('q');
    expect((await pty.exit).code).toBe(0);
    await pty.until('Your place is kept');
    expect(pty.raw).not.toContain(ERASE_SCROLLBACK);
  },
);

test('a window that changes its size shows one whole frame each time', async () => {
  const pty = walk('plain', { columns: 120, rows: 40 });
  await pty.until('Enter run');
  for (const [columns, rows] of [
    [80, 24],
    [60, 15],
    [100, 20],
    [61, 40],
    [140, 50],
  ] as const) {
    pty.resize(columns, rows);
    await expectOneFrame(pty);
    await pty.until('q quit');
    const transcript = pty.screen.all().join('\n');
    // Erasing an old frame takes no row of the transcript with it.
    expect(transcript.split('SELECT slot_name, active'), transcript).toHaveLength(2);
  }
  expect(pty.raw).not.toContain(ERASE_SCROLLBACK);
});

test('text that was typed before a resize is still in the editor after it', async () => {
  const pty = walk();
  await pty.until('Enter run');
  pty.type('e');
  await pty.until('Enter run it');
  pty.type('\x15');
  pty.type('echo 日本語 typed');
  await pty.until('echo 日本語 typed');
  pty.resize(64, 18);
  await expectOneFrame(pty);
  await pty.until('echo 日本語 typed');
});

test('a window that is too small says so in one line and works on when it has grown', async () => {
  const pty = walk();
  await pty.until('Enter run');
  pty.resize(50, 10);
  await pty.until('This window is 50x10. Make it at least 60x15');
  pty.resize(80, 24);
  await pty.until('Enter run');
  await expectOneFrame(pty);
});

test('a resize while a command prints leaves one frame', async () => {
  const pty = walk('flood', { columns: 100, rows: 30 });
  await pty.until('Enter run');
  pty.type('\r');
  await pty.until('flood of output');
  for (const [columns, rows] of [
    [70, 20],
    [100, 30],
    [62, 16],
  ] as const) {
    pty.resize(columns, rows);
    await sleep(150);
  }
  pty.type('\x03');
  await pty.until('Enter run again', 15_000);
  await expectOneFrame(pty);
  expect(pty.screen.all().join('\n')).toContain('Stopped after');
  expect(pty.raw).not.toContain(ERASE_SCROLLBACK);
});

test('Ctrl-C stops the command, a second one quits with 130, and the terminal is sane', async () => {
  const pty = walk('endless');
  await pty.until('Enter run');
  pty.type('\r');
  await pty.until('Running');
  pty.type('\x03');
  await pty.until('Stopped');
  await pty.until('Enter run again');
  pty.type('\x03');
  expect((await pty.exit).code).toBe(130);
  await pty.until('CODE 130 RAW false');
  expect(pty.raw.lastIndexOf(SHOW_CURSOR)).toBeGreaterThan(pty.raw.lastIndexOf(HIDE_CURSOR));
});

test.each([
  ['SIGTERM', 143],
  ['SIGHUP', 129],
  ['SIGINT', 130],
] as const)('%s while a command runs ends the walk with %i and a sane terminal', async (signal, code) => {
  const pty = walk('endless');
  await pty.until('Enter run');
  pty.type('\r');
  await pty.until('Running');
  pty.kill(signal);
  expect((await pty.exit).code).toBe(code);
  await pty.until(`CODE ${code} RAW false`);
  expect(pty.raw.lastIndexOf(SHOW_CURSOR)).toBeGreaterThan(pty.raw.lastIndexOf(HIDE_CURSOR));
});

test('a frame that can not be drawn ends the walk in words, the command stopped and the terminal sane', async () => {
  const pty = walk('throws');
  await pty.until('Enter run');
  pty.type('\r');
  expect((await pty.exit).code).toBe(1);
  await pty.until('CODE 1 RAW false');
  expect(pty.raw.lastIndexOf(SHOW_CURSOR)).toBeGreaterThan(pty.raw.lastIndexOf(HIDE_CURSOR));
  expect(pty.screen.all().join('\n')).toContain('could not be drawn');
});

test('a terminal that is closed ends the walk', async () => {
  const pty = walk('endless');
  await pty.until('Enter run');
  pty.type('\r');
  await pty.until('Running');
  pty.hangUp();
  const alive = () => {
    try {
      return process.kill(pty.pid, 0);
    } catch {
      return false;
    }
  };
  await expect.poll(alive, { timeout: 8000 }).toBe(false);
});

test('ten megabytes of output keep the keys alive and the memory bounded', async () => {
  const pty = walk('flood');
  await pty.until('Enter run');
  pty.type('\r');
  await pty.until('flood of output');
  await sleep(1500);
  const asked = Date.now();
  pty.type('\x03');
  await pty.until('Stopped', 5000);
  expect(Date.now() - asked).toBeLessThan(2000);
  await pty.until('Enter run again');
  pty.type('q');
  await pty.exit;
  await pty.until('CODE 0');
  const rss = Number(/RSS (\d+)/.exec(pty.raw)?.[1]);
  expect(rss).toBeLessThan(260);
}, 20_000);

test('keys typed ahead in one chunk are each answered', async () => {
  const pty = walk();
  await pty.until('Enter run');
  pty.type('l3\r');
  await pty.until('step 3, task 1');
});

test('a long paste outside the editor does nothing', async () => {
  const pty = walk();
  await pty.until('Enter run');
  pty.type('please quit and skip');
  await pty.quiet();
  await pty.until('Enter run');
});

test('Ctrl-L clears the window and shows the task again', async () => {
  const pty = walk();
  await pty.until('Enter run');
  pty.type('\x0c');
  await pty.until((rows) => rows.slice(0, 3).some((row) => row.includes('task 2 of 3')));
  await expectOneFrame(pty);
});

test('Ctrl-L shows the task also where much has come after it', async () => {
  const pty = walk('long');
  await pty.until('Enter run');
  pty.type('\r');
  await pty.until('row 60');
  await pty.until('Enter next');
  expect(headings(await pty.rows())).toBe(0);
  for (let once = 0; once < 2; once++) {
    pty.type('\x0c');
    await pty.until((rows) => headings(rows.slice(0, 3)) === 1);
    await expectOneFrame(pty);
    // In the transcript, and below it in the frame.
    expect((await pty.rows()).filter((row) => row === ' ✔ follower_slot is physical')).toHaveLength(2);
  }
});

/** How many of the rows are the heading of the task. */
const headings = (rows: string[]) => rows.filter((row) => row.endsWith('task 2 of 3')).length;

describe.each([
  [60, 15],
  [80, 24],
  [100, 30],
  [140, 50],
])('in a window of %ix%i', (columns, rows) => {
  const size = { columns, rows };

  /** The window as it was, and no row of what the transcript had is gone. */
  async function expectAsBefore(pty: Pty, before: string[], all: string[]): Promise<void> {
    const same = (rows: string[]) => rows.join('\n') === before.join('\n');
    await pty.until(same);
    // The frame may look so for a moment before the window is cleared.
    await pty.quiet(100);
    await pty.until(same);
    const now = pty.screen.all();
    for (const row of all.filter((one) => !one.startsWith('── '))) expect(now).toContain(row);
  }

  test.each([
    ['the list of lessons', 'l', '\x1b', 'Esc close'],
    ['the pages', '?', 'q', 'q close'],
  ])('the text is there again after %s is closed', async (_, open, close, legend) => {
    const pty = walk('plain', size);
    await pty.until('Enter run');
    // From here on nothing of the window is older than the walk.
    pty.type('\x0c');
    // Long enough for a busy machine: what is there before the window is cleared and after it looks much the same.
    await pty.quiet(700);
    await expectOneFrame(pty);
    const before = await pty.rows();
    const all = pty.screen.all();
    for (let once = 0; once < 3; once++) {
      pty.type(open);
      await pty.until(legend);
      pty.type(close);
      await pty.until('Enter run');
      await expectAsBefore(pty, before, all);
    }
    // The pages hold no more than a window each time.
    expect(pty.screen.all().length).toBeLessThanOrEqual(all.length + 3 * 2 * rows);
  });

  test('the text is there again after the question whether to quit', async () => {
    const pty = walk('endless', size);
    await pty.until('Enter run');
    pty.type('\r');
    await pty.until('Running');
    pty.type('q');
    await pty.until('stop it and quit');
    pty.type('n');
    await pty.until((lines) => !lines.join('\n').includes('stop it and quit') && oneFrame(pty)(lines));
    // The lowest window has no room above the frame for more than the end of the text.
    const shown = (await pty.rows()).filter((row) => row.includes('FROM pg_replication_slots'));
    expect(shown).toHaveLength(rows < 20 ? 0 : 1);
  });
});

test('CI in the environment changes nothing on a terminal', async () => {
  const pty = walk('plain', { env: { CI: '1' } });
  await pty.until('Enter run');
  pty.type('l');
  await pty.until('Lessons');
  pty.resize(70, 20);
  await expectOneFrame(pty);
});

test('a terminal without UTF-8 gets ASCII only', async () => {
  const pty = walk('plain', { env: { LANG: 'C', LC_ALL: 'C' } });
  await pty.until('Enter run');
  await pty.quiet();
  const frame = (await pty.rows()).join('\n');
  // The lab's label comes from outside and may have a middle dot.
  expect(frame.replaceAll('·', '')).toMatch(/^[\x20-\x7e\n]*$/);
});

test("one's own shell has the terminal, Ctrl-C is its own, and the walk is there again after it", async () => {
  const pty = walk();
  await pty.until('Enter run');
  pty.type('t');
  await pty.until('own$');
  // Nothing of the frame is left beside the shell, and the terminal echoes.
  expect((await pty.rows()).join('\n')).not.toContain('Enter run');
  pty.type('echo si""de; tty -s && echo a terminal\r');
  await pty.until((rows) => rows.includes('side') && rows.includes('a terminal'));
  pty.type('sleep 60\r');
  await sleep(200);
  pty.type('\x03');
  pty.type('echo aft""er\r');
  await pty.until((rows) => rows.some((row) => row.endsWith('after')));
  pty.type('exit\r');
  await pty.until('Enter run');
  await expectOneFrame(pty);
  expect(pty.screen.all().filter((row) => row.includes('A place that is kept')).length).toBeLessThanOrEqual(
    2,
  );
  pty.type('l');
  await pty.until('Lessons');
  pty.type('\x1b');
  await pty.until('Enter run');
  pty.type('q');
  expect((await pty.exit).code).toBe(0);
  await pty.until('RAW false');
});

test("a command of one's own runs, and is brought back by the arrow", async () => {
  const pty = walk();
  await pty.until('Enter run');
  pty.type(':');
  await pty.until('A command of your own');
  pty.type('docker ps');
  await pty.until('docker ps');
  pty.type('\r');
  await pty.until('Done in');
  await pty.until('Enter run');
  pty.type(':');
  await pty.until('A command of your own');
  pty.type('\x1b[A');
  await pty.until((rows) => rows.some((row) => row.includes('❯ docker ps')));
  pty.type('\x1b');
  await pty.until('Enter run');
});
