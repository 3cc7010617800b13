import { appendFile, chmod, chown, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { openEngine } from '../../src/lab/sandbox/engine/engine.ts';
import { EngineError } from '../../src/lab/sandbox/engine/types.ts';
import { identify, isAlive } from '../../src/lab/sandbox/process.ts';
import { sandbox } from '../helpers/sandbox-engine.ts';

const root = process.getuid?.() === 0;

async function eventually(holds: () => Promise<boolean>, seconds = 15): Promise<void> {
  const until = Date.now() + seconds * 1000;
  while (!(await holds())) {
    if (Date.now() > until) throw new Error('it did not come true in time');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Logs in over TCP, as another container or this machine would. */
async function login(port: number, user: string, password: string): Promise<string> {
  const client = new pg.Client({ host: '127.0.0.1', port, user, password, database: 'appdb' });
  client.on('error', () => {});
  try {
    await client.connect();
    return 'accepted';
  } catch (error) {
    return (error as Error).message;
  } finally {
    await client.end().catch(() => {});
  }
}

describe('a container', () => {
  it('makes its cluster from the environment once, and outlives the one who started it', async () => {
    const { engine, create, up, ask } = await sandbox();
    const { id, real } = await create();
    expect((await engine.find('leader'))?.runtime.status).toBe('created');
    await engine.start(id);
    await up(id);
    expect(await ask(id, 'SELECT current_database()::text')).toBe('appdb');
    expect(await login(Number(real.socketPort), 'postgres', 'postgres')).toBe('accepted');
    expect(await login(Number(real.socketPort), 'postgres', 'wrong')).toMatch(
      /password authentication failed/,
    );
    // Another look at the same folder finds it: nothing is kept in memory.
    const again = await openEngine(engine.workspace).find('leader');
    expect(again).toMatchObject({ id, runtime: { status: 'running', restartCount: 0 } });
    await engine.stop(id);
    expect((await engine.find(id))?.runtime).toMatchObject({ status: 'exited', exitCode: 0, pid: null });
    await engine.start(id);
    await up(id);
    expect(await readFile(await engine.logFile(id), 'utf8')).toContain('Skipping initialization');
  });

  it('listens on 127.0.0.1 alone, whatever its file says', async () => {
    const { engine, create, up, ask } = await sandbox();
    const { id, real } = await create();
    await engine.start(id);
    await up(id);
    await ask(id, "ALTER SYSTEM SET listen_addresses = '*'");
    await engine.stop(id);
    await engine.start(id);
    await up(id);
    const hex = real.socketPort.toString(16).toUpperCase().padStart(4, '0');
    if (process.platform !== 'linux') return;
    const [four, six] = await Promise.all([
      readFile('/proc/net/tcp', 'utf8'),
      readFile('/proc/net/tcp6', 'utf8'),
    ]);
    const listening = `${four}\n${six}`
      .split('\n')
      .filter((line) => line.includes(`:${hex} `) && / 0A /.test(line));
    expect(listening.map((line) => line.trim().split(/\s+/)[1])).toEqual([`0100007F:${hex}`]);
  });

  it('without listen_addresses answers inside only, as in Docker', async () => {
    const { workspace, engine, create, up, ask } = await sandbox();
    await mkdir(path.join(workspace, 'leader'));
    await writeFile(path.join(workspace, 'leader/postgresql.conf'), 'wal_level = replica\n');
    const { id, real } = await create();
    await engine.start(id);
    expect((await up(id)).real.tcpPort).toBeNull();
    expect(await ask(id, 'SELECT 1::text')).toBe(1);
    expect(await login(real.socketPort, 'postgres', 'postgres')).toMatch(/ECONNREFUSED/);
  });

  it('is started again when its server is killed, and the count goes up', async () => {
    const { engine, create, up } = await sandbox();
    const { id } = await create();
    await engine.start(id);
    const { runtime } = await up(id);
    process.kill(runtime.pid ?? 0, 'SIGKILL');
    await eventually(async () => (await engine.find(id))?.runtime.restartCount === 1);
    const now = await up(id);
    expect(now.runtime.pid).not.toBe(runtime.pid);
  });

  it('whose file is broken is started again and again, says why with its own paths, and can be stopped', async () => {
    const { workspace, engine, create } = await sandbox();
    await mkdir(path.join(workspace, 'leader'));
    await writeFile(path.join(workspace, 'leader/postgresql.conf'), 'wal_levl = replica\n');
    const { id } = await create();
    await engine.start(id);
    await eventually(async () => ((await engine.find(id))?.runtime.restartCount ?? 0) >= 2);
    const log = await readFile(await engine.logFile(id), 'utf8');
    expect(log).toContain(
      'unrecognized configuration parameter "wal_levl" in file "/etc/postgresql/postgresql.conf" line 1',
    );
    expect(log).not.toContain(workspace);
    expect(['restarting', 'running']).toContain((await engine.find(id))?.runtime.status);
    await engine.stop(id);
    expect((await engine.find(id))?.runtime.status).toBe('exited');
  });

  it('sees what is written into a mounted file, but a new file under its name only after a restart', async () => {
    const { workspace, engine, create, up, ask } = await sandbox();
    const { id } = await create();
    await engine.start(id);
    await up(id);
    const conf = path.join(workspace, 'leader/postgresql.conf');
    const reload = async () => {
      await engine.refresh();
      await ask(id, 'SELECT pg_reload_conf()::text');
      await new Promise((resolve) => setTimeout(resolve, 200));
      return ask(id, "SELECT current_setting('work_mem')::text");
    };
    await appendFile(conf, "work_mem = '5MB'\n");
    expect(await reload()).toBe('5MB');
    await writeFile(`${conf}.new`, `${await readFile(conf, 'utf8')}work_mem = '6MB'\n`);
    await rename(`${conf}.new`, conf);
    expect(await reload()).toBe('5MB');
    await engine.stop(id);
    await engine.start(id);
    await up(id);
    expect(await ask(id, "SELECT current_setting('work_mem')::text")).toBe('6MB');
  });

  it('with a volume in place of a folder keeps its data in the sandbox', async () => {
    const { workspace, engine, create, up } = await sandbox();
    const { id } = await create('leader', {
      mounts: [
        { type: 'volume', source: 'solutions_data', target: '/var/lib/postgresql/data', readOnly: false },
      ],
      command: ['postgres'],
    });
    await engine.start(id);
    await up(id);
    expect((await stat(path.join(engine.volumeFolder('solutions_data'), 'PG_VERSION'))).isFile()).toBe(true);
    expect(engine.volumeFolder('solutions_data').startsWith(workspace)).toBe(true);
    await engine.remove(id, { force: true, volumes: true });
    expect((await engine.volumes()).map(({ name }) => name)).toEqual(['solutions_data']);
    await engine.removeVolume('solutions_data');
    expect(await engine.volumes()).toEqual([]);
  });

  it.each(['a folder, with "quotes"', "it's here", 'Übung 日本', `long/${'x'.repeat(120)}/solutions`])(
    'works in %s',
    async (folder) => {
      const { engine, create, up, ask } = await sandbox(folder);
      const { id } = await create();
      await engine.start(id);
      await up(id);
      expect(await ask(id, 'SELECT current_database()::text')).toBe('appdb');
    },
  );
});

describe('what goes wrong', () => {
  it('a port that another workspace has: it is named', async () => {
    const first = await sandbox();
    const other = await sandbox();
    const one = await first.create();
    const ports = [{ target: 5432, published: one.real.socketPort }];
    const two = await other.create('leader', { ports });
    await first.engine.start(one.id);
    await first.up(one.id);
    await expect(other.engine.start(two.id)).rejects.toThrow(
      new EngineError(
        `driver failed programming external connectivity on endpoint leader (${two.id}): Bind for 127.0.0.1:${one.real.socketPort} failed: port is already allocated\nThe sandbox of the folder ${first.workspace} has it.`,
      ),
    );
    expect((await other.engine.find(two.id))?.runtime.status).toBe('created');
  });

  it('a name that is taken, and a source outside of the workspace, also behind a link', async () => {
    const { workspace, engine, create } = await sandbox();
    await create();
    await expect(create()).rejects.toThrow(/Conflict\. The container name "\/leader" is already in use/);
    const { symlink } = await import('node:fs/promises');
    await symlink('/etc', path.join(workspace, 'link'));
    for (const source of ['/', '/etc', path.join(workspace, 'link'), `${workspace}/../x`]) {
      const mounts = [{ type: 'bind', source, target: '/x', readOnly: false }] as const;
      await expect(create('other', { mounts: [...mounts] })).rejects.toThrow(/the sandbox does not mount/);
    }
    expect(await engine.containers()).toHaveLength(1);
  });

  it('a supervisor that was killed: its server is found, and stopped like any other', async () => {
    const { engine, create, up } = await sandbox();
    const { id } = await create();
    await engine.start(id);
    const { runtime } = await up(id);
    const { supervisor } = (await engine.runtime(id)) ?? {};
    process.kill(supervisor?.pid ?? 0, 'SIGKILL');
    await eventually(async () => !isAlive(supervisor ?? null));
    expect((await engine.find(id))?.runtime).toMatchObject({ status: 'running', pid: runtime.pid });
    await engine.stop(id);
    expect(identify(runtime.pid ?? 0)).toBeNull();
    expect((await engine.find(id))?.runtime.status).toBe('exited');
  });

  it('a machine that was switched off: the stranger with the old number is left alone, and revive starts it again', async () => {
    const { workspace, engine, create, up } = await sandbox();
    const { id } = await create();
    await engine.start(id);
    const before = await up(id);
    const runtime = await engine.runtime(id);
    for (const one of [runtime?.supervisor, runtime?.server]) process.kill(one?.pid ?? 0, 'SIGKILL');
    await eventually(async () => !isAlive(runtime?.supervisor ?? null) && !isAlive(runtime?.server ?? null));
    // The number in the pid file now belongs to another program: this one.
    const pidFile = path.join(workspace, 'leader-data/postmaster.pid');
    const text = await readFile(pidFile, 'utf8');
    await writeFile(pidFile, text.replace(/^\d+/, String(process.pid)));
    const lock = path.join(before.real.socketFolder, `.s.PGSQL.${before.real.socketPort}.lock`);
    await writeFile(lock, text.replace(/^\d+/, String(process.pid)));
    expect((await engine.find(id))?.runtime).toMatchObject({ status: 'exited', exitCode: 255 });
    await engine.revive();
    const after = await up(id);
    expect(after.runtime.pid).not.toBe(process.pid);
    // One that somebody stopped stays stopped.
    await engine.stop(id);
    await engine.revive();
    expect((await engine.find(id))?.runtime.status).toBe('exited');
  });

  it('a data folder that is deleted under a running server: it can be removed and begun anew', async () => {
    const { workspace, engine, create, up, ask } = await sandbox();
    const { id } = await create();
    await engine.start(id);
    await up(id);
    await rm(path.join(workspace, 'leader-data'), { recursive: true, maxRetries: 5 });
    await engine.stop(id, 5);
    await engine.start(id);
    await up(id);
    expect(await ask(id, 'SELECT current_database()::text')).toBe('appdb');
  });

  it.each(['', '.walkthrough'])('a workspace whose %j is deleted leaves no server behind', async (folder) => {
    const { workspace, engine, create, up } = await sandbox();
    const { id } = await create();
    await engine.start(id);
    await up(id);
    const { supervisor, server } = (await engine.runtime(id)) ?? {};
    await rm(path.join(workspace, folder), { recursive: true });
    await eventually(async () => !isAlive(supervisor ?? null) && !isAlive(server ?? null));
  });

  it.runIf(root)(
    'a folder whose owner is changed under a running server: no new session, and a restart mends it',
    async () => {
      const { workspace, engine, create, up, ask } = await sandbox();
      const { id } = await create();
      await engine.start(id);
      await up(id);
      const { lchown, readdir } = await import('node:fs/promises');
      const folder = path.join(workspace, 'leader-data');
      const { uid } = await stat(folder);
      for (const entry of ['.', ...(await readdir(folder, { recursive: true }))])
        await lchown(path.join(folder, entry), 0, 0);
      await expect(ask(id, 'SELECT 1::text')).rejects.toThrow(/Permission denied/);
      await engine.stop(id);
      await engine.start(id);
      await up(id);
      expect((await stat(folder)).uid).toBe(uid);
    },
  );

  it.runIf(root)('a file that the server may not read: it says so, and stays down', async () => {
    const { workspace, engine, create } = await sandbox();
    const { id } = await create();
    const conf = path.join(workspace, 'leader/postgresql.conf');
    await chown(conf, 0, 0);
    await chmod(conf, 0o600);
    await engine.start(id);
    await eventually(async () => ((await engine.find(id))?.runtime.restartCount ?? 0) >= 1);
    expect(await readFile(await engine.logFile(id), 'utf8')).toMatch(
      /"\/etc\/postgresql\/postgresql\.conf": Permission denied/,
    );
  });

  it('no password: the image says so, in the log', async () => {
    const { engine, create } = await sandbox();
    const { id } = await create('leader', { env: {}, restart: 'no' });
    await engine.start(id);
    await eventually(async () => (await engine.find(id))?.runtime.status === 'exited');
    expect((await engine.find(id))?.runtime.exitCode).toBe(1);
    expect((await engine.lastLines(id, 20)).join('\n')).toMatch(/superuser password is not specified/);
  });

  it('a folder with something else in it: no cluster is made over it', async () => {
    const { workspace, engine, create } = await sandbox();
    await mkdir(path.join(workspace, 'leader-data'));
    await writeFile(path.join(workspace, 'leader-data/thesis.txt'), 'mine');
    const { id } = await create('leader', { restart: 'no' });
    await engine.start(id);
    await eventually(async () => (await engine.find(id))?.runtime.status === 'exited');
    expect((await engine.lastLines(id, 5)).join('\n')).toContain(
      'directory "/var/lib/postgresql/data" exists but is not empty',
    );
    expect(await readFile(path.join(workspace, 'leader-data/thesis.txt'), 'utf8')).toBe('mine');
  });
});
