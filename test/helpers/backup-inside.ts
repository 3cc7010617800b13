import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Readable, Writable } from 'node:stream';
import { onTestFinished } from 'vitest';
import { realConninfo } from '../../src/lab/sandbox/container/conninfo.ts';
import { connect } from '../../src/lab/sandbox/inside/connect.ts';
import { accountsOf, thisMachine } from '../../src/lab/sandbox/inside/files/identity.ts';
import { mountedFiles } from '../../src/lab/sandbox/inside/files/mounted.ts';
import { pgBasebackup } from '../../src/lab/sandbox/inside/pg-basebackup/pg-basebackup.ts';
import type { Inside, Program, Route, Server } from '../../src/lab/sandbox/inside/types.ts';
import { serverAccount } from '../../src/lab/sandbox/server/account.ts';
import { preparePrograms } from '../../src/lab/sandbox/server/programs.ts';
import { freePort } from './free-port.ts';
import type { PlainServer } from './plain-server.ts';
import type { Said } from './psql-inside.ts';

/** The folder of this machine that is mounted at /output; gone when the test ends. */
export async function outputFolder(): Promise<string> {
  const workspace = await mkdtemp(path.join(os.tmpdir(), 'backup-'));
  await chmod(workspace, 0o755); // servers run as another user than root
  onTestFinished(() => rm(workspace, { recursive: true, force: true }));
  const output = path.join(workspace, 'output');
  await mkdir(output);
  return output;
}

export interface Around {
  /** Mounted at /output. */
  output: string;
  readOnly?: boolean;
  user?: string;
  env?: Record<string, string>;
  stdin?: string;
  signal?: AbortSignal;
  /** Told of what is printed, as it comes. */
  heard?(text: string): void;
  server?: Server;
}

/** Runs a program as in a container that knows one host, `leader`: the server with this port. */
export async function runWith(
  program: Program,
  argv: string[],
  port: number,
  { output, readOnly = false, user = 'root', env = {}, stdin = '', signal, heard, server }: Around,
): Promise<Said> {
  const said = { stdout: '', stderr: '' };
  const collect = (key: 'stdout' | 'stderr') =>
    new Writable({
      write(piece, _, done) {
        said[key] += piece;
        heard?.(String(piece));
        done();
      },
    });
  const accounts = accountsOf(thisMachine());
  const who = accounts.identify(user);
  if (!who) throw new Error(`no user ${user}`);
  const inside: Inside = {
    user,
    env: { HOME: '/root', PGPASSWORD: 'replicatorpass', PGDATA: '/output', ...env },
    cwd: '/',
    stdin: Readable.from(stdin === '' ? [] : [Buffer.from(stdin)]),
    stdout: collect('stdout'),
    stderr: collect('stderr'),
    terminal: false,
    signal: signal ?? new AbortController().signal,
    files: mountedFiles({
      mounts: [{ type: 'bind', source: output, target: '/output', readOnly }],
      workspace: path.dirname(output),
      who,
      accounts,
    }),
    network: { route: async (host, asked) => routeTo(port, host, asked) },
    server: server ?? null,
  };
  const code = await program(argv, inside);
  return { ...said, code };
}

export const backup = (argv: string[], port: number, around: Around): Promise<Said> =>
  runWith(pgBasebackup, ['pg_basebackup', ...argv], port, around);

function routeTo(port: number, host: string | null, asked: number): Route {
  const socket = host === null ? `/var/run/postgresql/.s.PGSQL.${asked}` : null;
  const shown = { socket, host: host ?? '', address: '172.18.0.2', port: asked };
  if (host === null) return { kind: 'no-socket', shown };
  if (host !== 'leader') return { kind: 'unknown-host', host };
  return asked === 5432 ? { kind: 'tcp', port, shown } : { kind: 'refused', shown };
}

/** Runs statements as the superuser, and answers the last one's rows as text. */
export async function sql(port: number, text: string): Promise<Record<string, string | null>[]> {
  const shown = { socket: null, host: '127.0.0.1', address: '127.0.0.1', port };
  const client = await connect(
    { kind: 'tcp', port, shown },
    { user: 'postgres', database: 'postgres', password: undefined, application: 'test' },
  );
  try {
    const results = await client.query(text);
    return (Array.isArray(results) ? results.at(-1) : results).rows;
  } finally {
    await client.end();
  }
}

/** Makes these the server's only rules, besides trust for all that is no replication. */
export async function setRules({ dataFolder, port }: PlainServer, rules: string[]): Promise<void> {
  await writeFile(
    path.join(dataFolder, 'pg_hba.conf'),
    `${['host all all 127.0.0.1/32 trust', ...rules].join('\n')}\n`,
  );
  await sql(port, 'SELECT pg_reload_conf()');
  for (;;) {
    const [row] = await sql(port, 'SELECT count(*)::text AS n FROM pg_hba_file_rules');
    const [loaded] = await sql(port, "SELECT (now() - pg_conf_load_time() > '50ms')::text AS done");
    if (row?.n === String(rules.length + 1) && loaded?.done === 'true') return;
  }
}

export interface Standby {
  port: number;
  pid: number;
  /** Ended by stop(). */
  stop(): Promise<void>;
}

/**
 * Starts a server from a copy, as the sandbox does: the folder is handed to the server's user, and the host in
 * primary_conninfo is led to the port where it really listens.
 */
export async function startCopy(folder: string, leaderPort: number): Promise<Standby> {
  const account = serverAccount();
  await chmod(folder, 0o700);
  if (account) execFileSync('chown', ['-R', `${account.uid}:${account.gid}`, folder]);
  const { postgres } = await preparePrograms({
    ...process.env,
    WALKTHROUGH_CACHE: path.join(os.tmpdir(), `walkthrough-test-${process.getuid?.() ?? 0}`),
  });
  const written = /^primary_conninfo = '(.*)'$/m.exec(
    await readFile(path.join(folder, 'postgresql.auto.conf'), 'utf8'),
  )?.[1];
  const conninfo = written ? realConninfo(written.replaceAll("''", "'"), () => leaderPort) : null;
  const port = await freePort();
  const settings = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    `unix_socket_directories=`,
    ...(conninfo ? [`primary_conninfo=${conninfo}`] : []),
  ];
  const child = spawn(postgres, ['-D', folder, ...settings.flatMap((one) => ['-c', one])], {
    ...(account ? { uid: account.uid, gid: account.gid } : {}),
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const stop = () => ended(child);
  onTestFinished(stop);
  await ready(child);
  return { port, pid: child.pid ?? 0, stop };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGINT');
  await gone;
}

function ready(child: ChildProcess): Promise<void> {
  let log = '';
  return new Promise((resolve, reject) => {
    child.stderr?.on('data', (piece: Buffer) => {
      log += piece;
      if (/ready to accept (read-only )?connections/.test(log)) resolve();
    });
    child.once('exit', (code) => reject(new Error(`The copy ended with code ${code}:\n${log}`)));
  });
}

/** Asks until the answer is there. */
export async function eventually<T>(ask: () => Promise<T | null>, what: string): Promise<T> {
  const until = Date.now() + 20_000;
  for (;;) {
    const answer = await ask().catch(() => null);
    if (answer !== null) return answer;
    if (Date.now() > until) throw new Error(`It did not come: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
