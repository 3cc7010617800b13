import { randomUUID } from 'node:crypto';
import {
  chmod,
  chown,
  copyFile,
  mkdir,
  readFile,
  rename,
  rm,
  stat,
  utimes,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import { effectiveRules } from '../engine/hba.ts';
import { readJson, writeJson } from '../engine/store.ts';
import type { ContainerSpec } from '../engine/types.ts';
import { statNow } from '../files-now.ts';
import type { Layout } from './layout.ts';

/**
 * A file of the learner as a running container sees it. Docker binds the file itself, not its name: what is written
 * into it is seen at once, but an editor that writes a new file and gives it the old name is not seen until the
 * container starts again. The inode tells the two apart. In a mounted folder the name counts.
 */
interface Pin {
  source: string;
  target: string;
  /** null: whatever has the name. */
  inode: number | null;
  changed: number;
  bytes: number;
}

const pinsFile = (layout: Layout) => path.join(layout.runFolder, 'pins.json');

/**
 * Copies, for a container that starts, every mounted file and every file in a mounted folder that its command
 * names: the server's user may not pass through the learner's folders. A folder in a file's place becomes one, too.
 */
export async function pinFiles(layout: Layout, spec: ContainerSpec, named: readonly string[]): Promise<void> {
  const pins: Pin[] = [];
  // Tried again when another process of ours puts a copy there at the same time.
  await rm(layout.rootFolder, { recursive: true, force: true, maxRetries: 3 });
  const mounted = spec.mounts.filter(({ type }) => type === 'bind').map(({ target }) => target);
  for (const target of new Set([...mounted, ...named])) {
    const source = layout.real(target);
    if (source === null || `${target}/`.startsWith(`${layout.dataTarget}/`)) continue;
    const stats = await stat(source).catch(() => null);
    if (stats?.isFile()) {
      await copyAsIs(source, pinnedPath(layout, target));
      const inode = mounted.includes(target) ? stats.ino : null;
      pins.push({ source, target, inode, changed: stats.mtimeMs, bytes: stats.size });
    } else if (stats?.isDirectory() && named.includes(target))
      await mkdir(pinnedPath(layout, target), { recursive: true });
  }
  await writeJson(pinsFile(layout), pins);
}

/** Brings what was written into these files since then. */
export async function refreshPins(layout: Layout): Promise<void> {
  // null: it never started.
  const pins = readJson<Pin[]>(pinsFile(layout)) ?? [];
  let stale = false;
  for (const pin of pins) {
    const stats = statNow(pin.source);
    if (!stats || (pin.inode !== null && stats.ino !== pin.inode)) continue;
    if (stats.mtimeMs === pin.changed && stats.size === pin.bytes) continue;
    await copyAsIs(pin.source, pinnedPath(layout, pin.target));
    Object.assign(pin, { changed: stats.mtimeMs, bytes: stats.size });
    stale = true;
  }
  if (stale) await writeJson(pinsFile(layout), pins);
}

/** The copy of a mounted file by its path in the container. */
export const pinnedPath = (layout: Layout, target: string): string => path.join(layout.rootFolder, target);

/** Owner and mode go with it: a server that may not read the file must not read the copy. */
const copyAsIs = (source: string, target: string): Promise<void> =>
  putInPlace(source, target, (made) => copyFile(source, made));

/**
 * Makes the file beside its place and moves it there: the server reads the place at any time, and two processes of
 * ours may bring the same file at once.
 */
async function putInPlace(
  source: string,
  target: string,
  make: (made: string) => Promise<void>,
): Promise<void> {
  await mkdir(path.dirname(target), { recursive: true });
  const made = `${target}.${randomUUID()}`;
  try {
    await make(made);
    await likeness(source, made);
    await rename(made, target);
  } catch (error) {
    await rm(made, { force: true });
    // A container that starts clears this folder, and then brings everything itself.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

async function likeness(source: string, target: string): Promise<void> {
  const { mode, uid, gid, atimeMs, mtimeMs } = await stat(source);
  if (process.getuid?.() === 0) await chown(target, uid, gid);
  // The time, too: the probe compares it with the time at which the server last read its configuration.
  await utimes(target, atimeMs / 1000, mtimeMs / 1000);
  await chmod(target, mode & 0o777);
}

/**
 * Writes the rules that the server is to read, from those of the learner's file. Where that is gone or can't be
 * read, the server must find that out for itself.
 */
export async function writeRules(layout: Layout, source: string, names: readonly string[]): Promise<void> {
  const { rulesFile } = layout;
  const stats = statNow(source);
  if (!stats?.isFile()) return rm(rulesFile, { force: true, recursive: true });
  const old = statNow(rulesFile);
  if (old && Math.abs(old.mtimeMs - stats.mtimeMs) < 1 && old.mode === stats.mode && old.uid === stats.uid)
    return;
  // In the way lies a folder when one is mounted there.
  if (old?.isDirectory()) await rm(rulesFile, { force: true, recursive: true });
  const text = effectiveRules(await readFile(source, 'utf8').catch(() => ''), names);
  await putInPlace(source, rulesFile, (made) => writeFile(made, text));
}
