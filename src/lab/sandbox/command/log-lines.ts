import { open } from 'node:fs/promises';

export interface LogLine {
  text: string;
  /** Where the container wrote it. */
  stream: 'stdout' | 'stderr';
  /** ISO time, of the line or of the one before it that has one. */
  time: string;
}

/** Initdb's own output begins and ends with these lines; all else that goes to stdout is the entrypoint's. */
const INIT_BEGINS = /^The files belonging to this database system/;
const INIT_ENDS = /^PostgreSQL init process complete/;
const SKIPPED = /^PostgreSQL Database directory appears to contain a database/;

/**
 * Reads a container's log file bit by bit. The file has one stream, a container two: the server writes to stderr, the
 * entrypoint and initdb (with the server that it starts for a moment) to stdout.
 */
export class LogReader {
  readonly #file: () => Promise<string>;
  #offset = 0;
  #rest = Buffer.alloc(0);
  #time: string;
  #initialising = false;
  #warning = 0;

  /**
   * @param file Asked before each look, so that a log that lies elsewhere can be brought up to date.
   * @param since ISO time that stands for lines before the first one with a time.
   */
  constructor(file: () => Promise<string>, since: string) {
    this.#file = file;
    this.#time = since;
  }

  /** Complete lines that were added since the last call. `last`: also one without its end. */
  async read({ last = false } = {}): Promise<LogLine[]> {
    const buffer = Buffer.concat([this.#rest, await this.#added()]);
    const end = last ? buffer.length : buffer.lastIndexOf(10) + 1;
    this.#rest = buffer.subarray(end);
    const text = buffer.subarray(0, end).toString('utf8');
    if (text === '') return [];
    return (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n').map((line) => this.#line(line));
  }

  async #added(): Promise<Buffer> {
    const file = await this.#file();
    let handle: Awaited<ReturnType<typeof open>>;
    try {
      handle = await open(file, 'r');
    } catch {
      return Buffer.alloc(0); // it was never started
    }
    try {
      const { size } = await handle.stat();
      const buffer = Buffer.alloc(Math.max(0, size - this.#offset));
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, this.#offset);
      this.#offset += bytesRead;
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  }

  #line(text: string): LogLine {
    this.#time = timeOf(text) ?? this.#time;
    return { text, stream: this.#stream(text), time: this.#time };
  }

  #stream(text: string): LogLine['stream'] {
    if (INIT_BEGINS.test(text)) this.#initialising = true;
    if (INIT_ENDS.test(text)) {
      this.#initialising = false;
      return 'stdout';
    }
    if (!this.#initialising) return text === '' || SKIPPED.test(text) ? 'stdout' : 'stderr';
    // The warning has three lines.
    if (/^initdb: (?:warning|error)/.test(text)) this.#warning = 3;
    return this.#warning-- > 0 ? 'stderr' : 'stdout';
  }
}

/** The server's own time in a line, where it is in UTC as the image writes it. */
function timeOf(text: string): string | null {
  const [, day, time] = /(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d\.\d{3}) (?:UTC|GMT)\b/.exec(text) ?? [];
  return day === undefined ? null : `${day}T${time}Z`;
}

/** Docker shows nanoseconds. */
export function stamped({ text, time }: LogLine): string {
  return `${time.replace(/(\.\d{3})?Z$/, (_, part = '.000') => `${part}000000Z`)} ${text}`;
}
