/** What Ink writes to take a frame away: erase line, up, erase line, … and to the first column. */
const ERASE = /^(?:\x1b\[2K(?:\x1b\[1A)?)+\x1b\[G/;

/** The frame in a write of Ink's, when it replaces the one before; null for any other write. */
export function frameIn(write: string): string | null {
  const erase = ERASE.exec(write);
  const frame = erase ? write.slice(erase[0].length) : '';
  return frame.endsWith('\n') ? frame : null;
}

/**
 * Draws `next` over `previous`, with only the rows that differ written. Both end with a newline, and the cursor
 * stands under the last row before and after.
 *
 * Ink erases and draws all rows for each turn of a spinner, which flickers where synchronized output is not known.
 * Its own `incrementalRendering` is one row off in 6.8.0: it goes up one row too few when a frame ends with a
 * newline, which all of ours do.
 */
export function repaint(previous: string, next: string): string {
  const before = previous.split('\n').slice(0, -1);
  const after = next.split('\n').slice(0, -1);
  const rows = after.map((row, at) => {
    if (at < before.length && row === before[at]) return '\x1b[1B';
    return `${row}\x1b[K\n`;
  });
  const up = before.length > 0 ? `\r\x1b[${before.length}A` : '\r';
  return `${up}${rows.join('')}${after.length < before.length ? '\x1b[J' : ''}`;
}
