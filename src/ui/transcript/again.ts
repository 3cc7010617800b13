import type { FeedItem } from '../../learn/state.ts';
import { lineWidth } from '../line.ts';
import { itemLines, type Pen } from './item.ts';

/** An item of the transcript that is drawn once more: whole, or its last rows only. */
export interface Piece {
  item: FeedItem;
  last?: number;
}

/**
 * What to draw once more in a window that was cleared: the present task whole, the newest of what came after it, and,
 * where there is room left, what came before it.
 * @param rows room above the frame
 * @param columns of the window, which breaks what is wider
 */
export function shownAgain(items: readonly FeedItem[], rows: number, columns: number, pen: Pen): Piece[] {
  const at = items.findLastIndex((item) => item.kind === 'task');
  const task = items.slice(at, at + 1).map((item): Piece => ({ item }));
  const height = (item: FeedItem) =>
    itemLines(item, pen).reduce((sum, line) => sum + Math.max(1, Math.ceil(lineWidth(line) / columns)), 0);
  let room = rows - task.reduce((sum, { item }) => sum + height(item), 0);
  /** The newest of these that there is room for, in their order. */
  const newest = (some: readonly FeedItem[]): Piece[] => {
    const pieces: Piece[] = [];
    for (const item of some.toReversed()) {
      if (room <= 0) break;
      const wants = height(item);
      pieces.unshift(wants > room ? { item, last: room } : { item });
      room -= wants;
    }
    return pieces;
  };
  const after = newest(items.slice(at + 1));
  return [...newest(items.slice(0, Math.max(0, at))), ...task, ...after];
}
