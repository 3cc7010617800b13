import { constants } from 'node:fs';
import { chmod, link, mkdir, open, unlink } from 'node:fs/promises';
import path from 'node:path';
import { type Entry, EntryError, tooLarge } from './entry.ts';
import type { IntakeLimits, Meter } from './limits.ts';
import { folded, printable } from './names.ts';
import { ours } from './our-disk.ts';

/** What has a place in the copy. A link is only written down: it is made when all files are there. */
export interface Node {
  /** From the top, as written. */
  parts: string[];
  kind: 'file' | 'folder' | 'link';
  /** Of a link. */
  target: string;
}

/** A copy that grows. The keys of `nodes` are folded names, so that no two of them can be the same file anywhere. */
export interface Tree {
  readonly folder: string;
  readonly nodes: ReadonlyMap<string, Node>;
  /** Makes an entry at this place. Throws EntryError where it can't have it: what came first stays. */
  add(parts: string[], entry: Entry): Promise<void>;
}

/** `folder`: empty, and nobody else writes in it. No link is ever in it, so no path in it leads elsewhere. */
export function growTree(folder: string, limits: IntakeLimits, meter: Meter): Tree {
  const nodes = new Map<string, Node>();
  const placeOf = (parts: string[]) => path.join(folder, ...parts);
  /** Its place is only taken when it is made. */
  const make = async (node: Node, work: () => Promise<void>) => {
    meter.taken();
    await work();
    nodes.set(keyOf(node.parts), node);
  };

  async function addFolder(parts: string[]): Promise<void> {
    const there = nodes.get(keyOf(parts));
    if (there !== undefined) {
      if (!same(there.parts, parts)) throw twice(there);
      if (there.kind !== 'folder') throw new EntryError('not-a-folder', `needs a folder ${named(there)}`);
      return;
    }
    await make({ parts, kind: 'folder', target: '' }, () =>
      ours(async () => {
        await mkdir(placeOf(parts));
        await chmod(placeOf(parts), 0o755);
      }),
    );
  }

  async function addHardLink(parts: string[], target: string): Promise<void> {
    const targetParts = target.split('/').filter((part) => part !== '' && part !== '.');
    const there = target.startsWith('/') ? undefined : nodes.get(keyOf(targetParts));
    if (there?.kind !== 'file' || !same(there.parts, targetParts))
      throw new EntryError('link-outside', 'is a hard link to something that is not in the submission');
    await make({ parts, kind: 'file', target: '' }, () =>
      ours(() => link(placeOf(targetParts), placeOf(parts))),
    );
  }

  return {
    folder,
    nodes,
    async add(parts, entry) {
      for (let i = 1; i < parts.length; i++) await addFolder(parts.slice(0, i));
      if (entry.type === 'folder') return addFolder(parts);
      const there = nodes.get(keyOf(parts));
      if (there !== undefined) throw twice(there);
      if (entry.type === 'special') throw new EntryError('special-file', 'is no file, folder or link');
      if (entry.type === 'hard-link') return addHardLink(parts, await entry.target());
      if (entry.type === 'symbolic-link')
        return make({ parts, kind: 'link', target: await entry.target() }, async () => undefined);
      return make({ parts, kind: 'file', target: '' }, () =>
        writeContent(placeOf(parts), entry, limits, meter),
      );
    },
  };
}

export const keyOf = (parts: string[]): string => folded(parts.join('/'));

const same = (a: string[], b: string[]) => a.join('/') === b.join('/');

const shown = (parts: string[]) => printable(parts.join('/'));

const named = ({ parts }: Node) => `where ${shown(parts)} is`;

function twice({ parts }: Node): EntryError {
  return new EntryError('duplicate-name', `comes after ${shown(parts)}, which has the same name and stays`);
}

/** Writes a new file. Bytes are counted as they come. */
async function writeContent(file: string, entry: Entry, limits: IntakeLimits, meter: Meter): Promise<void> {
  const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
  const handle = await ours(() => open(file, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600));
  let bytes = 0;
  let counted = 0;
  try {
    for await (const piece of entry.content()) {
      bytes += piece.length;
      if (bytes > limits.fileBytes) throw tooLarge(limits);
      meter.written(piece.length);
      counted = bytes;
      await ours(() => handle.writeFile(piece));
    }
    await ours(() => handle.chmod(entry.executable ? 0o755 : 0o644));
  } catch (error) {
    meter.written(-counted);
    await ours(() => unlink(file));
    throw error;
  } finally {
    await handle.close();
  }
}
