import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Mount } from '../../engine/types.ts';

/** A mount with the real path of what is mounted; null where that is gone, or not inside of the workspace. */
export interface Mounted {
  target: string;
  source: string | null;
  readOnly: boolean;
}

/**
 * Resolves the sources of mounts. `root` is a folder that holds the files of a running container as it has them:
 * a mounted file that was replaced on this machine since (another inode) is still the old one in there.
 */
export async function prepareMounts(
  mounts: readonly Mount[],
  workspace: string,
  root: string | null,
): Promise<Mounted[]> {
  const home = await realpath(workspace);
  return Promise.all(
    mounts.map(async ({ source, target, readOnly }) => {
      const normal = path.posix.normalize(target).replace(/(.)\/$/, '$1');
      const kept = root === null ? null : await keptFile(source, path.join(root, normal));
      return { target: normal, source: kept ?? (await inside(source, home)), readOnly };
    }),
  );
}

async function inside(source: string, home: string): Promise<string | null> {
  const real = await realpath(source).catch(() => null);
  return real !== null && (real === home || real.startsWith(`${home}${path.sep}`)) ? real : null;
}

/** The copy of a mounted file where it is no more what lies at the source. */
async function keptFile(source: string, copy: string): Promise<string | null> {
  const kept = await stat(copy).catch(() => null);
  if (!kept?.isFile()) return null;
  const now = await stat(source).catch(() => null);
  // The copy was given the time of its source.
  const same = now?.isFile() && now.size === kept.size && Math.abs(now.mtimeMs - kept.mtimeMs) < 2;
  return same ? null : copy;
}

/** Whether a path is at or below a folder, both paths of the container. */
export const isWithin = (name: string, folder: string): boolean =>
  folder === '/' || name === folder || name.startsWith(`${folder}/`);
