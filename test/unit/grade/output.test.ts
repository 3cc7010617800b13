import { describe, expect, it } from 'vitest';
import { clipText, collectOutput } from '../../../src/grade/output.ts';

const line = (i: number) => `line ${String(i).padStart(6, '0')}\n`;
const lines = (count: number) => Array.from({ length: count }, (_, i) => line(i)).join('');

describe('a short text', () => {
  it.each(['', 'a', 'a\n', 'a\nb', '\n\n', 'äöü😀\n', lines(999)])('stays as it is: %j', (text) => {
    expect(clipText(text)).toEqual({ text, bytes: Buffer.byteLength(text), cut: 0 });
  });
  it('is made harmless, and its bytes are those that came', () => {
    const text = '\x1b]0;title\x07\x1b[31mred\x1b[0m\u202eevil\r\n10%\r20%\r30%\nbell\x07\n';
    expect(clipText(text)).toEqual({ text: 'redevil\n30%\nbell\n', bytes: Buffer.byteLength(text), cut: 0 });
  });
  it('may be mostly colours', () => {
    const text = '\x1b[31m'.repeat(5000);
    expect(clipText(`${text}x`)).toEqual({ text: 'x', bytes: 25_001, cut: 0 });
  });
});

describe('a long text', () => {
  it('is cut in the middle between lines', () => {
    const whole = lines(10_000);
    const { text, bytes, cut } = clipText(whole);
    expect(bytes).toBe(120_000);
    const [head = '', tail = ''] = text.split(`… ${cut.toLocaleString('en-US')} bytes left out …\n`);
    expect(whole.startsWith(head) && whole.endsWith(tail)).toBe(true);
    expect(head).toHaveLength(6000);
    expect(tail).toHaveLength(6000);
    expect(head.endsWith(line(499)) && tail.startsWith(line(9500))).toBe(true);
    expect(cut).toBe(108_000);
    expect(text).toContain('\n… 108,000 bytes left out …\n');
  });
  it('is cut by its own limit', () => {
    expect(clipText(lines(10), 25)).toEqual({
      text: `${line(0)}${line(1)}… 72 bytes left out …\n${line(8)}${line(9)}`,
      bytes: 120,
      cut: 72,
    });
  });
  it.each([
    ['one line', 'x'.repeat(1_000_000)],
    ['a short line and a long one', `first\n${'x'.repeat(1_000_000)}`],
    ['a long line and a short one', `${'x'.repeat(1_000_000)}\nlast\n`],
    ['one line of letters of four bytes', '😀'.repeat(300_000)],
    ['colours around letters of three bytes', '\x1b[38;5;196m€\x1b[0m'.repeat(50_000)],
    ['a progress bar', Array.from({ length: 200_000 }, (_, i) => `${i}%\r`).join('')],
  ])('may be %s', (_, whole) => {
    const { text, bytes, cut } = clipText(whole);
    expect(bytes).toBe(Buffer.byteLength(whole));
    // What is drawn over takes room, and is not seen.
    expect(cut).toBeGreaterThanOrEqual(bytes - (/[\r\x1b]/.test(whole) ? 96_000 : 12_000));
    expect(text.length).toBeLessThan(12_100);
    expect(text).not.toContain('\ufffd');
    expect(text).toContain(' bytes left out …');
  });
  it('counts nothing twice where lines are just too many', () => {
    for (const count of [1000, 1001, 1002, 1500, 7999, 8000, 8001, 8002]) {
      const whole = lines(count);
      const { text, bytes, cut } = clipText(whole);
      const rest = text.replace(/… [\d,]+ bytes left out …\n/, '');
      expect(bytes).toBe(whole.length);
      expect(cut + rest.length).toBe(whole.length);
    }
  });
});

describe('a collector', () => {
  it.each([1, 2, 3, 7, 4096, 100_000])('does not mind how the bytes come: by %i', (size) => {
    const whole = Buffer.from('zürich €5 😀 naïve\n'.repeat(8000));
    const output = collectOutput();
    for (let at = 0; at < whole.length; at += size) output.write(whole.subarray(at, at + size));
    expect(output.done()).toEqual(clipText(whole));
    expect(output.done().text).not.toContain('\ufffd');
    expect(output.bytes()).toBe(whole.length);
  });
  it('tells what came so far, and goes on', () => {
    const output = collectOutput();
    output.write(Buffer.from('a'));
    expect(output.done()).toEqual({ text: 'a', bytes: 1, cut: 0 });
    output.write(Buffer.from('b'));
    expect(output.done()).toEqual({ text: 'ab', bytes: 2, cut: 0 });
  });
  it('keeps no chunk of its giver', () => {
    const output = collectOutput();
    const chunk = Buffer.from('first\n');
    output.write(chunk);
    chunk.fill('x');
    expect(output.done().text).toBe('first\n');
  });
  it('survives what is no UTF-8', () => {
    const output = collectOutput(10);
    output.write(Buffer.alloc(1000, 0x80));
    expect(output.done().bytes).toBe(1000);
    expect(output.done().text).toContain('bytes left out');
  });
  it('needs no more memory for ten gigabytes than for one', () => {
    const output = collectOutput();
    const chunk = Buffer.from(lines(100_000));
    const times = Math.ceil(10e9 / chunk.length);
    output.write(chunk);
    const before = process.memoryUsage();
    for (let i = 1; i < times; i++) output.write(chunk);
    const after = process.memoryUsage();
    expect(output.bytes()).toBe(times * chunk.length);
    expect(after.arrayBuffers + after.heapUsed - before.arrayBuffers - before.heapUsed).toBeLessThan(20e6);
    expect(output.done().text.endsWith(line(99_999))).toBe(true);
  });
});
