import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { appendFile, chmod, chown, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { serverAccount } from '../../src/lab/sandbox/server/account.ts';
import { preparePrograms } from '../../src/lab/sandbox/server/programs.ts';
import { freePort } from './free-port.ts';

export interface PlainServer {
  /** Of 127.0.0.1, and in the name of its socket. */
  port: number;
  socketFolder: string;
  dataFolder: string;
  /** The postmaster's. */
  pid: number;
  stop(): Promise<void>;
}

export interface PlainServerOptions {
  /** Lines of postgresql.conf. */
  settings?: readonly string[];
  /** Lines of pg_hba.conf that come before those that trust everybody. */
  rules?: readonly string[];
  /** A standby without a primary: it never gets far enough to let clients in. */
  neverReady?: boolean;
}

/**
 * A PostgreSQL 14 server of the installed package, with a superuser `postgres` who needs no password, in a new
 * folder below os.tmpdir(). Run by root, it runs as an unprivileged user.
 */
export async function startServer({
  settings = [],
  rules = [],
  neverReady = false,
}: PlainServerOptions = {}): Promise<PlainServer> {
  // Real path: a socket's path must be short, and macOS has a link there.
  const folder = await mkdtemp(path.join(os.tmpdir(), 'pg-'));
  await chmod(folder, 0o755);
  const account = serverAccount();
  if (account) await chown(folder, account.uid, account.gid);
  const programs = await preparePrograms({ ...process.env, WALKTHROUGH_CACHE: CACHE });
  const as = account ? { uid: account.uid, gid: account.gid } : {};
  const dataFolder = path.join(folder, 'data');
  const options = ['-U', 'postgres', '--auth=trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
  await promisify(execFile)(programs.initdb, ['-D', dataFolder, ...options], { ...as, cwd: folder });
  const port = await freePort();
  const lines = [
    "listen_addresses = '127.0.0.1'",
    `port = ${port}`,
    `unix_socket_directories = '${folder}'`,
    'fsync = off',
    "timezone = 'UTC'",
    ...(neverReady ? ['hot_standby = off', "restore_command = 'false'"] : []),
    ...settings,
  ];
  await appendFile(path.join(dataFolder, 'postgresql.conf'), `${lines.join('\n')}\n`);
  const rulesFile = path.join(dataFolder, 'pg_hba.conf');
  await writeFile(rulesFile, [...rules, await readFile(rulesFile, 'utf8')].join('\n'));
  if (neverReady) await writeFile(path.join(dataFolder, 'standby.signal'), '');
  const server = spawn(programs.postgres, ['-D', dataFolder], {
    ...as,
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  await said(server, neverReady ? 'entering standby mode' : 'ready to accept connections');
  return {
    port,
    socketFolder: folder,
    dataFolder,
    pid: server.pid ?? 0,
    async stop() {
      if (server.exitCode === null && server.signalCode === null) {
        const ended = new Promise((resolve) => server.once('exit', resolve));
        server.kill('SIGINT'); // fast shutdown
        await ended;
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** One copy of the programs for all tests, where root's own can't be reached by the server's user. */
const CACHE = path.join(os.tmpdir(), `walkthrough-test-${process.getuid?.() ?? 0}`);

/** Waits until the server has said this. Throws with its output when it ends before. */
function said(server: ChildProcess, text: string): Promise<void> {
  let log = '';
  return new Promise((resolve, reject) => {
    server.stderr?.on('data', (piece: Buffer) => {
      log += piece;
      if (log.includes(text)) resolve();
    });
    server.once('error', reject);
    server.once('exit', (code) => reject(new Error(`The test's server ended with code ${code}:\n${log}`)));
  });
}
