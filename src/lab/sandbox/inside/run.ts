import path from 'node:path';
import { refused } from '../command/refusal.ts';
import { dataTargetOf } from '../container/layout.ts';
import { Store } from '../engine/store.ts';
import {
  type Container,
  type ContainerSpec,
  type Engine,
  EngineError,
  type ProgramInside,
} from '../engine/types.ts';
import { accountsOf, thisMachine } from './files/identity.ts';
import { mountedFiles } from './files/mounted.ts';
import { isFolder } from './files/operations.ts';
import type { FileInside } from './files/tree.ts';
import { networkOf } from './network.ts';
import { guarded, runProgram } from './programs.ts';
import { write } from './streams.ts';
import type { Server } from './types.ts';

export interface RunOptions extends ProgramInside {
  engine: Engine;
}

/** What runc and the engine answer when a program can't be started. */
const CANNOT_START = 126;

/**
 * Runs a program as in a container and answers its exit code. 125: the sandbox does not know it. Throws EngineError
 * for what the engine refuses. Whether the container runs is the caller's to ask.
 */
export async function runInside(options: RunOptions): Promise<number> {
  const { engine, container, argv, stdin, stdout, stderr, terminal, signal } = options;
  const spec = container?.spec ?? options.spec;
  if (spec === null) throw new Error('runInside needs a container or the description of one');
  const accounts = accountsOf(thisMachine());
  const user = options.user || 'root';
  const who = accounts.identify(user);
  if (who === null) return cannotStart(options, `unable to find ${problemOf(user)}`);
  const name = nameOf(user);
  const files = mountedFiles({
    mounts: realMounts(spec, engine.workspace),
    workspace: engine.workspace,
    who,
    accounts,
    root: container
      ? async () => {
          await engine.refresh();
          return path.join(container.real.socketFolder, 'root');
        }
      : undefined,
  });
  const inside: FileInside = {
    user: name,
    env: environmentOf(spec, name, terminal, options.env),
    cwd: path.posix.normalize(options.workdir || '/').replace(/(.)\/$/, '$1'),
    stdin,
    stdout,
    stderr,
    terminal,
    signal,
    files,
    network: networkOf(engine, { id: container?.id ?? null, spec }),
    server: container ? serverOf(engine, container) : null,
  };
  return guarded(inside, async () => {
    const trouble = await folderTrouble(inside, options);
    if (trouble !== null) return cannotStart(options, trouble);
    if (argv.length === 0) throw refused('the sandbox needs a program to run', 'Add one');
    return runProgram(argv, inside);
  });
}

function nameOf(user: string): string {
  const [name = ''] = user.split(':');
  if (/^0+$/.test(name)) return 'root';
  return name === '999' ? 'postgres' : name;
}

function problemOf(user: string): string {
  const [name = '', group = ''] = user.split(':');
  const known = /^(?:root|postgres|\d{1,9})$/.test(name);
  return known
    ? `group ${group}: no matching entries in group file`
    : `user ${name}: no matching entries in passwd file`;
}

const HOMES: Record<string, string> = { root: '/root', postgres: '/var/lib/postgresql' };

/** In the order in which `env` prints them in the image. */
function environmentOf(
  spec: ContainerSpec,
  user: string,
  terminal: boolean,
  given: Record<string, string>,
): Record<string, string> {
  return {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/lib/postgresql/14/bin',
    HOSTNAME: spec.hostname,
    ...(terminal ? { TERM: 'xterm' } : {}),
    LANG: 'en_US.utf8',
    PG_MAJOR: '14',
    PGDATA: '/var/lib/postgresql/data',
    ...spec.env,
    ...given,
    HOME: given.HOME ?? spec.env.HOME ?? HOMES[user] ?? '/',
  };
}

/** What keeps the program from its working folder. `docker run` makes one that is missing. */
async function folderTrouble(inside: FileInside, { workdir, container }: RunOptions): Promise<string | null> {
  if (workdir === null || workdir === '') return null;
  if (!workdir.startsWith('/')) {
    return container
      ? 'OCI runtime exec failed: exec failed: Cwd must be an absolute path: unknown'
      : `the working directory '${workdir}' is invalid, it needs to be an absolute path`;
  }
  if (!container || isFolder(await inside.files.look(inside.cwd, '/', { follow: true }))) return null;
  return `OCI runtime exec failed: exec failed: unable to start container process: chdir to cwd ("${workdir}") set in config.json failed: no such file or directory: unknown`;
}

/** In the words of `docker exec`. Of a new container the command says it in its own: nothing has been started yet. */
async function cannotStart({ stderr, container }: RunOptions, message: string): Promise<number> {
  if (!container) throw new EngineError(message);
  await write(stderr, `${message}\n`);
  return CANNOT_START;
}

/** Mounts with the folders of volumes in place of their names. */
function realMounts(spec: ContainerSpec, workspace: string) {
  const store = new Store(workspace);
  return spec.mounts.map((mount) =>
    mount.type === 'volume' && !path.isAbsolute(mount.source)
      ? { ...mount, source: store.volumeFolder(mount.source) }
      : mount,
  );
}

function serverOf(engine: Engine, { id, spec }: Container): Server {
  return {
    pid: async () => (await engine.find(id))?.runtime.pid ?? null,
    async reload() {
      await engine.refresh();
      await engine.signal(id, 'SIGHUP');
    },
    signal: (signal) => engine.signal(id, signal),
    dataFolder: dataTargetOf(spec),
    command: spec.command,
  };
}
