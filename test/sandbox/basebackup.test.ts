import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { connect } from '../../src/lab/sandbox/inside/connect.ts';
import { Wire } from '../../src/lab/sandbox/inside/pg-basebackup/wire.ts';
import { serverAccount } from '../../src/lab/sandbox/server/account.ts';
import { backup, eventually, outputFolder, setRules, sql, startCopy } from '../helpers/backup-inside.ts';
import { type PlainServer, startServer } from '../helpers/plain-server.ts';

const LOGIN = ['-h', 'leader', '-U', 'replicator', '-D', '/output'];
const FAST = [...LOGIN, '-c', 'fast'];
const place = 'connection to server at "leader" (172.18.0.2), port 5432 failed:';
const asRoot = process.getuid?.() === 0;

let leader: PlainServer;

beforeAll(async () => {
  leader = await startServer();
  await sql(
    leader.port,
    `SET password_encryption = 'scram-sha-256';
     CREATE ROLE replicator LOGIN REPLICATION PASSWORD 'replicatorpass';
     CREATE ROLE plain LOGIN PASSWORD 'plainpass';
     CREATE TABLE inventory (id int); INSERT INTO inventory VALUES (1)`,
  );
  await setRules(leader, [
    'host replication replicator 127.0.0.1/32 scram-sha-256',
    'host replication plain 127.0.0.1/32 scram-sha-256',
  ]);
});
afterAll(() => leader?.stop());

interface Manifest {
  Files: { Path: string; Size: number; 'Checksum-Algorithm': string; Checksum: string }[];
}

const manifestOf = (folder: string) =>
  JSON.parse(readFileSync(path.join(folder, 'backup_manifest'), 'utf8')) as Manifest;

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)));
}

async function slot(name: string): Promise<string> {
  await sql(leader.port, `SELECT pg_create_physical_replication_slot('${name}')`);
  onTestFinished(async () => {
    await eventually(() => sql(leader.port, `SELECT pg_drop_replication_slot('${name}')`), 'a free slot');
  });
  return name;
}

describe('a base backup', () => {
  it('copies every file of the manifest, byte by byte', { timeout: 60_000 }, async () => {
    const output = await outputFolder();
    const { code, stderr } = await backup([...FAST, '--manifest-checksums=SHA256'], leader.port, { output });
    expect([code, stderr]).toEqual([0, '']);
    const { Files } = manifestOf(output);
    expect(Files.length).toBeGreaterThan(900);
    const wrong = Files.filter((file) => {
      const content = readFileSync(path.join(output, file.Path));
      const sum = createHash('sha256').update(content).digest('hex');
      return content.length !== file.Size || sum !== file.Checksum;
    });
    expect(wrong).toEqual([]);
    const known = new Set(['backup_manifest', ...Files.map((file) => file.Path)]);
    expect(filesOf(output).filter((name) => !known.has(name) && !name.startsWith('pg_wal/'))).toEqual([]);
  });

  it('says what pg_basebackup 14 says', async () => {
    const output = await outputFolder();
    const name = await slot('words');
    const { code, stdout, stderr } = await backup(
      [...FAST, '-p', '5432', '-vPR', `--slot=${name}`],
      leader.port,
      {
        output,
      },
    );
    expect([code, stdout]).toEqual([0, '']);
    const plain = stderr
      // A line for each second that begins meanwhile, wherever the copy is then.
      .replace(/^ *\d+\/\d+ kB \([1-9]\d?%\), 0\/1 tablespace .*\n/gm, '')
      .replace(/^ *\d+\/\d+ kB \(\d+%\), 0\/1 tablespace \(\/output\/base.*\n/gm, '')
      .replace(/\d\/[0-9A-F]+(?= on|$)/gm, 'LSN')
      .replace(/\d{5}/g, 'NNNNN');
    expect(plain.split('\n')).toEqual([
      'pg_basebackup: initiating base backup, waiting for checkpoint to complete',
      'pg_basebackup: checkpoint completed',
      'pg_basebackup: write-ahead log start point: LSN on timeline 1',
      'pg_basebackup: starting background WAL receiver',
      '    0/NNNNN kB (0%), 0/1 tablespace (/output/backup_label               )',
      'NNNNN/NNNNN kB (100%), 0/1 tablespace (/output/global/pg_control          )',
      `NNNNN/NNNNN kB (100%), 1/1 tablespace ${' '.repeat(40)}`,
      'pg_basebackup: write-ahead log end point: LSN',
      'pg_basebackup: waiting for background process to finish streaming ...',
      'pg_basebackup: syncing data to disk ...',
      'pg_basebackup: renaming backup_manifest.tmp to backup_manifest',
      'pg_basebackup: base backup completed',
      '',
    ]);
  });

  it('gives a standby that follows through its slot', { timeout: 60_000 }, async () => {
    const output = await outputFolder();
    const name = await slot('follower_slot');
    await backup([...FAST, '-R', '-S', name], leader.port, { output });
    const [{ restart_lsn, wal_status } = {}] = await sql(
      leader.port,
      `SELECT restart_lsn::text, wal_status FROM pg_replication_slots WHERE slot_name = '${name}'`,
    );
    expect([restart_lsn, wal_status]).toEqual([expect.stringMatching(/^0\/[1-9A-F]000000$/), 'reserved']);
    expect(readFileSync(path.join(output, 'postgresql.auto.conf'), 'utf8')).toBe(
      [
        '# Do not edit this file manually!',
        '# It will be overwritten by the ALTER SYSTEM command.',
        "primary_conninfo = 'user=replicator password=replicatorpass channel_binding=prefer host=leader port=5432 sslmode=prefer sslcompression=0 sslsni=1 ssl_min_protocol_version=TLSv1.2 gssencmode=prefer krbsrvname=postgres target_session_attrs=any'",
        `primary_slot_name = '${name}'`,
        '',
      ].join('\n'),
    );
    expect(statSync(path.join(output, 'standby.signal')).size).toBe(0);

    const follower = await startCopy(output, leader.port);
    await sql(leader.port, 'INSERT INTO inventory VALUES (42)');
    await eventually(
      async () => (await sql(follower.port, 'SELECT 1 FROM inventory WHERE id = 42'))[0] ?? null,
      'the row on the standby',
    );
    const [used] = await sql(
      leader.port,
      `SELECT active::text FROM pg_replication_slots WHERE slot_name = '${name}'`,
    );
    expect(used?.active).toBe('true');
    await follower.stop();
  });

  it('makes a folder that is not there, private, and its slot with -C', async () => {
    const output = await outputFolder();
    onTestFinished(async () => void (await sql(leader.port, "SELECT pg_drop_replication_slot('made')")));
    const { code, stderr } = await backup(
      ['-hleader', '-Ureplicator', '--pgdata=/output/a/b', '-cfast', '-vC', '--slot=made'],
      leader.port,
      { output },
    );
    expect(code).toBe(0);
    expect(stderr).toContain('pg_basebackup: created replication slot "made"\n');
    const copy = path.join(output, 'a', 'b');
    const mode = (name: string) => (statSync(path.join(copy, name)).mode & 0o777).toString(8);
    expect(['', 'base', 'pg_wal/archive_status', 'PG_VERSION', 'backup_manifest'].map(mode)).toEqual([
      '700',
      '700',
      '700',
      '600',
      '600',
    ]);
    const [wal] = readdirSync(path.join(copy, 'pg_wal')).filter((name) => /^[0-9A-F]{24}$/.test(name));
    expect(statSync(path.join(copy, 'pg_wal', wal ?? '')).size).toBe(16 * 1024 * 1024);
  });

  it('uses a slot that is gone afterwards where none is named', async () => {
    const output = await outputFolder();
    const { stderr } = await backup([...FAST, '-v'], leader.port, { output });
    expect(stderr).toMatch(/^pg_basebackup: created temporary replication slot "pg_basebackup_\d+"$/m);
    const left = () =>
      sql(leader.port, "SELECT slot_name FROM pg_replication_slots WHERE slot_name ~ 'pg_base'");
    await eventually(async () => ((await left()).length === 0 ? true : null), 'the end of the slot');
    const other = await outputFolder();
    expect((await backup([...FAST, '-v', '--no-slot'], leader.port, { output: other })).stderr).not.toContain(
      'slot',
    );
  });

  it('can start as a server of its own with the WAL of -X fetch', { timeout: 60_000 }, async () => {
    const output = await outputFolder();
    expect((await backup([...FAST, '-X', 'fetch'], leader.port, { output })).code).toBe(0);
    const copy = await startCopy(output, leader.port);
    expect(await sql(copy.port, 'SELECT pg_is_in_recovery()::text AS r')).toEqual([{ r: 'false' }]);
    await copy.stop();
  });

  it('leaves the WAL out with -X none, and passes the notice on', async () => {
    const output = await outputFolder();
    const { code, stderr } = await backup([...FAST, '-v', '-X', 'none'], leader.port, { output });
    expect(code).toBe(0);
    expect(stderr).toContain(
      'NOTICE:  WAL archiving is not enabled; you must ensure that all required WAL segments are copied through other means to complete the backup\n',
    );
    expect(stderr).not.toContain('write-ahead log');
    expect(readdirSync(path.join(output, 'pg_wal'))).toEqual(['archive_status']);
  });

  it('copies a large table and the WAL that is written meanwhile', { timeout: 90_000 }, async () => {
    await sql(
      leader.port,
      "CREATE TABLE large AS SELECT g AS id, repeat('x', 1000) AS filler FROM generate_series(1, 100000) g",
    );
    onTestFinished(async () => void (await sql(leader.port, 'DROP TABLE large')));
    const output = await outputFolder();
    let busy = true;
    const writer = (async () => {
      while (busy) await sql(leader.port, 'UPDATE large SET id = -id WHERE id % 50 = 0');
    })();
    const { code, stderr } = await backup([...FAST, '-P'], leader.port, { output });
    busy = false;
    await writer;
    expect([code, stderr]).toEqual([0, expect.stringMatching(/(\d{6})\/\1 kB \(100%\), 1\/1 tablespace\n$/)]);
    const copy = await startCopy(output, leader.port);
    expect(await sql(copy.port, 'SELECT count(*)::text AS n FROM large')).toEqual([{ n: '100000' }]);
    await copy.stop();
  });

  it.skipIf(!asRoot)('belongs to the user who made it', async () => {
    const output = await outputFolder();
    const account = serverAccount();
    execFileSync('chown', [`${account?.uid}`, output]);
    await backup([...FAST, '-R'], leader.port, { output, user: 'postgres' });
    const owners = new Set(
      ['base', 'PG_VERSION', 'standby.signal', 'postgresql.auto.conf', 'backup_manifest', 'pg_wal'].map(
        (name) => statSync(path.join(output, name)).uid,
      ),
    );
    expect([...owners]).toEqual([account?.uid]);
    const own = await outputFolder();
    await backup(FAST, leader.port, { output: own });
    expect(statSync(path.join(own, 'base', '1')).uid).toBe(0);
  });
});

describe('a base backup fails', () => {
  const removed = 'pg_basebackup: removing contents of data directory "/output"\n';

  it('for a folder that is not empty, and leaves it alone', async () => {
    const output = await outputFolder();
    writeFileSync(path.join(output, '.hidden'), 'x');
    expect(await backup(FAST, leader.port, { output })).toEqual({
      code: 1,
      stdout: '',
      stderr: 'pg_basebackup: error: directory "/output" exists but is not empty\n',
    });
    expect(readdirSync(output)).toEqual(['.hidden']);
    mkdirSync(path.join(output, 'empty'));
    writeFileSync(path.join(output, 'file'), '');
    expect((await backup([...FAST, '-D', '/output/file'], leader.port, { output })).stderr).toBe(
      'pg_basebackup: error: could not access directory "/output/file": Not a directory\n',
    );
  });

  it.each([
    [
      'the password is wrong',
      FAST,
      { PGPASSWORD: 'wrong' },
      `${place} FATAL:  password authentication failed for user "replicator"`,
    ],
    [
      'there is no password',
      [...FAST, '-w'],
      { PGPASSWORD: '' },
      `${place} fe_sendauth: no password supplied`,
    ],
    [
      'the role may not replicate',
      [...FAST, '-U', 'plain'],
      { PGPASSWORD: 'plainpass' },
      `${place} FATAL:  must be superuser or replication role to start walsender`,
    ],
    [
      'no rule lets the user in',
      [...FAST, '-U', 'postgres'],
      {},
      `${place} FATAL:  no pg_hba.conf entry for replication connection from host "127.0.0.1", user "postgres", no encryption`,
    ],
    [
      'the host is not known',
      [...FAST, '-h', 'laeder'],
      {},
      'could not translate host name "laeder" to address: Name or service not known',
    ],
    [
      'nobody listens on the port',
      [...FAST, '-p', '5433'],
      {},
      'connection to server at "leader" (172.18.0.2), port 5433 failed: Connection refused\n\tIs the server running on that host and accepting TCP/IP connections?',
    ],
    [
      'no host is named, and the container has no server',
      ['-D', '/output'],
      {},
      'connection to server on socket "/var/run/postgresql/.s.PGSQL.5432" failed: No such file or directory\n\tIs the server running locally and accepting connections on that socket?',
    ],
  ])('when %s', async (_, argv, env, message) => {
    const output = await outputFolder();
    const { code, stderr } = await backup(argv, leader.port, { output, env });
    expect([code, stderr]).toEqual([1, `pg_basebackup: error: ${message}\n`]);
    expect(readdirSync(output)).toEqual([]);
  });

  it('asks for a password that it was not given', async () => {
    const output = await outputFolder();
    const env = { PGPASSWORD: '' };
    const typed = await backup(FAST, leader.port, { output, env, stdin: 'replicatorpass\n' });
    expect([typed.code, typed.stderr]).toEqual([0, 'Password: \n']);
    const nothing = await backup(FAST, leader.port, { output: await outputFolder(), env });
    expect([nothing.code, nothing.stderr]).toEqual([
      1,
      `Password: \npg_basebackup: error: ${place} fe_sendauth: no password supplied\n`,
    ]);
  });

  it('when the slot is missing: it copies all, then takes it back', async () => {
    const output = await outputFolder();
    const { code, stderr } = await backup([...FAST, '-v', '--slot=nope'], leader.port, { output });
    expect(code).toBe(1);
    expect(stderr).toContain(
      'pg_basebackup: error: could not send replication command "START_REPLICATION": ERROR:  replication slot "nope" does not exist\n',
    );
    expect(stderr).toMatch(
      /waiting for background process to finish streaming \.\.\.\npg_basebackup: error: child process exited with exit code 1\npg_basebackup: removing contents of data directory "\/output"\n$/,
    );
    expect(readdirSync(output)).toEqual([]);
  });

  it('when another uses the slot', async () => {
    const output = await outputFolder();
    const name = await slot('busy');
    const shown = { socket: null, host: 'x', address: 'x', port: 1 };
    const client = await connect(
      { kind: 'tcp', port: leader.port, shown },
      { user: 'replicator', password: 'replicatorpass', database: '', application: 'x', replication: true },
    );
    const other = new Wire(client, () => {});
    onTestFinished(() => other.abort());
    const [[, , lsn] = []] = await other.ask('IDENTIFY_SYSTEM');
    other.begin(`START_REPLICATION SLOT "${name}" ${lsn} TIMELINE 1`);
    await other.next();
    const { code, stderr } = await backup([...FAST, '--slot', name], leader.port, { output });
    expect([code, stderr]).toEqual([
      1,
      `pg_basebackup: error: could not send replication command "START_REPLICATION": ERROR:  replication slot "busy" is active for PID ${other.serverPid}\npg_basebackup: error: child process exited with exit code 1\n${removed}`,
    ]);
    other.abort();
  });

  it('when -C finds a slot of that name', async () => {
    const output = await outputFolder();
    const name = await slot('there');
    const { code, stderr } = await backup([...FAST, '-C', '-S', name], leader.port, { output });
    expect([code, stderr]).toEqual([
      1,
      `pg_basebackup: error: could not send replication command "CREATE_REPLICATION_SLOT "there" PHYSICAL RESERVE_WAL": ERROR:  replication slot "there" already exists\n${removed}`,
    ]);
    const kept = await backup([...FAST, '-C', '-S', name, '-n', '-D', '/output/new'], leader.port, {
      output,
    });
    expect(kept.stderr).toMatch(
      /\npg_basebackup: data directory "\/output\/new" not removed at user's request\n$/,
    );
    expect(readdirSync(output)).toEqual(['new']);
  });

  it('when the server has no sender left for the WAL', { timeout: 60_000 }, async () => {
    const small = await startServer({ settings: ['max_wal_senders = 1'] });
    onTestFinished(() => small.stop());
    const output = await outputFolder();
    const { code, stderr } = await backup([...FAST, '-U', 'postgres'], small.port, { output });
    expect([code, stderr]).toEqual([
      1,
      `pg_basebackup: error: ${place} FATAL:  number of requested standby connections exceeds max_wal_senders (currently 1)\n${removed}`,
    ]);
  });

  it('in a folder that can only be read', async () => {
    const output = await outputFolder();
    const { code, stderr } = await backup(FAST, leader.port, { output, readOnly: true });
    expect([code, stderr]).toEqual([
      1,
      `pg_basebackup: error: could not create directory "/output/pg_wal": Read-only file system\n${removed}`,
    ]);
    expect(
      (await backup([...FAST, '-D', '/output/x/y'], leader.port, { output, readOnly: true })).stderr,
    ).toBe('pg_basebackup: error: could not create directory "/output/x": Read-only file system\n');
  });

  it.skipIf(!asRoot)("in root's folder as another user", async () => {
    const output = await outputFolder();
    const as = { output, user: 'postgres' };
    expect((await backup(FAST, leader.port, as)).stderr).toBe(
      `pg_basebackup: error: could not create directory "/output/pg_wal": Permission denied\n${removed}`,
    );
    expect((await backup([...FAST, '-D', '/output/x/y'], leader.port, as)).stderr).toBe(
      'pg_basebackup: error: could not create directory "/output/x": Permission denied\n',
    );
    mkdirSync(path.join(output, 'private'), { mode: 0o700 });
    expect((await backup([...FAST, '-D', '/output/private'], leader.port, as)).stderr).toBe(
      'pg_basebackup: error: could not access directory "/output/private": Permission denied\n',
    );
    expect(readdirSync(output)).toEqual(['private']);
  });

  it('where nothing is mounted', async () => {
    const output = await outputFolder();
    const { code, stderr } = await backup([...FAST, '-D', '/backup'], leader.port, { output });
    expect([code, stderr.split('\n')[0]]).toEqual([
      125,
      'the sandbox keeps only what is mounted, and nothing is mounted at /backup',
    ]);
  });

  it('on a full disk, and gives the room back', async ({ skip }) => {
    const output = await outputFolder();
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', output], { stdio: 'ignore' });
    } catch {
      skip('this user may not mount a small disk');
    }
    onTestFinished(() => void execFileSync('umount', [output]));
    const full =
      /^pg_basebackup: error: could not write to file "\/output\/base\/[\d/]+": No space left on device\npg_basebackup: removing contents of data directory "\/output"\n$/;
    for (const wal of ['none', 'stream']) {
      const { code, stderr } = await backup([...FAST, '-X', wal], leader.port, { output });
      expect([code, stderr]).toEqual([1, expect.stringMatching(full)]);
      expect(readdirSync(output)).toEqual([]);
    }
  });

  it('on Ctrl-C, and leaves nothing', async () => {
    const output = await outputFolder();
    const control = new AbortController();
    const { code, stderr } = await backup([...FAST, '-P'], leader.port, {
      output,
      signal: control.signal,
      // Its first line of progress comes in the middle of the copy.
      heard: (text) => text.includes('kB') && control.abort(),
    });
    expect([code, stderr.split('\n').slice(-2)]).toEqual([1, [removed.trim(), '']]);
    expect(readdirSync(output)).toEqual([]);
    await eventually(async () => {
      const left = await sql(leader.port, 'SELECT 1 FROM pg_stat_replication');
      return left.length === 0 ? true : null;
    }, 'the end of the senders');
  });

  it('when the server goes away', { timeout: 60_000 }, async () => {
    const other = await startServer();
    onTestFinished(() => other.stop());
    const output = await outputFolder();
    const { code, stderr } = await backup([...FAST, '-U', 'postgres', '-v', '-P'], other.port, {
      output,
      heard(text) {
        if (!text.startsWith('    0/')) return;
        process.kill(other.pid, 'SIGQUIT');
      },
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(/server closed the connection unexpectedly\n/);
    expect(stderr.endsWith(removed)).toBe(true);
    expect(readdirSync(output)).toEqual([]);
  });
});
