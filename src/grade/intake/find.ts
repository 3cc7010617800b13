import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../../errors.ts';
import { ARCHIVE, archiveKind, folded, isHandedIn, isWorkspace, printable } from './names.ts';

/** A submission as it was handed in. */
export interface Found {
  /** Nobody else's in the batch, and fit for a file name. */
  name: string;
  /** Absolute real path. */
  path: string;
  kind: 'folder' | 'zip' | 'tar';
}

/** What the named paths hold. */
export interface Search {
  submissions: Found[];
  /** Names of what lies beside them and is neither a folder nor an archive, made harmless. */
  leftOut: string[];
}

/** Without its name yet, which depends on the others. */
interface Place {
  path: string;
  kind: Found['kind'];
  /** What its name is made from. */
  called: string;
}

/** `rest`: paths of what is no submission. */
interface Places {
  found: Place[];
  rest: string[];
}

/**
 * The submissions in `paths`, in their order: folders and archives that are one, and what is in folders of such, by
 * name. Hidden entries in a folder of submissions do not count; links and other files in it are left out. Throws
 * UserError for a path that is not there, or has no submission in it.
 */
export async function findSubmissions(paths: string[]): Promise<Search> {
  const all: Places[] = [];
  for (const written of paths) all.push(await placesAt(written));
  // The same one may be named twice: as itself, and by the folder that it is in.
  const each = new Map(all.flatMap(({ found }) => found).map((place) => [place.path, place]));
  const taken = new Set<string>();
  return {
    submissions: [...each.values()].map(({ called, ...place }) => ({
      name: freeName(called, taken),
      ...place,
    })),
    leftOut: [...new Set(all.flatMap(({ rest }) => rest))].map((file) => printable(path.basename(file))),
  };
}

async function placesAt(written: string): Promise<Places> {
  const real = await realpath(written).catch(() => null);
  if (real === null)
    throw new UserError(`There is no file or folder "${written}".`, 'Check how the path is written.');
  if (!(await stat(real)).isDirectory()) return { found: [archiveAt(real, written)], rest: [] };
  const entries = await readdir(real, { withFileTypes: true }).catch(() => null);
  if (entries === null)
    throw new UserError(`The folder ${written} can't be read.`, 'Change its permissions, then try again.');
  if (isWorkspace(names(entries, 'isFile'), names(entries, 'isDirectory')))
    return { found: [{ path: real, kind: 'folder', called: path.basename(real) }], rest: [] };
  const found: Place[] = [];
  const rest: string[] = [];
  for (const entry of entries) {
    if (!isHandedIn(entry.name)) continue;
    const place = await placeOf(real, entry);
    if (place === null) rest.push(path.join(real, entry.name));
    else found.push(place);
  }
  if (found.length > 0) return { found: found.sort(byName), rest: rest.sort(collator.compare) };
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
  if (kind !== null) return { path: file, kind, called: withoutEnding(file) };
  throw new UserError(
    `${written} is no folder, .zip, .tar.gz, .tgz or .tar.`,
    'Name a folder with a docker-compose.yml, or an archive of one.',
  );
}

const withoutEnding = (file: string): string => path.basename(file).replace(ARCHIVE, '');

/** null of what is neither a folder nor an archive. */
async function placeOf(folder: string, entry: Dirent): Promise<Place | null> {
  const full = path.join(folder, entry.name);
  if (entry.isDirectory()) {
    const archive = await onlyArchive(full);
    return { ...(archive ?? { path: full, kind: 'folder' }), called: entry.name };
  }
  const kind = entry.isFile() ? archiveKind(entry.name) : null;
  return kind === null ? null : { path: full, kind, called: withoutEnding(full) };
}

/** The archive that is all there is in a folder: Moodle packs each upload into a folder with its student's name. */
async function onlyArchive(folder: string): Promise<Pick<Place, 'path' | 'kind'> | null> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const [only, ...others] = entries.filter(({ name }) => isHandedIn(name));
  if (!only?.isFile() || others.length > 0) return null;
  const kind = archiveKind(only.name);
  return kind === null ? null : { path: path.join(folder, only.name), kind };
}

const collator = new Intl.Collator('en', { numeric: true });

/** By the name that it was handed in with. */
function byName(a: Place, b: Place): number {
  return collator.compare(a.called, b.called) || (a.path < b.path ? -1 : 1);
}

/** Characters of a name. */
const LENGTH = 100;
/** Bytes of a name, so that there is room for the ending of a file name. */
const BYTES = 200;

/** What Moodle puts behind a student's name and number. */
const MOODLE = /(?<=_\d+)_assignsubmission_\w+$/;

/** A name for a submission that no other in `taken` has, whatever the file system thinks of case. */
function freeName(called: string, taken: Set<string>): string {
  const plain = fileName(called);
  for (let count = 1; ; count++) {
    const end = count === 1 ? '' : ` (${count})`;
    const name = `${shortened(plain, LENGTH - end.length, BYTES - end.length)}${end}`;
    if (taken.has(folded(name))) continue;
    taken.add(folded(name));
    return name;
  }
}

function fileName(base: string): string {
  const name = printable(base, Number.POSITIVE_INFINITY).replace(/[\\/]/g, '_').trim().replace(MOODLE, '');
  return /^\.*$/.test(name) ? 'submission' : name;
}

function shortened(name: string, characters: number, bytes: number): string {
  const kept = [...name].slice(0, characters);
  while (Buffer.byteLength(kept.join('')) > bytes) kept.pop();
  return kept.join('').trimEnd();
}
