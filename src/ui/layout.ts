import type { Size } from '../terminal/size.ts';

/** What a part of the live region would like, in the order of the screen. */
export interface Wish {
  name: string;
  /** Rows it has to show. */
  wants: number;
  /** Rows without which it says nothing; it gets these or none. */
  least: number;
  /** Who is served first: 1 before 2. The rest goes round in the same order. */
  rank: number;
}

/**
 * Rows that the live region may take. Ink 6 wipes the scrollback (CSI 3J) when a frame is as high as the
 * terminal, and the cursor rests on the row below the frame, so two rows stay free.
 */
export function budgetOf(size: Size): number {
  return Math.max(1, size.rows - 2);
}

/**
 * Shares out rows: first the least of every part by rank, then what is left by rank, up to what each wants.
 * @returns rows for each name; never more in sum than `budget`
 */
export function layout(budget: number, wishes: readonly Wish[]): Record<string, number> {
  const rows: Record<string, number> = {};
  let left = budget;
  const ranked = [...wishes].sort((a, b) => a.rank - b.rank);
  for (const wish of ranked) {
    const least = Math.min(wish.least, wish.wants);
    rows[wish.name] = least <= left ? least : 0;
    left -= rows[wish.name] ?? 0;
  }
  for (const wish of ranked) {
    const had = rows[wish.name] ?? 0;
    if (had === 0 && wish.least > 0) continue;
    const more = Math.min(wish.wants - had, left);
    rows[wish.name] = had + more;
    left -= more;
  }
  return rows;
}
