import { describe, expect, it } from 'vitest';
import { print } from '../../../../src/lab/sandbox/inside/psql/print/print.ts';
import {
  DEFAULT_STYLE,
  type Style,
  type Table,
} from '../../../../src/lab/sandbox/inside/psql/print/table.ts';
import { toLines } from '../../../../src/lab/sandbox/inside/psql/print/width.ts';
import { clock } from '../../../../src/lab/sandbox/inside/psql/slash/watch.ts';
import { timeText } from '../../../../src/lab/sandbox/inside/psql/statement.ts';

const TABLE: Table = {
  title: null,
  headers: ['id', 'name'],
  rightAligned: [true, false],
  rows: [
    ['1', 'a|b'],
    ['10', null],
  ],
  footers: null,
};

const text = (style: Partial<Style>, columns: number | null = null, table: Table = TABLE) =>
  [...print(table, { ...DEFAULT_STYLE, ...style }, columns)].join('');

// What psql prints is compared in the sandbox's own test, with recordings of the real one.
describe('a table', () => {
  it('is expanded automatically only where it is wider than the terminal', () => {
    const aligned = ' id | name \n----+------\n  1 | a|b\n 10 | \n(2 rows)\n\n';
    expect(text({ expanded: 'auto' }, 80)).toBe(aligned);
    expect(text({ expanded: 'auto' }, null)).toBe(aligned);
    expect(text({ expanded: 'auto' }, 10)).toMatch(/^-\[ RECORD 1 \]/);
    expect(text({ expanded: 'auto' }, 11)).toBe(aligned);
  });

  it('has quotes in CSV only where they are needed', () => {
    const table = {
      ...TABLE,
      rows: [
        ['a,b', 'say "x"'],
        ['c\nd', ' e '],
        ['', null],
      ],
    };
    expect(text({ format: 'csv' }, null, table)).toBe('id,name\n"a,b","say ""x"""\n"c\nd", e \n,\n');
  });
});

it.each([
  ['abc', ['abc', 3]],
  ['日本', ['日本', 4]],
  ['e\u0301', ['e\u0301', 1]],
  ['🙂', ['🙂', 1]],
  ['ab\tc', ['ab      c', 9]],
  ['\u0007', ['\\x07', 4]],
])('%j takes as many columns as psql 14 says', (value, [shown, width]) => {
  expect(toLines(value)).toEqual([{ text: shown, width }]);
});

it.each([
  [0.5, 'Time: 0.500 ms'],
  [999.9994, 'Time: 999.999 ms'],
  [1500, 'Time: 1500.000 ms (00:01.500)'],
  [61_250, 'Time: 61250.000 ms (01:01.250)'],
  [3_661_000, 'Time: 3661000.000 ms (01:01:01.000)'],
  [90_061_000, 'Time: 90061000.000 ms (1 d 01:01:01.000)'],
])('%d ms is %j', (milliseconds, expected) => {
  expect(timeText(milliseconds)).toBe(expected);
});

it.each([
  ['2026-11-25T12:36:47Z', 'Wed 25 Nov 2026 12:36:47 PM UTC'],
  ['2026-01-04T00:05:09Z', 'Sun 04 Jan 2026 12:05:09 AM UTC'],
  ['2026-07-31T23:00:00Z', 'Fri 31 Jul 2026 11:00:00 PM UTC'],
])('%s is %j above what \\watch shows', (iso, expected) => {
  expect(clock(new Date(iso))).toBe(expected);
});
