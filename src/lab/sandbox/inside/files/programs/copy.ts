import { readlink, symlink } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { write } from '../../streams.ts';
import { each, Said } from '../each.ts';
import { complain, quoted, reason, UsageError, usage } from '../messages.ts';
import {
  changeMode,
  type Found,
  isFolder,
  makeFolder,
  moveEntry,
  openToRead,
  openToWrite,
  ownAs,
  removeEntry,
  see,
  seeReal,
} from '../operations.ts';
import { readOptions } from '../options.ts';
import { FileError, type FileInside, type FileProgram } from '../tree.ts';

const base = (name: string): string =>
  name
    .replace(/(.)\/+$/, '$1')
    .split('/')
    .at(-1) ?? name;

/** Where each source goes: into a folder that is there, or to the new name. Throws UsageError. */
async function targetsOf(
  inside: FileInside,
  program: string,
  operands: string[],
): Promise<[string, string][]> {
  const sources = operands.slice(0, -1);
  const last = operands.at(-1);
  if (last === undefined) throw usage(program, 'missing file operand');
  const [first] = sources;
  if (first === undefined) throw usage(program, `missing destination file operand after ${quoted(last)}`);
  const into = isFolder(await inside.files.look(last, inside.cwd, { follow: true }));
  if (!into && sources.length > 1)
    throw new UsageError(`${program}: target ${quoted(last)}: No such file or directory`);
  return sources.map((source) => [source, into ? `${last.replace(/(.)\/$/, '$1')}/${base(source)}` : last]);
}

interface Manner {
  deep: boolean;
  keep: boolean;
  tell: boolean;
}

export const cp: FileProgram = async (argv, inside) => {
  const { has, operands } = readOptions(argv, {
    flags: 'rRapfv',
    long: { recursive: 'r', archive: 'a', verbose: 'v' },
  });
  const manner = { deep: has('r') || has('R') || has('a'), keep: has('a') || has('p'), tell: has('v') };
  const targets = new Map(await targetsOf(inside, 'cp', operands));
  return each(
    inside,
    'cp',
    [...targets.keys()],
    async (source) => {
      const place = await see(inside, source, !manner.deep);
      if (place.kind === 'passage') throw new FileError('EPERM');
      await copy(inside, source, place, targets.get(source) ?? '', manner);
    },
    (source, why) => `cannot stat ${quoted(source)}: ${why}`,
  );
};

async function copy(
  inside: FileInside,
  source: string,
  place: Found,
  target: string,
  manner: Manner,
): Promise<void> {
  const { stats } = place;
  const fail = async (text: string, error: unknown): Promise<never> => {
    await complain(inside, 'cp', `${text}: ${reason(error)}`);
    throw new Said();
  };
  const to = await inside.files.look(target, inside.cwd, { follow: false });
  if (to.kind === 'found' && to.real.path === place.real.path) {
    await complain(inside, 'cp', `${quoted(source)} and ${quoted(target)} are the same file`);
    throw new Said();
  }
  if (stats.isDirectory()) return copyFolder(inside, source, place, target, manner);
  if (stats.isSymbolicLink()) {
    if (to.kind !== 'missing')
      return fail(`cannot create symbolic link ${quoted(target)}`, new FileError('EEXIST'));
    // Its target is a path of the container, and stays one.
    await symlink(await readlink(place.real.path), to.real.path);
    return;
  }
  const from = await openToRead(inside, source).catch((error: unknown) =>
    fail(`cannot open ${quoted(source)} for reading`, error),
  );
  try {
    const into = await openToWrite(inside, target, { append: false }).catch((error: unknown) =>
      fail(`cannot create regular file ${quoted(target)}`, error),
    );
    await pipeline(from.createReadStream({ autoClose: false }), into.createWriteStream());
  } finally {
    await from.close();
  }
  if (manner.tell) await write(inside.stdout, `${quoted(source)} -> ${quoted(target)}\n`);
  const made = await seeReal(inside, target);
  if (manner.keep) await ownAs(inside, made.real, stats);
  // A new file gets the mode of the old one; an old one keeps its own.
  if (manner.keep || to.kind === 'missing')
    await changeMode(inside, made, stats.mode & (manner.keep ? 0o7777 : 0o755));
}

async function copyFolder(
  inside: FileInside,
  source: string,
  place: Found,
  target: string,
  manner: Manner,
): Promise<void> {
  if (!manner.deep) {
    await complain(inside, 'cp', `-r not specified; omitting directory ${quoted(source)}`);
    throw new Said();
  }
  const to = await inside.files.look(target, inside.cwd, { follow: true });
  const known = to.kind === 'found' || to.kind === 'missing';
  if (known && `${to.name}/`.startsWith(`${place.name}/`)) {
    await complain(
      inside,
      'cp',
      `cannot copy a directory, ${quoted(source)}, into itself, ${quoted(target)}`,
    );
    throw new Said();
  }
  const names = await inside.files.names(place);
  if (!isFolder(to)) {
    const mode = place.stats.mode & (manner.keep ? 0o7777 : 0o755);
    await makeFolder(inside, target, mode | 0o700).catch(async (error: unknown) => {
      await complain(inside, 'cp', `cannot create directory ${quoted(target)}: ${reason(error)}`);
      throw new Said();
    });
  }
  const code = await each(
    inside,
    'cp',
    names,
    async (name) => {
      const full = `${source.replace(/\/$/, '')}/${name}`;
      const below = await seeReal(inside, full, false);
      await copy(inside, full, below, `${target.replace(/\/$/, '')}/${name}`, manner);
    },
    (name, why) => `cannot stat ${quoted(`${source}/${name}`)}: ${why}`,
  );
  const made = await seeReal(inside, target);
  if (manner.keep) await ownAs(inside, made.real, place.stats);
  if (code !== 0) throw new Said();
}

export const mv: FileProgram = async (argv, inside) => {
  const { has, operands } = readOptions(argv, {
    flags: 'fnv',
    long: { force: 'f', 'no-clobber': 'n', verbose: 'v' },
  });
  const targets = new Map(await targetsOf(inside, 'mv', operands));
  return each(
    inside,
    'mv',
    [...targets.keys()],
    async (source) => {
      const target = targets.get(source) ?? '';
      const from = await see(inside, source, false);
      const fail = async (text: string): Promise<never> => {
        await complain(inside, 'mv', text);
        throw new Said();
      };
      if (from.kind === 'passage')
        return fail(`cannot move ${quoted(source)} to ${quoted(target)}: Device or resource busy`);
      const to = await inside.files.look(target, inside.cwd, { follow: false });
      if (to.kind === 'found') {
        if (has('n')) return;
        if (to.real.path === from.real.path)
          return fail(`${quoted(source)} and ${quoted(target)} are the same file`);
        const [old, moved] = [to.stats.isDirectory(), from.stats.isDirectory()];
        if (!old && moved)
          return fail(`cannot overwrite non-directory ${quoted(target)} with directory ${quoted(source)}`);
        if (old && !moved) return fail(`cannot overwrite directory ${quoted(target)} with non-directory`);
      }
      await moveEntry(inside, from, to).catch(async (error: unknown) => {
        const { code } = error as { code?: string };
        if (code === 'EBUSY' && to.kind === 'found' && to.real.mountPoint) {
          const what = `inter-device move failed: ${quoted(source)} to ${quoted(target)}`;
          return fail(`${what}; unable to remove target: Device or resource busy`);
        }
        const busy = from.real.mountPoint && code === 'EBUSY';
        if (code !== 'EXDEV' && !busy)
          return fail(`cannot move ${quoted(source)} to ${quoted(target)}: ${reason(error)}`);
        // Mounts are file systems of their own: the container's mv copies from one to another, then removes.
        await copy(inside, source, from, target, { deep: true, keep: true, tell: false });
        if (busy) return fail(`cannot remove ${quoted(source)}: Device or resource busy`);
        await removeEntry(inside, from);
      });
      if (has('v')) await write(inside.stdout, `renamed ${quoted(source)} -> ${quoted(target)}\n`);
    },
    (source, why) => `cannot stat ${quoted(source)}: ${why}`,
  );
};
