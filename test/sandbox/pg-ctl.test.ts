import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pgCtl } from '../../src/lab/sandbox/inside/pg-ctl.ts';
import type { Server } from '../../src/lab/sandbox/inside/types.ts';
import { backup, eventually, outputFolder, runWith, sql, startCopy } from '../helpers/backup-inside.ts';
import { type PlainServer, startServer } from '../helpers/plain-server.ts';

const COMMAND = ['postgres', '-c', 'config_file=/etc/postgresql/postgresql.conf'];

let leader: PlainServer;
beforeAll(async () => {
  leader = await startServer();
});
afterAll(() => leader?.stop());

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** The server of a container whose data folder is /output. */
const serverOf = (pid: number): Server => ({
  pid: async () => (alive(pid) ? pid : null),
  reload: async () => void process.kill(pid, 'SIGHUP'),
  signal: async (signal) => void process.kill(pid, signal),
  dataFolder: '/output',
  command: COMMAND,
});

const ctl = (
  words: string,
  { output = leader.dataFolder, pid = leader.pid, user = 'postgres', own = true } = {},
) =>
  runWith(pgCtl, ['pg_ctl', ...words.split(' ').filter(Boolean)], 0, {
    output,
    user,
    ...(own ? { server: serverOf(pid) } : {}),
  });

const TRY = 'Try "pg_ctl --help" for more information.\n';

describe('pg_ctl', () => {
  it('reload makes the server read its settings again', async () => {
    await sql(leader.port, "ALTER SYSTEM SET work_mem = '7MB'");
    expect(await ctl('reload')).toEqual({ code: 0, stdout: 'server signaled\n', stderr: '' });
    await eventually(
      async () => ((await sql(leader.port, 'SHOW work_mem'))[0]?.work_mem === '7MB' ? true : null),
      'the new setting',
    );
    expect((await ctl('-s reload')).stdout).toBe('');
  });

  it("status shows the container's own process and command", async () => {
    expect(await ctl('status -D /output')).toEqual({
      code: 0,
      stdout:
        'pg_ctl: server is running (PID: 1)\n/usr/lib/postgresql/14/bin/postgres "-c" "config_file=/etc/postgresql/postgresql.conf"\n',
      stderr: '',
    });
  });

  it('promote makes a primary of a standby', { timeout: 60_000 }, async () => {
    const output = await outputFolder();
    expect(
      (
        await backup(['-h', 'leader', '-U', 'postgres', '-D', '/output', '-R', '-c', 'fast'], leader.port, {
          output,
        })
      ).code,
    ).toBe(0);
    const { port, pid, stop } = await startCopy(output, leader.port);
    expect(await ctl('promote', { output, pid })).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^waiting for server to promote\.{3,} done\nserver promoted\n$/),
      stderr: '',
    });
    expect(await sql(port, 'SELECT pg_is_in_recovery()::text AS r')).toEqual([{ r: 'false' }]);
    expect(readdirSync(output)).not.toContain('standby.signal');

    // A copy of the new primary is on its timeline, and has the story of it.
    const second = await outputFolder();
    const { code, stderr } = await backup(
      ['-h', 'leader', '-U', 'postgres', '-D', '/output', '-v', '-c', 'fast', '-R'],
      port,
      { output: second },
    );
    expect([code, stderr]).toEqual([0, expect.stringContaining('on timeline 2\n')]);
    expect(readFileSync(path.join(second, 'pg_wal', '00000002.history'), 'utf8')).toMatch(/^1\t0\//);
    const copy = await startCopy(second, port);
    await copy.stop();
    await stop();
    expect((await ctl('status', { output, pid })).code).toBe(3);
  });

  it('stop ends the server, and itself with the container', { timeout: 60_000 }, async () => {
    const other = await startServer();
    const at = { output: other.dataFolder, pid: other.pid };
    expect(await ctl('stop', at)).toEqual({
      code: 137,
      stdout: expect.stringMatching(/^waiting for server to shut down\.{4,}$/),
      stderr: '',
    });
    expect(alive(other.pid)).toBe(false);
    const gone = 'pg_ctl: PID file "/output/postmaster.pid" does not exist\nIs server running?\n';
    for (const operation of ['stop', 'reload', 'promote'])
      expect(await ctl(operation, at)).toEqual({ code: 1, stdout: '', stderr: gone });
    expect(await ctl('status', at)).toEqual({
      code: 3,
      stdout: 'pg_ctl: no server is running\n',
      stderr: '',
    });
    await other.stop();
  });

  it('stop -W does not wait', { timeout: 60_000 }, async () => {
    const other = await startServer();
    const at = { output: other.dataFolder, pid: other.pid };
    expect(await ctl('stop -W -m immediate', at)).toEqual({
      code: 0,
      stdout: 'server shutting down\n',
      stderr: '',
    });
    await eventually(async () => (alive(other.pid) ? null : true), 'the end of the server');
    await other.stop();
  });

  const ROOT = `pg_ctl: cannot be run as root
Please log in (using, e.g., "su") as the (unprivileged) user that will
own the server process.
`;

  it.each([
    ['promote', 'pg_ctl: cannot promote server; server is not in standby mode\n', 1],
    ['', `pg_ctl: no operation specified\n${TRY}`, 1],
    ['relaod', `pg_ctl: unrecognized operation mode "relaod"\n${TRY}`, 1],
    ['status extra', `pg_ctl: too many command-line arguments (first is "status")\n${TRY}`, 1],
    ['stop -m bad', `pg_ctl: unrecognized shutdown mode "bad"\n${TRY}`, 1],
    ['reload -z', `pg_ctl: invalid option -- 'z'\n${TRY}`, 1],
    ['reload -D /output/nope', 'pg_ctl: directory "/output/nope" does not exist\n', 1],
    ['status -D /nope', 'pg_ctl: directory "/nope" does not exist\n', 4],
    ['reload -D /output/base', 'pg_ctl: directory "/output/base" is not a database cluster directory\n', 1],
    ['restart', 'the sandbox does not know the operation restart of pg_ctl\nUse docker restart.\n', 125],
    ['start -l x', 'the sandbox does not know the option -l of pg_ctl\n', 125],
  ])('%s is refused', async (words, stderr, code) => {
    expect(await ctl(words)).toEqual({ code, stdout: '', stderr });
  });

  it("works for no other user than the server's own", async () => {
    expect(await ctl('reload', { user: 'root' })).toEqual({ code: 1, stdout: '', stderr: ROOT });
    expect((await ctl('--version', { user: 'root' })).stdout).toBe('pg_ctl (PostgreSQL) 14.23\n');
  });

  it.skipIf(process.getuid?.() !== 0)('may not look into the folder as a stranger', async () => {
    expect(await ctl('reload', { user: '1000' })).toEqual({
      code: 1,
      stdout: '',
      stderr: 'pg_ctl: could not open PID file "/output/postmaster.pid": Permission denied\n',
    });
  });

  it('finds no server in a container of another program', async () => {
    expect(await ctl('status', { own: false })).toMatchObject({ code: 3 });
  });
});
