import type { WalkState } from '../../learn/state.ts';
import type { Glyphs } from '../../terminal/glyphs.ts';
import { cells } from '../../terminal/wrap.ts';
import { keysNow, labelOf, shownOf } from '../key-lookup.ts';
import { OVERLAY_KEYS } from '../keys.ts';
import { GUTTER, type Line, type Span, span } from '../line.ts';

/**
 * The keys that do something now, on at most `rows` rows; the least wanted are left out first.
 * @param searching Something is searched for in the list.
 */
export function legendLines(
  state: WalkState,
  width: number,
  rows: number,
  glyphs: Glyphs,
  searching: boolean,
): Line[] {
  return pack(legendPairs(state, glyphs, searching), width, rows);
}

function legendPairs(state: WalkState, glyphs: Glyphs, searching: boolean): (readonly [string, string])[] {
  const { mode } = state;
  if (
    state.activity.kind === 'idle' &&
    (mode.kind === 'lessons' || mode.kind === 'concepts' || mode.kind === 'edit')
  ) {
    return OVERLAY_KEYS[mode.kind === 'lessons' && searching ? 'search' : mode.kind].map(
      ([key, label]) => [key === '^v' ? glyphs.arrows : key, label] as const,
    );
  }
  return keysNow(state).flatMap((binding) => {
    const label = labelOf(binding, state);
    return label ? [[shownOf(binding, state), label] as const] : [];
  });
}

/** Fills rows from the left. What does not fit is left out, but for `q`, which takes the place of others. */
function pack(pairs: (readonly [string, string])[], width: number, rows: number): Line[] {
  const size = ([key, label]: readonly [string, string]) => cells(key) + 1 + cells(label) + 3;
  const fits = (list: (readonly [string, string])[]) => {
    const packed: (readonly [string, string])[][] = [[]];
    let room = width - GUTTER;
    for (const pair of list) {
      // The gap after the last key of a row needs no room.
      if (size(pair) - 3 > room) {
        packed.push([]);
        room = width - GUTTER;
      }
      packed.at(-1)?.push(pair);
      room -= size(pair);
    }
    return packed;
  };
  let list = pairs;
  while (list.length > 2 && fits(list).length > rows) {
    // The last but one goes: the last is the way out.
    list = [...list.slice(0, -2), ...list.slice(-1)];
  }
  return fits(list).map((row) => [
    span(' '.repeat(GUTTER)),
    ...row.flatMap(([key, label], at): Span[] => [
      span(key, 'strong'),
      span(` ${label}${at < row.length - 1 ? '   ' : ''}`, 'dim'),
    ]),
  ]);
}
