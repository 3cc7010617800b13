import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pgIsReady } from '../../src/lab/sandbox/inside/pg-isready.ts';
import { psql } from '../../src/lab/sandbox/inside/psql/psql.ts';
import { type PlainServer, startServer } from '../helpers/plain-server.ts';
import { runInside, type Surroundings } from '../helpers/psql-inside.ts';
import { CASES, FILES } from './psql/cases.ts';
import recorded from './psql/expected.json' with { type: 'json' };

let server: PlainServer;
let folder: string;
const files: Record<string, string> = {};

beforeAll(async () => {
  server = await startServer({
    rules: ['host all pw 127.0.0.1/32 scram-sha-256', 'host all pwmd5 127.0.0.1/32 md5'],
  });
  folder = await mkdtemp(path.join(os.tmpdir(), 'psql-files-'));
  await mkdir(path.join(folder, 'sql'));
  files['/sql'] = path.join(folder, 'sql');
  for (const [name, text] of Object.entries(FILES)) {
    files[name] = path.join(folder, name);
    await writeFile(files[name], text);
  }
}, 60_000);

afterAll(async () => {
  await server?.stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});

const postgres = (...args: string[]) => ['psql', '-U', 'postgres', ...args];
const run = (argv: string[], around: Surroundings = {}) =>
  runInside(psql, argv, server, { files, ...around });

/**
 * The real psql (version 15) was run with these lines on a server like this
 * one, and what it printed was recorded; where version 14 is known to differ, its text is recorded instead.
 */
describe('psql and pg_isready print what the real ones do', () => {
  it('has a recording for every line', () => {
    expect(CASES.map((one) => [one.program ?? 'psql', ...one.args].join(' '))).toEqual(
      recorded.map((one) => one.line),
    );
  });

  // In this order: later lines use what earlier ones made.
  CASES.forEach((one, index) => {
    const program = one.program ?? 'psql';
    const stdin = one.stdin ? ` <<< ${JSON.stringify(one.stdin).slice(0, 60)}` : '';
    it(`${index}: ${program} ${one.args.join(' ')}${stdin}`, async () => {
      const { env = {}, stdin = '', user = 'postgres' } = one;
      const said = await runInside(program === 'psql' ? psql : pgIsReady, [program, ...one.args], server, {
        env,
        stdin,
        user,
        files,
      });
      const { line, ...expected } = recorded[index] ?? { line: '' };
      const number = (text: string) => text.replaceAll(/PID \d+/g, 'PID n');
      expect({ ...said, stdout: number(said.stdout), stderr: number(said.stderr) }, line).toEqual(expected);
    });
  });
});

describe('a replication connection', () => {
  it('answers IDENTIFY_SYSTEM with the system identifier, timeline and position', async () => {
    const said = await run([
      'psql',
      'host=127.0.0.1 user=replicator replication=true',
      '-Atc',
      'IDENTIFY_SYSTEM',
    ]);
    expect(said).toMatchObject({ stderr: '', code: 0 });
    expect(said.stdout).toMatch(/^\d{19}\|1\|0\/[0-9A-F]+\|\n$/);
  });
});

describe('what the sandbox does not know', () => {
  it.each([
    [['-E'], 'the sandbox does not know the option -E of psql\n'],
    [['--html'], 'the sandbox does not know the option --html of psql\n'],
    [['-W'], 'the sandbox does not know the option -W of psql\n'],
    [['-c', '\\! ls'], "the sandbox's psql does not know \\!\n"],
    [['-c', '\\copy t from x'], "the sandbox's psql does not know \\copy\n"],
    [['-c', '\\df'], "the sandbox's psql does not know \\df\n"],
    [['-c', '\\df+'], "the sandbox's psql does not know \\df+\n"],
    [['-c', '\\pset linestyle unicode'], "the sandbox's psql does not know \\pset linestyle\n"],
    [['-v', 'AUTOCOMMIT=off'], "the sandbox's psql does not know AUTOCOMMIT off\n"],
    [['-d', 'user=postgres service=x'], 'the sandbox does not know the connection option service of psql\n'],
  ])('is refused by its name: %j', async (args, stderr) => {
    expect(await run(postgres(...args))).toEqual({ stdout: '', stderr, code: 125 });
  });

  it('ends a script, which can not do without it', async () => {
    const said = await run(postgres('-At'), { stdin: '\\if true\nSELECT 1;\n\\endif\n' });
    expect(said).toEqual({ stdout: '', stderr: "the sandbox's psql does not know \\if\n", code: 125 });
  });

  it('is another thing than an unknown host, and than TLS, which the server has not', async () => {
    expect(await run(postgres('-h', 'leeder', '-c', 'SELECT 1'))).toEqual({
      stdout: '',
      stderr: 'psql: error: could not translate host name "leeder" to address: Name or service not known\n',
      code: 2,
    });
    const said = await run(['psql', 'host=127.0.0.1 user=postgres sslmode=require', '-c', 'SELECT 1']);
    expect(said).toMatchObject({
      stderr:
        'psql: error: connection to server at "127.0.0.1", port 5432 failed: server does not support SSL, but SSL was required\n',
      code: 2,
    });
  });
});

describe('in unusual moments', () => {
  it('shows a large result whole', async () => {
    const { stdout, code } = await run(
      postgres('-Atc', 'SELECT i, repeat($$x$$, 50) FROM generate_series(1, 100000) i'),
    );
    expect(code).toBe(0);
    expect(stdout.split('\n')).toHaveLength(100_001);
    expect(stdout.endsWith(`100000|${'x'.repeat(50)}\n`)).toBe(true);
  });

  it('gives a statement up when it is told to', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 500);
    const begun = Date.now();
    const said = await run(postgres('-c', 'SELECT pg_sleep(20)'), { signal: stop.signal });
    expect(said).toEqual({
      stdout: '',
      stderr: 'Cancel request sent\nERROR:  canceling statement due to user request\n',
      code: 1,
    });
    expect(Date.now() - begun).toBeLessThan(10_000);
  });

  it('says so when the server goes away in the middle of a statement', async () => {
    const other = await startServer();
    try {
      const asked = runInside(psql, postgres('-c', 'SELECT pg_sleep(20)', '-c', 'SELECT 1'), other);
      await expect
        .poll(async () => (await runInside(psql, postgres('-Atc', SLEEPERS), other)).stdout)
        .toBe('1\n');
      await other.stop();
      expect(await asked).toEqual({
        stdout: '',
        stderr: [
          'FATAL:  terminating connection due to administrator command',
          'server closed the connection unexpectedly',
          '\tThis probably means the server terminated abnormally',
          '\tbefore or while processing the request.',
          'connection to server was lost\n',
        ].join('\n'),
        code: 2,
      });
      expect(await runInside(pgIsReady, ['pg_isready', '-h', '127.0.0.1'], other)).toEqual({
        stdout: '127.0.0.1:5432 - no response\n',
        stderr: '',
        code: 2,
      });
    } finally {
      await other.stop();
    }
  }, 60_000);

  it('tells a server that lets nobody in from one that is not there', async () => {
    const other = await startServer({ neverReady: true });
    try {
      expect(await runInside(pgIsReady, ['pg_isready'], other)).toEqual({
        stdout: '/var/run/postgresql:5432 - rejecting connections\n',
        stderr: '',
        code: 1,
      });
      const said = await runInside(psql, postgres('-c', 'SELECT 1'), other);
      expect(said.stderr).toMatch(
        /^psql: error: connection to server on socket ".*" failed: FATAL: {2}the database system is (starting up|not accepting connections\nDETAIL: {2}Hot standby mode is disabled\.)\n$/,
      );
      expect(said.code).toBe(2);
    } finally {
      await other.stop();
    }
  }, 60_000);
});

const SLEEPERS =
  "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'SELECT pg_sleep%'";

describe('at a terminal', () => {
  /** Types each line once the prompt that belongs before it is there. Answers all that the terminal showed. */
  async function type(argv: string[], steps: [prompt: string, keys: string][]) {
    const stdin = new PassThrough();
    let unseen = '';
    let at = 0;
    const onOutput = (text: string) => {
      unseen += text;
      const step = steps[at];
      if (!step || !unseen.includes(step[0])) return;
      unseen = '';
      at += 1;
      setTimeout(() => stdin.write(step[1]), 50);
    };
    const said = await run(argv, { stdin, terminal: true, onOutput });
    // Without the movements of the cursor, with which readline draws its line.
    const shown = said.stdout.replaceAll(/\x1b\[[0-9;]*[A-Z]/g, '').replaceAll('\r', '');
    return { ...said, stdout: shown };
  }

  it('greets, shows in its prompt what is open, and quits', async () => {
    const { stdout, code } = await type(postgres('-d', 'appdb'), [
      ['appdb=# ', 'SELECT (1,\r'],
      ['appdb(# ', '2)\r'],
      ['appdb-# ', ";SELECT 'a\r"],
      ["appdb'# ", "b';\r"],
      ['appdb=# ', 'BEGIN;\r'],
      ['appdb=*# ', 'SELECT nosuch;\r'],
      ['appdb=!# ', 'ROLLBACK;\r'],
      ['appdb=# ', '\\c postgres\r'],
      ['postgres=# ', '\\q\r'],
    ]);
    expect(stdout).toContain('psql (14.23)\nType "help" for help.\n\nappdb=# ');
    expect(stdout).toContain('You are now connected to database "postgres" as user "postgres".\n');
    expect(code).toBe(0);
  });

  it('drops what is typed at Ctrl-C, and goes on after errors', async () => {
    const { stdout, stderr, code } = await type(postgres('-v', 'ON_ERROR_STOP=1'), [
      ['postgres=# ', 'SELECT 1\r'],
      ['postgres-# ', '\x03'],
      ['postgres=# ', 'SELECT 7 AS seven;\r'],
      ['postgres=# ', 'SELECT nosuch;\r'],
      ['postgres=# ', '\\foo\r'],
      ['postgres=# ', '\\df\r'],
      ['postgres=# ', 'exit\r'],
    ]);
    expect(stdout).toContain(' seven \n-------\n     7\n(1 row)\n');
    expect(stderr).toBe(
      `ERROR:  column "nosuch" does not exist\nLINE 1: SELECT nosuch;\n               ^\n` +
        "invalid command \\foo\nTry \\? for help.\nthe sandbox's psql does not know \\df\n",
    );
    expect(code).toBe(0);
  });

  it('cancels the statement that runs at Ctrl-C', async () => {
    const { stderr } = await type(postgres(), [
      ['postgres=# ', 'SELECT pg_sleep(20);\r'],
      ['pg_sleep', '\x03'],
      ['postgres=# ', '\x04'],
    ]);
    expect(stderr).toBe('Cancel request sent\nERROR:  canceling statement due to user request\n');
  });

  it('asks for a password, and shows none of it', async () => {
    const { stdout, code } = await type(
      ['psql', '-h', '127.0.0.1', '-U', 'pw', '-d', 'appdb'],
      [
        ['Password for user pw: ', 'secret\r'],
        ['appdb=> ', '\x04'],
      ],
    );
    expect(stdout).not.toContain('secret');
    expect(stdout).toContain('appdb=> \n\\q\n');
    expect(code).toBe(0);
  });
});
