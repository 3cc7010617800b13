import type { Glyphs } from '../../terminal/glyphs.ts';
import { cells } from '../../terminal/wrap.ts';
import { GUTTER, type Line, span } from '../line.ts';
import type { EditorState } from './state.ts';

/**
 * The text broken between words, the cursor as one reversed character. Where it needs more than `rows`, the rows
 * around the cursor are shown.
 */
export function editorLines(state: EditorState, width: number, rows: number, glyphs: Glyphs): Line[] {
  const breaks = rowsOf(state.characters, width - GUTTER);
  // The row that the cursor is in is the last one that begins at or before it.
  const cursorRow = Math.max(
    0,
    breaks.findLastIndex((row) => row.from <= state.cursor),
  );
  const top = Math.max(0, Math.min(breaks.length - rows, cursorRow - rows + 1));
  return breaks.slice(top, top + rows).map((row, index) => {
    const text = (from: number, to: number) => state.characters.slice(from, to).map(shown).join('');
    const lead = [span(' '), index + top === 0 ? span(glyphs.pointer, 'accent') : span(' '), span(' ')];
    if (index + top !== cursorRow) return [...lead, span(text(row.from, row.to))];
    // Past the end the cursor stands on a cell of its own.
    const under = shown(state.characters[state.cursor] ?? ' ');
    return [
      ...lead,
      span(text(row.from, state.cursor)),
      span(under, 'inverse'),
      span(text(state.cursor + 1, row.to)),
    ];
  });
}

function shown(character: string): string {
  return character === '\n' || character === '\t' ? ' ' : character;
}

/** Where each row begins and ends. One cell is kept free at the end for the cursor. */
function rowsOf(characters: readonly string[], width: number): { from: number; to: number }[] {
  const rows: { from: number; to: number }[] = [];
  let from = 0;
  let used = 0;
  let space = -1;
  characters.forEach((character, at) => {
    const wide = cells(shown(character));
    if (used + wide > width - 1) {
      const to = space > from ? space : at;
      rows.push({ from, to });
      from = to;
      used = characters.slice(from, at).reduce((sum, one) => sum + cells(shown(one)), 0);
    }
    used += wide;
    if (character === ' ') space = at + 1;
    if (character === '\n') {
      rows.push({ from, to: at + 1 });
      from = at + 1;
      used = 0;
    }
  });
  rows.push({ from, to: characters.length });
  return rows;
}
