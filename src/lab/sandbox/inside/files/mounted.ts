import { lstat, readdir, readlink } from 'node:fs/promises';
import path from 'node:path';
import type { Mount } from '../../engine/types.ts';
import type { RealPath } from '../types.ts';
import { globIn } from './glob.ts';
import { type Accounts, accountsOf, type Identity, may, PASS, READ, thisMachine } from './identity.ts';
import { isWithin, type Mounted, prepareMounts } from './mounts.ts';
import { FileError, inOrder, type Place, type Tree } from './tree.ts';

export interface MountedOptions {
  /** Sources are absolute paths of this machine, of volumes too. */
  mounts: readonly Mount[];
  /** Nothing outside of this folder is ever reached. */
  workspace: string;
  /** Answers the folder with a running container's own view of mounted files, by their paths in there. */
  root?: (() => Promise<string>) | undefined;
  /** Whose eyes it is seen with; root of the container unless said otherwise. */
  who?: Identity;
  accounts?: Accounts;
}

/** The kernel's own limit. */
const MAX_LINKS = 40;

/**
 * The container's files: what is mounted, and the folders above the mounts, of which only the names of mounts are
 * there. Everything else of the image does not exist. Every path is walked part by part, so that links and `..`
 * mean what they mean in the container and never lead to other files of this machine. (Someone who changes a folder
 * into a link between the walk and the use is not guarded against: he may do with his files what he likes anyway.)
 */
export function mountedFiles(options: MountedOptions): Tree {
  const accounts = options.accounts ?? accountsOf(thisMachine());
  const who = options.who ?? accounts.identify('root') ?? { uid: 0, gid: 0, superuser: true };
  let mounts: Promise<Mounted[]> | undefined;
  const mounted = () => {
    mounts ??= (async () => {
      const root = (await options.root?.()) ?? null;
      return prepareMounts(options.mounts, options.workspace, root);
    })();
    return mounts;
  };

  const tree: Tree = {
    who,
    accounts,
    ownerName: accounts.ownerName,
    account: accounts.account,
    async look(containerPath, cwd, { follow }) {
      try {
        return await walk(await mounted(), who, partsOf(containerPath, cwd), follow);
      } catch (error) {
        return { kind: 'error', code: (error as { code?: string }).code ?? 'EIO' };
      }
    },
    async real(containerPath, cwd) {
      const place = await tree.look(containerPath, cwd, { follow: true });
      return place.kind === 'found' || place.kind === 'missing' ? place.real : null;
    },
    async names(folder) {
      if (folder.kind === 'error') throw new FileError(folder.code);
      if (folder.kind === 'missing') throw new FileError('ENOENT');
      const names = new Set(childMounts(await mounted(), folder.name));
      if (folder.kind === 'found') {
        if (!folder.stats.isDirectory()) throw new FileError('ENOTDIR');
        if (!may(who, folder.stats, READ)) throw new FileError('EACCES');
        for (const name of await readdir(folder.real.path)) names.add(name);
      }
      return inOrder([...names]);
    },
    glob: (pattern, cwd) => globIn(tree, pattern, cwd),
  };
  return tree;
}

function partsOf(containerPath: string, cwd: string): string[] {
  // The empty path is no path.
  if (containerPath === '' || containerPath.includes('\0')) throw new FileError('ENOENT');
  return (containerPath.startsWith('/') ? containerPath : `${cwd}/${containerPath}`).split('/');
}

/** A place before it is known whether one may make something there. */
type Node =
  | Exclude<Place, { kind: 'missing' | 'error' }>
  | { kind: 'absent'; name: string; real: RealPath | null };

/** An empty part, as after a slash at the end, asks for a folder. Throws FileError or what Node throws. */
async function walk(mounts: Mounted[], who: Identity, parts: string[], follow: boolean): Promise<Place> {
  const rest = [...parts];
  let at = await nodeAt(mounts, '/');
  let above = at;
  let links = 0;
  for (let part = rest.shift(); part !== undefined; part = rest.shift()) {
    if (at.kind === 'absent') throw new FileError('ENOENT');
    if (at.kind === 'found' && !at.stats.isDirectory()) throw new FileError('ENOTDIR');
    if (part === '' || part === '.') continue;
    if (at.kind === 'found' && !may(who, at.stats, PASS)) throw new FileError('EACCES');
    const name = part === '..' ? path.posix.dirname(at.name) : path.posix.join(at.name, part);
    const next = await nodeAt(mounts, name);
    if (next.kind === 'found' && next.stats.isSymbolicLink() && (follow || rest.length > 0)) {
      links += 1;
      if (links > MAX_LINKS) throw new FileError('ELOOP');
      const target = await readlink(next.real.path);
      rest.unshift(...target.split('/'));
      if (target.startsWith('/')) at = await nodeAt(mounts, '/');
      continue;
    }
    above = at;
    at = next;
  }
  if (at.kind !== 'absent') return at;
  if (at.real === null || above.kind !== 'found') throw new FileError('ENOENT');
  return { kind: 'missing', name: at.name, real: at.real, folder: above.stats };
}

/** What is at a path that has no links and no dots in it. */
async function nodeAt(mounts: Mounted[], name: string): Promise<Node> {
  const [mount] = mounts
    .filter(({ target }) => isWithin(name, target))
    .sort((a, b) => b.target.length - a.target.length);
  if (childMounts(mounts, name).length > 0 && mount?.target !== name) {
    // Docker makes the folders for a nested mount in the outer one; here they may be missing.
    const outer = mount ? await look(mount, name) : null;
    return outer?.kind === 'found' && outer.stats.isDirectory() ? outer : { kind: 'passage', name };
  }
  return mount ? look(mount, name) : { kind: 'absent', name, real: null };
}

async function look({ target, source, readOnly }: Mounted, name: string): Promise<Node> {
  if (source === null) return { kind: 'absent', name, real: null };
  const real = {
    path: path.join(source, name.slice(target === '/' ? 0 : target.length)),
    readOnly,
    mountPoint: name === target,
  };
  try {
    return { kind: 'found', name, real, stats: await lstat(real.path) };
  } catch (error) {
    if (!['ENOENT', 'ENOTDIR'].includes((error as { code?: string }).code ?? '')) throw error;
    return { kind: 'absent', name, real };
  }
}

/** Names in a folder that mounts bring there. */
function childMounts(mounts: readonly Mounted[], folder: string): string[] {
  const below = mounts.filter(({ target }) => target !== folder && isWithin(target, folder));
  return below.map(({ target }) => target.slice(folder === '/' ? 1 : folder.length + 1).split('/')[0] ?? '');
}
