/** More than so many rows are counted and not shown: a page of the glossary is read at a glance. */
const ROWS_SHOWN = 8;

/** What a server says to a query, as psql shows it: every value as text, null where there is none. */
export interface Rows {
  columns: string[];
  rows: (string | null)[][];
  /** How many rows there are; `rows` holds the first eight. */
  total: number;
}

/** How long a server may think about it, in milliseconds. */
export const ROWS_LIMIT_MS = 2000;

/**
 * A query of somebody else (the course's) as one that answers with text and changes nothing. It must be one SELECT;
 * a semicolon and comments may stand at its end.
 * - READ ONLY: a query that writes is refused. The transaction is never committed: it ends with the session.
 * - A row as a whole, `q::text`, has each value in PostgreSQL's own words: `t` for true, all digits of a bigint.
 * - The names of the columns come from a row that is joined to nothing, so that they are there without rows, too.
 */
export function rowsSql(sql: string): string {
  return `BEGIN TRANSACTION READ ONLY;
SET LOCAL statement_timeout = ${ROWS_LIMIT_MS};
WITH walkthrough_q AS MATERIALIZED (
${sql.trim().replace(/;((?:\s|--[^\n]*)*)$/, '$1')}
)
SELECT json_build_object(
  'columns', (SELECT json_agg(name) FROM
    (SELECT row_to_json(nothing) AS keys FROM
      (SELECT walkthrough_q.* FROM (SELECT 1) AS one LEFT JOIN walkthrough_q ON false) AS nothing) AS header,
    json_object_keys(keys) AS name),
  'rows', (SELECT coalesce(json_agg(walkthrough_q::text), '[]') FROM
    (SELECT * FROM walkthrough_q LIMIT ${ROWS_SHOWN}) AS walkthrough_q),
  'total', (SELECT count(*) FROM walkthrough_q)
)::text`;
}

/** The query's answer as rows. */
export function toRows(answer: unknown): Rows {
  const { columns, rows, total } = answer as { columns: string[]; rows: string[]; total: number };
  return { columns, rows: rows.map(valuesOf), total };
}

/**
 * The values of a row that PostgreSQL has written as `(1,,"a ""b""")`: nothing between two commas is null, quotes
 * stand around what would be read wrong, and inside of them a quote and a backslash are doubled.
 */
export function valuesOf(row: string): (string | null)[] {
  const body = row.slice(1, -1);
  const values: (string | null)[] = [];
  let at = 0;
  for (;;) {
    const [all = '', quoted, bare = ''] = /^(?:"((?:[^"\\]|""|\\.)*)"|([^,]*))/s.exec(body.slice(at)) ?? [];
    values.push(quoted === undefined ? bare || null : quoted.replace(/""|\\(.)/gs, (_, one) => one ?? '"'));
    at += all.length;
    if (body[at] !== ',') return values;
    at += 1;
  }
}
