import { lstat, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { identify, isAlive, type ProcessIdentity } from '../lab/sandbox/process.ts';

const PREFIX = 'walkthrough-grade-';
const OWNER = 'owner.json';

/** The folder of a batch for its copies. */
export interface Scratch {
  folder: string;
  remove(): Promise<void>;
}

/**
 * Makes a folder for the copies of a batch. What a grader left that was killed is removed first: `sweep` is given each
 * copy of it, to end what still runs there.
 */
export async function openScratch(sweep: (copy: string) => Promise<void>): Promise<Scratch> {
  const parent = await realpath(tmpdir());
  await removeOrphans(parent, sweep);
  const folder = await mkdtemp(path.join(parent, PREFIX));
  await writeFile(path.join(folder, OWNER), JSON.stringify(identify(process.pid)));
  return {
    folder,
    async remove() {
      await rm(folder, { recursive: true, force: true });
      // By now the servers have ended that Docker still ran in them at the beginning.
      await removeOrphans(parent, sweep);
    },
  };
}

async function removeOrphans(parent: string, sweep: (copy: string) => Promise<void>): Promise<void> {
  for (const name of await readdir(parent)) {
    if (!name.startsWith(PREFIX)) continue;
    // Another grader may just be removing it. Containers of a killed one may still write into a copy, so that it can't
    // be removed: the first room on Docker ends them. What is left over costs nobody a mark, and is tried again.
    await removeOrphan(path.join(parent, name), sweep).catch(() => {});
  }
}

async function removeOrphan(folder: string, sweep: (copy: string) => Promise<void>): Promise<void> {
  if (!(await isOurs(folder))) return;
  const owner = await readOwner(folder);
  // Without an owner it may be another grader's that is just being made.
  if (owner === null || isAlive(owner)) return;
  for (const copy of await copiesIn(folder)) await sweep(copy);
  await rm(folder, { recursive: true, force: true });
}

/** Others may write in the machine's temporary folder, too, and a link may lead anywhere. */
async function isOurs(folder: string): Promise<boolean> {
  const found = await lstat(folder);
  return found.isDirectory() && (process.getuid === undefined || found.uid === process.getuid());
}

async function readOwner(folder: string): Promise<ProcessIdentity | null> {
  try {
    return JSON.parse(await readFile(path.join(folder, OWNER), 'utf8')) as ProcessIdentity | null;
  } catch {
    return null;
  }
}

/** `<number of the submission>/<own or mended>/<name of the folder>`, as gradeBatch lays them out. */
async function copiesIn(folder: string): Promise<string[]> {
  const copies: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    for (const which of await readdir(path.join(folder, entry.name))) {
      const place = path.join(folder, entry.name, which);
      for (const copy of await readdir(place)) copies.push(path.join(place, copy));
    }
  }
  return copies;
}
