import { chown, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { CtlError, type Operation, type Request, readRequest, TRY, USAGE } from './pg-ctl-request.ts';
import { PSQL_VERSION } from './psql/options.ts';
import { wait } from './streams.ts';
import type { Inside, Program, Server } from './types.ts';

/** Where the container ends, its other processes are killed. */
const KILLED = 137;

/** Controls the container's own server: reload, status, promote and stop of pg_ctl 14. */
export const pgCtl: Program = async (argv, inside) => {
  const [, first = ''] = argv;
  if (first === '--version' || first === '-V') {
    inside.stdout.write(`pg_ctl (PostgreSQL) ${PSQL_VERSION}\n`);
    return 0;
  }
  if (first === '--help' || first === '-?') {
    inside.stdout.write(USAGE);
    return 0;
  }
  try {
    if (inside.user === 'root') throw new CtlError(ROOT);
    return await run(readRequest(argv), inside);
  } catch (error) {
    if (!(error instanceof CtlError)) throw error;
    inside.stderr.write(`${error.message}\n`);
    return error.exitCode;
  }
};

const ROOT = [
  'pg_ctl: cannot be run as root',
  'Please log in (using, e.g., "su") as the (unprivileged) user that will',
  'own the server process.',
].join('\n');

/** What an operation needs to know. `tell` prints unless -s is given. */
interface Context {
  request: Request;
  inside: Inside;
  /** Of the container. */
  directory: string;
  /** Of this machine. */
  real: string;
  tell(text: string): void;
}

interface Running extends Context {
  server: Server;
}

const OPERATIONS: Record<Operation, (context: Context) => Promise<number>> = {
  reload,
  status,
  promote,
  stop,
};

async function run(request: Request, inside: Inside): Promise<number> {
  const directory = request.directory ?? inside.env.PGDATA;
  if (!directory)
    throw new CtlError(
      `pg_ctl: no database directory specified and environment variable PGDATA unset\n${TRY}`,
    );
  const real = await dataFolder(request, directory, inside);
  const tell = (text: string) => {
    if (!request.silent) inside.stdout.write(text);
  };
  return OPERATIONS[request.operation]({ request, inside, directory, real, tell });
}

/** Throws CtlError where no cluster is; status answers 4 then. */
async function dataFolder({ operation }: Request, directory: string, inside: Inside): Promise<string> {
  const { files, cwd } = inside;
  const code = operation === 'status' ? 4 : 1;
  const found = await files.real(directory, cwd);
  const there = async (name: string) =>
    found !== null && (await stat(path.join(found.path, name)).catch(() => null)) !== null;
  if (found === null || !(await there('')))
    throw new CtlError(`pg_ctl: directory "${directory}" does not exist`, code);
  const mine = files.account(inside.user)?.uid === files.account('postgres')?.uid;
  // The folder is the server's own, with mode 0700.
  if (!mine)
    throw new CtlError(`pg_ctl: could not open PID file "${directory}/postmaster.pid": Permission denied`);
  if (!(await there('PG_VERSION')))
    throw new CtlError(`pg_ctl: directory "${directory}" is not a database cluster directory`, code);
  return found.path;
}

/** The server of this folder. Throws CtlError where none runs. */
async function needServer(context: Context): Promise<Running> {
  const server = await serverOf(context);
  if (server === null)
    throw new CtlError(
      `pg_ctl: PID file "${context.directory}/postmaster.pid" does not exist\nIs server running?`,
    );
  return { ...context, server };
}

async function serverOf({ inside, real }: Context): Promise<Server | null> {
  const { server, files } = inside;
  if (server === null || (await server.pid()) === null) return null;
  const own = await files.real(server.dataFolder, '/');
  return own?.path === real ? server : null;
}

async function reload(context: Context): Promise<number> {
  const { server, tell } = await needServer(context);
  await server.reload();
  tell('server signaled\n');
  return 0;
}

/** In a container the server is process 1. */
async function status(context: Context): Promise<number> {
  const { stdout } = context.inside;
  const server = await serverOf(context);
  if (server === null) {
    stdout.write('pg_ctl: no server is running\n');
    return 3;
  }
  stdout.write(`pg_ctl: server is running (PID: 1)\n${commandLine(server.command)}\n`);
  return 0;
}

/** As the server keeps it in postmaster.opts. */
export function commandLine(command: readonly string[]): string {
  const args = command[0] === 'postgres' ? command.slice(1) : command;
  return ['/usr/lib/postgresql/14/bin/postgres', ...args.map((word) => `"${word}"`)].join(' ');
}

async function promote(context: Context): Promise<number> {
  const { server, request, inside, real, tell } = await needServer(context);
  if ((await databaseState(real)) !== IN_ARCHIVE_RECOVERY)
    throw new CtlError('pg_ctl: cannot promote server; server is not in standby mode');
  const trigger = path.join(real, 'promote');
  await writeFile(trigger, '');
  const account = inside.files.account('postgres');
  if (process.getuid?.() === 0 && account) await chown(trigger, account.uid, account.gid);
  await server.signal('SIGUSR1');
  if (!request.wait) {
    tell('server promoting\n');
    return 0;
  }
  tell('waiting for server to promote...');
  if (await waited(context, async () => (await databaseState(real)) === IN_PRODUCTION)) {
    tell(' done\nserver promoted\n');
    return 0;
  }
  tell(' stopped waiting\n');
  throw new CtlError('pg_ctl: server did not promote in time');
}

async function stop(context: Context): Promise<number> {
  const { server, request, tell } = await needServer(context);
  const pid = await server.pid();
  await server.signal(request.signal);
  if (!request.wait) {
    tell('server shutting down\n');
    return 0;
  }
  tell('waiting for server to shut down...');
  // The restart policy may have the next one run before this looks again.
  if (await waited(context, async () => (await server.pid()) !== pid)) return KILLED;
  tell(' failed\n');
  const hint =
    request.signal === 'SIGTERM'
      ? '\nHINT: The "-m fast" option immediately disconnects sessions rather than\nwaiting for session-initiated disconnection.'
      : '';
  throw new CtlError(`pg_ctl: server does not shut down${hint}`);
}

const STEP_MS = 100;

/** Looks ten times a second, with a dot for each second. False when the time is over. Throws Interrupted. */
async function waited({ request, inside, tell }: Context, reached: () => Promise<boolean>): Promise<boolean> {
  for (let step = 0; step < request.seconds * (1000 / STEP_MS); step++) {
    if (await reached()) return true;
    if (step % (1000 / STEP_MS) === 0) tell('.');
    await wait(STEP_MS, inside.signal);
  }
  return false;
}

/** States of a cluster in its control file. */
const IN_ARCHIVE_RECOVERY = 5;
const IN_PRODUCTION = 6;
/** After the system identifier and two versions. */
const STATE_OFFSET = 16;

async function databaseState(dataFolder: string): Promise<number> {
  const control = await readFile(path.join(dataFolder, 'global', 'pg_control'));
  // In the order of this machine: PostgreSQL 14 runs here on little-endian ones only.
  return control.readInt32LE(STATE_OFFSET);
}
