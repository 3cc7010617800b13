import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';

/**
 * Makes a folder with those above it; one that is there is fine. Throws the error of mkdir. The recursive one of Node
 * tries for ever where a folder is there but takes no other, as /proc.
 */
export async function makeFolder(folder: string): Promise<void> {
  const parent = path.dirname(folder);
  if (!(await stat(parent).catch(() => null)) && parent !== folder) await makeFolder(parent);
  await mkdir(folder).catch((error: { code?: string }) => {
    if (error.code !== 'EEXIST') throw error;
  });
}
