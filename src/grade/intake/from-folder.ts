import { lstat, opendir, readlink } from 'node:fs/promises';
import path from 'node:path';
import { openPlain, readRange } from './bytes.ts';
import { type Entry, EntryError, tooLarge } from './entry.ts';
import { IntakeError, type IntakeLimits, type Meter } from './limits.ts';
import { isData, isJunk } from './names.ts';

/**
 * What a folder holds, each folder before what is in it, by name. Links are not followed, and what no submission
 * brings is not looked into. `root`: real path. Throws IntakeError when nobody may look into the folder itself.
 */
export async function* folderEntries(
  root: string,
  where: string,
  limits: IntakeLimits,
  meter: Meter,
): AsyncGenerator<Entry> {
  const names = await namesIn(root, meter);
  if (names === null) throw new IntakeError('unreadable', where, `The folder ${where} can't be read.`);
  yield* below(root, [], names, limits, meter);
}

async function* below(
  root: string,
  parents: string[],
  names: string[],
  limits: IntakeLimits,
  meter: Meter,
): AsyncGenerator<Entry> {
  for (const name of names) {
    const parts = [...parents, name];
    const place = path.join(root, ...parts);
    const stats = await lstat(place).catch(() => null);
    const skipped = isJunk(name) || isData(name) || parts.length > limits.depth;
    if (!stats?.isDirectory() || skipped) {
      yield entryOf(place, parts, stats, limits);
      continue;
    }
    const inside = await namesIn(place, meter);
    yield entryOf(place, parts, inside === null ? null : stats, limits);
    if (inside !== null) yield* below(root, parts, inside, limits, meter);
  }
}

/** Names in a folder, in order; null where we may not look. */
async function namesIn(folder: string, meter: Meter): Promise<string[] | null> {
  const names: string[] = [];
  try {
    for await (const { name } of await opendir(folder)) {
      meter.seen();
      names.push(name);
    }
  } catch (error) {
    if (error instanceof IntakeError) throw error;
    return null;
  }
  return names.sort();
}

type Seen = Awaited<ReturnType<typeof lstat>>;

/** `stats`: null of what can't be read. */
function entryOf(place: string, parts: string[], stats: Seen | null, limits: IntakeLimits): Entry {
  return {
    name: parts.join('/'),
    type: stats === null ? 'file' : typeOf(stats),
    executable: stats !== null && (Number(stats.mode) & 0o100) !== 0,
    target: () => readlink(place).catch(() => ''),
    content: () => content(place, limits),
  };
}

function typeOf(stats: Seen): Entry['type'] {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'folder';
  return stats.isSymbolicLink() ? 'symbolic-link' : 'special';
}

async function* content(place: string, limits: IntakeLimits): AsyncGenerator<Uint8Array> {
  const handle = await openPlain(place).catch(() => null);
  if (handle === null) throw new EntryError('unreadable', "can't be read");
  try {
    // Only spares the reading: who writes the copy counts.
    if ((await handle.stat()).size > limits.fileBytes) throw tooLarge(limits);
    yield* readRange(handle);
  } finally {
    await handle.close();
  }
}
