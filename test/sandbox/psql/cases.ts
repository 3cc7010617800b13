/** Command lines that are run on a fresh server, one after the other: each may see what those before it did. */
export interface Case {
  /** The command line after the program's name. */
  args: string[];
  program?: 'psql' | 'pg_isready';
  stdin?: string;
  env?: Record<string, string>;
  /** System user of the container; postgres unless said otherwise. */
  user?: string;
  /** psql 15, which recorded the others, does this otherwise: here stands what version 14 does. */
  version14?: true;
}

const db = ['-U', 'postgres', '-d', 'appdb'];
const c = (...commands: string[]): Case => ({ args: [...db, ...commands.flatMap((one) => ['-c', one])] });
const sql = (stdin: string, ...args: string[]): Case => ({ args: [...db, ...args], stdin });

/** Files of the container that -f and \i read. */
export const FILES: Record<string, string> = {
  '/sql/good.sql': 'SELECT 1 AS one;\n\\echo :FILE\n\\i /sql/inner.sql\nSELECT 2 AS two\n',
  '/sql/inner.sql': "SELECT 'inner' AS where;\nSELEC;\n",
  '/sql/bad.sql': 'SELECT 1;\nSELECT nosuch;\nSELECT 2;\n',
};

export const CASES: Case[] = [
  { args: ['-U', 'postgres', '-c', 'CREATE DATABASE appdb'] },
  c("CREATE USER replicator WITH REPLICATION PASSWORD 'replicatorpass';"),
  c("SELECT * FROM pg_create_physical_replication_slot('follower_slot');"),
  c('SELECT slot_name, slot_type, active, restart_lsn, wal_status FROM pg_replication_slots;'),
  c("SELECT * FROM pg_create_physical_replication_slot('follower_slot');"),
  c("SELECT * FROM pg_create_physical_replication_slot('Follower-Slot');"),
  c('SELECT usename, client_addr, state, sent_lsn, replay_lsn FROM pg_stat_replication;'),
  c("CREATE USER replicator WITH REPLICATION PASSWORD 'x';"),
  sql(
    `-- the inventory
CREATE TABLE inventory (
  product_id integer PRIMARY KEY,
  product_name varchar(50) NOT NULL, -- a name
  quantity integer DEFAULT 0 CHECK (quantity >= 0),
  last_updated timestamp
);
INSERT INTO inventory VALUES (101, 'Widget', 5, '2024-01-02 03:04:05'), (102, 'Gadget', 10, NULL);
INSERT INTO inventory VALUES (103, 'Two
lines', 1, '2024-01-02 03:04:05');
SELECT * FROM inventory;
`,
  ),
  c("INSERT INTO inventory VALUES (101, 'Again', 1, NULL)"),
  c("INSERT INTO inventory VALUES (110, 'Less', -1, NULL)"),
  c('INSERT INTO inventory (product_id) VALUES (111)'),
  c('SELECT * FROM inventory;'),
  c('select productId from inventory'),
  c('SELECT * FROM invntory;'),
  c('SELECT nosuch(1)'),
  c('SELECT 1/0'),
  c('SELCT 1'),
  { ...c('SELECT 1 AS a; SELECT 2 AS b'), version14: true },
  c('SELECT 1', 'SELECT nosuch', 'SELECT 2'),
  c('SELECT 1', 'SELECT nosuch'),
  { args: [...db, '-v', 'ON_ERROR_STOP=1', '-c', 'SELECT nosuch', '-c', 'SELECT 2'] },
  { args: [...db, '-Atc', "SELECT 1 FROM pg_roles WHERE rolname = 'replicator';"] },
  { args: [...db, '-Atc', "SELECT 1 FROM pg_roles WHERE rolname = 'nobody';"] },
  { args: [...db, '-XAtqc', 'SELECT * FROM inventory'] },
  { args: ['-Upostgres', '-dappdb', '-AF;', '-c', 'SELECT * FROM inventory'] },
  { args: [...db, '-At', '-F', '\t', '-R', '|', '-c', 'SELECT 1,2 UNION SELECT 3,4'] },
  { args: [...db, '-A', '-z', '-0', '-c', 'SELECT 1,2 UNION SELECT 3,4'] },
  { args: [...db, '--csv', '-c', "SELECT 1 AS a, 'x,y' AS \"b c\", E'q\"\\nz' AS d, NULL AS e"] },
  { args: [...db, '--csv', '-x', '-c', "SELECT 1 AS a, 'x,y' AS b"] },
  { args: [...db, '-P', 'format=csv', '-P', 'csv_fieldsep=;', '-c', "SELECT 1 AS a, 'x;y' AS b"] },
  { args: [...db, '-x', '-c', 'SELECT * FROM inventory'] },
  { args: [...db, '-xc', 'SELECT * FROM inventory WHERE false'] },
  { args: [...db, '-tc', 'SELECT * FROM inventory'] },
  { args: [...db, '-xtc', 'SELECT * FROM inventory'] },
  { args: [...db, '-xAc', 'SELECT * FROM inventory'] },
  { args: [...db, '-xAtc', 'SELECT * FROM inventory'] },
  { args: [...db, '-qc', 'SELECT 1', '-c', 'CREATE TABLE q (a int)', '-c', 'DROP TABLE q'] },
  { args: [...db, '-P', 'border=0', '-c', 'SELECT * FROM inventory'] },
  { args: [...db, '-P', 'border=2', '-c', 'SELECT * FROM inventory'] },
  { args: [...db, '-xP', 'border=0', '-c', 'SELECT * FROM inventory'] },
  { args: [...db, '-xP', 'border=2', '-c', 'SELECT * FROM inventory'] },
  { args: [...db, '-P', 'border=2', '-tc', 'SELECT * FROM inventory'] },
  { args: [...db, '-P', 'null=(null)', '-P', 'footer=off', '-c', 'SELECT * FROM inventory'] },
  { args: [...db, '-P', 'title=My title', '-c', 'SELECT 1 AS a_rather_long_name'] },
  { args: [...db, '-P', 'pager=off', '-c', 'SELECT true AS t, false AS f, 1.50 AS n, now() - now() AS i'] },
  { args: [...db, '-P', 'nosuch=1', '-c', 'SELECT 1'], version14: true },
  c("SELECT '日本' AS wide, 'é' AS \"é\", E'a\\tb' AS tab, E'a\\rb' AS cr, E'\\x01' AS ctl"),
  c("SELECT E'a\\nbb\\nc' AS x, 1 AS y, E'd\\ne' AS z"),
  { args: [...db, '-x', '-c', "SELECT E'a\\nbb\\nc' AS x, 1 AS \"two\nlines\", E'd\\ne' AS z"] },
  c('SELECT 1 AS "two\nlines", 2 AS b'),
  c('SELECT'),
  c(''),
  c('SELECT 1 WHERE false'),
  c("SELECT 1 AS a, 2 AS a, NULL, ARRAY[1,2], 12345678901::bigint, 0.5::float8, 7::oid, '$3'::text"),
  c("DO $$ BEGIN RAISE NOTICE 'hello'; RAISE WARNING 'careful' USING HINT = 'look', DETAIL = 'more'; END $$"),
  c("DO $$ BEGIN RAISE EXCEPTION 'no' USING HINT = 'look', DETAIL = 'more'; END $$"),
  c('DO $$ BEGIN PERFORM nosuch; END $$'),
  { args: [...db, '-v', 'VERBOSITY=terse', '-c', 'SELECT nosuch'] },
  { args: [...db, '-v', 'VERBOSITY=verbose', '-c', 'SELECT nosuch'] },
  { args: [...db, '-v', 'VERBOSITY=sqlstate', '-c', 'SELECT nosuch'] },
  { args: [...db, '-v', 'SHOW_CONTEXT=never', '-c', "DO $$ BEGIN RAISE EXCEPTION 'no'; END $$"] },
  { args: [...db, '-v', 'SHOW_CONTEXT=always', '-c', "DO $$ BEGIN RAISE NOTICE 'n'; END $$"] },
  c('SELECT 11111111111111111111111111111, 2222222222222222222222222, 33333333333333333333333, nosuch, 4'),
  c('SELECT nosuch, 11111111111111111111111111111, 2222222222222222222222222, 33333333333333333333333'),
  c(
    'SELECT 11111111111111111111111111111, 22222222222222222, nosuch, 33333333333333333333333, 4444444444444',
  ),
  c('SELECT 1,\n  2,\n\tnosuch,\n  3'),
  c("SELECT '日本日本', nosuch"),
  c('CREATE TABLE IF NOT EXISTS inventory (a int)'),
  c('DROP TABLE IF EXISTS nosuch'),
  c('UPDATE inventory SET quantity = 9 WHERE product_id = 101 RETURNING product_id, quantity'),
  c('DELETE FROM inventory WHERE product_id = 103'),
  c('CREATE TABLE copied AS SELECT * FROM inventory'),
  { ...c('BEGIN; SELECT 1; COMMIT'), version14: true },
  c('VALUES (1), (2)'),
  c('SHOW wal_level'),
  c('EXPLAIN SELECT 1'),
  // Scripts
  sql('SELECT 1;\nSELECT nosuch;\nSELECT 2;\n'),
  sql('SELECT 1;\nSELECT nosuch;\nSELECT 2;\n', '-v', 'ON_ERROR_STOP=1'),
  sql('SELECT 1;\nSELECT nosuch;\nSELECT 2;\n', '-f', '-'),
  sql('SELECT 1;\nSELECT\n  nosuch;\nSELECT 2;\n', '-v', 'ON_ERROR_STOP=1', '-f', '-'),
  { args: [...db, '-v', 'FILE=x', '-f', '/sql/good.sql'] },
  { args: [...db, '-v', 'ON_ERROR_STOP=1', '-f', '/sql/good.sql', '-c', 'SELECT 3'] },
  { args: [...db, '-c', 'SELECT 0', '-f', '/sql/bad.sql', '-c', 'SELECT 3'] },
  { args: [...db, '-1', '-f', '/sql/bad.sql'] },
  { args: [...db, '-1', '-c', 'CREATE TABLE once (a int)', '-c', 'SELECT nosuch'] },
  { args: [...db, '-1', '-v', 'ON_ERROR_STOP=1', '-c', 'CREATE TABLE once (a int)', '-c', 'SELECT nosuch'] },
  { args: [...db, '-f', '/sql/nosuch.sql'] },
  { args: [...db, '-f', '/sql'] },
  sql('\\i /sql/nosuch.sql\nSELECT 1;\n'),
  sql('SELECT 1 AS x\n'),
  sql('SELECT 1 AS x; SELECT 2 AS y; SELECT 3 AS'),
  sql(''),
  sql("SELECT 'it''s; fine', \"a\" FROM (SELECT 1 AS \"a\") s;\nSELECT E'\\'; x', $$a;b$$, $t$c;$$d$t$;\n"),
  sql('SELECT 1 /* a ; /* nested ; */ still */ + 1;\nSELECT (1; 2);\nSELECT 3;\n'),
  sql("SELECT 'two\nlines';\nSELECT 1\n\n\n+ nosuch;\n"),
  sql('SELECT 1 -- comment\n + nosuch;\n'),
  sql(
    'CREATE FUNCTION f() RETURNS int LANGUAGE SQL BEGIN ATOMIC SELECT 1; SELECT CASE WHEN true THEN 2 END; END;\nSELECT f();\n',
  ),
  { ...sql('SELECT 1 \\; SELECT 2;\n'), version14: true },
  sql(
    "\\set a 1\n\\set b 'it''s'\n\\set c inventory\nSELECT :a, :'b', :nosuch;\nSELECT :'b' AS b, count(*) FROM :\"c\";\nSELECT 1::int, ':a';\n\\echo :a :'b' :\"c\" :nosuch\n",
  ),
  sql("\\set q 'SELECT 1 AS x;'\n:q\n\\unset q\n:q\n"),
  sql('\\set VERBOSITY nosuch\n\\set ON_ERROR_STOP maybe\n\\set a-b 1\n\\echo :VERBOSITY :ON_ERROR_STOP\n'),
  sql('\\echo one \'two  three\' "four"\n\\echo -n x\n\\echo\n\\qecho y\n\\warn z\n'),
  sql(
    '\\x\nSELECT 1 AS a;\n\\x\nSELECT 1 AS a;\n\\t\nSELECT 1;\n\\t off\n\\a\nSELECT 1,2;\n\\a\n\\x auto\n\\x maybe\n',
  ),
  sql(
    '\\pset null NULL\n\\pset border 2\nSELECT NULL AS n;\n\\pset format unaligned\n\\pset fieldsep ;\n\\pset tuples_only\n\\pset nosuch 1\n\\pset format nosuch\n\\pset pager off\n\\pset footer off\n\\pset title x\n',
  ),
  sql('SELECT 1 AS a \\g\n\\g\nSELECT 2 AS b \\gx\n\\gx\nSELECT 3 AS c\n\\g\n'),
  sql('SELECT 1\n\\p\n;\n\\p\n\\r\n\\p\n'),
  sql('\\q\nSELECT 1;\n'),
  sql('SELECT 1; \\q\nSELECT 2;\n'),
  sql('\\foo\nSELECT 1;\n'),
  sql('\\foo\nSELECT 1;\n', '-f', '-'),
  sql('\\l;\n'),
  sql('\\x on extra\n\\conninfo more\n'),
  sql('\\conninfo\n\\c postgres\n\\conninfo\n\\c appdb replicator\n\\conninfo\n\\c - postgres\n\\conninfo\n'),
  sql('\\c nosuch\nSELECT 1;\n'),
  sql('SELECT 1;\n', '-a'),
  sql('SELECT 1;\nSELECT nosuch;\n', '-e'),
  sql('SELECT nosuch;\n', '-b'),
  sql('BEGIN;\nSELECT nosuch;\nSELECT 1;\nCOMMIT;\nSELECT 2;\n'),
  sql("LISTEN news;\nNOTIFY news, 'x';\nNOTIFY news;\n"),
  sql('COPY inventory TO STDOUT;\nCOPY (SELECT 1,2) TO STDOUT WITH CSV HEADER;\n'),
  sql(
    'COPY copied (product_id, product_name) FROM STDIN;\n201\ta\n202\tb;c\n\\.\nSELECT product_id FROM copied ORDER BY 1;\n',
  ),
  sql('COPY copied (product_id) FROM STDIN;\nx\n\\.\nSELECT 1;\n', '-f', '-'),
  { args: [...db, '-c', 'COPY copied (product_id) FROM STDIN'], stdin: '301\n302\n' },
  sql('SELECT pg_terminate_backend(pg_backend_pid());\nSELECT 1;\n'),
  c('SELECT pg_terminate_backend(pg_backend_pid())', 'SELECT 1'),
  sql(
    '\\echo :ERROR :SQLSTATE :ROW_COUNT\nSELECT nosuch;\n\\echo :ERROR :SQLSTATE :ROW_COUNT :LAST_ERROR_MESSAGE\nSELECT 1;\n\\echo :ERROR :SQLSTATE :ROW_COUNT :DBNAME :USER :HOST :PORT\n',
  ),
  sql("\\echo 'a\\nb\\tc\\'d'\n\\echo x\\\\\\echo y\n"),
  // Lists
  c('\\du'),
  c('\\du+'),
  c('\\du repl*'),
  c('\\du nosuch'),
  { args: [...db, '-tc', '\\du'] },
  { args: [...db, '-Atc', '\\du'] },
  { args: [...db, '-xc', '\\du'] },
  c(
    "CREATE ROLE limited NOLOGIN NOINHERIT CONNECTION LIMIT 2 VALID UNTIL '2030-01-01' IN ROLE replicator",
    "COMMENT ON ROLE limited IS 'a role'",
  ),
  c('\\du+'),
  c('\\dg'),
  c('\\dt'),
  c('\\dt+'),
  c('\\dt inv*'),
  c('\\dt nosuch'),
  c('\\dt public.*'),
  c('\\dt pg_catalog.pg_am*'),
  c('\\dtS pg_am*'),
  { args: ['-U', 'postgres', '-c', '\\dt'] },
  { args: ['-U', 'postgres', '-c', '\\d'] },
  { args: ['-U', 'postgres', '-d', 'postgres', '-qc', '\\dt'] },
  c('\\d inventory'),
  c('\\d+ inventory'),
  c('\\d nosuch'),
  { args: [...db, '-xc', '\\d inventory'] },
  { args: [...db, '-Ac', '\\d inventory'] },
  sql(`CREATE TABLE child (id serial PRIMARY KEY, product integer REFERENCES inventory ON DELETE CASCADE, note text COLLATE "C" DEFAULT 'x', big bigint GENERATED ALWAYS AS IDENTITY, twice int GENERATED ALWAYS AS (2) STORED, UNIQUE (note));
CREATE INDEX ON child (big DESC) WHERE big > 3;
CREATE VIEW v AS SELECT id, note FROM child WHERE id > 1;
CREATE MATERIALIZED VIEW mv AS SELECT 1 AS one;
CREATE TABLE parts (k int, v text) PARTITION BY RANGE (k);
CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (1) TO (10);
CREATE TABLE heir (extra int) INHERITS (copied);
CREATE UNLOGGED TABLE fast (a int);
CREATE TYPE pair AS (a int, b text);
CREATE FUNCTION t() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER watch BEFORE INSERT ON child FOR EACH ROW EXECUTE FUNCTION t();
CREATE PUBLICATION pub FOR TABLE child;
COMMENT ON TABLE child IS 'a comment';
COMMENT ON COLUMN child.note IS 'a note';
CREATE SCHEMA "Odd Name";
CREATE TABLE "Odd Name"."Table" ("Column" int);
`),
  c('\\d'),
  c('\\d+'),
  c('\\d child'),
  c('\\d+ child'),
  c('\\d inventory'),
  c('\\d child_pkey'),
  c('\\d child_big_idx'),
  c('\\d child_id_seq'),
  c('\\d child_big_seq'),
  c('\\d v'),
  c('\\d+ v'),
  c('\\d mv'),
  c('\\d+ mv'),
  c('\\d parts'),
  c('\\d+ parts'),
  c('\\d parts_1'),
  c('\\d+ parts_1'),
  c('\\d copied'),
  c('\\d+ copied'),
  c('\\d heir'),
  c('\\d fast'),
  c('\\d pair'),
  c('\\d "Odd Name"."Table"'),
  c('\\d odd name'),
  c('\\dt "Odd Name".*'),
  c('\\di'),
  c('\\di+'),
  c('\\ds'),
  c('\\dv'),
  c('\\dm'),
  c('\\d pg_stat_replication'),
  c('\\d pg_replication_slots'),
  c('\\dn'),
  c('\\dn+'),
  c('\\dx'),
  { ...c('\\l'), version14: true },
  { ...c('\\l+ nosuch'), version14: true },
  { args: ['-U', 'postgres', '-l'], version14: true },
  // Connections and options
  { args: ['-c', 'SELECT current_user'], user: 'postgres' },
  { args: ['-c', 'SELECT current_user'], user: 'root' },
  { args: ['-d', 'appdb', '-c', 'SELECT 1'], user: 'root' },
  { args: ['-U', 'postgres', '-d', 'nosuch', '-c', 'SELECT 1'] },
  { args: ['-U', 'nosuch', '-d', 'appdb', '-c', 'SELECT 1'] },
  { args: ['-U', 'replicator', '-c', 'SELECT 1'] },
  { args: ['appdb', 'postgres', '-c', 'SELECT current_user, current_database()'] },
  { args: ['appdb', 'postgres', 'more', '-c', 'SELECT 1'] },
  {
    args: ['-c', 'SELECT current_user, current_database()'],
    env: { PGUSER: 'postgres', PGDATABASE: 'appdb' },
  },
  { args: ['host=127.0.0.1 user=postgres dbname=appdb', '-Atc', 'SELECT current_database()'] },
  {
    args: [
      '-d',
      'postgresql://postgres@127.0.0.1:5432/appdb?application_name=me',
      '-Atc',
      'SHOW application_name',
    ],
  },
  { args: ['postgres:///appdb?user=postgres', '-Atc', 'SELECT current_database()'] },
  { args: ['host=127.0.0.1 nosuch=1', '-c', 'SELECT 1'] },
  { args: ['host', '= x', '-c', 'SELECT 1'] },
  { args: ['user=postgres dbname', '-c', 'SELECT 1'] },
  { args: ["user='postgres", '-c', 'SELECT 1'] },
  { args: ['host=127.0.0.1 user=replicator replication=true', '-c', 'SHOW wal_level'] },
  { args: ['host=127.0.0.1 user=replicator replication=true', '-c', 'SELECT 1'] },
  { args: ['host=127.0.0.1 user=postgres replication=database dbname=appdb', '-Atc', 'SELECT 1'] },
  { args: ['user=limited replication=true', '-c', 'IDENTIFY_SYSTEM'] },
  { args: ['-h', '127.0.0.1', '-p', '1', '-U', 'postgres', '-c', 'SELECT 1'] },
  { args: ['-p', '5999', '-U', 'postgres', '-c', 'SELECT 1'] },
  { args: ['-h', '/tmp', '-U', 'postgres', '-c', 'SELECT 1'] },
  { args: ['-p', 'abc', '-U', 'postgres', '-c', 'SELECT 1'] },
  { args: ['-p', '99999', '-U', 'postgres', '-c', 'SELECT 1'] },
  { args: ['-h', '127.0.0.1', '-U', 'postgres', '-d', 'appdb', '-c', '\\conninfo'] },
  { args: ['--nosuch'], version14: true },
  { args: ['-k'], version14: true },
  { args: ['-U'], version14: true },
  { args: ['--user'], version14: true },
  { args: ['--user=postgres', '--db', 'appdb', '--tuples', '--no-align', '--command=SELECT 1'] },
  { args: ['-1', '-U', 'postgres'], stdin: 'SELECT 1;' },
  { args: ['-U', 'postgres', '-v', 'a-b=1', '-c', 'SELECT 1'] },
  { args: ['-U', 'postgres', '-v', 'VERBOSITY=x', '-c', 'SELECT 1'] },
  { args: ['-U', 'postgres', '-c', '\\timing nosuch'] },
  { args: ['-U', 'postgres', '-c', '\\echo :USER', '-c', '\\set', '-c', '\\unset'], version14: true },
  // Passwords; the server's rules ask these two users for one
  c(
    "CREATE ROLE pw LOGIN PASSWORD 'secret'",
    'SET password_encryption = md5',
    "CREATE ROLE pwmd5 LOGIN PASSWORD 'secret'",
  ),
  ...['pw', 'pwmd5'].flatMap((user): Case[] => {
    const args = ['-h', '127.0.0.1', '-U', user, '-d', 'appdb', '-c', 'SELECT 1'];
    return [
      { args },
      { args: ['-w', ...args] },
      { args, stdin: 'wrong\n' },
      { args, stdin: 'secret\n' },
      { args, env: { PGPASSWORD: 'wrong' } },
      { args, env: { PGPASSWORD: 'secret' } },
    ];
  }),
  { args: ['-h', '127.0.0.1', '-U', 'pw', '-d', 'appdb'], stdin: 'secret\nSELECT 1;\n' },
  sql('\\c - pw 127.0.0.1\nsecret\nSELECT 1;\n'),
  { args: ['postgresql://pw:secret@127.0.0.1/appdb', '-c', '\\conninfo'] },
  // pg_isready
  { program: 'pg_isready', args: ['-h', '127.0.0.1', '-U', 'pw'] },
  { program: 'pg_isready', args: [] },
  { program: 'pg_isready', args: ['-q', '-h', '127.0.0.1', '-U', 'postgres', '-d', 'appdb'] },
  { program: 'pg_isready', args: ['-h', '127.0.0.1', '-U', 'nosuch', '-d', 'nosuch'] },
  { program: 'pg_isready', args: ['-h', '127.0.0.1', '-p', '1'] },
  { program: 'pg_isready', args: ['-p', '5999'] },
  { program: 'pg_isready', args: ['-d', 'host=127.0.0.1 port=1'] },
  { program: 'pg_isready', args: ['-p', 'abc'] },
  { program: 'pg_isready', args: ['extra'], version14: true },
  { program: 'pg_isready', args: ['-k'], version14: true },
  { program: 'pg_isready', args: ['-h', '/tmp', '-t', '1'] },
];
