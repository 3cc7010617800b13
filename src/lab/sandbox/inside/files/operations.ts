import { constants, type Stats } from 'node:fs';
import {
  chmod,
  chown,
  type FileHandle,
  lchown,
  mkdir,
  open,
  rename,
  rmdir,
  unlink,
  utimes,
} from 'node:fs/promises';
import path from 'node:path';
import type { RealPath } from '../types.ts';
import { may, PASS, READ, WRITE } from './identity.ts';
import { FileError, type FileInside, type Place } from './tree.ts';

/**
 * What a process of the container may do with files. Each throws an error with the errno that it would get there:
 * FileError, or Node's own. The container's user is told apart from ours, so rights are asked here first.
 */

export type Found = Extract<Place, { kind: 'found' }>;
export type Passage = Extract<Place, { kind: 'passage' }>;

/** What is there. Throws for nothing and for what can't be reached. */
export async function see(inside: FileInside, name: string, follow = true): Promise<Found | Passage> {
  const place = await inside.files.look(name, inside.cwd, { follow });
  if (place.kind === 'error') throw new FileError(place.code);
  if (place.kind === 'missing') throw new FileError('ENOENT');
  return place;
}

/** A file or folder of a mount: not one of the folders above. Those are not the learner's to change. */
export async function seeReal(inside: FileInside, name: string, follow = true): Promise<Found> {
  const place = await see(inside, name, follow);
  if (place.kind === 'passage') throw new FileError('EPERM');
  return place;
}

/** What a place is; the folders above mounts have no stats. */
export const isFolder = (place: Place): boolean =>
  place.kind === 'passage' || (place.kind === 'found' && place.stats.isDirectory());

export async function openToRead(inside: FileInside, name: string): Promise<FileHandle> {
  const place = await see(inside, name);
  if (place.kind === 'passage' || place.stats.isDirectory()) throw new FileError('EISDIR');
  if (!may(inside.files.who, place.stats, READ)) throw new FileError('EACCES');
  return open(place.real.path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
}

export async function readText(inside: FileInside, name: string): Promise<string> {
  const handle = await openToRead(inside, name);
  try {
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}

/** Makes the file where it is missing, with mode 0644 (umask 022) and the container's user as its owner. */
export async function openToWrite(
  inside: FileInside,
  name: string,
  { append }: { append: boolean },
): Promise<FileHandle> {
  const place = await inside.files.look(name, inside.cwd, { follow: true });
  if (place.kind === 'error') throw new FileError(place.code);
  if (isFolder(place) || place.kind === 'passage') throw new FileError('EISDIR');
  mayMake(inside, place);
  const { O_WRONLY, O_CREAT, O_APPEND, O_TRUNC, O_NOFOLLOW, O_NONBLOCK } = constants;
  const flags = O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | (append ? O_APPEND : O_TRUNC);
  const handle = await open(place.real.path, flags, 0o644);
  if (place.kind === 'missing') {
    await handle.chmod(0o644);
    await own(inside, place.real.path);
  }
  return handle;
}

function mayMake({ files: { who } }: FileInside, place: Found | Extract<Place, { kind: 'missing' }>): void {
  const allowed =
    place.kind === 'found' ? may(who, place.stats, WRITE) : may(who, place.folder, WRITE | PASS);
  if (!allowed) throw new FileError('EACCES');
  if (place.real.readOnly) throw new FileError('EROFS');
}

/** Gives what we made to the container's user. Only root can, and only then is it needed. */
async function own({ files: { who } }: FileInside, real: string): Promise<void> {
  if (process.getuid?.() === 0) await lchown(real, who.uid, who.gid);
}

/** `mode` is set as it is, whatever our umask. */
export async function makeFolder(inside: FileInside, name: string, mode: number): Promise<void> {
  const place = await inside.files.look(name.replace(/(.)\/+$/, '$1'), inside.cwd, { follow: false });
  if (place.kind === 'error') throw new FileError(place.code);
  if (place.kind !== 'missing') throw new FileError('EEXIST');
  mayMake(inside, place);
  await mkdir(place.real.path);
  await chmod(place.real.path, mode);
  await own(inside, place.real.path);
}

/** Whether an entry may be taken out of its folder. */
async function mayTake(inside: FileInside, place: Found): Promise<void> {
  if (place.real.mountPoint) throw new FileError('EBUSY');
  const folder = await inside.files.look(path.posix.dirname(place.name), '/', { follow: false });
  if (folder.kind === 'found' && !may(inside.files.who, folder.stats, WRITE | PASS))
    throw new FileError('EACCES');
  if (place.real.readOnly) throw new FileError('EROFS');
}

/** Removes what is no folder, or an empty folder. */
export async function removeEntry(inside: FileInside, place: Found): Promise<void> {
  await mayTake(inside, place);
  if (place.stats.isDirectory()) {
    // A mount that lies in it is there in the container, also where the outer folder has nothing.
    if ((await inside.files.names(place).catch(() => [])).length > 0) throw new FileError('ENOTEMPTY');
    await rmdir(place.real.path);
  } else await unlink(place.real.path);
}

export async function moveEntry(inside: FileInside, from: Found, to: Place): Promise<void> {
  if (to.kind === 'error') throw new FileError(to.code);
  if (to.kind === 'passage') throw new FileError('EBUSY');
  await mayTake(inside, from);
  if (to.kind === 'found') await mayTake(inside, to);
  else mayMake(inside, to);
  await rename(from.real.path, to.real.path);
}

/** A user who is no root changes only what is his. */
function mayChange({ files: { who } }: FileInside, { stats, real }: Found): void {
  if (!who.superuser && stats.uid !== who.uid) throw new FileError('EPERM');
  if (real.readOnly) throw new FileError('EROFS');
}

export async function changeMode(inside: FileInside, place: Found, mode: number): Promise<void> {
  mayChange(inside, place);
  await chmod(place.real.path, mode).catch(unlessPlainUser);
}

/** `uid` and `gid` are real ones; null leaves it as it is. */
export async function changeOwner(
  inside: FileInside,
  place: Found,
  uid: number | null,
  gid: number | null,
): Promise<void> {
  const { stats, real } = place;
  const [newUid, newGid] = [uid ?? stats.uid, gid ?? stats.gid];
  if (!inside.files.who.superuser && (newUid !== stats.uid || newGid !== stats.gid))
    throw new FileError('EPERM');
  mayChange(inside, place);
  await lchown(real.path, newUid, newGid).catch(unlessPlainUser);
  // The kernel takes these bits away from a file that gets another owner.
  if (stats.isFile() && stats.mode & 0o6000)
    await chmod(real.path, stats.mode & 0o1777).catch(unlessPlainUser);
}

/** Where the sandbox is not run by root, all files are ours already, as far as a server can tell. */
function unlessPlainUser(error: unknown): void {
  if ((error as { code?: string }).code === 'EPERM' && process.getuid?.() !== 0) return;
  throw error;
}

export async function touchTimes(inside: FileInside, place: Found): Promise<void> {
  const { who } = inside.files;
  if (place.stats.uid !== who.uid && !may(who, place.stats, WRITE)) throw new FileError('EACCES');
  if (place.real.readOnly) throw new FileError('EROFS');
  const now = new Date();
  await utimes(place.real.path, now, now);
}

/** Gives a new file the owner of another one, as far as the container's user may; else it is his own. */
export async function ownAs(
  { files: { who } }: FileInside,
  real: RealPath,
  { uid, gid }: Stats,
): Promise<void> {
  if (process.getuid?.() !== 0) return;
  if (who.superuser) await chown(real.path, uid, gid);
  else await chown(real.path, who.uid, who.gid);
}
