import type { Readable } from 'node:stream';
import { pieces } from '../streams.ts';

/** Ctrl-C where a line was awaited. */
export const INTERRUPTED = Symbol('interrupted');

/** Where lines come from: a file, a pipe, or a terminal. */
export interface LineSource {
  /** The next line without its line break; null at the end. The prompt is shown on a terminal only. */
  next(prompt: string): Promise<string | null | typeof INTERRUPTED>;
}

export function textSource(text: string): LineSource {
  // As psql does, without the mark that some editors put first.
  const lines = text.replace(/^\ufeff/, '').split('\n');
  if (lines.at(-1) === '') lines.pop();
  let at = 0;
  return { next: async () => lines[at++] ?? null };
}

/** Lines of a pipe, as they come. Its `next` throws Interrupted at the signal. */
export function streamSource(stream: Readable, signal: AbortSignal): LineSource {
  const lines = streamLines(stream, signal);
  return { next: async () => (await lines.next()).value ?? null };
}

async function* streamLines(stream: Readable, signal: AbortSignal): AsyncGenerator<string, undefined> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const piece of pieces(stream, signal)) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  rest += decoder.decode();
  if (rest !== '') yield rest;
}

/** Data for COPY … FROM STDIN: the lines that follow, up to `\.` or the end. */
export async function* copyLines(source: LineSource, prompt: string): AsyncGenerator<Buffer> {
  for (;;) {
    const line = await source.next(prompt);
    if (line === INTERRUPTED) throw new Error('canceled by user');
    if (line === null || line === '\\.') return;
    yield Buffer.from(`${line}\n`);
  }
}

/** A script and what messages call it. */
export interface NamedSource {
  name: string;
  source: LineSource;
}
