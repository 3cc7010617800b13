/** Pieces of a log as the engine frames it: 8 bytes of header, the stream in the first, the length in the last four. */
export function framesOf(bytes: Buffer): { stream: number; content: Buffer }[] {
  const frames: { stream: number; content: Buffer }[] = [];
  let at = 0;
  while (at + 8 <= bytes.length) {
    const length = bytes.readUInt32BE(at + 4);
    frames.push({ stream: bytes[at] ?? 2, content: bytes.subarray(at + 8, at + 8 + length) });
    at += 8 + length;
  }
  return frames;
}

/** The lines of each stream. */
export function splitLog(bytes: Buffer): { stdout: string[]; stderr: string[] } {
  const frames = framesOf(bytes);
  const linesOf = (wanted: number) =>
    frames
      .flatMap(({ stream, content }) => (stream === wanted ? [content.toString('utf8')] : []))
      .join('')
      .split('\n');
  return { stdout: linesOf(1), stderr: linesOf(2) };
}
