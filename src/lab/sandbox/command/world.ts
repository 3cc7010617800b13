import type { Readable, Writable } from 'node:stream';
import type { Engine } from '../engine/types.ts';

/** What a docker command finds around itself. */
export interface World {
  engine: Engine;
  env: NodeJS.ProcessEnv;
  cwd: string;
  stdin: Readable;
  stdout: Writable;
  stderr: Writable;
  /** The keyboard is at stdin and the screen at stdout. */
  terminal: boolean;
  /** Aborted by Ctrl-C and SIGTERM. */
  signal: AbortSignal;
}

export function say({ stdout }: World, line: string): void {
  stdout.write(`${line}\n`);
}

export function complain({ stderr }: World, line: string): void {
  stderr.write(`${line}\n`);
}

/** Waits, but not longer than until Ctrl-C. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done);
  });
}
