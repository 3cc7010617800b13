import { complain, quiet, type Session } from '../session.ts';
import { askTable, showList } from './ask.ts';
import { patternConditions } from './pattern.ts';

/** What `\dt+S name` asks for, without the letters of the list itself. */
export interface ListOptions {
  pattern: string | null;
  /** `+` */
  verbose: boolean;
  /** `S`: system objects, too. */
  system: boolean;
}

const where = (conditions: readonly string[]): string =>
  conditions.length === 0 ? '' : `WHERE ${conditions.join('\n  AND ')}`;

/** `\l`: databases. */
export async function listDatabases(session: Session, { pattern, verbose }: ListOptions): Promise<void> {
  const more = `,
  CASE WHEN pg_catalog.has_database_privilege(d.datname, 'CONNECT')
    THEN pg_catalog.pg_size_pretty(pg_catalog.pg_database_size(d.datname)) ELSE 'No Access' END AS "Size",
  t.spcname AS "Tablespace",
  pg_catalog.shobj_description(d.oid, 'pg_database') AS "Description"`;
  const table = await askTable(
    session,
    `SELECT d.datname AS "Name", pg_catalog.pg_get_userbyid(d.datdba) AS "Owner",
  pg_catalog.pg_encoding_to_char(d.encoding) AS "Encoding", d.datcollate AS "Collate", d.datctype AS "Ctype",
  pg_catalog.array_to_string(d.datacl, E'\\n') AS "Access privileges"${verbose ? more : ''}
FROM pg_catalog.pg_database d JOIN pg_catalog.pg_tablespace t ON d.dattablespace = t.oid
${where(patternConditions(pattern, 'd.datname', null, null))}
ORDER BY 1`,
  );
  await showList(session, { ...table, title: 'List of databases' });
}

/** `\dn`: schemas. */
export async function listSchemas(
  session: Session,
  { pattern, verbose, system }: ListOptions,
): Promise<void> {
  const more = `,
  pg_catalog.array_to_string(n.nspacl, E'\\n') AS "Access privileges",
  pg_catalog.obj_description(n.oid, 'pg_namespace') AS "Description"`;
  const own = pattern === null && !system ? ["n.nspname !~ '^pg_'", "n.nspname <> 'information_schema'"] : [];
  const table = await askTable(
    session,
    `SELECT n.nspname AS "Name", pg_catalog.pg_get_userbyid(n.nspowner) AS "Owner"${verbose ? more : ''}
FROM pg_catalog.pg_namespace n
${where([...own, ...patternConditions(pattern, 'n.nspname', null, null)])}
ORDER BY 1`,
  );
  await showList(session, { ...table, title: 'List of schemas' });
}

/** `\dx`: extensions. */
export async function listExtensions(session: Session, { pattern }: ListOptions): Promise<void> {
  const table = await askTable(
    session,
    `SELECT e.extname AS "Name", e.extversion AS "Version", n.nspname AS "Schema", c.description AS "Description"
FROM pg_catalog.pg_extension e
  LEFT JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace
  LEFT JOIN pg_catalog.pg_description c
    ON c.objoid = e.oid AND c.classoid = 'pg_catalog.pg_extension'::pg_catalog.regclass
${where(patternConditions(pattern, 'e.extname', null, null))}
ORDER BY 1`,
  );
  await showList(session, { ...table, title: 'List of installed extensions' });
}

/** `\du` and `\dg`: roles. */
export async function listRoles(session: Session, { pattern, verbose, system }: ListOptions): Promise<void> {
  const own = pattern === null && !system ? ["r.rolname !~ '^pg_'"] : [];
  // What is separated by commas, then what psql puts on lines of its own.
  const attributes = `pg_catalog.concat_ws(E'\\n',
    nullif(pg_catalog.concat_ws(', ',
      CASE WHEN r.rolsuper THEN 'Superuser' END,
      CASE WHEN NOT r.rolinherit THEN 'No inheritance' END,
      CASE WHEN r.rolcreaterole THEN 'Create role' END,
      CASE WHEN r.rolcreatedb THEN 'Create DB' END,
      CASE WHEN NOT r.rolcanlogin THEN 'Cannot login' END,
      CASE WHEN r.rolreplication THEN 'Replication' END,
      CASE WHEN r.rolbypassrls THEN 'Bypass RLS' END), ''),
    CASE WHEN r.rolconnlimit = 0 THEN 'No connections' WHEN r.rolconnlimit = 1 THEN '1 connection'
      WHEN r.rolconnlimit > 1 THEN r.rolconnlimit || ' connections' END,
    'Password valid until ' || r.rolvaliduntil)`;
  const more = `, pg_catalog.shobj_description(r.oid, 'pg_authid') AS "Description"`;
  const table = await askTable(
    session,
    `SELECT r.rolname AS "Role name", ${attributes} AS "Attributes",
  ARRAY(SELECT b.rolname FROM pg_catalog.pg_auth_members m JOIN pg_catalog.pg_roles b ON m.roleid = b.oid
    WHERE m.member = r.oid) AS "Member of"${verbose ? more : ''}
FROM pg_catalog.pg_roles r
${where([...own, ...patternConditions(pattern, 'r.rolname', null, null)])}
ORDER BY 1`,
  );
  await showList(session, { ...table, title: 'List of roles', footers: [] });
}

/** Kinds of relations by the letters of `\dt`, `\di` …, as pg_class names them. */
const KINDS: Record<string, readonly string[]> = {
  t: ['r', 'p', 't'],
  v: ['v'],
  m: ['m'],
  i: ['i', 'I'],
  s: ['S'],
  E: ['f'],
};

/** `\dt`, `\di`, `\dv`, `\dm`, `\ds` and any mix of them. */
export async function listRelations(session: Session, letters: string, options: ListOptions): Promise<void> {
  const { pattern, verbose, system } = options;
  const kinds = [...letters].flatMap((letter) => KINDS[letter] ?? []);
  // Tables of the system's own overflow storage only where they are asked for.
  const wanted = kinds.filter((kind) => kind !== 't' || system || pattern !== null);
  const own =
    pattern === null && !system
      ? ["n.nspname <> 'pg_catalog'", "n.nspname !~ '^pg_toast'", "n.nspname <> 'information_schema'"]
      : [];
  const more = `,
  CASE c.relpersistence WHEN 'p' THEN 'permanent' WHEN 't' THEN 'temporary' WHEN 'u' THEN 'unlogged' END
    AS "Persistence"${/[tmi]/.test(letters) ? ',\n  am.amname AS "Access method"' : ''},
  pg_catalog.pg_size_pretty(pg_catalog.pg_table_size(c.oid)) AS "Size",
  pg_catalog.obj_description(c.oid, 'pg_class') AS "Description"`;
  const indexed = letters.includes('i');
  const table = await askTable(
    session,
    `SELECT n.nspname AS "Schema", c.relname AS "Name",
  CASE c.relkind WHEN 'r' THEN 'table' WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'i' THEN 'index'
    WHEN 'S' THEN 'sequence' WHEN 't' THEN 'TOAST table' WHEN 'f' THEN 'foreign table'
    WHEN 'p' THEN 'partitioned table' WHEN 'I' THEN 'partitioned index' END AS "Type",
  pg_catalog.pg_get_userbyid(c.relowner) AS "Owner"${indexed ? ', c2.relname AS "Table"' : ''}${verbose ? more : ''}
FROM pg_catalog.pg_class c
  LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_am am ON am.oid = c.relam
  LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid
  LEFT JOIN pg_catalog.pg_class c2 ON i.indrelid = c2.oid
${where([
  `c.relkind IN (${wanted.map((kind) => `'${kind}'`).join(', ')})`,
  ...own,
  ...patternConditions(pattern, 'c.relname', 'n.nspname', 'pg_catalog.pg_table_is_visible(c.oid)'),
])}
ORDER BY 1, 2`,
  );
  if (table.rows.length > 0 || quiet(session))
    await showList(session, { ...table, title: 'List of relations' });
  else if (pattern === null) await complain(session, 'Did not find any relations.');
  else await complain(session, `Did not find any relation named "${pattern}".`);
}
