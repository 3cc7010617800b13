import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../../errors.ts';
import { folded, isJunk, isWorkspace, printable } from './names.ts';

/** A submission as it was handed in. */
export interface Found {
  /** Nobody else's in the batch, and fit for a file name. */
  name: string;
  /** Absolute real path. */
  path: string;
  kind: 'folder' | 'zip' | 'tar';
}

type Place = Omit<Found, 'name'>;

/**
 * The submissions in `paths`, in their order: folders and archives that are one, and what is in folders of such, by
 * name. Hidden entries, links and other files in a folder of submissions are not looked at. Throws UserError for a path
 * that is not there, or has no submission in it.
 */
export async function findSubmissions(paths: string[]): Promise<Found[]> {
  const places: Place[] = [];
  for (const written of paths) places.push(...(await placesAt(written)));
  // The same one may be named twice: as itself, and by the folder that it is in.
  const each = new Map(places.map((place) => [place.path, place]));
  const taken = new Set<string>();
  return [...each.values()].map((place) => ({ name: freeName(place, taken), ...place }));
}

async function placesAt(written: string): Promise<Place[]> {
  const real = await realpath(written).catch(() => null);
  if (real === null) throw new UserError(`There is no ${written}.`, 'Check how the path is written.');
  if (!(await stat(real)).isDirectory()) return [archiveAt(real, written)];
  const entries = await readdir(real, { withFileTypes: true }).catch(() => null);
  if (entries === null)
    throw new UserError(`The folder ${written} can't be read.`, 'Change its permissions, then try again.');
  if (isWorkspace(names(entries, 'isFile'), names(entries, 'isDirectory')))
    return [{ path: real, kind: 'folder' }];
  const inside = entries.flatMap((entry) => placeOf(real, entry)).sort(byName);
  if (inside.length > 0) return inside;
  throw new UserError(
    `The folder ${written} has no submission in it.`,
    'Name a folder with a docker-compose.yml, a .zip or .tar.gz of one, or a folder of those.',
  );
}

function names(entries: Dirent[], is: 'isFile' | 'isDirectory'): string[] {
  return entries.filter((entry) => entry[is]()).map(({ name }) => name);
}

function archiveAt(file: string, written: string): Place {
  const kind = archiveKind(file);
  if (kind !== null) return { path: file, kind };
  throw new UserError(
    `${written} is no folder, .zip, .tar.gz, .tgz or .tar.`,
    'Name a folder with a docker-compose.yml, or an archive of one.',
  );
}

const ARCHIVE = /\.(?:(zip)|tar\.gz|tgz|tar)$/i;

function archiveKind(file: string): 'zip' | 'tar' | null {
  const match = ARCHIVE.exec(path.basename(file));
  if (match === null) return null;
  return match[1] === undefined ? 'tar' : 'zip';
}

function placeOf(folder: string, entry: Dirent): Place[] {
  if (entry.name.startsWith('.') || isJunk(entry.name)) return [];
  const full = path.join(folder, entry.name);
  if (entry.isDirectory()) return [{ path: full, kind: 'folder' }];
  const kind = entry.isFile() ? archiveKind(entry.name) : null;
  return kind === null ? [] : [{ path: full, kind }];
}

const collator = new Intl.Collator('en', { numeric: true });

function byName(a: Place, b: Place): number {
  return collator.compare(a.path, b.path) || (a.path < b.path ? -1 : 1);
}

/** Characters of a name. */
const LENGTH = 100;
/** Bytes of a name, so that there is room for the ending of a file name. */
const BYTES = 200;

/** A name for a submission that no other in `taken` has, whatever the file system thinks of case. */
function freeName({ path: place, kind }: Place, taken: Set<string>): string {
  const base = path.basename(place);
  const plain = fileName(kind === 'folder' ? base : base.replace(ARCHIVE, ''));
  for (let count = 1; ; count++) {
    const end = count === 1 ? '' : ` (${count})`;
    const name = `${shortened(plain, LENGTH - end.length, BYTES - end.length)}${end}`;
    if (taken.has(folded(name))) continue;
    taken.add(folded(name));
    return name;
  }
}

function fileName(base: string): string {
  const name = printable(base, Number.POSITIVE_INFINITY).replace(/[\\/]/g, '_').trim();
  return /^\.*$/.test(name) ? 'submission' : name;
}

function shortened(name: string, characters: number, bytes: number): string {
  const kept = [...name].slice(0, characters);
  while (Buffer.byteLength(kept.join('')) > bytes) kept.pop();
  return kept.join('').trimEnd();
}
