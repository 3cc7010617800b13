import { fileURLToPath } from 'node:url';
import pty from '@lydell/node-pty';
import { Emulator } from './screen.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface PtyOptions {
  rows?: number;
  columns?: number;
  cwd?: string;
  env?: Record<string, string>;
}

/** A program in a real terminal, with an emulated screen that reads what it writes. */
export class Pty {
  readonly screen: Emulator;
  raw = '';
  private readonly process: ReturnType<typeof pty.spawn>;
  private readonly written: Promise<void>[] = [];
  private readonly watchers = new Set<(rows: string[], at: number) => void>();
  readonly exit: Promise<{ code: number; signal: number }>;

  /** @param command arguments to node */
  constructor(command: string[], { rows = 30, columns = 100, cwd = ROOT, env = {} }: PtyOptions = {}) {
    this.screen = new Emulator(columns, rows);
    const { CI: _ci, NO_COLOR: _colour, FORCE_COLOR: _force, ...clean } = process.env;
    this.process = pty.spawn(process.execPath, command, {
      name: 'xterm-256color',
      cols: columns,
      rows,
      cwd,
      env: {
        ...clean,
        TERM: 'xterm-256color',
        LANG: 'C.UTF-8',
        LC_ALL: 'C.UTF-8',
        NODE_ENV: 'production',
        ...env,
      },
    });
    this.process.onData((bytes) => {
      const at = performance.now();
      this.raw += bytes;
      const drawn = this.screen.write(bytes);
      this.written.push(drawn);
      if (this.watchers.size > 0) void drawn.then(() => this.look(at));
    });
    this.exit = new Promise((resolve) => {
      this.process.onExit(({ exitCode, signal }) => resolve({ code: exitCode, signal: signal ?? 0 }));
    });
  }

  get pid(): number {
    return this.process.pid;
  }

  type(text: string): void {
    this.process.write(text);
  }

  resize(columns: number, rows: number): void {
    this.screen.resize(columns, rows);
    this.process.resize(columns, rows);
  }

  kill(signal: NodeJS.Signals): void {
    process.kill(this.pid, signal);
  }

  /** Resolves when the screen in sight satisfies `seen`; fails with what is on the screen. */
  async until(what: string | RegExp | ((rows: string[]) => boolean), timeoutMs = 10_000): Promise<void> {
    const seen = (rows: string[]) => {
      if (typeof what === 'function') return what(rows);
      const text = rows.join('\n');
      return typeof what === 'string' ? text.includes(what) : what.test(text);
    };
    const limit = Date.now() + timeoutMs;
    while (!seen(await this.rows())) {
      if (Date.now() > limit)
        throw new Error(`never saw ${what} on the screen:\n${(await this.rows()).join('\n')}`);
      await sleep(20);
    }
  }

  /** Types, and resolves with the milliseconds until bytes came after which the screen satisfies `seen`. */
  answer(keys: string, seen: (rows: string[]) => boolean, timeoutMs = 10_000): Promise<number> {
    return new Promise((resolve, reject) => {
      const started = performance.now();
      const timer = setTimeout(() => {
        this.watchers.delete(watcher);
        reject(
          new Error(
            `no answer to ${JSON.stringify(keys)} on the screen:\n${this.screen.visible().join('\n')}`,
          ),
        );
      }, timeoutMs);
      const watcher = (rows: string[], at: number) => {
        if (at < started || !seen(rows)) return;
        clearTimeout(timer);
        this.watchers.delete(watcher);
        resolve(at - started);
      };
      this.watchers.add(watcher);
      this.type(keys);
    });
  }

  private look(at: number): void {
    const rows = this.screen.visible();
    for (const watcher of this.watchers) watcher(rows, at);
  }

  /** Rows in sight, once all that was received is drawn. */
  async rows(): Promise<string[]> {
    await Promise.all(this.written.splice(0));
    return this.screen.visible();
  }

  /** Closes the terminal under the program, as closing a window does. */
  hangUp(): void {
    (this.process as unknown as { destroy(): void }).destroy();
  }

  /** Waits until nothing more was written for `ms`. */
  async quiet(ms = 200): Promise<void> {
    for (let length = -1; length !== this.raw.length; ) {
      length = this.raw.length;
      await sleep(ms);
    }
    await this.rows();
  }

  /** Ends the program if it still runs. */
  async close(): Promise<void> {
    try {
      process.kill(this.pid, 'SIGKILL');
    } catch {
      // it ended by itself
    }
    await this.exit;
  }
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
