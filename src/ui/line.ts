import { harmless } from '../terminal/ansi.ts';
import { cells, truncate, wrapPieces } from '../terminal/wrap.ts';

/**
 * How a stretch of text is meant; `lines.tsx` turns it into colour and weight. `accent` is for what to do now
 * and nothing else.
 */
export type Tone =
  | 'plain'
  | 'accent'
  | 'good'
  | 'bad'
  | 'warn'
  | 'dim'
  | 'strong'
  | 'em'
  | 'inverse'
  | 'spinner';

export interface Span {
  text: string;
  tone: Tone;
}

/** One row of the screen, already cut to its width. Rows can be counted before they are drawn. */
export type Line = readonly Span[];

export const span = (text: string, tone: Tone = 'plain'): Span => ({ text, tone });
export const BLANK: Line = [];

/** Left margin: a space, the mark, a space. Text of every part begins in the same column. */
export const GUTTER = 3;

export function lineWidth(line: Line): number {
  return line.reduce((sum, one) => sum + cells(one.text), 0);
}

/** Styled text as rows of at most `width` cells, each with `indent` spaces before it; a newline begins a row. */
export function wrapSpans(spans: readonly Span[], width: number, indent = GUTTER): Line[] {
  return splitRows(spans)
    .map((row) => row.map((one) => ({ text: one.text, tag: one.tone })))
    .flatMap((pieces) => wrapPieces(pieces, width - indent))
    .map((row) => [span(' '.repeat(indent)), ...row.map((piece) => span(piece.text, piece.tag))]);
}

function splitRows(spans: readonly Span[]): Span[][] {
  const rows: Span[][] = [[]];
  for (const one of spans) {
    const [first = '', ...rest] = one.text.split('\n');
    rows.at(-1)?.push(span(first, one.tone));
    for (const text of rest) rows.push([span(text, one.tone)]);
  }
  return rows;
}

/** Rows behind a mark in the gutter: ` ✔ text`, the next rows under the text. */
export function marked(mark: Span, spans: readonly Span[], width: number): Line[] {
  return wrapSpans(spans, width).map((row, index) =>
    index === 0 ? [span(' '), mark, span(' '), ...row.slice(1)] : row,
  );
}

/** A sentence of ours or of a check: what stands in backquotes is bold, as code is in lessons. */
export function spoken(text: string, tone: Tone = 'plain'): Span[] {
  return harmless(text)
    .replaceAll('\n', ' ')
    .split('`')
    .flatMap((part, index) => (part === '' ? [] : [span(part, index % 2 === 1 ? 'strong' : tone)]));
}

/** A row with `right` at its right edge, if it fits with two spaces between; else `left` is cut. */
export function spread(left: Line, right: Line, width: number, mark: string): Line {
  const room = width - lineWidth(right);
  if (lineWidth(right) === 0) return cutLine(left, width, mark);
  const cut = cutLine(left, room - 2, mark);
  return [...cut, span(' '.repeat(Math.max(2, room - lineWidth(cut)))), ...right];
}

/** A row cut to `width` cells, with `mark` where something is left out. */
export function cutLine(line: Line, width: number, mark: string): Line {
  if (lineWidth(line) <= width) return line;
  const out: Span[] = [];
  let room = Math.max(1, width);
  for (const one of line) {
    const wide = cells(one.text);
    if (wide < room) {
      out.push(one);
      room -= wide;
      continue;
    }
    // Something follows or this span itself is too wide: in both cases the mark stands at the edge.
    out.push(span(truncate(`${one.text}${mark}`, room, mark), one.tone));
    return out;
  }
  return out;
}

/** Plain text of rows, for tests and for measuring. */
export function textOf(lines: readonly Line[]): string {
  return lines
    .map((line) =>
      line
        .map((one) => one.text)
        .join('')
        .trimEnd(),
    )
    .join('\n');
}
