import { open } from 'node:fs/promises';

/** Bytes; few lines of a server's log are longer. */
const LONG_LINE = 400;

/** The last lines of a log that say something, newest last; none when it is not there. */
export async function lastLinesOf(file: string, lines: number): Promise<string[]> {
  const text = await tailOf(file, lines * LONG_LINE);
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-lines);
}

/** The last bytes of a file as text; '' when it is not there. */
async function tailOf(file: string, bytes: number): Promise<string> {
  const handle = await open(file).catch(() => null);
  if (!handle) return '';
  try {
    const { size } = await handle.stat();
    const length = Math.min(size, bytes);
    const { buffer } = await handle.read(Buffer.alloc(length), 0, length, size - length);
    return buffer.toString('utf8');
  } finally {
    await handle.close();
  }
}
