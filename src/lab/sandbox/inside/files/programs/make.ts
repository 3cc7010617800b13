import { each } from '../each.ts';
import { curly, quoted, UsageError, usage } from '../messages.ts';
import { isFolder, makeFolder, openToWrite, touchTimes } from '../operations.ts';
import { readOptions } from '../options.ts';
import { FileError, type FileInside, type FileProgram } from '../tree.ts';
import { changedMode } from './mode.ts';

/** Of a folder, with the image's umask 022. */
const FOLDER_MODE = 0o755;

export const mkdir: FileProgram = async (argv, inside) => {
  const { has, value, operands } = readOptions(argv, {
    flags: 'p',
    values: 'm',
    long: { parents: 'p', mode: 'm' },
  });
  if (operands.length === 0) throw usage('mkdir', 'missing operand');
  const written = value('m');
  const mode = written === undefined ? FOLDER_MODE : changedMode(written, FOLDER_MODE, true);
  if (mode === null) throw new UsageError(`mkdir: invalid mode ${curly(written ?? '')}`);
  return each(
    inside,
    'mkdir',
    operands,
    (name) => (has('p') ? makeAll(inside, name, mode) : makeFolder(inside, name, mode)),
    (name, why) => `cannot create directory ${curly(name)}: ${why}`,
  );
};

async function makeAll(inside: FileInside, name: string, mode: number): Promise<void> {
  const parts = name.split('/').filter((part) => part !== '');
  for (let count = 1; count <= parts.length; count += 1) {
    const at = (name.startsWith('/') ? '/' : '') + parts.slice(0, count).join('/');
    const place = await inside.files.look(at, inside.cwd, { follow: true });
    if (isFolder(place)) continue;
    if (place.kind === 'found') throw new FileError(count === parts.length ? 'EEXIST' : 'ENOTDIR');
    await makeFolder(inside, at, count === parts.length ? mode : FOLDER_MODE);
  }
}

export const touch: FileProgram = async (argv, inside) => {
  const { has, operands } = readOptions(argv, { flags: 'c', long: { 'no-create': 'c' } });
  if (operands.length === 0) throw usage('touch', 'missing file operand');
  return each(
    inside,
    'touch',
    operands,
    async (name) => {
      const place = await inside.files.look(name, inside.cwd, { follow: true });
      if (place.kind === 'error') throw new FileError(place.code);
      if (place.kind === 'passage') throw new FileError('EPERM');
      if (place.kind === 'found') await touchTimes(inside, place);
      else if (!has('c')) await (await openToWrite(inside, name, { append: true })).close();
    },
    (name, why) => `cannot touch ${quoted(name)}: ${why}`,
  );
};
