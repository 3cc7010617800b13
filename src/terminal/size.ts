/** Size of a terminal in character cells. */
export interface Size {
  rows: number;
  columns: number;
}

/** The least size that holds the cluster, a command, its checks and the keys. */
export const LEAST: Size = { rows: 15, columns: 60 };

/** What we take when the terminal says 0x0 or nothing, as some ptys and `script` do. */
const FALLBACK: Size = { rows: 24, columns: 80 };

/** True when the full-screen walk fits. 0 or undefined is no size at all, so it does not. */
export function isUsable(rows: number | undefined, columns: number | undefined): boolean {
  return (rows ?? 0) >= LEAST.rows && (columns ?? 0) >= LEAST.columns;
}

/** Size of a stream; 0x0 and unknown become 80x24, so that nobody divides by it. */
export function sizeOf(stream: { rows?: number; columns?: number }): Size {
  return { rows: stream.rows || FALLBACK.rows, columns: stream.columns || FALLBACK.columns };
}

/**
 * Cells a line of ours may take. Two columns stay free: a line as wide as the terminal is broken by it when the
 * window gets narrower, and Ink then clears too little (ink#828). Long lines are hard to read, so 100 is the most.
 */
export function contentWidth(columns: number): number {
  return Math.max(20, Math.min(columns - 2, 100));
}
