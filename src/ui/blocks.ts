import type { Block, Inline } from '../course/types.ts';
import { withoutWatchOut } from '../plain/words.ts';
import { harmless } from '../terminal/ansi.ts';
import type { Glyphs } from '../terminal/glyphs.ts';
import { wrapText } from '../terminal/wrap.ts';
import { highlight } from './highlight.ts';
import { BLANK, GUTTER, type Line, type Span, span, wrapSpans } from './line.ts';

/** Prose as rows, a blank row between blocks. */
export function blockLines(blocks: readonly Block[], width: number, glyphs: Glyphs): Line[] {
  return blocks.flatMap((block, index) => [...(index > 0 ? [BLANK] : []), ...oneBlock(block, width, glyphs)]);
}

function oneBlock(block: Block, width: number, glyphs: Glyphs): Line[] {
  switch (block.kind) {
    case 'paragraph':
      return wrapSpans(inlineSpans(block.inlines), width);
    case 'list':
      return block.items.flatMap((item, index) => {
        const mark = block.ordered ? `${index + 1}.` : glyphs.bullet;
        const indent = GUTTER + mark.length + 1;
        return wrapSpans(inlineSpans(item), width, indent).map((row, at) =>
          at === 0 ? [span(' '.repeat(GUTTER)), span(mark, 'dim'), span(' '), ...row.slice(1)] : row,
        );
      });
    case 'note':
      return wrapSpans([span('Watch out: ', 'warn'), ...noteSpans(block.inlines)], width, GUTTER + 2).map(
        (row) => [span(' '.repeat(GUTTER)), span(glyphs.bar, 'warn'), span(' '), ...row.slice(1)],
      );
    case 'code':
      return block.text.split('\n').flatMap((row) => codeRows(harmless(row), block.language, width));
  }
}

/** A row of code; one that is too long goes on under itself, set in by two. */
function codeRows(row: string, language: string, width: number): Line[] {
  const indent = GUTTER + 2;
  return wrapText(row, width - indent - 2).map((part, index) => [
    span(' '.repeat(index === 0 ? indent : indent + 2)),
    ...highlight(part, language),
  ]);
}

/** Code and strong words are bold: colour is kept for what to do and what holds. */
function inlineSpans(inlines: readonly Inline[]): Span[] {
  return inlines.map((inline) =>
    span(
      harmless(inline.text).replaceAll('\n', ' '),
      inline.kind === 'text' ? 'plain' : inline.kind === 'em' ? 'em' : 'strong',
    ),
  );
}

function noteSpans(inlines: readonly Inline[]): Span[] {
  const [first, ...rest] = inlines;
  if (!first) return [];
  const text = withoutWatchOut(first.text);
  const shorter = text === first.text ? inlines : text === '' ? rest : [{ ...first, text }, ...rest];
  const [head, ...tail] = inlineSpans(shorter);
  return head ? [{ ...head, text: head.text.trimStart() }, ...tail] : [];
}
