import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import path from 'node:path';

/** The write of each file that is under way, so that the next one waits: the last text asked for is the one that stays. */
const going = new Map<string, Promise<void>>();

/**
 * Writes a file in one step: at any time, also after a crash and on a full disk, it holds its old text or the new one,
 * whole. Throws what the file system says; the old text is there then.
 * @param durable Returns when the text is on the disk, which takes a while; otherwise when every process sees it.
 */
export async function writeAtomically(file: string, text: string, { durable = true } = {}): Promise<void> {
  const key = path.resolve(file);
  const before = going.get(key) ?? Promise.resolve();
  const own = before.catch(() => {}).then(() => replace(file, text, durable));
  going.set(key, own);
  try {
    await own;
  } finally {
    if (going.get(key) === own) going.delete(key);
  }
}

/**
 * `writeFile` of a handle writes until all is written. A single `write` on a disk that gets full takes a part of it
 * without an error, and write-file-atomic (7.0.1) puts that in place of the old file.
 */
async function replace(file: string, text: string, durable: boolean): Promise<void> {
  const draft = `${file}.${randomUUID()}`;
  try {
    const handle = await open(draft, 'wx');
    try {
      await handle.writeFile(text);
      if (durable) await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => {});
    throw error;
  }
}
