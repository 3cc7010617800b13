import {
  chownSync,
  closeSync,
  fchmodSync,
  fchownSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { type Identity, may, PASS, READ, WRITE } from '../files/identity.ts';
import { reason } from '../files/messages.ts';
import type { Inside, RealPath } from '../types.ts';
import { BackupError } from './errors.ts';

/** Modes of what is made besides the server's own files, as the server's data folder has them. */
export interface Modes {
  folder: number;
  file: number;
}

export interface OpenFile {
  /** All of it, at the end of the file or at an offset. Throws BackupError. */
  write(piece: Uint8Array, offset?: number): void;
  /** Bytes; what is added are zeros. Throws BackupError. */
  resize(size: number): void;
  close(): void;
}

/**
 * The folder that the backup goes to. Messages have its path as it was typed; names are relative to it. Files are
 * written at once, without waiting: one program copies one stream, and small writes are fastest so.
 */
export interface Destination {
  /** Path of a file as messages have it. */
  shown(name: string): string;
  real(name: string): string;
  /** Makes a folder, with those above it. One that is there already is left as it is. Throws BackupError. */
  makeFolder(name: string, mode?: number): void;
  /** Throws BackupError. */
  openFile(name: string, options?: { mode?: number; append?: boolean }): OpenFile;
  rename(from: string, to: string): void;
  /** Takes back what was made, and answers what is said of that. */
  cleanUp(): string;
  /** What is said of it where it is not to be taken back. */
  left(): string;
}

const failed = (what: string, shown: string, error: unknown): BackupError =>
  new BackupError(`could not ${what} "${shown}": ${reason(error)}`);

/**
 * Finds the folder, or makes it. Throws BackupError where it is not empty, can't be made, or where nothing is mounted
 * (exit code 125).
 */
export async function openDestination(typed: string, inside: Inside, modes: Modes): Promise<Destination> {
  const who = identityOf(inside);
  const owned = process.getuid?.() === 0 && who.uid !== 0;
  const place = await locate(typed, inside);
  if (place === null)
    throw new BackupError(
      `the sandbox keeps only what is mounted, and nothing is mounted at ${typed}\nMount a folder of your workspace there: -v "$(pwd)/my-copy:${typed}"`,
      125,
    );
  const made = !isEmptyFolder(typed, place.path, who);
  if (made) await makeAll(typed, inside, who, modes, owned);
  const root = place.path;
  const refusal = place.readOnly ? 'EROFS' : may(who, statSync(root), WRITE | PASS) ? null : 'EACCES';
  const guard = () => {
    if (refusal !== null) throw Object.assign(new Error(refusal), { code: refusal });
  };
  const shown = (name: string) => `${typed}/${name}`;
  const real = (name: string) => path.join(root, name);

  return {
    shown,
    real,
    makeFolder(name, mode = modes.folder) {
      const parts = name.split('/');
      for (let depth = 1; depth <= parts.length; depth++) {
        const part = parts.slice(0, depth).join('/');
        try {
          guard();
          makeFolder(real(part), depth === parts.length ? mode : modes.folder, owned ? who : null);
        } catch (error) {
          if ((error as { code?: string }).code !== 'EEXIST')
            throw failed('create directory', shown(part), error);
        }
      }
    },
    openFile(name, { mode = modes.file, append = false } = {}) {
      let fd: number;
      try {
        guard();
        fd = openSync(real(name), append ? 'a' : 'w', mode);
        if (!append) fchmodSync(fd, mode);
        if (owned) fchownSync(fd, who.uid, who.gid);
      } catch (error) {
        throw failed('create file', shown(name), error);
      }
      return openFile(fd, shown(name));
    },
    rename: (from, to) => renameSync(real(from), real(to)),
    cleanUp() {
      const what = made ? 'data directory' : 'contents of data directory';
      const doomed = made ? [root] : readdirSync(root).map((name) => path.join(root, name));
      for (const one of doomed) rmSync(one, { recursive: true, force: true });
      return `removing ${what} "${typed}"`;
    },
    left: () => `data directory "${typed}" not removed at user's request`,
  };
}

function openFile(fd: number, shown: string): OpenFile {
  const change = (work: () => void) => {
    try {
      work();
    } catch (error) {
      throw failed('write to file', shown, error);
    }
  };
  return {
    write: (piece, offset) =>
      change(() => {
        for (let at = 0; at < piece.length; )
          at += writeSync(fd, piece, at, piece.length - at, offset === undefined ? null : offset + at);
      }),
    resize: (size) => change(() => ftruncateSync(fd, size)),
    close: () => closeSync(fd),
  };
}

/** Rights are asked of modes: the process itself may be root where the container's user is not. */
function identityOf({ user, files }: Inside): Identity {
  const account = files.account(user) ?? { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  return { ...account, superuser: user === 'root' };
}

/** Where a path is, or would be: the deepest folder of it that is there, and the names below. null: not in a mount. */
async function locate(typed: string, { files, cwd }: Inside): Promise<RealPath | null> {
  const wanted = path.posix.resolve(cwd, typed);
  for (let at = wanted; at !== '/'; at = path.posix.dirname(at)) {
    const found = await files.real(at, '/');
    if (found !== null) return { ...found, path: path.join(found.path, wanted.slice(at.length)) };
  }
  return null;
}

/** Throws BackupError for one that holds anything, and for what is no folder. */
function isEmptyFolder(typed: string, real: string, who: Identity): boolean {
  let names: string[];
  try {
    const stats = statOf(real);
    if (stats === null) return false;
    if (stats.isDirectory() && !(may(who, stats, READ) && may(who, statSync(path.dirname(real)), PASS)))
      throw Object.assign(new Error('EACCES'), { code: 'EACCES' });
    names = readdirSync(real);
  } catch (error) {
    throw failed('access directory', typed, error);
  }
  if (names.length > 0) throw new BackupError(`directory "${typed}" exists but is not empty`);
  return true;
}

function statOf(real: string): Stats | null {
  return statSync(real, { throwIfNoEntry: false }) ?? null;
}

/** Makes the folder and those above it that are missing. Messages name the part that failed. */
async function makeAll(
  typed: string,
  inside: Inside,
  who: Identity,
  modes: Modes,
  owned: boolean,
): Promise<void> {
  const parts = typed.replace(/\/+$/, '').split('/');
  for (let depth = 1; depth <= parts.length; depth++) {
    const part = parts.slice(0, depth).join('/');
    const place = part === '' ? null : await locate(part, inside);
    if (place === null || statOf(place.path) !== null) continue;
    try {
      const above = statSync(path.dirname(place.path));
      const refusal = place.readOnly ? 'EROFS' : may(who, above, WRITE | PASS) ? null : 'EACCES';
      if (refusal !== null) throw Object.assign(new Error(refusal), { code: refusal });
      makeFolder(place.path, modes.folder, owned ? who : null);
    } catch (error) {
      throw failed('create directory', part, error);
    }
  }
}

function makeFolder(real: string, mode: number, owner: Identity | null): void {
  mkdirSync(real, mode);
  if (owner !== null) chownSync(real, owner.uid, owner.gid);
}
