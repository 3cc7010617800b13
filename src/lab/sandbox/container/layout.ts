import path from 'node:path';
import type { Store, StoredContainer } from '../engine/store.ts';
import type { ContainerSpec, Mount } from '../engine/types.ts';

/** Where the image keeps the cluster, unless PGDATA says otherwise. */
const DATA_TARGET = '/var/lib/postgresql/data';
const SOCKET_TARGET = '/var/run/postgresql';

/** Where the things of a container lie on this machine. */
export interface Layout {
  /** PGDATA, a path of the container, and where it is. */
  dataTarget: string;
  dataFolder: string;
  /** What only a running server needs: its socket, and copies of mounted files. In the cache, because paths of sockets must be short. */
  runFolder: string;
  /** Below it lie copies of mounted files, by their path in the container. */
  rootFolder: string;
  /** The rules that the server really reads. */
  rulesFile: string;
  /** The path on this machine for a path in the container; null where nothing is mounted. */
  real(target: string): string | null;
}

export function layoutOf(
  store: Store,
  run: string,
  { id, spec }: Pick<StoredContainer, 'id' | 'spec'>,
): Layout {
  const dataTarget = dataTargetOf(spec);
  const runFolder = path.join(run, id.slice(0, 8));
  const rootFolder = path.join(runFolder, 'root');
  const real = (target: string) => realPath(spec.mounts, store, target);
  const dataFolder = real(dataTarget);
  if (dataFolder === null) throw new Error(`${spec.name} has nothing mounted for ${dataTarget}`);
  return {
    dataTarget,
    dataFolder,
    runFolder,
    rootFolder,
    rulesFile: path.join(rootFolder, dataTarget, 'pg_hba.conf'),
    real,
  };
}

export const dataTargetOf = (spec: ContainerSpec): string =>
  path.posix.normalize(spec.env.PGDATA || DATA_TARGET);

/** The mount that a path lies in: the deepest one. */
export function mountOf(mounts: readonly Mount[], target: string): Mount | null {
  const inside = mounts.filter(
    (one) => target === one.target || target.startsWith(`${one.target.replace(/\/$/, '')}/`),
  );
  return inside.sort((a, b) => b.target.length - a.target.length)[0] ?? null;
}

function realPath(mounts: readonly Mount[], store: Store, target: string): string | null {
  const mount = mountOf(mounts, target);
  if (!mount) return null;
  const source = mount.type === 'bind' ? mount.source : store.volumeFolder(mount.source);
  return path.join(source, target.slice(mount.target.length));
}

/** Puts the container's paths back into what a server says of its real ones. */
export function pathTranslator(layout: Layout, socketPort: number): (text: string) => string {
  const pairs: [string, string][] = [
    [path.join(layout.runFolder, `.s.PGSQL.${socketPort}`), `${SOCKET_TARGET}/.s.PGSQL.5432`],
    [layout.rootFolder, ''],
    [layout.runFolder, SOCKET_TARGET],
    [layout.dataFolder, layout.dataTarget],
    [INHERITED_FOLDER, layout.dataTarget],
  ];
  return (text) => pairs.reduce((sum, [real, shown]) => sum.replaceAll(real, shown), text);
}

/**
 * The data folder as the server's own open file: root hands it over to a server whose user may not pass through
 * the folders above it. Number 3 is the first after the standard streams.
 */
export const INHERITED_FOLDER = '/proc/self/fd/3';
