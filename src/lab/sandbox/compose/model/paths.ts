import path from 'node:path';

/** Where relative paths begin, and what `~` is. */
export interface Folders {
  project: string;
  home: string;
}

/** A path of this machine as Compose makes it absolute: absolute ones stay as they are written. */
export function absolutePath(written: string, { project, home }: Folders): string {
  if (written.startsWith('~')) return path.join(home, written.slice(1));
  const windows = /^(?:[A-Za-z]:[\\/]|\\\\)/.test(written);
  return path.isAbsolute(written) || windows ? written : cleanPath(path.join(project, written));
}

/** A path without `.`, `..` and a slash at its end. */
export function cleanPath(written: string): string {
  const clean = path.posix.normalize(written);
  return clean.length > 1 ? clean.replace(/\/$/, '') : clean;
}
