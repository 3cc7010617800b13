import type { NodeName, TableState } from '../../observe/types.ts';
import { isRecord, node, only, type Raw, rows, text, texts } from '../args.ts';
import type { Verdict } from '../finding.ts';
import { ArgumentError, type CheckKind } from '../kind.ts';
import { REACH_TROUBLE, reach, type UpServer } from '../needs.ts';
import { and, failed, passed, quote } from '../verdict.ts';

const ACCEPTS = ['on', 'columns', 'rows'] as const;

interface TableArgs {
  table: string;
  on: NodeName;
  /** The first one is the primary key. */
  columns: { name: string; type?: string | undefined }[];
  /** Values of the first columns, in their order. More rows in the table are fine. */
  rows: string[][];
}

export const table: CheckKind<TableArgs> = {
  kind: 'table',
  accepts: ACCEPTS,
  mistakes: [...REACH_TROUBLE, 'table-missing', 'table-in-wrong-database', 'table-differs', 'rows-differ'],
  parse(raw) {
    only(raw, 'table', ACCEPTS);
    const columns = columnsOf(raw);
    return {
      table: text(raw, 'table'),
      on: node(raw, 'on', 'leader'),
      columns,
      rows: rows(raw, 'rows', columns.length),
    };
  },
  title: ({ table, on, rows }) =>
    `${table} exists on the ${on}${rows.length > 0 ? ` with its ${rows.length} rows` : ''}`,
  why: () => 'The lesson follows this table and these rows from the leader to the follower.',
  reads: () => ({ parts: ['servers', 'table'] }),
  judge(observation, args) {
    const server = reach(observation, args.on);
    if (server.state !== 'up') return server;
    const found = server.probe.table;
    if (!found) return missingTable(args.table, args.on, server);
    const shape = compareShape(found, args);
    if (shape) return shape;
    const question = { probe: `rows of ${args.table} on ${args.on}`, wanted: `rows ${list(args.rows)}` };
    const missing = args.rows.filter((row) => !hasRow(found, args, row));
    if (missing.length > 0) {
      const part = found.rowCount > found.rows.length ? ` among the first ${found.rows.length}` : '';
      const saw = `${found.rowCount} rows, without ${list(missing)}${part}`;
      return failed(
        question,
        'rows-differ',
        saw,
        'Later the same rows must be found on the follower, value by value.',
      );
    }
    return passed(question, `${found.columns.length} columns, ${found.rowCount} rows`);
  },
};

/** The course's database has no such table. */
export function missingTable(name: string, on: NodeName, server: UpServer): Verdict {
  const question = { probe: `table ${name} on ${on}`, wanted: `table ${name} in the database of the course` };
  if (server.probe.tableInPostgres) {
    const why = 'Each database has tables of its own. `-d` names the database that psql connects to.';
    return failed(question, 'table-in-wrong-database', `${name} is in the database postgres`, why);
  }
  return failed(
    question,
    'table-missing',
    `no table ${name}`,
    'The table must be created on the leader first.',
  );
}

function compareShape(found: TableState, args: TableArgs): Verdict | null {
  const question = {
    probe: `columns of ${args.table} on ${args.on}`,
    wanted: `${args.columns.map(({ name, type }) => (type ? `${name} ${type}` : name)).join(', ')}; primary key ${args.columns[0]?.name}`,
  };
  const saw = found.columns.map((column) => `${column.name} ${typeOf(column)}`).join(', ');
  const key = `primary key ${found.primaryKey.length > 0 ? and(found.primaryKey) : '(none)'}`;
  const right =
    found.columns.length === args.columns.length && args.columns.every((column) => hasColumn(found, column));
  const quoted = found.columns.some(({ name }) => name !== name.toLowerCase());
  if (right && found.primaryKey.join() === fold(args.columns[0]?.name ?? '')) return null;
  const why = quoted
    ? 'Names in double quotes keep their capitals, and every query must then quote them too. Create it without quotes.'
    : 'Other names or types make the later queries and comparisons fail.';
  return failed(question, 'table-differs', quote(`${saw}; ${key}`), why);
}

function hasColumn(found: TableState, { name, type }: TableArgs['columns'][number]): boolean {
  const column = found.columns.find((one) => one.name === fold(name));
  return column !== undefined && (!type || canonical(typeOf(column)) === canonical(type));
}

function hasRow(found: TableState, { columns }: TableArgs, wanted: string[]): boolean {
  const at = columns.map(({ name }) => found.columns.findIndex((column) => column.name === fold(name)));
  return found.rows.some((row) => wanted.every((value, index) => row[at[index] ?? -1] === value));
}

/** PostgreSQL folds names without quotes to lower case: productId is productid. */
export function fold(name: string): string {
  return name.toLowerCase();
}

function typeOf({ type, maxLength }: TableState['columns'][number]): string {
  return maxLength !== null && !type.includes('(') ? `${type}(${maxLength})` : type;
}

const ALIASES: Record<string, string> = {
  int: 'integer',
  int4: 'integer',
  int8: 'bigint',
  varchar: 'character varying',
  timestamp: 'timestamp without time zone',
  timestamptz: 'timestamp with time zone',
};

function canonical(type: string): string {
  const [, name = '', size = ''] =
    /^([^(]*)(\(.*\))?/.exec(type.toLowerCase().replace(/\s+/g, ' ').trim()) ?? [];
  return (ALIASES[name.trim()] ?? name.trim()) + size.replaceAll(' ', '');
}

function list(wanted: string[][]): string {
  return quote(wanted.map((row) => `(${row.join(', ')})`).join(', '));
}

function columnsOf(raw: Raw): TableArgs['columns'] {
  const value = raw.columns;
  if (!Array.isArray(value) || !value.some(isRecord)) return texts(raw, 'columns').map((name) => ({ name }));
  return value.map((item: unknown) => {
    if (!isRecord(item))
      throw new ArgumentError('columns', '"columns" must be names, or maps of name and type.');
    return { name: text(item, 'name'), type: item.type === undefined ? undefined : text(item, 'type') };
  });
}
