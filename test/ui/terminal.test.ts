import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { harmless, keepColours } from '../../src/terminal/ansi.ts';
import { glyphsFor } from '../../src/terminal/glyphs.ts';
import { contentWidth, isUsable, sizeOf } from '../../src/terminal/size.ts';
import { cells, splitCells, truncate, wrapText } from '../../src/terminal/wrap.ts';

describe('keepColours', () => {
  test.each([
    ['plain text', 'plain text'],
    ['\x1b[32mgreen\x1b[0m', '\x1b[32mgreen\x1b[0m'],
    ['\x1b[32mopen', '\x1b[32mopen\x1b[0m'],
    ['\x1b[2J\x1b[H\x1b[31mred\x1b[0m', '\x1b[31mred\x1b[0m'],
    ['\x1b]0;title\x07text', 'text'],
    ['\x1b]8;;https://example.org\x1b\\link\x1b]8;;\x1b\\', 'link'],
    ['\x1bP1$r0m\x1b\\text', 'text'],
    ['10 %\r50 %\r100 %', '100 %'],
    ['done\r', 'done'],
    ['one\r\ntwo', 'one\ntwo'],
    ['a\tb', 'a       b'],
    ['bell\x07 back\bspace', 'bell backspace'],
    ['\x9b2Jc1', 'c1'],
    ['unfinished \x1b[3', 'unfinished '],
    ['\u202egnal\u202c', 'gnal'],
    ['private \ue000 use', 'private \ue000 use'],
  ])('%j becomes %j', (text, wanted) => {
    expect(keepColours(text)).toBe(wanted);
  });

  test('no byte that steers a terminal comes through, whatever goes in', () => {
    const alphabet = [
      '\x1b',
      '[',
      ']',
      '3',
      ';',
      'J',
      'm',
      '\x07',
      '\r',
      '\n',
      'a',
      '\x9b',
      '\t',
      '\\',
      'P',
      '?',
    ];
    let seed = 7;
    const next = () => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return seed;
    };
    for (let round = 0; round < 3000; round++) {
      const text = Array.from({ length: 20 }, () => alphabet[next() % alphabet.length]).join('');
      expect(harmless(text), JSON.stringify(text)).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
      const left = keepColours(text).replace(/\x1b\[[0-9;:]*m/g, '');
      expect(left, JSON.stringify(text)).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
    }
  });
});

describe('wrapping', () => {
  test.each([
    ['one two three', 7, ['one two', 'three']],
    ['  set in', 20, ['  set in']],
    ['averylongword', 5, ['avery', 'longw', 'ord']],
    ['日本語 text', 6, ['日本語', 'text']],
    ['', 10, ['']],
    ['two\nlines', 10, ['two', 'lines']],
  ])('%j in %i cells', (text, width, lines) => {
    expect(wrapText(text, width)).toEqual(lines);
  });

  test('a text cut by cells keeps its colour in every part', () => {
    expect(splitCells('\x1b[31mabcdef\x1b[0mgh', 3)).toEqual([
      '\x1b[31mabc\x1b[0m',
      '\x1b[31mdef\x1b[0m',
      'gh',
    ]);
  });

  test('a wide character is never cut in half', () => {
    expect(splitCells('a日本', 2)).toEqual(['a', '日', '本']);
    expect(cells(truncate('日本語', 4))).toBeLessThanOrEqual(4);
  });
});

describe('the terminal', () => {
  test.each([
    [15, 60, true],
    [14, 60, false],
    [15, 59, false],
    [0, 0, false],
    [undefined, undefined, false],
  ])('%s rows by %s columns usable: %s', (rows, columns, usable) => {
    expect(isUsable(rows, columns)).toBe(usable);
  });

  test('0x0 is taken as 80x24', () => {
    expect(sizeOf({ rows: 0, columns: 0 })).toEqual({ rows: 24, columns: 80 });
  });

  test.each([
    [60, 58],
    [100, 98],
    [200, 100],
    [10, 20],
  ])('%i columns hold lines of %i cells', (columns, width) => {
    expect(contentWidth(columns)).toBe(width);
  });

  test.each([
    [{ LANG: 'en_US.UTF-8', TERM: 'xterm' }, '✔'],
    [{ LANG: 'en_US.UTF-8', LC_ALL: 'C', TERM: 'xterm' }, '+'],
    [{ LANG: 'C.utf8', TERM: 'linux' }, '+'],
    [{ TERM: 'xterm' }, '+'],
  ])('with %j a tick is %s', (env, tick) => {
    expect(glyphsFor(env, 'linux').passed).toBe(tick);
  });

  test('every glyph has an ASCII twin of the same width', () => {
    const unicode = glyphsFor({ LANG: 'C.UTF-8' }, 'linux');
    const ascii = glyphsFor({ LANG: 'C' }, 'linux');
    for (const [name, glyph] of Object.entries(ascii)) {
      expect(glyph, name).toMatch(/^[\x20-\x7e]+$/);
      if (name !== 'spinner') expect(cells(glyph), name).toBe(cells(unicode[name as keyof typeof unicode]));
    }
    for (const glyph of Object.values(unicode)) expect(cells(glyph), glyph).toBe(stringWidth(glyph));
  });
});
