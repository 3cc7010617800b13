import type { Readable, Writable } from 'node:stream';

/** The reader of our output has gone: what SIGPIPE ends in a container. */
export class BrokenPipe extends Error {}

/** Ctrl-C, or the end of the whole command. */
export class Interrupted extends Error {}

/** Exit codes of a program that a signal ended. */
export const SIGPIPE_CODE = 141;
export const SIGINT_CODE = 130;

const closed = new WeakSet<Writable>();

/** Marks the input of a pipe whose reader has ended: the next write to it is a broken pipe. */
export function closeReader(pipe: Readable & Writable): void {
  closed.add(pipe);
  pipe.resume(); // nobody may wait for it
}

/** Writes, and waits while the reader is slower. Throws BrokenPipe. */
export async function write(stream: Writable, data: string | Uint8Array): Promise<void> {
  if (data.length === 0) return;
  if (closed.has(stream) || stream.destroyed || stream.writableEnded) throw new BrokenPipe();
  if (stream.write(data)) return;
  await new Promise<void>((resolve) => {
    const done = () => {
      for (const event of EVENTS) stream.off(event, done);
      resolve();
    };
    for (const event of EVENTS) stream.on(event, done);
  });
}

const EVENTS = ['drain', 'close', 'error'];

/** The pieces of a stream until its end. Leaving the loop early leaves the rest for the next reader. */
export async function* pieces(stream: Readable, signal: AbortSignal): AsyncGenerator<Buffer> {
  const iterator = stream.iterator({ destroyOnReturn: false });
  let stop = () => {};
  const stopped = new Promise<null>((resolve) => {
    stop = () => resolve(null);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    for (;;) {
      if (signal.aborted) throw new Interrupted();
      const next = await Promise.race([iterator.next(), stopped]);
      if (next === null) throw new Interrupted();
      if (next.done) return;
      yield Buffer.isBuffer(next.value) ? next.value : Buffer.from(String(next.value));
    }
  } finally {
    signal.removeEventListener('abort', stop);
    // While a read is under way its return would wait for that.
    if (!signal.aborted) await iterator.return?.();
  }
}

export async function readAll(stream: Readable, signal: AbortSignal): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const piece of pieces(stream, signal)) all.push(piece);
  return Buffer.concat(all);
}

/** Waits. Throws Interrupted. */
export async function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done);
  });
  if (signal.aborted) throw new Interrupted();
}
