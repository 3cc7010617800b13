import { lstatSync, realpathSync } from 'node:fs';
import path from 'node:path';

/**
 * Whether a path of a compose file leads out of the copy, links and `..` counted. Relative ones begin in the copy. What
 * is not there yet is where its first folder that is there leads.
 */
export function isOutside(written: string, copy: string): boolean {
  const plain = written.replaceAll('$$', '$');
  if (plain.startsWith('~') || /^(?:[A-Za-z]:[\\/]|\\\\)/.test(plain) || plain.includes('\0')) return true;
  const top = realOf(path.resolve(copy));
  // Not `resolve`, which takes `link/..` for nothing: the system follows the link first.
  const real = realOf(path.isAbsolute(plain) ? plain : `${top}/${plain}`);
  return top === null || real === null || (real !== top && !real.startsWith(`${top}${path.sep}`));
}

/** Where the system comes by this path, part by part; null where that is not known. */
function realOf(place: string): string | null {
  let at: string | null = '/';
  for (const part of place.split('/')) {
    if (at === null) return null;
    if (part === '..') at = path.dirname(at);
    else if (part !== '' && part !== '.') at = realOrSame(path.join(at, part));
  }
  return at;
}

/** What is not there stays as it is; null for a link that leads nowhere yet. */
function realOrSame(place: string): string | null {
  try {
    return realpathSync(place);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    return ['ENOENT', 'ENOTDIR'].includes(code) && !isLink(place) ? place : null;
  }
}

function isLink(place: string): boolean {
  try {
    return lstatSync(place).isSymbolicLink();
  } catch {
    return false;
  }
}
