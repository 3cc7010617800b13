import { describe, expect, it } from 'vitest';
import { flag, texts } from '../../../src/check/args.ts';
import { parseConf } from '../../../src/check/conf.ts';
import { parseConninfo } from '../../../src/check/conninfo.ts';
import { misfit, startCause } from '../../../src/check/logs.ts';
import { bytesBetween, parseLsn } from '../../../src/check/lsn.ts';
import { sameValue } from '../../../src/check/quantity.ts';
import { readTable } from '../../../src/check/sql.ts';
import { quote } from '../../../src/check/verdict.ts';

describe('parseConf reads a line as PostgreSQL does', () => {
  it.each([
    ['wal_level = replica', 'wal_level', 'replica'],
    ['  Wal_Level=replica#comment', 'wal_level', 'replica'],
    ['wal_level replica\r', 'wal_level', 'replica'],
    ["wal_level'replica'", 'wal_level', 'replica'],
    ["listen_addresses = 'a''b\\'c\\n'", 'listen_addresses', "a'b'c\n"],
    ["cluster_name = 'x # no comment'", 'cluster_name', 'x # no comment'],
    ['wal_keep_size = 256MB', 'wal_keep_size', '256MB'],
    ['a = 0x1F', 'a', '0x1F'],
    ['a = -1.5e3', 'a', '-1.5e3'],
    ['my.option = some-word/with:more.', 'my.option', 'some-word/with:more.'],
    ["include 'more.conf'", 'include', 'more.conf'],
  ])('%j', (line, name, value) => {
    expect(parseConf(line)).toEqual({ values: new Map([[name, { value, line: 1 }]]), errors: [] });
  });

  it.each([
    'listen_addresses = *',
    'listen_addresses = 0.0.0.0',
    'wal_keep_size = 256 MB',
    'wal_level == replica',
    "wal_level = 'replica",
    'wal_level =',
    'wal_level',
    'wal-level = replica',
    '= replica',
    'a = b c',
    'wal_level = replica;',
    '\ufeff# comment',
  ])('refuses %j', (line) => {
    expect(parseConf(`# first\n\n${line}\n`)).toMatchObject({
      values: new Map(),
      errors: line.startsWith('\ufeff') ? [{ line: 3 }] : [{ line: 3 }],
    });
  });

  it('takes the last line of a name', () => {
    expect(parseConf('a = 1\nA = 2').values.get('a')).toEqual({ value: '2', line: 2 });
  });
});

describe('sameValue', () => {
  it.each([
    ['wal_keep_size', '256MB', '256', 'MB'],
    ['wal_keep_size', '256MB', '262144kB', null],
    ['wal_keep_size', '256', '0.25GB', null],
    ['shared_buffers', '128MB', '16384', '8kB'],
    ['wal_sender_timeout', '1min', '60000', 'ms'],
    ['max_wal_senders', '10', '10', null],
    ['hot_standby', 'on', '1', null],
    ['hot_standby', 'true', 'YES', null],
    ['hot_standby', 'off', 'f', null],
    ['wal_level', 'replica', 'REPLICA', null],
    ['listen_addresses', '*', '*', null],
  ])('%s: %s is %s %s', (name, wanted, actual, unit) => {
    expect(sameValue(name, wanted, actual, unit)).toBe(true);
  });

  it.each([
    ['wal_keep_size', '256MB', '256', 'kB'],
    ['wal_keep_size', '256MB', '256mb', null],
    ['max_wal_senders', '10', '1', null],
    ['max_wal_senders', '10', 'ten', null],
    ['hot_standby', 'on', 'off', null],
    ['hot_standby', 'on', 'o', null],
    ['hot_standby', 'off', '', null],
    ['wal_level', 'replica', 'logical', null],
  ])('%s: %s is not %s %s', (name, wanted, actual, unit) => {
    expect(sameValue(name, wanted, actual, unit)).toBe(false);
  });
});

describe('LSNs', () => {
  it('are numbers, not text', () => {
    expect(bytesBetween('0/9', '0/10')).toBe(7n);
    expect(bytesBetween('1/0', '0/FFFFFFFF')).toBe(-1n);
    expect(parseLsn('0000000A/0000000F')).toBe(parseLsn('A/F'));
  });

  it('are null where there are none', () => {
    expect(parseLsn('nowhere')).toBeNull();
    expect(bytesBetween(null, '0/0')).toBeNull();
    expect(bytesBetween('0/0', null)).toBeNull();
  });
});

describe('startCause', () => {
  const broken = 'FATAL:  configuration file "/etc/postgresql/postgresql.conf" contains errors';
  const ready = 'LOG:  database system is ready to accept connections';

  it('is the newest line that tells why a server does not start', () => {
    expect(startCause(['x', broken])?.mistake).toBe('conf-broken');
  });

  it('is the data folder where its files are gone', () => {
    const gone = 'FATAL:  could not open file "global/pg_filenode.map": No such file or directory';
    expect(startCause([ready, gone])?.mistake).toBe('data-gone');
  });

  it('is nothing of what was overcome when the server was ready, nor a reload that it survived', () => {
    expect(startCause([broken, ready])).toBeNull();
    expect(
      startCause([ready, `${broken.replace('FATAL', 'LOG')}; unaffected changes were applied`]),
    ).toBeNull();
  });
});

describe('misfit', () => {
  const line = (at: string) =>
    `2026-11-25 07:53:28.661 UTC [2251] LOG:  record with incorrect prev-link 4001/5 at ${at}`;

  it.each([
    ['at the position itself', '0/3042170', ['0/3042170'], 1],
    ['behind the header of a page', '0/3044000', ['0/3044028'], 1],
    ['twice at the newest position', null, ['0/3000000', '0/3042170', '0/3042170'], 2],
  ])('sees it %s', (_, at, positions, times) => {
    expect(misfit(positions.map(line), at, times)).toBe(
      `LOG: record with incorrect prev-link 4001/5 at ${positions.at(-1)}`,
    );
  });

  it.each([
    ['at an earlier position', '0/3042170', ['0/3042168'], 1],
    ['at a later position', '0/3042170', ['0/3042199'], 1],
    ['once, where twice is needed', '0/3042170', ['0/3042170'], 2],
    ['at two positions', null, ['0/3000000', '0/3042170'], 2],
  ])('takes no offence %s', (_, at, positions, times) => {
    expect(misfit(positions.map(line), at, times)).toBeNull();
  });
});

describe('parseConninfo', () => {
  it('reads pairs with blanks, quotes and escapes', () => {
    expect(parseConninfo("host = leader user='my \\'user\\'' port=5432 password=a\\ b options=''")).toEqual({
      host: 'leader',
      user: "my 'user'",
      port: '5432',
      password: 'a b',
      options: '',
    });
  });

  it('reads a URI', () => {
    expect(parseConninfo('postgresql://replicator:x@leader:5432,other/appdb?sslmode=prefer')).toEqual({
      user: 'replicator',
      host: 'leader,other',
      port: '5432,',
      dbname: 'appdb',
      sslmode: 'prefer',
    });
    expect(parseConninfo('postgres://[::1]/?user=me')).toEqual({ host: '[::1]', user: 'me' });
  });
});

describe('readTable', () => {
  it('keeps what is no literal as its text, and rows without a column under a number', () => {
    const sql = `CREATE TABLE "Stock" (a int); CREATE INDEX x ON t (a); CREATE TABLE t (a int, "B" text);
      INSERT INTO t VALUES (-1, $q$it's$q$, now()), (2, 'a' || 'b'); INSERT INTO other VALUES (1); INSERT INTO t (a) VALUES 3;`;
    expect(readTable(sql, 't')).toEqual({
      created: true,
      columns: ['a', 'B'],
      rows: [
        { a: '-1', B: "it's", '?2': 'now()' },
        { a: '2', B: 'a||b' },
      ],
    });
  });
});

describe('quote', () => {
  it('masks passwords and stays short', () => {
    expect(quote("host=a password='x y' user=b")).toBe('host=a password=*** user=b');
    expect(quote("STATEMENT: CREATE USER r WITH PASSWORD 'it''s'")).toBe(
      "STATEMENT: CREATE USER r WITH PASSWORD '***'",
    );
    expect(quote('postgresql://r:secret@leader/')).toBe('postgresql://r:***@leader/');
    expect(quote('a\n  b')).toBe('a b');
    expect(quote('x'.repeat(500))).toHaveLength(240);
  });
});

describe('arguments', () => {
  it('must have the right type', () => {
    expect(() => flag({ ready: 'yes' }, 'ready')).toThrow(/true or false/);
    expect(() => texts({ wants: ['a', {}] }, 'wants')).toThrow(/list of texts/);
    expect(() => texts({ wants: [] }, 'wants')).toThrow(/list of texts/);
    expect(texts({ command: ['a', 1, true] }, 'command')).toEqual(['a', '1', 'true']);
  });
});
