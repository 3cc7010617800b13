import { describe, expect, it } from 'vitest';
import { tableExistsSql, tableSql, toHba, toProbe, toTable } from '../../../src/observe/probe.ts';

const column = (name: string, type = 'text') => ({ name, type, maxLength: null, nullable: true });

describe('a table', () => {
  it('has its rows as text, in the order of its columns', () => {
    const answer = {
      columns: [column('item_id', 'integer'), column('name'), column('in_stock', 'boolean'), column('note')],
      primaryKey: ['item_id'],
      rowCount: 2,
      records: [
        { name: 'Widget', item_id: 101, note: null, in_stock: true },
        { item_id: 102, name: '', in_stock: false },
      ],
      hash: 'abc',
    };
    expect(toTable(answer)).toEqual({
      columns: answer.columns,
      primaryKey: ['item_id'],
      rowCount: 2,
      rows: [
        ['101', 'Widget', 'true', null],
        ['102', '', 'false', null],
      ],
      hash: 'abc',
    });
  });

  it('may be empty', () => {
    const empty = { columns: [column('a')], primaryKey: [], rowCount: 0, records: [], hash: null };
    expect(toTable(empty)).toMatchObject({ rows: [], rowCount: 0, hash: null });
  });

  it.each(["x'; DROP TABLE y; --", 'Inventory', 'a b', '', 'public.inventory'])(
    'must have a plain name: not %j',
    (name) => {
      expect(() => tableSql(name)).toThrow(/no plain table name/);
      expect(() => tableExistsSql(name)).toThrow(/no plain table name/);
    },
  );
});

it('a probe begins without its table, which is looked at apart', () => {
  expect(toProbe({ version: 140023 })).toEqual({ version: 140023, table: null, tableInPostgres: false });
});

it('rules of pg_hba.conf that could be read say so', () => {
  expect(toHba({ rules: [], errors: [] })).toEqual({ state: 'read', rules: [], errors: [] });
});
