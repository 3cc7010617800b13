import type { HbaState, Probe, TableState } from './types.ts';

/**
 * One expression for any role of server, PostgreSQL 14 to 18. It is the JSON of a Probe, but for the table.
 * - Whole rows through to_jsonb, so that a column which a version lacks is null and no error.
 * - CASE on recovery: pg_current_wal_lsn() raises 55000 on a standby.
 * - Passwords never leave the server: conninfo is masked, of a verifier only its kind is told.
 * Needs superuser: others see rows of pg_stat_replication with their columns empty.
 */
const PROBE = `
jsonb_build_object(
  'version', current_setting('server_version_num')::int,
  'systemId', (SELECT system_identifier::text FROM pg_control_system()),
  'inRecovery', pg_is_in_recovery(),
  'timeline', CASE WHEN pg_is_in_recovery() THEN (SELECT (to_jsonb(w)->>'received_tli')::int FROM pg_stat_wal_receiver w)
    ELSE ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int END,
  'lsn', CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END,
  'receivedLsn', pg_last_wal_receive_lsn(),
  'replayPause', CASE WHEN pg_is_in_recovery() THEN pg_get_wal_replay_pause_state() END,
  'startedAt', pg_postmaster_start_time(),
  'confLoadedAt', pg_conf_load_time(),
  'hbaChangedSinceLoad', (SELECT f.modification > pg_conf_load_time() FROM pg_stat_file(current_setting('hba_file'), true) f),
  'settings', (SELECT jsonb_object_agg(name, jsonb_build_object(
      'value', CASE WHEN name = 'primary_conninfo'
        THEN regexp_replace(setting, 'password\\s*=\\s*(''([^''\\\\]|\\\\.)*''|\\S+)', 'password=***', 'i') ELSE setting END,
      'unit', unit, 'source', source, 'file', sourcefile, 'line', sourceline, 'pendingRestart', pending_restart))
    FROM pg_settings WHERE name IN ('wal_level', 'max_wal_senders', 'max_replication_slots', 'wal_keep_size',
      'hot_standby', 'listen_addresses', 'config_file', 'hba_file', 'data_directory', 'primary_conninfo',
      'primary_slot_name', 'synchronous_standby_names', 'synchronous_commit', 'max_slot_wal_keep_size',
      'password_encryption', 'cluster_name', 'recovery_min_apply_delay', 'max_connections', 'max_worker_processes',
      'max_prepared_transactions', 'max_locks_per_transaction')),
  'confErrors', coalesce((SELECT jsonb_agg(jsonb_build_object('file', sourcefile, 'line', sourceline, 'name', name, 'error', error))
    FROM pg_file_settings WHERE error IS NOT NULL), '[]'),
  'slots', coalesce((SELECT jsonb_agg(jsonb_build_object('name', slot_name, 'type', slot_type, 'active', active,
      'activePid', active_pid, 'temporary', temporary, 'restartLsn', restart_lsn, 'walStatus', wal_status,
      'heldBytes', CASE WHEN restart_lsn IS NOT NULL AND NOT pg_is_in_recovery()
        THEN pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)::bigint END) ORDER BY slot_name)
    FROM pg_replication_slots), '[]'),
  'senders', coalesce((SELECT jsonb_agg(jsonb_build_object('pid', pid, 'user', usename, 'application', application_name,
      'address', host(client_addr), 'state', state, 'sentLsn', sent_lsn, 'flushLsn', flush_lsn, 'replayLsn', replay_lsn,
      'lagBytes', CASE WHEN NOT pg_is_in_recovery() THEN pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn)::bigint END,
      'lagSeconds', round(extract(epoch FROM replay_lag)::numeric, 1), 'syncState', sync_state) ORDER BY pid) FROM pg_stat_replication), '[]'),
  'receiver', (SELECT jsonb_build_object('pid', r->'pid', 'status', r->>'status', 'slot', r->>'slot_name',
      'host', r->>'sender_host', 'port', r->'sender_port', 'timeline', r->'received_tli',
      'writtenLsn', r->>'written_lsn', 'flushedLsn', r->>'flushed_lsn')
    FROM (SELECT to_jsonb(w) AS r FROM pg_stat_wal_receiver w) q WHERE r->>'pid' IS NOT NULL),
  'roles', coalesce((SELECT jsonb_agg(jsonb_build_object('name', rolname, 'login', rolcanlogin, 'replication', rolreplication,
      'superuser', rolsuper, 'password', CASE WHEN rolpassword IS NULL THEN 'none'
        WHEN rolpassword LIKE 'SCRAM-SHA-256$%' THEN 'scram' WHEN rolpassword LIKE 'md5%' THEN 'md5' ELSE 'other' END)
      ORDER BY rolname) FROM pg_authid WHERE rolname NOT LIKE 'pg\\_%'), '[]'),
  'databases', (SELECT jsonb_agg(datname ORDER BY datname) FROM pg_database WHERE NOT datistemplate),
  'signals', coalesce((SELECT jsonb_agg(f ORDER BY f) FROM pg_ls_dir(current_setting('data_directory')) f
    WHERE f IN ('standby.signal', 'recovery.signal', 'backup_label')), '[]'),
  'walBytes', (SELECT coalesce(sum(size), 0)::bigint FROM pg_ls_waldir())
)`;

/** The answer as a Probe; the table is looked at apart, because naming one that is not there is an error. */
export function toProbe(answer: unknown): Probe {
  return { ...(answer as Omit<Probe, 'table' | 'tableInPostgres'>), table: null, tableInPostgres: false };
}

/** Rules of pg_hba.conf that concern replication, and its errors. It shows the file, not what is loaded. */
const HBA = `
jsonb_build_object(
  'rules', coalesce((SELECT jsonb_agg(jsonb_build_object('line', line_number, 'type', type, 'database', database,
      'user', user_name, 'address', address, 'method', auth_method) ORDER BY line_number)
    FROM pg_hba_file_rules WHERE 'replication' = ANY(database)), '[]'),
  'errors', coalesce((SELECT jsonb_agg(jsonb_build_object('line', line_number, 'error', error) ORDER BY line_number)
    FROM pg_hba_file_rules WHERE error IS NOT NULL), '[]')
)`;

/**
 * All of a server in one question: each one more wakes both sides once more, every second. `extra` is one more
 * expression that answers with JSON.
 */
export const serverSql = (extra = 'NULL'): string =>
  `SELECT jsonb_build_object('probe', ${PROBE}, 'hba', ${HBA}, 'extra', ${extra})::text`;

/** The same without the rules: their view raises an error when the server can't read the file. */
export const serverWithoutHbaSql = (extra = 'NULL'): string =>
  `SELECT jsonb_build_object('probe', ${PROBE}, 'extra', ${extra})::text`;

/** The rules alone. */
export const HBA_SQL = `SELECT ${HBA}::text`;

export function toHba(answer: unknown): HbaState {
  return { state: 'read', ...(answer as Omit<Extract<HbaState, { state: 'read' }>, 'state'>) };
}

/** Rows that an observation keeps of a table; a learner may have inserted a million. */
const ROWS_KEPT = 100;

/** Does the table exist? Answers true or false. */
export const tableExistsSql = (table: string): string =>
  `SELECT to_jsonb(to_regclass('public.${name(table)}') IS NOT NULL)::text`;

/** Columns, key, rows and a hash of a table that exists. */
export const tableSql = (table: string): string => `
SELECT jsonb_build_object(
  'columns', (SELECT jsonb_agg(jsonb_build_object('name', column_name, 'type', data_type,
      'maxLength', character_maximum_length, 'nullable', is_nullable = 'YES') ORDER BY ordinal_position)
    FROM information_schema.columns WHERE table_schema = 'public' AND table_name = '${name(table)}'),
  'primaryKey', coalesce((SELECT jsonb_agg(a.attname ORDER BY a.attnum) FROM pg_index i
    JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey)
    WHERE i.indrelid = 'public.${name(table)}'::regclass AND i.indisprimary), '[]'),
  'rowCount', (SELECT count(*) FROM public.${name(table)}),
  'records', coalesce((SELECT jsonb_agg(to_jsonb(t)) FROM (SELECT * FROM public.${name(table)} ORDER BY 1 LIMIT ${ROWS_KEPT}) t), '[]'),
  'hash', (SELECT md5(string_agg(t::text, E'\\n' ORDER BY t::text COLLATE "C")) FROM public.${name(table)} t)
)::text`;

export function toTable(answer: unknown): TableState {
  const { records, ...table } = answer as Omit<TableState, 'rows'> & { records: Record<string, unknown>[] };
  const rows = records.map((record) =>
    table.columns.map((column) => {
      const value = record[column.name];
      return value === null || value === undefined ? null : String(value);
    }),
  );
  return { ...table, rows };
}

/** A table name from the course, as it stands in SQL. The course is trusted, a typing error in it is not. */
function name(table: string): string {
  if (!/^[a-z_][a-z0-9_]*$/.test(table)) throw new Error(`"${table}" is no plain table name`);
  return table;
}
