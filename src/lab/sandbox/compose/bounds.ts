import { constants, type FileHandle, open, readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { ComposeError } from './value.ts';

/** How much may come of a YAML text. */
export interface YamlBounds {
  /** Values of a document with aliases, each alias with all that it stands for. */
  nodes: number;
  aliases: number;
  documents: number;
  /** Characters that are parsed again because a line had to be moved. */
  moved: number;
}

/** Which files are read for a compose file, and how much may come of them. */
export interface Bounds {
  yaml: YamlBounds;
  /** Ports of a service, each of a range counted. */
  ports: number;
  /** No folder above it is searched; null where all are. */
  top: string | null;
  /** What `~` is where the environment has no HOME. */
  home: string | null;
  exists(file: string): Promise<boolean>;
  /** Throws what the system says, and ComposeError for what may not be read. */
  read(file: string): Promise<Buffer>;
  /** Counts characters that variables put into texts. */
  spend(characters: number): void;
}

const there = (file: string) =>
  stat(file).then(
    () => true,
    () => false,
  );

/** For a file that the learner wrote: what Compose would do. go-yaml refuses aliases for so many values, too. */
export function learnersBounds(): Bounds {
  const endless = Number.POSITIVE_INFINITY;
  return {
    yaml: { nodes: 400_000, aliases: endless, documents: endless, moved: endless },
    ports: endless,
    top: null,
    home: null,
    exists: there,
    read: (file) => readFile(file),
    spend: () => undefined,
  };
}

/** The file wants one read that is outside of the folder. */
export class OutsideError extends ComposeError {
  readonly file: string;
  constructor(file: string) {
    super(`${file} is outside of the workspace, and is not read`, 14);
    this.file = file;
  }
}

/** Bytes. The file of the course has 2,000. */
const FILE_BYTES = 32 * 1024;
const ALL_BYTES = 512 * 1024;
const SPENT = 1_000_000;

/** For a file that a stranger wrote: nothing outside of `folder` (a real path) is read, and it takes seconds at most. */
export function strangersBounds(folder: string): Bounds {
  let bytes = 0;
  let spent = 0;
  return {
    yaml: { nodes: 20_000, aliases: 100, documents: 10, moved: 60_000 },
    ports: 1000,
    top: folder,
    home: '/nonexistent',
    exists: there,
    async read(file) {
      const text = await readInside(file, folder);
      bytes += text.length;
      if (bytes > ALL_BYTES) throw new ComposeError('the compose file reads too many files');
      return text;
    },
    spend(characters) {
      spent += characters;
      if (spent > SPENT) throw new ComposeError('the variables of the compose file are too long');
    },
  };
}

async function readInside(file: string, folder: string): Promise<Buffer> {
  const real = await realpath(file);
  if (real !== folder && !real.startsWith(`${folder}${path.sep}`)) throw new OutsideError(file);
  // A FIFO would keep us waiting for ever, and the last name may have become a link.
  const handle = await open(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    return await readPlain(handle, file);
  } finally {
    await handle.close();
  }
}

async function readPlain(handle: FileHandle, file: string): Promise<Buffer> {
  const stats = await handle.stat();
  if (stats.isDirectory()) throw Object.assign(new Error(file), { code: 'EISDIR' });
  if (!stats.isFile()) throw new ComposeError(`${file} is no ordinary file`);
  const buffer = Buffer.alloc(FILE_BYTES + 1);
  const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
  if (bytesRead > FILE_BYTES) throw new ComposeError(`${file} is larger than ${FILE_BYTES / 1024} KB`);
  return buffer.subarray(0, bytesRead);
}
