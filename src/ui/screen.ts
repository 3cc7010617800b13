import { EventEmitter } from 'node:events';
import type { WriteStream } from 'node:tty';
import { type Size, sizeOf } from '../terminal/size.ts';
import { type Line, lineWidth } from './line.ts';
import { frameIn, repaint } from './repaint.ts';

/** A height that no frame reaches: Ink then never clears the terminal together with its scrollback. */
const NEVER_FULL = 100_000;

/** Erase the scrollback. Ink 6 sends it with "clear terminal"; nothing of ours may. */
const ERASE_SCROLLBACK = '\x1b[3J';

/** Begin and end of a synchronized update (DEC 2026): they draw nothing. */
const SYNCHRONIZED = /^\x1b\[\?2026[hl]$/;

/**
 * The stream that Ink writes to: the real terminal, but for four things.
 * - `rows` is a height that no frame reaches. Ink 6.8 compares it to the frame's height and wipes the scrollback
 *   when the frame is as high, which also happens when the window is made lower than the last frame.
 * - `resize` reaches Ink when we say so, after what the terminal did to the old frame is cleaned up.
 * - writes can be held back for a moment.
 * - a frame that replaces another is drawn by the rows that differ.
 */
export class Screen extends EventEmitter {
  readonly isTTY = true;
  readonly rows = NEVER_FULL;
  columns: number;
  private muted = false;
  private skip = 0;
  /** The frame on the screen, when nothing was written after it. */
  private frame: string | null = null;
  private readonly out: WriteStream;
  private readonly reflows: boolean;

  constructor(out: WriteStream, env: NodeJS.ProcessEnv) {
    super();
    this.out = out;
    this.columns = sizeOf(out).columns;
    this.reflows = reflowsLines(env);
  }

  get size(): Size {
    return sizeOf(this.out);
  }

  write(text: string, done?: () => void): boolean {
    const drop = this.muted || this.skip > 0;
    if (this.skip > 0) this.skip -= 1;
    const kept = drop ? '' : this.economical(text.replaceAll(ERASE_SCROLLBACK, ''));
    if (kept === '' && !done) return true;
    return this.out.write(kept, done);
  }

  /** What is on the screen is not ours any more: the next frame is drawn whole. */
  forget(): void {
    this.frame = null;
  }

  /**
   * Empties the window, with nothing lost: what stands above the frame goes to the scrollback. What is written next
   * begins in the first row.
   * @param drawn the rows that are on the screen now
   * @param most rows of the highest frame that stood here; those below the present one are empty
   */
  clear(drawn: readonly Line[], most: number): void {
    const { columns, rows } = this.size;
    this.frame = null;
    const above = Math.max(0, rows - 1 - most);
    const away = above > 0 ? `\x1b[${rows}H${'\n'.repeat(above)}` : '';
    this.out.write(`${eraseFrame(drawn, columns, this.reflows)}${away}\x1b[H\x1b[J`);
  }

  private economical(text: string): string {
    if (SYNCHRONIZED.test(text)) return text;
    const next = frameIn(text);
    const previous = this.frame;
    if (text !== '') this.frame = next;
    return next !== null && previous !== null ? repaint(previous, next) : text;
  }

  /**
   * Takes the old frame off the screen and has Ink draw it anew, in the window's present size.
   * @param drawn the rows that are on the screen now
   * @param update makes the tree fit the new size, at once
   */
  redraw(drawn: readonly Line[], update: () => void, clear: 'frame' | 'screen' = 'frame'): void {
    const { columns, rows } = this.size;
    this.frame = null;
    this.out.write(clear === 'screen' ? scrollAway(rows) : eraseFrame(drawn, columns, this.reflows));
    // Ink draws from nothing only when it sees the window get narrower. So it is told of a wider one first, with
    // its writes held back, and then of the true width; the erasing that this starts with is ours to skip, since
    // the terminal may have broken the old rows into more rows than Ink knows of (ink#828).
    this.muted = true;
    update();
    this.columns = columns + 1;
    this.emit('resize');
    this.muted = false;
    this.skip = 1;
    this.columns = columns;
    this.emit('resize');
    this.skip = 0;
  }
}

/**
 * Up to the first row of the frame, and everything from there on erased. A terminal that reflows has broken rows
 * that are longer than it is wide.
 */
export function eraseFrame(drawn: readonly Line[], columns: number, reflows: boolean): string {
  const height = drawn.reduce(
    (sum, line) => sum + (reflows ? Math.max(1, Math.ceil(lineWidth(line) / columns)) : 1),
    0,
  );
  return `\r${height > 0 ? `\x1b[${height}A` : ''}\x1b[J`;
}

/** An empty window, with what was in it moved to the scrollback. */
function scrollAway(rows: number): string {
  return `${'\n'.repeat(rows)}\x1b[H\x1b[J`;
}

/** xterm and the Linux console cut long rows when they get narrower; nearly all others break them. */
export function reflowsLines(env: NodeJS.ProcessEnv): boolean {
  if (env.TMUX) return true;
  return env.TERM !== 'linux' && env.XTERM_VERSION === undefined;
}
