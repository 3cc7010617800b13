import { constants } from 'node:fs';
import { type FileHandle, open, realpath } from 'node:fs/promises';
import type { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';

const PIECE = 64 * 1024;

/**
 * Opens an ordinary file for reading: no link at any place of its absolute path, and nothing that would wait for a
 * writer. null where it is something else. Throws what the system says of one that can't be read.
 */
export async function openPlain(file: string): Promise<FileHandle | null> {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  const handle = await open(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  const fine = (await handle.stat()).isFile() && (await realpath(file)) === file;
  if (fine) return handle;
  await handle.close();
  return null;
}

/** Bytes of a file from `start` to before `end`, or to where it ends. */
export async function* readRange(
  handle: FileHandle,
  start = 0,
  end = Number.POSITIVE_INFINITY,
): AsyncGenerator<Buffer> {
  for (let at = start; at < end; ) {
    const { buffer, bytesRead } = await handle.read(
      Buffer.allocUnsafe(PIECE),
      0,
      Math.min(PIECE, end - at),
      at,
    );
    if (bytesRead === 0) return;
    at += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

/** What a decoder makes of a stream. */
export async function* through(
  source: AsyncIterable<Uint8Array>,
  decoder: Transform,
): AsyncGenerator<Buffer> {
  // What fails on the way in is thrown to the reader, who then need not be told twice.
  const fed = pipeline(source, decoder).catch(() => undefined);
  try {
    yield* decoder as AsyncIterable<Buffer>;
  } finally {
    decoder.destroy();
    await fed;
  }
}
