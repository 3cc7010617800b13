import type { Glyphs } from '../terminal/glyphs.ts';
import type { Wish } from './layout.ts';
import { BLANK, cutLine, type Line, span } from './line.ts';

/** Every part of a frame: how many rows it wants, and the rows for what it gets. */
export interface Part extends Wish {
  /** `all`: what the other parts got, for the two that are drawn as one. */
  draw(rows: number, all: Record<string, number>): Line[];
}

/** Rows that are shown all or, below `least`, not at all. */
export function fixed(name: string, lines: readonly Line[], rank: number, least = lines.length): Part {
  return { name, wants: lines.length, least, rank, draw: (rows) => lines.slice(0, rows) };
}

/** A blank row, for a window that has room to breathe. */
export const gap = (name: string, rank: number, show = true): Part => ({
  name,
  wants: show ? 1 : 0,
  least: 0,
  rank,
  draw: () => [BLANK],
});

/** A part that may lose rows from its end, and says so by a mark. */
export function clipped(
  name: string,
  lines: readonly Line[],
  rank: number,
  width: number,
  glyphs: Glyphs,
): Part {
  const last = (line: Line): Line => [...cutLine(line, width - 2, ''), span(` ${glyphs.ellipsis}`, 'dim')];
  return {
    name,
    wants: lines.length,
    least: Math.min(lines.length, 1),
    rank,
    draw: (rows) =>
      rows >= lines.length ? [...lines] : [...lines.slice(0, rows - 1), last(lines[rows - 1] ?? [])],
  };
}
