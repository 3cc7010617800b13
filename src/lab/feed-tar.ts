import type { Extract } from 'tar-stream';

/** Puts the pieces in, and waits while their reader is slower. What fails here ends the reader with it. */
export async function feedTar(stream: AsyncIterable<Uint8Array>, tar: Extract): Promise<void> {
  try {
    for await (const piece of stream) {
      if (tar.destroyed) return;
      if (!tar.write(piece)) await room(tar);
    }
    tar.end(null);
  } catch (error) {
    tar.destroy(error as Error);
  }
}

function room(tar: Extract): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      tar.off('drain', done);
      tar.off('close', done);
      resolve();
    };
    tar.on('drain', done);
    tar.on('close', done);
  });
}
