import { extract } from 'tar-stream';
import { feedTar } from '../../../feed-tar.ts';
import type { Destination } from './destination.ts';
import { BackupError } from './errors.ts';

const BLOCK = 512;

/**
 * Writes the files of a tar stream. `received` is told of each file's bytes with their headers and padding, as they
 * come. Throws BackupError, and what `stream` throws.
 */
export async function unpack(
  stream: AsyncIterable<Buffer>,
  destination: Destination,
  received: (bytes: number, file: string) => void,
): Promise<void> {
  const tar = extract();
  const feeding = feedTar(stream, tar);
  try {
    for await (const entry of tar) {
      const { name, type, mode = 0o600, size = 0 } = entry.header;
      const plain = safeName(name);
      const shown = destination.shown(plain);
      received(BLOCK, shown);
      if (type === 'directory') destination.makeFolder(plain, mode & 0o777);
      else if (type === 'file') {
        const file = destination.openFile(plain, { mode: mode & 0o777 });
        try {
          for await (const piece of entry as AsyncIterable<Buffer>) {
            file.write(piece);
            received(piece.length, shown);
          }
        } finally {
          file.close();
        }
        received((BLOCK - (size % BLOCK)) % BLOCK, shown);
      } else {
        throw new BackupError(`the sandbox does not know how to copy the ${type} ${plain}`, 125);
      }
      entry.resume();
    }
    await feeding;
  } finally {
    tar.destroy();
  }
}

/** A name from outside must not lead out of the folder. */
function safeName(name: string): string {
  const plain = name.replace(/\/+$/, '');
  if (plain.startsWith('/') || plain.split('/').includes('..'))
    throw new BackupError(`the server sent a file with the name "${name}"`);
  return plain;
}
