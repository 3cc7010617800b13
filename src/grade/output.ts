import { harmless } from '../terminal/ansi.ts';
import type { ClippedText } from './types.ts';

/** Characters that are kept from the beginning, and as many from the end. */
const KEPT = 6000;

/** Bytes that are held for each character that is kept: escape sequences go, and letters can have four bytes. */
const HELD = 8;

export interface OutputCollector {
  write(chunk: Uint8Array): void;
  /** What came so far, harmless and clipped. */
  done(): ClippedText;
  /** All that came so far. */
  bytes(): number;
}

/**
 * Collects what a program prints, in the same memory however much it is. `limit`: characters that are kept from the
 * beginning, and as many from the end.
 */
export function collectOutput(limit = KEPT): OutputCollector {
  const room = limit * HELD;
  const head = Buffer.alloc(room);
  const tail = ring(room);
  let bytes = 0;
  return {
    write(chunk) {
      const first = chunk.subarray(0, Math.max(0, room - bytes));
      head.set(first, Math.min(bytes, room));
      tail.write(chunk.subarray(first.length));
      bytes += chunk.length;
    },
    done() {
      const beginning = head.subarray(0, Math.min(bytes, room));
      const end = tail.read();
      const whole = beginning.length + end.length === bytes;
      if (!whole) {
        const from = characterStart(end, 0);
        return joined(beginning.subarray(0, lastCharacterEnd(beginning)), end.subarray(from), bytes, limit);
      }
      const all = Buffer.concat([beginning, end]);
      const text = clean(all);
      return text.length <= 2 * limit ? { text, bytes, cut: 0 } : joined(all, all, bytes, limit);
    },
    bytes: () => bytes,
  };
}

/** Text of others made harmless, and cut in the middle to `limit` characters from either end. `bytes` are of UTF-8. */
export function clipText(
  text: string | Uint8Array | readonly (string | Uint8Array)[],
  limit = KEPT,
): ClippedText {
  const output = collectOutput(limit);
  const chunks = typeof text === 'string' || text instanceof Uint8Array ? [text] : text;
  for (const chunk of chunks) output.write(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
  return output.done();
}

/** The last bytes of a stream. */
function ring(size: number): { write(chunk: Uint8Array): void; read(): Buffer } {
  const held = Buffer.alloc(size);
  let at = 0;
  let full = false;
  return {
    write(chunk) {
      const last = chunk.subarray(Math.max(0, chunk.length - size));
      const before = last.subarray(0, size - at);
      held.set(before, at);
      held.set(last.subarray(before.length), 0);
      full ||= at + last.length >= size;
      at = (at + last.length) % size;
    },
    read: () => (full ? Buffer.concat([held.subarray(at), held.subarray(0, at)]) : held.subarray(0, at)),
  };
}

/** Decoded when all bytes of a piece are there, so that no character is torn. */
const clean = (bytes: Uint8Array): string => harmless(Buffer.from(bytes).toString());

/** The beginning and the end of a text of `bytes` bytes, and how much was between them. */
function joined(beginning: Buffer, end: Buffer, bytes: number, limit: number): ClippedText {
  const head = fromStart(beginning, limit);
  // They can't meet but where a line's look depends on all of it.
  const tail = fromEnd(end, limit).subarray(-Math.max(1, bytes - head.length));
  const cut = bytes - head.length - tail.length;
  const first = clean(head);
  const marker = `… ${cut.toLocaleString('en-US')} bytes left out …`;
  const text = `${first}${first === '' || first.endsWith('\n') ? '' : '\n'}${marker}\n${clean(tail)}`;
  return { text, bytes, cut };
}

const NEWLINE = 0x0a;

/** As many whole lines as fit; of a line that fills more than half, the part that fits. */
function fromStart(bytes: Buffer, limit: number): Buffer {
  let kept = 0;
  for (let left = limit; kept < bytes.length; ) {
    const newline = bytes.indexOf(NEWLINE, kept);
    const end = newline === -1 ? bytes.length : newline + 1;
    const length = clean(bytes.subarray(kept, end)).length;
    if (length > left) {
      if (left < limit / 2) break;
      return bytes.subarray(0, characterStart(bytes, Math.min(kept + left, end)));
    }
    left -= length;
    kept = end;
  }
  return bytes.subarray(0, kept);
}

function fromEnd(bytes: Buffer, limit: number): Buffer {
  let kept = bytes.length;
  for (let left = limit; kept > 0; ) {
    const start = kept < 2 ? 0 : bytes.lastIndexOf(NEWLINE, kept - 2) + 1;
    const length = clean(bytes.subarray(start, kept)).length;
    // What comes before the first line break here may be the end of a line.
    if (length > left) {
      if (left < limit / 2) break;
      return bytes.subarray(characterStart(bytes, Math.max(kept - left, start)));
    }
    left -= length;
    kept = start;
  }
  return bytes.subarray(kept);
}

/** Where the last character ends that is complete. */
function lastCharacterEnd(bytes: Buffer): number {
  let start = bytes.length - 1;
  while (start > 0 && start > bytes.length - 4 && ((bytes[start] ?? 0) & 0xc0) === 0x80) start -= 1;
  const lead = bytes[start] ?? 0;
  const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
  return start + length > bytes.length ? start : bytes.length;
}

/** Where the next character begins, not before `at`. */
function characterStart(bytes: Buffer, at: number): number {
  let start = at;
  while (start < bytes.length && start < at + 4 && ((bytes[start] ?? 0) & 0xc0) === 0x80) start += 1;
  return start;
}
