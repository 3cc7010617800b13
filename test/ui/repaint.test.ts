import { expect, test } from 'vitest';
import { span } from '../../src/ui/line.ts';
import { frameIn, repaint } from '../../src/ui/repaint.ts';
import { eraseFrame, reflowsLines } from '../../src/ui/screen.ts';
import { Emulator } from '../helpers/screen.ts';

const crlf = (text: string) => text.replaceAll('\n', '\r\n');
const frame = (...rows: string[]) => `${rows.join('\n')}\n`;

test.each([
  ['the same rows', frame('a', 'b', 'c'), frame('a', 'b', 'c')],
  ['one row changed', frame('a', 'b', 'c'), frame('a', 'B', 'c')],
  ['a row that gets shorter', frame('a long row', 'b'), frame('a', 'b')],
  ['more rows', frame('a', 'b'), frame('a', 'x', 'y', 'z')],
  ['fewer rows', frame('a', 'b', 'c', 'd'), frame('a', 'd')],
  ['empty rows', frame('', 'b', ''), frame('a', '', '', 'b')],
])('%s: the screen shows the new frame and nothing of the old one', async (_name, previous, next) => {
  const screen = new Emulator(20, 8);
  await screen.write(crlf(`above\n${previous}`));
  await screen.write(crlf(repaint(previous, next)));
  const rows = next.split('\n').slice(0, -1);
  expect(screen.visible()).toEqual(['above', ...rows, ...Array.from({ length: 7 - rows.length }, () => '')]);
  expect(screen.cursor()).toEqual({ row: rows.length + 1, column: 0 });
});

test('a frame that grows at the bottom of the window moves what is above it to the scrollback', async () => {
  const screen = new Emulator(20, 6);
  await screen.write(crlf(`1\n2\n3\n${frame('a', 'b')}`));
  await screen.write(crlf(repaint(frame('a', 'b'), frame('a', 'x', 'y', 'z'))));
  expect(screen.all()).toEqual(['1', '2', '3', 'a', 'x', 'y', 'z', '']);
});

test('only rows that differ are written', () => {
  expect(repaint(frame('same', 'old'), frame('same', 'new'))).not.toContain('same');
});

test.each([
  ['\x1b[2K\x1b[1A\x1b[2K\x1b[Ga\n', 'a\n'],
  ['\x1b[2K\x1b[1A\x1b[2K\x1b[G', null],
  ['text of the transcript\n', null],
  ['\x1b[?2026h', null],
])('%j holds the frame %j', (write, wanted) => {
  expect(frameIn(write)).toBe(wanted);
});

test.each([true, false])(
  'an old frame goes as a whole when the terminal got narrower (reflows: %s)',
  (reflows) => {
    const rows = ['x'.repeat(90), 'y'.repeat(30), ''].map((text) => [span(text)]);
    // 90 cells in 40 columns are three rows, if the terminal breaks them.
    expect(eraseFrame(rows, 40, reflows)).toBe(`\r\x1b[${reflows ? 5 : 3}A\x1b[J`);
  },
);

test.each([
  [{ TERM: 'xterm-256color' }, true],
  [{ TERM: 'linux' }, false],
  [{ TERM: 'xterm', XTERM_VERSION: 'XTerm(370)' }, false],
  [{ TERM: 'screen', XTERM_VERSION: 'XTerm(370)', TMUX: '/tmp/tmux' }, true],
])('%j breaks long rows: %s', (env, reflows) => {
  expect(reflowsLines(env)).toBe(reflows);
});
