import { describe, expect, it } from 'vitest';
import { ConninfoError, parseConninfo } from '../../../../src/lab/sandbox/conninfo.ts';
import { parseOptions } from '../../../../src/lab/sandbox/inside/psql/options.ts';
import { resolveTarget } from '../../../../src/lab/sandbox/inside/psql/target.ts';

const options = (...args: string[]) => {
  const parsed = parseOptions(['psql', ...args]);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed));
  return parsed.options;
};

describe('options', () => {
  it('may be put together, glued to their value, or shortened', () => {
    expect(options('-XAtqUpostgres', '--db=appdb', '--command', 'SELECT 1', '-p5434')).toMatchObject({
      user: 'postgres',
      dbname: 'appdb',
      port: '5434',
      actions: [{ kind: 'command', text: 'SELECT 1' }],
      style: { format: 'unaligned', tuplesOnly: true },
    });
  });

  it('may come after words, and -c and -f keep their order', () => {
    const { dbname, user, actions } = options('appdb', '-c', 'a', 'me', '-f', 'b', '-c', 'c');
    expect([dbname, user, ...actions.map((one) => one.text)]).toEqual(['appdb', 'me', 'a', 'b', 'c']);
  });

  it('end at --', () => {
    expect(options('--', '-c').dbname).toBe('-c');
  });

  it('are told apart: unknown to psql, and unknown to the sandbox only', () => {
    expect(parseOptions(['psql', '-k'])).toMatchObject({ ok: false, exitCode: 1 });
    expect(parseOptions(['psql', '-o', 'x'])).toEqual({
      ok: false,
      message: 'the sandbox does not know the option -o of psql',
      exitCode: 125,
    });
    expect(parseOptions(['psql', '-P', 'format=html'])).toEqual({
      ok: false,
      message: "the sandbox's psql does not know \\pset format html",
      exitCode: 125,
    });
    expect(parseOptions(['psql', '--no-p'])).toMatchObject({
      ok: false,
      message: expect.stringContaining(
        "option '--no-p' is ambiguous; possibilities: '--no-password' '--no-psqlrc'",
      ),
    });
  });
});

describe('connection strings', () => {
  it.each([
    ['host=leader user=x', { host: 'leader', user: 'x' }],
    [" host = leader  password='a b\\'c\\\\' ", { host: 'leader', password: "a b'c\\" }],
    ["dbname=''", { dbname: '' }],
    [
      'postgresql://me:p%40ss@leader:5433/appdb?sslmode=disable',
      {
        user: 'me',
        password: 'p@ss',
        host: 'leader',
        port: '5433',
        dbname: 'appdb',
        sslmode: 'disable',
      },
    ],
    ['postgres://leader', { host: 'leader' }],
    ['postgresql:///appdb?host=/tmp', { dbname: 'appdb', host: '/tmp' }],
  ])('%s', (text, expected) => {
    expect(Object.fromEntries(parseConninfo(text))).toEqual(expected);
  });

  it.each([
    ['host', 'missing "=" after "host" in connection info string', 2],
    ["host='x", 'unterminated quoted string in connection info string', 2],
    ['nosuch=1', 'invalid connection option "nosuch"', 2],
    ['postgresql://x?nosuch=1', 'invalid URI query parameter: "nosuch"', 2],
    ['postgresql://x?a', 'missing key/value separator "=" in URI query parameter: "a"', 2],
    ['sslcert=x', 'the sandbox does not know the connection option sslcert of psql', 125],
  ])('%s is refused', (text, message, exitCode) => {
    expect(() => parseConninfo(text)).toThrow(expect.objectContaining({ message, exitCode }));
  });
});

describe('the server that is meant', () => {
  const nothing = { host: null, port: null, dbname: null, user: null };
  const of = (wanted: Partial<Record<keyof typeof nothing, string>>, env = {}, user = 'root') =>
    resolveTarget({ ...nothing, ...wanted }, { env, user }, 'psql');

  it('is by default the own one, with the system user as user and database', () => {
    expect(of({})).toMatchObject({ host: null, port: 5432, user: 'root', database: 'root' });
    expect(of({}, {}, '999:999')).toMatchObject({ user: 'postgres', database: 'postgres' });
    expect(of({ host: '/var/run/postgresql/' }).host).toBeNull();
  });

  it('comes from a connection string, then options, then the environment', () => {
    const env = { PGUSER: 'env', PGHOST: 'envhost', PGPORT: '1', PGDATABASE: 'envdb', PGPASSWORD: 'secret' };
    expect(of({}, env)).toMatchObject({
      user: 'env',
      host: 'envhost',
      port: 1,
      database: 'envdb',
      password: 'secret',
    });
    expect(of({ user: 'me', dbname: 'host=b user=b' }, env)).toMatchObject({
      user: 'b',
      host: 'b',
      database: 'envdb',
    });
    expect(of({ user: 'me', dbname: 'mine' }, env)).toMatchObject({
      user: 'me',
      host: 'envhost',
      database: 'mine',
    });
  });

  it.each([
    [{ port: 'abc' }, 'invalid integer value "abc" for connection option "port"', 2],
    [{ port: '0' }, 'invalid port number: "0"', 2],
    [{ host: 'a,b' }, 'the sandbox\'s psql does not know lists of hosts: "a,b"', 125],
  ])('is not known for %j', (wanted, message, exitCode) => {
    expect(() => of(wanted)).toThrow(expect.objectContaining({ message, exitCode }));
    expect(() => of(wanted)).toThrow(ConninfoError);
  });

  it('is not known for a system user without a name', () => {
    expect(() => of({}, {}, '1234')).toThrow('local user with ID 1234 does not exist');
  });
});
