import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import { toolFolder } from './progress.ts';

/** Bytes; more of one command's output is not kept. */
const LIMIT = 64 * 1024 * 1024;

/** Where the whole output of the last command is. */
export const outputFile = (workspace: string): string => path.join(toolFolder(workspace), 'output.txt');

/**
 * Keeps the whole output of one command on disk, where the screen shows only a part. Written at once and not through
 * a stream: what waits in a stream would grow with a flood. A disk that takes no more ends it in silence.
 */
export class FullOutput {
  #file: number | null = null;
  #bytes = 0;

  constructor(workspace: string) {
    try {
      mkdirSync(toolFolder(workspace), { recursive: true });
      this.#file = openSync(outputFile(workspace), 'w', 0o600);
    } catch {
      // The screen still shows what it shows.
    }
  }

  add(chunk: string): void {
    if (this.#file === null) return;
    try {
      this.#bytes += writeSync(this.#file, chunk);
    } catch {
      this.close();
    }
    if (this.#bytes > LIMIT) this.close();
  }

  close(): void {
    if (this.#file !== null) closeSync(this.#file);
    this.#file = null;
  }
}
