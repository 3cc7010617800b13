import { write } from '../../streams.ts';
import { each, Said } from '../each.ts';
import { complain, quoted, reason, usage } from '../messages.ts';
import { type Found, type Passage, removeEntry, see } from '../operations.ts';
import { readOptions } from '../options.ts';
import { FileError, type FileInside, type FileProgram } from '../tree.ts';

export const rm: FileProgram = async (argv, inside) => {
  const { has, operands } = readOptions(argv, {
    flags: 'rRfvd',
    long: { recursive: 'r', force: 'f', verbose: 'v', dir: 'd' },
  });
  if (operands.length === 0 && !has('f')) throw usage('rm', 'missing operand');
  const deep = has('r') || has('R');
  const tell = async (name: string, folder: boolean) => {
    if (has('v')) await write(inside.stdout, `removed ${folder ? 'directory ' : ''}${quoted(name)}\n`);
  };
  return each(
    inside,
    'rm',
    operands,
    async (name) => {
      const base = name.replace(/(.)\/+$/, '$1');
      if (deep && /(?:^|\/)\.\.?$/.test(base)) {
        await complain(inside, 'rm', `refusing to remove '.' or '..' directory: skipping ${quoted(name)}`);
        throw new Said();
      }
      if (deep && base === '/') {
        await complain(inside, 'rm', "it is dangerous to operate recursively on '/'");
        await complain(inside, 'rm', 'use --no-preserve-root to override this failsafe');
        throw new Said();
      }
      const place = await see(inside, name, false).catch((error: unknown) => {
        // What is not there need not be removed.
        if (has('f') && ['ENOENT', 'ENOTDIR'].includes((error as { code?: string }).code ?? '')) return null;
        throw error;
      });
      if (place === null) return;
      if (place.kind === 'passage') {
        if (!deep) throw new FileError('EISDIR');
        await removeBelow(inside, base, place, tell);
        throw new FileError('EBUSY');
      }
      if (!place.stats.isDirectory()) {
        await removeEntry(inside, place);
        return tell(name, false);
      }
      if (!deep && !has('d')) throw new FileError('EISDIR');
      if (deep) await removeBelow(inside, base, place, tell);
      await removeEntry(inside, place);
      await tell(name, true);
    },
    (name, why) => `cannot remove ${quoted(name)}: ${why}`,
  );
};

/** Empties a folder. Goes on with the others when one can't be removed, and then leaves the folder. */
async function removeBelow(
  inside: FileInside,
  name: string,
  folder: Found | Passage,
  tell: (name: string, folder: boolean) => Promise<void>,
): Promise<void> {
  let failed = false;
  for (const entry of await inside.files.names(folder)) {
    const full = name === '/' ? `/${entry}` : `${name}/${entry}`;
    try {
      const place = await see(inside, full, false);
      if (place.kind === 'passage') {
        await removeBelow(inside, full, place, tell);
        throw new FileError('EBUSY');
      }
      const isFolder = place.stats.isDirectory();
      if (isFolder) await removeBelow(inside, full, place, tell);
      await removeEntry(inside, place);
      await tell(full, isFolder);
    } catch (error) {
      failed = true;
      if (error instanceof Said) continue;
      await complain(inside, 'rm', `cannot remove ${quoted(full)}: ${reason(error)}`);
    }
  }
  if (failed) throw new Said();
}

export const rmdir: FileProgram = async (argv, inside) => {
  const { operands } = readOptions(argv, {});
  if (operands.length === 0) throw usage('rmdir', 'missing operand');
  return each(
    inside,
    'rmdir',
    operands,
    async (name) => {
      const place = await see(inside, name, false);
      if (place.kind === 'passage') throw new FileError('EBUSY');
      if (!place.stats.isDirectory()) throw new FileError('ENOTDIR');
      await removeEntry(inside, place);
    },
    (name, why) => `failed to remove ${quoted(name)}: ${why}`,
  );
};
