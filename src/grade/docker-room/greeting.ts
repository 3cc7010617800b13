import type { Readable, Writable } from 'node:stream';

/** Tells on stderr that it runs, and its number; then becomes the program that follows. */
export const GREETING = `echo "$$" >&2; exec "$@"`;

/** No greeting is longer, and a program that says nothing for so long is taken as it is. */
const LONGEST = 12;
const MOST_BYTES = 64 * 1024;
const PATIENCE_MS = 15_000;

/**
 * Reads the greeting off the beginning of a program's stderr, and passes on what follows.
 * @returns `number` is null when it ended without one; then `text` is what it said instead (engine and command).
 */
export function greeted(
  source: Readable,
  target: Writable,
  exit: Promise<unknown>,
): Promise<{ number: number | null; text: string }> {
  return new Promise((resolve, reject) => {
    let before = Buffer.alloc(0);
    const done = (number: number | null, rest: Buffer) => {
      clearTimeout(timer);
      source.off('data', read);
      if (number !== null) {
        if (rest.length > 0) target.write(rest);
        source.pipe(target, { end: false });
      }
      resolve({ number, text: rest.toString('utf8') });
    };
    const read = (chunk: Buffer) => {
      before = Buffer.concat([before, chunk]);
      const at = before.indexOf(10);
      const line = before.subarray(0, Math.max(at, 0)).toString('latin1');
      if (at >= 0 && at <= LONGEST && /^\d+$/.test(line)) done(Number(line), before.subarray(at + 1));
      else if (before.length > MOST_BYTES) done(0, before);
    };
    const timer = setTimeout(() => done(0, before), PATIENCE_MS);
    source.on('data', read);
    exit.then(() => done(null, before), reject);
  });
}
