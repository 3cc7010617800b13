import { constants, open, realpath, stat } from 'node:fs/promises';

/** Bytes; no file that a person writes is near it. */
const LARGEST = 1024 * 1024;

/**
 * Reads a small regular file that really lies in a folder; null for another one. Somebody may change links while we
 * look: what was opened must be what the real path names. Throws what `open` throws.
 */
export async function readWithin(folder: string, file: string): Promise<Buffer | null> {
  // Without NONBLOCK a pipe would hold us until somebody writes into it.
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const opened = await handle.stat();
    if (opened.isDirectory()) throw Object.assign(new Error(`${file} is a directory`), { code: 'EISDIR' });
    if (!opened.isFile() || opened.size > LARGEST) return null;
    const real = await realpath(file);
    if (!real.startsWith(`${folder}/`)) return null;
    const named = await stat(real);
    if (named.ino !== opened.ino || named.dev !== opened.dev) return null;
    const buffer = Buffer.alloc(opened.size);
    const { bytesRead } = await handle.read(buffer, 0, opened.size, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
