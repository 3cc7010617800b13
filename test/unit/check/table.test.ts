import { expect, it } from 'vitest';
import { table } from '../../../src/check/kinds/table.ts';
import type { Observation, TableState } from '../../../src/observe/types.ts';
import { describeKind } from './describe-kind.ts';
import { probeOf } from './healthy.ts';
import { reachTroubles } from './shared-troubles.ts';

const edit = (change: (table: TableState) => void) => ({
  change: (observation: Observation) => {
    const { table } = probeOf(observation, 'leader');
    if (!table) throw new Error('no table at this stage');
    change(table);
  },
});

const ROWS = [
  [101, 'QuantumWidget', 100],
  [102, 'HyperSpanner', 75],
  [103, 'FluxCapacitor', 50],
];
const TYPED = [
  { name: 'productId', type: 'INT' },
  { name: 'productName', type: 'varchar( 255 )' },
  { name: 'quantity', type: 'int4' },
  { name: 'lastUpdated', type: 'TIMESTAMP' },
];

describeKind(table, {
  raw: {
    table: 'inventory',
    on: 'leader',
    columns: ['productid', 'productname', 'quantity', 'lastupdated'],
    rows: ROWS,
  },
  stage: 'finished',
  passes: {
    'by the names of its columns': {},
    'by names and types': { raw: { table: 'inventory', columns: TYPED, rows: ROWS } },
    'a type with its size in it': {
      raw: { table: 'inventory', columns: TYPED },
      ...edit(({ columns }) =>
        Object.assign(columns[1] ?? {}, { type: 'character varying(255)', maxLength: 255 }),
      ),
    },
    'on the follower': { raw: { table: 'inventory', on: 'follower', columns: TYPED, rows: ROWS } },
    'one more row, and columns in another order': edit((found) => {
      found.columns.reverse();
      for (const row of found.rows) row.reverse();
      found.rows.push([null, '1', 'IsolatedPhoton', '201']);
      found.rowCount = 4;
    }),
  },
  troubles: {
    ...reachTroubles('leader'),
    'no table': { stage: 'streaming', mistake: 'table-missing' },
    'it is in the database postgres': {
      stage: 'streaming',
      mistake: 'table-in-wrong-database',
      change: (observation) => {
        probeOf(observation, 'leader').tableInPostgres = true;
      },
    },
    'no primary key': {
      ...edit((found) => {
        found.primaryKey = [];
      }),
      mistake: 'table-differs',
      saw: /primary key \(none\)/,
    },
    'a column too few': {
      ...edit((found) => {
        found.columns.pop();
      }),
      mistake: 'table-differs',
    },
    'another type': {
      raw: { table: 'inventory', columns: TYPED },
      ...edit(({ columns }) => Object.assign(columns[2] ?? {}, { type: 'text' })),
      mistake: 'table-differs',
      saw: /quantity text/,
    },
    'a name in quotes keeps its capitals': {
      ...edit(({ columns }) => Object.assign(columns[0] ?? {}, { name: 'productId' })),
      mistake: 'table-differs',
      why: /double quotes/,
    },
    'another quantity': {
      ...edit(({ rows }) => Object.assign(rows[1] ?? [], { 2: '57' })),
      mistake: 'rows-differ',
      saw: /3 rows, without \(102, HyperSpanner, 75\)$/,
    },
    'many rows, and not these among the first': {
      ...edit((found) => {
        found.rows = found.rows.slice(0, 2);
        found.rowCount = 1000;
      }),
      mistake: 'rows-differ',
      saw: /among the first 2/,
    },
  },
});

it.each([
  ['rows', { table: 'inventory', columns: ['a'], rows: [[1, 2]] }],
  ['rows', { table: 'inventory', columns: ['a'], rows: 'all' }],
  ['columns', { table: 'inventory' }],
  ['type', { table: 'inventory', columns: [{ name: 'a', type: [] }] }],
  ['columns', { table: 'inventory', columns: [{ name: 'a' }, 'b'] }],
  ['on', { table: 'inventory', columns: ['a'], on: 'primary' }],
])('table refuses a wrong "%s"', (key, raw) => {
  expect(() => table.parse(raw)).toThrow(expect.objectContaining({ name: 'ArgumentError', key }));
});
