import type { FileHandle } from 'node:fs/promises';
import { crc32, createInflateRaw } from 'node:zlib';
import yauzl from 'yauzl';
import { readRange, through } from './bytes.ts';
import { type Entry, EntryError, linkText } from './entry.ts';
import { IntakeError, type Meter } from './limits.ts';

/** Reads for the package, which would ask the system for places that no file has, and end the process with that. */
class Archive extends yauzl.RandomAccessReader {
  readonly handle: FileHandle;
  readonly size: number;
  constructor(handle: FileHandle, size: number) {
    super();
    this.handle = handle;
    this.size = size;
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    done: (error: Error | null) => void,
  ) {
    const reading =
      position + length > this.size
        ? Promise.reject(new Error('beyond the end'))
        : this.handle.read(buffer, offset, length, position);
    reading.then(
      ({ bytesRead }) => setImmediate(done, bytesRead < length ? new Error('cut short') : null),
      (error) => setImmediate(done, error),
    );
  }
}

/** What a zip archive's directory lists. Throws IntakeError when it is none, or damaged. */
export async function* zipEntries(
  handle: FileHandle,
  size: number,
  where: string,
  meter: Meter,
): AsyncGenerator<Entry> {
  try {
    const options = { decodeStrings: false, validateEntrySizes: false };
    const zip = await yauzl.fromRandomAccessReaderPromise(new Archive(handle, size), size, options);
    for await (const entry of zip.eachEntry()) {
      meter.seen();
      yield entryOf(zip, entry, handle, meter);
    }
  } catch (error) {
    if (error instanceof IntakeError) throw error;
    const message = `${where} is not a zip archive, or it is damaged.`;
    throw new IntakeError('damaged-archive', where, message);
  }
}

function entryOf(zip: yauzl.ZipFile, entry: yauzl.Entry, handle: FileHandle, meter: Meter): Entry {
  // Programs of Unix keep the mode here, others leave it at 0.
  const mode = entry.externalFileAttributes >>> 16;
  const name = entry.fileNameRaw.toString();
  const content = () => checked(zip, entry, handle, meter);
  return {
    name,
    type: name.endsWith('/') ? 'folder' : typeOf(mode),
    executable: (mode & 0o100) !== 0,
    target: () => linkText(content()),
    content,
  };
}

function typeOf(mode: number): Entry['type'] {
  switch (mode & 0o170000) {
    case 0:
    case 0o100000:
      return 'file';
    case 0o040000:
      return 'folder';
    case 0o120000:
      return 'symbolic-link';
    default:
      return 'special';
  }
}

const STORED = 0;
const DEFLATED = 8;

/** A file's content, whose checksum must be right. */
async function* checked(
  zip: yauzl.ZipFile,
  entry: yauzl.Entry,
  handle: FileHandle,
  meter: Meter,
): AsyncGenerator<Uint8Array> {
  const { compressionMethod: method, compressedSize } = entry;
  if (entry.isEncrypted()) throw new EntryError('encrypted', 'is encrypted');
  if (method !== STORED && method !== DEFLATED)
    throw new EntryError('unknown-compression', 'is packed in a way that is not known');
  let sum = 0;
  try {
    const { fileDataStart: start } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
    const packed = readRange(handle, start, start + compressedSize);
    for await (const piece of method === STORED ? packed : through(packed, createInflateRaw())) {
      meter.unpacked(piece.length);
      sum = crc32(piece, sum);
      yield piece;
    }
  } catch (error) {
    if (error instanceof IntakeError) throw error;
    throw new EntryError('damaged-file', 'is damaged');
  }
  if (sum !== entry.crc32) throw new EntryError('damaged-file', 'is damaged');
}
