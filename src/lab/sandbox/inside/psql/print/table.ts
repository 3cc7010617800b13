/** What is printed: query results and psql's own lists. */
export interface Table {
  title: string | null;
  headers: readonly string[];
  /** One for each column. */
  rightAligned: readonly boolean[];
  rows: readonly (readonly (string | null)[])[];
  /** null: the number of rows, unless the style leaves it out. */
  footers: readonly string[] | null;
}

export type Format = 'aligned' | 'unaligned' | 'csv';

/** What `\pset` and the options -A, -F, -t, -x … set. */
export interface Style {
  format: Format;
  border: 0 | 1 | 2;
  expanded: 'on' | 'off' | 'auto';
  tuplesOnly: boolean;
  fieldSeparator: string;
  recordSeparator: string;
  csvSeparator: string;
  nullText: string;
  footer: boolean;
  title: string | null;
}

export const DEFAULT_STYLE: Readonly<Style> = {
  format: 'aligned',
  border: 1,
  expanded: 'off',
  tuplesOnly: false,
  fieldSeparator: '|',
  recordSeparator: '\n',
  csvSeparator: ',',
  nullText: '',
  footer: true,
  title: null,
};

export function footersOf(table: Table, style: Style): readonly string[] {
  if (style.tuplesOnly) return [];
  if (table.footers) return table.footers;
  if (!style.footer) return [];
  return [table.rows.length === 1 ? '(1 row)' : `(${table.rows.length} rows)`];
}

/** int8, int2, int4, oid, xid, cid, float4, float8, money, numeric, xid8: the types that psql aligns to the right. */
const RIGHT = new Set([20, 21, 23, 26, 28, 29, 700, 701, 790, 1700, 5069]);

export const isRightAligned = (typeOid: number): boolean => RIGHT.has(typeOid);
