import type { Writable } from 'node:stream';
import { write as writePiece } from '../streams.ts';

const PIECE = 64 * 1024;

/** Writes text, and waits while the reader is slower. Throws BrokenPipe when the reader has gone. */
export async function write(stream: Writable, text: string | Iterable<string>): Promise<void> {
  if (typeof text === 'string') return writePiece(stream, text);
  let piece = '';
  for (const part of text) {
    piece += part;
    if (piece.length < PIECE) continue;
    await writePiece(stream, piece);
    piece = '';
  }
  await writePiece(stream, piece);
}
