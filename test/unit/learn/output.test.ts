import { describe, expect, it } from 'vitest';
import { OutputBuffer } from '../../../src/learn/output.ts';

const numbers = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => `line ${from + i}`);

describe('lines', () => {
  it.each<[string, string[], string[], string]>([
    ['come out whole, however they are cut', ['on', 'e\ntw', 'o', '\n'], ['one', 'two'], 'one\ntwo'],
    ['may be empty', ['\n\na\n'], ['', '', 'a'], '\n\na'],
    ['end with what has no line end', ['a\nb'], ['a', 'b'], 'a\nb'],
    ['of a CRLF program have no carriage return', ['a\r\nb\r\n'], ['a', 'b'], 'a\nb'],
    ['cut between CR and LF too', ['a\r', '\nb\r', '\n'], ['a', 'b'], 'a\nb'],
    ['of a progress bar keep its last state', ['10%\r50%\r', '100%\ndone\n'], ['100%', 'done'], '100%\ndone'],
    ['keep what a carriage return at the end would overwrite', ['50%\r'], ['50%'], '50%'],
    [
      'keep colours and any language',
      ['\u001b[32mgrün\u001b[0m 🐘\n'],
      ['\u001b[32mgrün\u001b[0m 🐘'],
      '\u001b[32mgrün\u001b[0m 🐘',
    ],
  ])('%s', (_, chunks, lines, text) => {
    const buffer = new OutputBuffer();
    const seen = [...chunks.flatMap((chunk) => buffer.add(chunk)), ...buffer.flush()];
    expect(seen).toEqual(lines);
    expect(buffer.text()).toBe(text);
  });

  it('are cut at 2000 characters, in one piece or in many', () => {
    const whole = new OutputBuffer();
    expect(whole.add(`${'x'.repeat(5000)}\n`)[0]).toHaveLength(2000);
    const parts = new OutputBuffer();
    for (let i = 0; i < 5000; i++) parts.add('x');
    expect(parts.add('\n')[0]).toHaveLength(2000);
  });

  it('of a progress bar that never ends its line take no memory', () => {
    const buffer = new OutputBuffer();
    for (let i = 0; i < 50_000; i++) buffer.add(`${'#'.repeat(40)} ${i}\r`);
    expect(buffer.last(1)).toEqual([`${'#'.repeat(40)} 49999`]);
    expect(JSON.stringify(buffer).length).toBeLessThan(5000);
  });

  it('flushed twice come once', () => {
    const buffer = new OutputBuffer();
    buffer.add('end');
    expect([buffer.flush(), buffer.flush()]).toEqual([['end'], []]);
  });
});

describe('the last lines', () => {
  it('have the unfinished one at the end', () => {
    const buffer = new OutputBuffer();
    buffer.add('a\nb\n10%\r20%');
    expect(buffer.last(2)).toEqual(['b', '20%']);
    expect(buffer.last(9)).toEqual(['a', 'b', '20%']);
  });

  it.each([1, 10, 99, 100, 101, 105, 199, 200, 299, 300, 301, 500, 501, 5000])(
    'are the last 100 of %i',
    (count) => {
      const buffer = new OutputBuffer();
      for (const line of numbers(1, count)) buffer.add(`${line}\n`);
      expect(buffer.last(100)).toEqual(numbers(Math.max(1, count - 99), count));
    },
  );
});

describe('a flood', () => {
  it.each([300, 301, 500, 501, 2000])(
    'of %i lines keeps the first 100 and the last 200 at least, and says how many are missing',
    (count) => {
      const buffer = new OutputBuffer();
      for (const line of numbers(1, count)) buffer.add(`${line}\n`);
      const lines = buffer.text().split('\n');
      expect(lines.slice(0, 100)).toEqual(numbers(1, 100));
      expect(lines.slice(-200)).toEqual(numbers(count - 199, count));
      const missing = Number(/^… (\d+) lines left out …$/.exec(lines[100] ?? '')?.[1] ?? 0);
      expect(missing + lines.filter((line) => line.startsWith('line ')).length).toBe(count);
    },
  );

  it('of a million lines takes little memory and little time', () => {
    const buffer = new OutputBuffer();
    const chunk = `${'abcdefgh'.repeat(8)}\n`.repeat(100);
    const started = performance.now();
    for (let i = 0; i < 10_000; i++) buffer.add(chunk);
    const ms = performance.now() - started;
    // 65 MB went through; all that the buffer has of it is this.
    expect(JSON.stringify(buffer).length).toBeLessThan(100_000);
    expect(ms).toBeLessThan(3000);
  });
});
