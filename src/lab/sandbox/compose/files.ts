import path from 'node:path';
import { COMPOSE_FILES, OVERRIDE_FILES } from '../../compose-source.ts';
import type { Bounds } from './bounds.ts';
import { ComposeError } from './value.ts';

/** There is no compose file to read. */
export class NoComposeFile extends ComposeError {
  constructor(message: string) {
    super(message, 14);
  }
}

/** What decides which files are read. Paths as typed, relative to `cwd`. */
export interface Lookup {
  cwd: string;
  /** Folders above are searched, too. */
  searchUp: boolean;
  named: string[];
  directory: string | null;
  bounds: Bounds;
  warn(message: string): void;
}

/** Compose files in the order in which they are read. Throws NoComposeFile. */
export async function composeFiles(lookup: Lookup): Promise<string[]> {
  if (lookup.named.length > 0) return lookup.named.map((file) => path.resolve(lookup.cwd, file));
  let folder = path.resolve(lookup.cwd, lookup.directory ?? '.');
  for (;;) {
    const found = await firstOf(folder, COMPOSE_FILES, lookup);
    if (found !== null) {
      const over = await firstOf(folder, OVERRIDE_FILES, lookup);
      return over === null ? [found] : [found, over];
    }
    const above = path.dirname(folder);
    if (!lookup.searchUp || above === folder || folder === lookup.bounds.top) {
      throw new NoComposeFile('no configuration file provided: not found');
    }
    folder = above;
  }
}

async function firstOf(folder: string, names: string[], { bounds, warn }: Lookup): Promise<string | null> {
  const paths = names.map((name) => path.join(folder, name));
  const there = await Promise.all(paths.map(bounds.exists));
  const found = paths.filter((_, i) => there[i]);
  const [first = null] = found;
  // Compose looks twice, and says it twice.
  for (let i = 0; found.length > 1 && i < 2; i++) {
    warn(`Found multiple config files with supported names: ${found.join(', ')}`);
    warn(`Using ${first}`);
  }
  return first;
}

/** The folder where a project's relative paths begin. */
export function projectDirectory({ cwd, directory }: Lookup, files: string[]): string {
  if (directory !== null) return path.resolve(cwd, directory);
  return files[0] === undefined ? path.resolve(cwd) : path.dirname(files[0]);
}
