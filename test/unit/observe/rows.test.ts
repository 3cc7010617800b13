import { describe, expect, it } from 'vitest';
import { rowsSql, toRows, valuesOf } from '../../../src/observe/rows.ts';

describe('a row as PostgreSQL writes it', () => {
  it.each<[string, (string | null)[]]>([
    ['(7712922403682855126)', ['7712922403682855126']],
    ['(t,on,f)', ['t', 'on', 'f']],
    ['()', [null]],
    ['(,)', [null, null]],
    ['("")', ['']],
    ['(a,,"")', ['a', null, '']],
    ['(2,"32 MB")', ['2', '32 MB']],
    ['("{1,2}","a ""b"", \\\\ (c)")', ['{1,2}', 'a "b", \\ (c)']],
    ['("two\nlines",x)', ['two\nlines', 'x']],
  ])('%s', (row, values) => {
    expect(valuesOf(row)).toEqual(values);
  });
});

it('an answer keeps its columns when it has no rows', () => {
  expect(toRows({ columns: ['slot_name', 'active'], rows: [], total: 0 })).toEqual({
    columns: ['slot_name', 'active'],
    rows: [],
    total: 0,
  });
});

describe('the query that is sent', () => {
  it.each([
    'SELECT 1 AS one;',
    'SELECT 1 AS one',
    'SELECT 1 AS one -- the only one',
    'SELECT 1 AS one; -- the only one',
    '\nSELECT 1 AS one\n;\n',
  ])('holds %j on lines of its own, without its semicolon', (sql) => {
    const lines = rowsSql(sql).split('\n');
    const at = lines.indexOf('WITH walkthrough_q AS MATERIALIZED (');
    expect(
      lines
        .slice(at + 1, lines.indexOf(')', at))
        .join('\n')
        .trim(),
    ).toMatch(/^SELECT 1 AS one( --.*)?$/);
  });

  it('can not write, and does not wait for ever', () => {
    expect(rowsSql('SELECT 1')).toMatch(
      /^BEGIN TRANSACTION READ ONLY;\nSET LOCAL statement_timeout = \d+;\n/,
    );
  });
});
