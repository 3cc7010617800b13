import type { FileHandle } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { type Extract, extract, type Header } from 'tar-stream';
import { feedTar } from '../../lab/feed-tar.ts';
import { readRange, through } from './bytes.ts';
import type { Entry } from './entry.ts';
import { IntakeError, type Meter } from './limits.ts';

/** What a tar archive holds, with gzip or without. Throws IntakeError when it is none, or damaged. */
export async function* tarEntries(handle: FileHandle, where: string, meter: Meter): AsyncGenerator<Entry> {
  const tar = extract();
  const feeding = feedTar(metered(await unzipped(handle), meter), tar);
  try {
    for await (const entry of tar) {
      meter.seen();
      yield entryOf(entry, where);
      entry.resume();
    }
  } catch (error) {
    throw refusal(error, where);
  } finally {
    tar.destroy();
    await feeding;
  }
}

function refusal(error: unknown, where: string): IntakeError {
  if (error instanceof IntakeError) return error;
  const message = `${where} is not a tar archive, or it is damaged.`;
  return new IntakeError('damaged-archive', where, message);
}

/** The first bytes tell more than the name. */
async function unzipped(handle: FileHandle): Promise<AsyncIterable<Uint8Array>> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0);
  const isGzip = bytesRead === 2 && buffer.readUInt16BE() === 0x1f8b;
  return isGzip ? through(readRange(handle), createGunzip()) : readRange(handle);
}

async function* metered(bytes: AsyncIterable<Uint8Array>, meter: Meter): AsyncGenerator<Uint8Array> {
  for await (const piece of bytes) {
    meter.unpacked(piece.length);
    yield piece;
  }
}

type TarEntry = Extract extends AsyncIterable<infer E> ? E : never;

function entryOf(entry: TarEntry, where: string): Entry {
  const { name, type, mode, linkname } = entry.header;
  return {
    name,
    type: typeOf(type),
    executable: (mode & 0o100) !== 0,
    // null where there is none, whatever the types say.
    target: async () => linkname ?? '',
    content: () => content(entry, where),
  };
}

function typeOf(type: Header['type']): Entry['type'] {
  if (type === 'file' || type === 'contiguous-file') return 'file';
  if (type === 'directory') return 'folder';
  if (type === 'symlink') return 'symbolic-link';
  return type === 'link' ? 'hard-link' : 'special';
}

/** Read by hand: who leaves a loop over the entry itself would end the whole archive. */
async function* content(entry: TarEntry, where: string): AsyncGenerator<Uint8Array> {
  const pieces = entry[Symbol.asyncIterator]();
  const read = () =>
    pieces.next().catch((error: unknown) => {
      throw refusal(error, where);
    });
  for (let next = await read(); !next.done; next = await read()) yield next.value as Uint8Array;
}
