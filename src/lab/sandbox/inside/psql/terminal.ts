import { createInterface, type Interface } from 'node:readline';
import type { Inside } from '../types.ts';
import { INTERRUPTED, type LineSource } from './source.ts';

/** The learner's terminal: lines with a prompt, Ctrl-C, and passwords that are not shown. */
export interface Terminal extends LineSource {
  /** Reads one line without showing it. */
  secret(prompt: string): Promise<string>;
  close(): void;
}

type Waiter = (line: string | null | typeof INTERRUPTED) => void;

/** Lines that the arrow keys bring back, newest first; Node's types leave them out. */
const history = (lines: Interface): string[] => (lines as unknown as { history: string[] }).history;

/** `onInterrupt`: Ctrl-C while no line is awaited. */
export function openTerminal(inside: Inside, onInterrupt: () => void): Terminal {
  let hidden = false;
  let waiter: Waiter | null = null;
  let closed = false;
  const typed: string[] = [];
  const screen = new Proxy(inside.stdout, {
    get(target, key) {
      if (key === 'write' && hidden) return () => true;
      const value = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  const lines = createInterface({ input: inside.stdin, output: screen, terminal: true });
  const answer: Waiter = (line) => {
    const waiting = waiter;
    waiter = null;
    waiting?.(line);
  };
  lines.on('line', (line) => (waiter ? answer(line) : typed.push(line)));
  lines.on('close', () => {
    closed = true;
    answer(null);
  });
  lines.on('SIGINT', () => {
    // The terminal is in raw mode: nobody else shows the key.
    inside.stdout.write('^C');
    if (!waiter) return onInterrupt();
    inside.stdout.write('\n');
    // What was typed so far is dropped, without a redraw of the line.
    Object.assign(lines, { line: '', cursor: 0 });
    answer(INTERRUPTED);
  });
  inside.signal.addEventListener('abort', () => lines.close(), { once: true });
  const read = (prompt: string) =>
    new Promise<string | null | typeof INTERRUPTED>((resolve) => {
      const ready = typed.shift();
      if (ready !== undefined || closed) return resolve(ready ?? null);
      waiter = resolve;
      lines.setPrompt(prompt);
      lines.prompt();
    });
  return {
    next: read,
    async secret(prompt) {
      inside.stdout.write(prompt);
      hidden = true;
      const line = await read('');
      hidden = false;
      history(lines).shift();
      inside.stdout.write('\n');
      return typeof line === 'string' ? line : '';
    },
    close: () => lines.close(),
  };
}
