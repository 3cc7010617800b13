import { each, Said } from '../each.ts';
import { complain, curly, quoted, reason, UsageError, usage } from '../messages.ts';
import { changeMode, changeOwner, type Found, see } from '../operations.ts';
import { readOptions } from '../options.ts';
import { FileError, type FileInside, type FileProgram } from '../tree.ts';
import { changedMode } from './mode.ts';

export const chown: FileProgram = async (argv, inside) => {
  const { has, operands } = readOptions(argv, {
    flags: 'Rhf',
    long: { recursive: 'R', 'no-dereference': 'h' },
  });
  const [owner, ...names] = operands;
  if (owner === undefined) throw usage('chown', 'missing operand');
  if (names.length === 0) throw usage('chown', `missing operand after ${curly(owner)}`);
  const { uid, gid } = readOwner(owner, inside);
  return change(
    inside,
    'chown',
    names,
    { deep: has('R'), follow: !has('h') },
    'changing ownership of',
    (place) => changeOwner(inside, place, uid, gid),
  );
};

/** `user`, `user:`, `user:group` or `:group`; null stays as it is. */
function readOwner(
  written: string,
  { files: { accounts } }: FileInside,
): { uid: number | null; gid: number | null } {
  const [user = '', group] = written.split(':', 2);
  const account = user === '' ? null : accounts.account(user);
  if (user !== '' && account === null) throw new UsageError(`chown: invalid user: ${curly(written)}`);
  if (group === undefined) return { uid: account?.uid ?? null, gid: null };
  if (group === '') return { uid: account?.uid ?? null, gid: account?.gid ?? null };
  const gid = accounts.group(group);
  if (gid === null) throw new UsageError(`chown: invalid group: ${curly(written)}`);
  return { uid: account?.uid ?? null, gid };
}

export const chmod: FileProgram = async (argv, inside) => {
  // `chmod -x file` is a mode, not an option.
  const words = argv.map((word) => (/^-[rwxXst]+$/.test(word) ? `a${word}` : word));
  const { has, operands } = readOptions(words, { flags: 'R', long: { recursive: 'R' } });
  const [mode, ...names] = operands;
  if (mode === undefined) throw usage('chmod', 'missing operand');
  if (names.length === 0) throw usage('chmod', `missing operand after ${curly(mode)}`);
  if (changedMode(mode, 0, false) === null) throw usage('chmod', `invalid mode: ${curly(mode)}`);
  return change(
    inside,
    'chmod',
    names,
    { deep: has('R'), follow: true },
    'changing permissions of',
    (place) => {
      const { stats } = place;
      // A link has no mode of its own.
      if (stats.isSymbolicLink()) return Promise.resolve();
      return changeMode(inside, place, changedMode(mode, stats.mode, stats.isDirectory()) ?? stats.mode);
    },
  );
};

async function change(
  inside: FileInside,
  program: string,
  names: string[],
  { deep, follow }: { deep: boolean; follow: boolean },
  doing: string,
  act: (place: Found) => Promise<void>,
): Promise<number> {
  const visit = async (name: string, followHere: boolean): Promise<void> => {
    const place = await see(inside, name, followHere);
    let failed = false;
    const complainOf = async (error: unknown, what: string, one = name) => {
      failed = true;
      if (!(error instanceof Said))
        await complain(inside, program, `${what} ${quoted(one)}: ${reason(error)}`);
    };
    const acted = place.kind === 'passage' ? Promise.reject(new FileError('EPERM')) : act(place);
    await acted.catch((error: unknown) => complainOf(error, doing));
    if (deep && (place.kind === 'passage' || place.stats.isDirectory())) {
      const entries = await inside.files.names(place).catch(async (error: unknown) => {
        await complainOf(error, 'cannot read directory');
        return [];
      });
      // Links below are not followed.
      for (const entry of entries) {
        const full = `${name.replace(/\/$/, '')}/${entry}`;
        await visit(full, false).catch((error: unknown) => complainOf(error, 'cannot access', full));
      }
    }
    if (failed) throw new Said();
  };
  return each(
    inside,
    program,
    names,
    (name) => visit(name, follow),
    (name, why) => `cannot access ${quoted(name)}: ${why}`,
  );
}
