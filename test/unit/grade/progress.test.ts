import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { progressLines } from '../../../src/grade/progress.ts';
import { cells } from '../../../src/terminal/wrap.ts';
import { graded } from '../../helpers/grades.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
  vi.stubEnv('TERM', 'xterm');
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

/** A terminal that only knows what is used of it: what its last line shows, and the lines above. */
function terminal(columns: number | undefined, isTTY = true) {
  const written: string[] = [];
  const out = { isTTY, columns, write: (text: string) => written.push(text) > 0 };
  return {
    out: out as unknown as NodeJS.WriteStream,
    written,
    last: () => (written.at(-1) ?? '').replace(/^[\s\S]*\r/, '').replace('\x1b[K', ''),
  };
}

it('of one submission ticks each second, with what is done', () => {
  const { out, last, written } = terminal(80);
  const progress = progressLines(1, out, 1);
  progress.began('anna');
  expect(last()).toBe('anna · 0 s · makes a copy');
  progress.doing('anna', 'docker compose up');
  vi.advanceTimersByTime(12_000);
  expect(last()).toBe('anna · 12 s · docker compose up');
  // Drawn over in one piece: cleared only behind what is new.
  expect(written.every((text) => /^\r[^\r\n]*\x1b\[K$/.test(text))).toBe(true);
  progress.ended(graded('anna', {}, { ms: 12_000 }));
  expect(written.at(-1)).toBe('\r\x1b[Kanna: 100 of 100 points in 12 s\n\r\x1b[K');
  progress.end();
  const count = written.length;
  vi.advanceTimersByTime(5000);
  expect(written.length).toBe(count);
});

it('of a class says how many are done, how long the rest takes, and who is being graded', () => {
  const { out, last } = terminal(200);
  const progress = progressLines(4, out, 2);
  progress.began('anna');
  progress.began('ben');
  vi.advanceTimersByTime(10_000);
  expect(last()).toBe('[..........] 0 of 4 · anna 10 s makes a copy, ben 10 s makes a copy');
  progress.ended(graded('anna', {}, { ms: 10_000 }));
  progress.began('cleo');
  progress.doing('cleo', 'bash leader/setup-leader.sh');
  vi.advanceTimersByTime(4000);
  expect(last()).toBe(
    '[##........] 1 of 4 · about 8 s left · ben 14 s makes a copy, cleo 4 s bash leader/setup-leader.sh',
  );
});

it.each([80, 60, 40, 20, 5, undefined])('fits in %s columns, whoever is graded', (columns) => {
  const { out, written } = terminal(columns);
  const progress = progressLines(30, out, 8);
  for (const name of ['anna', '学生の名前がとても長い場合', 'x'.repeat(100), 'ben']) progress.began(name);
  vi.advanceTimersByTime(3000);
  for (const text of written) expect(cells(text.replace(/\r|\x1b\[K/g, ''))).toBeLessThan(columns ?? 80);
});

it('says a line of its own above, and leaves nothing of the other at its end', () => {
  const { out, written } = terminal(80);
  const progress = progressLines(2, out, 1);
  progress.began('anna');
  progress.say('Stopping.');
  expect(written.at(-1)).toMatch(/^\r\x1b\[KStopping\.\n\r\[\.+\] 0 of 2 · anna/);
  progress.end();
  expect(written.at(-1)).toBe('\r\x1b[K');
});

it.each([
  ['no terminal', false, 'xterm'],
  ['one that can not draw over', true, 'dumb'],
])('on %s is a line a submission and nothing else', (_, isTTY, term) => {
  vi.stubEnv('TERM', term);
  const { out, written } = terminal(80, isTTY);
  const progress = progressLines(2, out, 1);
  progress.began('anna');
  progress.doing('anna', 'docker compose up');
  vi.advanceTimersByTime(5000);
  progress.ended(graded('anna', {}, { ms: 5000 }));
  progress.end();
  expect(written).toEqual(['anna: 100 of 100 points in 5 s\n']);
});
