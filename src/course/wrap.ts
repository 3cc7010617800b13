import type { Block, Inline } from './types.ts';

/** Width at which prose is counted: the narrowest common terminal. */
const COLUMNS = 80;

/** How many lines of 80 columns the prose takes. Notes, show blocks and blank lines are not counted. */
export function proseLines(blocks: readonly Block[]): number {
  let lines = 0;
  for (const block of blocks) {
    if (block.kind === 'paragraph') lines += wrappedLines(textOf(block.inlines), COLUMNS);
    if (block.kind === 'list') {
      const marker = block.ordered ? 3 : 2; // "1. " or "- "
      for (const item of block.items) lines += wrappedLines(textOf(item), COLUMNS - marker);
    }
  }
  return lines;
}

/** How many lines a text takes when it is wrapped at blanks. A word that is too long is broken. */
export function wrappedLines(text: string, columns: number): number {
  let lines = 1;
  let used = 0;
  for (const word of text.split(' ').filter(Boolean)) {
    const needed = used === 0 ? word.length : used + 1 + word.length;
    if (needed <= columns) {
      used = needed;
      continue;
    }
    if (used > 0) lines += 1;
    lines += Math.ceil(word.length / columns) - 1;
    used = word.length % columns || columns;
  }
  return lines;
}

function textOf(inlines: readonly Inline[]): string {
  return inlines.map((inline) => inline.text).join('');
}
