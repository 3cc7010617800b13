import { mkdir, realpath } from 'node:fs/promises';
import path from 'node:path';
import { type ContainerSpec, EngineError } from './types.ts';

/** Throws EngineError for a bind source that is outside of the workspace, also behind a link. */
export async function stayInside(workspace: string, source: string): Promise<void> {
  const real = await realOfExisting(source);
  if (real === workspace || real.startsWith(`${workspace}/`)) return;
  throw new EngineError(`the sandbox does not mount ${source}: it stays in the folder ${workspace}`);
}

/** As Docker, which makes a folder of a bind source that is not there. Throws EngineError where it can't. */
export async function makeSources(workspace: string, { mounts }: ContainerSpec): Promise<void> {
  for (const { type, source } of mounts) {
    if (type !== 'bind') continue;
    await stayInside(workspace, source);
    await mkdir(source, { recursive: true }).catch((error: { code?: string; message: string }) => {
      if (error.code !== 'EEXIST')
        throw new EngineError(
          `error while creating mount source path '${source}': mkdir ${source}: ${reason(error)}`,
        );
    });
  }
}

/** The real path of what is there of a path, and the rest as it is. */
async function realOfExisting(target: string): Promise<string> {
  try {
    return await realpath(target);
  } catch {
    const parent = path.dirname(target);
    return parent === target ? target : path.join(await realOfExisting(parent), path.basename(target));
  }
}

const reason = ({ code, message }: { code?: string; message: string }): string =>
  code === 'EACCES'
    ? 'permission denied'
    : code === 'EROFS'
      ? 'read-only file system'
      : code === 'ENOSPC'
        ? 'no space left on device'
        : message;
