import { access, constants, stat } from 'node:fs/promises';
import path from 'node:path';

/** Full path of a program that a shell would find, or null. */
export function findProgram(name: string, env: NodeJS.ProcessEnv): Promise<string | null> {
  const endings = process.platform === 'win32' ? ['.exe', '.cmd', ''] : [''];
  const folders = (env.PATH ?? '').split(path.delimiter).map((folder) => folder || '.');
  return firstExecutable(
    folders.flatMap((folder) => endings.map((ending) => path.join(folder, name + ending))),
  );
}

/** The first of these files that we may run, or null. */
export async function firstExecutable(files: string[]): Promise<string | null> {
  for (const file of files) {
    const usable = await access(file, constants.X_OK)
      .then(() => stat(file))
      .then(
        (stats) => stats.isFile(),
        () => false,
      );
    if (usable) return file;
  }
  return null;
}
