import type { Session } from '../session.ts';
import { ask } from './ask.ts';

/** One relation, with what the parts of its description need to know of it. */
export interface Relation {
  oid: string;
  schema: string;
  name: string;
  /** pg_class.relkind */
  kind: string;
  persistence: string;
  isPartition: boolean;
  accessMethod: string | null;
}

/** What `\d name` says below the columns: indexes, constraints, triggers … in psql's order. */
export async function relationFooters(
  session: Session,
  relation: Relation,
  verbose: boolean,
): Promise<string[]> {
  const { kind, oid } = relation;
  const query = (sql: string) => ask(session, sql);
  if (/[iI]/.test(kind)) return indexFooter(query, relation);
  const footers: string[] = [];
  if (relation.isPartition) footers.push(...(await partitionOf(query, oid, verbose)));
  if (kind === 'p')
    footers.push(...(await column(query, oid, 'Partition key: ', 'pg_catalog.pg_get_partkeydef')));
  if (/[rmpt]/.test(kind)) footers.push(...(await indexes(query, oid)));
  if (/[rfp]/.test(kind)) {
    footers.push(...(await constraints(query, oid, 'c', 'Check constraints:')));
    footers.push(...(await constraints(query, oid, 'f', 'Foreign-key constraints:')));
    footers.push(...(await referencedBy(query, oid)));
  }
  if (/[vm]/.test(kind) && verbose) footers.push(...(await viewDefinition(query, oid)));
  if (/[rp]/.test(kind)) footers.push(...(await publications(query, oid)));
  if (/[rvfp]/.test(kind)) footers.push(...(await triggers(query, oid)));
  if (/[rfp]/.test(kind)) footers.push(...(await inheritance(query, relation, verbose)));
  if (verbose && /[rmp]/.test(kind)) footers.push(...(await storage(query, relation)));
  return footers;
}

type Query = (sql: string) => Promise<(string | null)[][]>;

/** A head and its lines; nothing without lines. */
const section = (head: string, lines: readonly string[]): string[] =>
  lines.length > 0 ? [head, ...lines] : [];

async function column(query: Query, oid: string, label: string, call: string): Promise<string[]> {
  const [row] = await query(`SELECT ${call}(${oid}::pg_catalog.oid)`);
  return row?.[0] ? [`${label}${row[0]}`] : [];
}

async function indexFooter(query: Query, { oid }: Relation): Promise<string[]> {
  const [row] = await query(`SELECT i.indisunique, i.indisprimary, i.indisclustered, i.indisvalid,
  NOT i.indimmediate AND EXISTS (SELECT 1 FROM pg_catalog.pg_constraint WHERE conrelid = i.indrelid
    AND conindid = i.indexrelid AND contype IN ('p','u','x') AND condeferrable),
  i.indisreplident, a.amname, n.nspname || '.' || c2.relname, pg_catalog.pg_get_expr(i.indpred, i.indrelid, true)
FROM pg_catalog.pg_index i
  JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
  JOIN pg_catalog.pg_class c2 ON c2.oid = i.indrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c2.relnamespace
  JOIN pg_catalog.pg_am a ON c.relam = a.oid
WHERE i.indexrelid = ${oid}`);
  if (!row) return [];
  const [unique, primary, clustered, valid, deferrable, identity, method, table, predicate] = row;
  const first = primary === 't' ? 'primary key, ' : unique === 't' ? 'unique, ' : '';
  const parts = [`${first}${method}, for table "${table}"`];
  if (predicate) parts.push(`predicate (${predicate})`);
  if (clustered === 't') parts.push('clustered');
  if (valid !== 't') parts.push('invalid');
  if (deferrable === 't') parts.push('deferrable');
  if (identity === 't') parts.push('replica identity');
  return [parts.join(', ')];
}

async function indexes(query: Query, oid: string): Promise<string[]> {
  const rows = await query(`SELECT c2.relname, i.indisprimary, i.indisunique, i.indisclustered, i.indisvalid,
  pg_catalog.pg_get_indexdef(i.indexrelid, 0, true), pg_catalog.pg_get_constraintdef(con.oid, true), con.contype,
  con.condeferrable, con.condeferred, i.indisreplident
FROM pg_catalog.pg_index i
  JOIN pg_catalog.pg_class c2 ON i.indexrelid = c2.oid
  LEFT JOIN pg_catalog.pg_constraint con
    ON con.conrelid = i.indrelid AND con.conindid = i.indexrelid AND con.contype IN ('p','u','x')
WHERE i.indrelid = ${oid}
ORDER BY i.indisprimary DESC, c2.relname`);
  const lines = rows.map((row) => {
    const [
      name,
      primary,
      unique,
      clustered,
      valid,
      definition,
      constraint,
      type,
      deferrable,
      deferred,
      identity,
    ] = row;
    let line = `    "${name}"`;
    if (type === 'x') line += ` ${constraint}`;
    else {
      if (primary === 't') line += ' PRIMARY KEY,';
      else if (unique === 't') line += type === 'u' ? ' UNIQUE CONSTRAINT,' : ' UNIQUE,';
      line += ` ${(definition ?? '').replace(/^.*? USING /s, '')}`;
      if (deferrable === 't') line += ' DEFERRABLE';
      if (deferred === 't') line += ' INITIALLY DEFERRED';
    }
    if (clustered === 't') line += ' CLUSTER';
    if (valid !== 't') line += ' INVALID';
    if (identity === 't') line += ' REPLICA IDENTITY';
    return line;
  });
  return section('Indexes:', lines);
}

async function constraints(query: Query, oid: string, type: string, head: string): Promise<string[]> {
  const rows = await query(`SELECT conname, pg_catalog.pg_get_constraintdef(oid, true)
FROM pg_catalog.pg_constraint WHERE conrelid = ${oid} AND contype = '${type}' ORDER BY 1`);
  return section(
    head,
    rows.map(([name, definition]) => `    "${name}" ${definition}`),
  );
}

async function referencedBy(query: Query, oid: string): Promise<string[]> {
  const rows =
    await query(`SELECT conrelid::pg_catalog.regclass, conname, pg_catalog.pg_get_constraintdef(oid, true)
FROM pg_catalog.pg_constraint WHERE confrelid = ${oid} AND contype = 'f' AND conparentid = 0 ORDER BY conname`);
  return section(
    'Referenced by:',
    rows.map(([table, name, definition]) => `    TABLE "${table}" CONSTRAINT "${name}" ${definition}`),
  );
}

async function viewDefinition(query: Query, oid: string): Promise<string[]> {
  const [row] = await query(`SELECT pg_catalog.pg_get_viewdef(${oid}::pg_catalog.oid, true)`);
  return row?.[0] ? ['View definition:', row[0]] : [];
}

async function publications(query: Query, oid: string): Promise<string[]> {
  const rows = await query(`SELECT pubname FROM pg_catalog.pg_publication p
  JOIN pg_catalog.pg_publication_rel pr ON p.oid = pr.prpubid WHERE pr.prrelid = ${oid}
UNION SELECT pubname FROM pg_catalog.pg_publication p
WHERE p.puballtables AND pg_catalog.pg_relation_is_publishable(${oid})
ORDER BY 1`);
  return section(
    'Publications:',
    rows.map(([name]) => `    "${name}"`),
  );
}

async function triggers(query: Query, oid: string): Promise<string[]> {
  const rows = await query(`SELECT pg_catalog.pg_get_triggerdef(t.oid, true), t.tgenabled
FROM pg_catalog.pg_trigger t WHERE t.tgrelid = ${oid} AND NOT t.tgisinternal ORDER BY t.tgname`);
  const heads: [string, RegExp][] = [
    ['Triggers:', /O/],
    ['Disabled user triggers:', /D/],
    ['Triggers firing always:', /A/],
    ['Triggers firing on replica only:', /R/],
  ];
  return heads.flatMap(([head, state]) =>
    section(
      head,
      rows
        .filter(([, enabled]) => state.test(enabled ?? ''))
        .map(([definition]) => `    ${(definition ?? '').replace(/^.*? TRIGGER /s, '')}`),
    ),
  );
}

async function partitionOf(query: Query, oid: string, verbose: boolean): Promise<string[]> {
  const [row] = await query(`SELECT i.inhparent::pg_catalog.regclass,
  pg_catalog.pg_get_expr(c.relpartbound, c.oid), pg_catalog.pg_get_partition_constraintdef(c.oid)
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_inherits i ON c.oid = i.inhrelid WHERE c.oid = ${oid}`);
  if (!row) return [];
  const [parent, bound, constraint] = row;
  const lines = [`Partition of: ${parent} ${bound}`];
  if (verbose) lines.push(constraint ? `Partition constraint: ${constraint}` : 'No partition constraint');
  return lines;
}

async function inheritance(
  query: Query,
  { oid, kind, isPartition }: Relation,
  verbose: boolean,
): Promise<string[]> {
  const parents = isPartition
    ? []
    : await query(`SELECT c.oid::pg_catalog.regclass FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_inherits i ON c.oid = i.inhparent WHERE i.inhrelid = ${oid} ORDER BY i.inhseqno`);
  const children =
    await query(`SELECT c.oid::pg_catalog.regclass, pg_catalog.pg_get_expr(c.relpartbound, c.oid)
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_inherits i ON c.oid = i.inhrelid
WHERE i.inhparent = ${oid}
ORDER BY pg_catalog.pg_get_expr(c.relpartbound, c.oid) = 'DEFAULT', c.oid::pg_catalog.regclass::pg_catalog.text`);
  return [
    ...listed(
      'Inherits: ',
      parents.map(([name]) => name ?? ''),
    ),
    ...childLines(children, kind === 'p', verbose),
  ];
}

function childLines(children: (string | null)[][], partitioned: boolean, verbose: boolean): string[] {
  const count = children.length;
  if (partitioned && count === 0) return ['Number of partitions: 0'];
  if (count === 0) return [];
  if (!verbose)
    return [
      partitioned
        ? `Number of partitions: ${count} (Use \\d+ to list them.)`
        : `Number of child tables: ${count} (Use \\d+ to list them.)`,
    ];
  const names = children.map(([name, bound]) => (partitioned ? `${name} ${bound}` : (name ?? '')));
  return listed(partitioned ? 'Partitions: ' : 'Child tables: ', names);
}

/** The first beside the label, the others below it. */
const listed = (label: string, names: readonly string[]): string[] =>
  names.map(
    (name, at) => `${at === 0 ? label : ' '.repeat(label.length)}${name}${at + 1 < names.length ? ',' : ''}`,
  );

async function storage(query: Query, { oid, accessMethod }: Relation): Promise<string[]> {
  const [row] = await query(`SELECT c.relreplident, pg_catalog.array_to_string(c.reloptions, ', '), t.spcname
FROM pg_catalog.pg_class c LEFT JOIN pg_catalog.pg_tablespace t ON t.oid = c.reltablespace WHERE c.oid = ${oid}`);
  const [identity, options, tablespace] = row ?? [];
  const lines: string[] = [];
  if (identity === 'f' || identity === 'n')
    lines.push(`Replica Identity: ${identity === 'f' ? 'FULL' : 'NOTHING'}`);
  if (accessMethod) lines.push(`Access method: ${accessMethod}`);
  if (options) lines.push(`Options: ${options}`);
  if (tablespace) lines.push(`Tablespace: "${tablespace}"`);
  return lines;
}
