import { constants } from 'node:fs';
import { lstat, mkdir, open, rm } from 'node:fs/promises';
import path from 'node:path';
import { readWithin } from '../lab/read-within.ts';

/**
 * The text of a small file of the copy; null where there is none. A script may have put a link there, to a file of
 * this machine or to one that never ends, or a pipe that would hold us for ever: all of these count as none.
 */
export async function readFromCopy(workspace: string, file: string): Promise<string | null> {
  const content = await readWithin(workspace, path.join(workspace, file)).catch(() => null);
  return content === null ? null : content.toString('utf8');
}

/**
 * Puts a file into the copy, in the place of whatever is there. Links are replaced and never followed, or a script
 * could have any file of this machine written over. Call it while nothing of the submission runs.
 */
export async function writeIntoCopy(workspace: string, file: string, text: string): Promise<void> {
  const parts = file.split('/');
  for (let i = 1; i < parts.length; i++) {
    const folder = path.join(workspace, ...parts.slice(0, i));
    const found = await lstat(folder).catch(() => null);
    if (found?.isDirectory()) continue;
    if (found) await rm(folder, { force: true });
    await mkdir(folder);
  }
  const target = path.join(workspace, file);
  await rm(target, { recursive: true, force: true });
  const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
  const handle = await open(target, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o644);
  try {
    await handle.writeFile(text);
  } finally {
    await handle.close();
  }
}
