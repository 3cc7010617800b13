import { readFileSync, type Stats, statSync } from 'node:fs';

// Small files of this machine, a dozen of which the walk looks at every second. At once, not in the background: each
// trip to the thread pool and back takes longer than the looking.

/** What is at a path; null when that can't be told. */
export function statNow(path: string): Stats | null {
  try {
    return statSync(path);
  } catch {
    return null;
  }
}

/** The text of a file; null when it can't be read. */
export function textNow(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
