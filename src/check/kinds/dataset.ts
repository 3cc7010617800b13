import { only, rows, text, texts } from '../args.ts';
import type { CheckKind } from '../kind.ts';
import { regularFile, textOf } from '../paths.ts';
import { readTable, type SqlTable } from '../sql.ts';
import { and, failed, passed, quote } from '../verdict.ts';
import { fold } from './table.ts';

const ACCEPTS = ['table', 'columns', 'rows'] as const;

interface DatasetArgs {
  file: string;
  table: string;
  columns: string[];
  /** Values of the first columns, in their order. More rows in the file are fine. */
  rows: string[][];
}

/** An SQL file makes the table and inserts its rows. Read as text: no server is needed. */
export const dataset: CheckKind<DatasetArgs> = {
  kind: 'dataset',
  accepts: ACCEPTS,
  mistakes: ['file-missing', 'file-is-folder', 'dataset-incomplete'],
  parse(raw) {
    only(raw, 'dataset', ACCEPTS);
    const columns = texts(raw, 'columns');
    return {
      file: text(raw, 'dataset'),
      table: text(raw, 'table'),
      columns,
      rows: rows(raw, 'rows', columns.length),
    };
  },
  title: ({ file, table, rows }) => `${file} creates ${table} and inserts its ${rows.length} rows`,
  why: () => 'With the data in a file, the same rows can be made again after a fresh start.',
  reads: (args) => ({ files: [args.file] }),
  judge(observation, args) {
    const question = { probe: args.file, wanted: dataset.title(args) };
    const file = regularFile(observation, args.file, question);
    if ('state' in file) return file;
    const content = textOf(file, args.file, question);
    if (typeof content !== 'string') return content;
    const found = readTable(content, args.table);
    const lacking = missingParts(found, args);
    if (lacking) return failed(question, 'dataset-incomplete', quote(lacking), dataset.why(args));
    return passed(
      question,
      `CREATE TABLE ${args.table} with ${found.columns.length} columns, ${found.rows.length} rows`,
    );
  },
};

function missingParts(found: SqlTable, args: DatasetArgs): string | null {
  if (!found.created) return `no CREATE TABLE ${args.table}`;
  const columns = args.columns.filter((name) => !found.columns.includes(fold(name)));
  if (columns.length > 0) {
    const quoted = columns.some((name) =>
      found.columns.some((one) => one !== fold(name) && fold(one) === fold(name)),
    );
    return `no column ${and(columns)}, only ${and(found.columns)}${quoted ? ' (in double quotes, which keep capitals)' : ''}`;
  }
  const missing = args.rows.filter(
    (row) =>
      !found.rows.some((one) => row.every((value, index) => one[fold(args.columns[index] ?? '')] === value)),
  );
  if (missing.length === 0) return null;
  return `no INSERT of ${missing.map((row) => `(${row.join(', ')})`).join(', ')}`;
}
