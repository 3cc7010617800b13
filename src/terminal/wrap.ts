import stringWidth from 'string-width';

/** A stretch of text with something attached to it (a style), as it goes through wrapping. */
export interface Piece<T> {
  text: string;
  tag: T;
}

const segmenter = new Intl.Segmenter();

/** Cells that a text takes. Escape sequences take none; wide characters take two. */
export function cells(text: string): number {
  return NARROW.test(text) ? text.length : stringWidth(text);
}

/** Plain text and our own marks, a cell each: to take any text apart into graphemes costs a hundred times as much. */
const NARROW = /^[\x20-\x7e\u2500-\u259f·…•○●✔✖❯▶]*$/;

/** The graphemes of a text: what a reader calls a character. */
export function graphemes(text: string): string[] {
  if (/^[\x20-\x7e]*$/.test(text)) return text.split('');
  return Array.from(segmenter.segment(text), (part) => part.segment);
}

/** Breaks text into lines of at most `max` cells, between words where it can. Never returns an empty list. */
export function wrapText(text: string, max: number): string[] {
  return text
    .split('\n')
    .flatMap((line) => wrapPieces([{ text: line, tag: null }], max))
    .map((line) => line.map((piece) => piece.text).join(''));
}

/** The same for styled text without newlines. Spaces at a break are dropped; a word too long is cut. */
export function wrapPieces<T>(pieces: readonly Piece<T>[], max: number): Piece<T>[][] {
  const limit = Math.max(1, max);
  const lines: Piece<T>[][] = [];
  let line: Piece<T>[] = [];
  let used = 0;
  let space: Piece<T> | null = null;
  const push = () => {
    lines.push(line);
    line = [];
    used = 0;
    space = null;
  };
  for (const word of wordsOf(pieces)) {
    if (word.space) {
      // Leading spaces of the text are its indentation; spaces after a break are not.
      space = used > 0 || lines.length === 0 ? (word.parts[0] ?? null) : null;
      continue;
    }
    const width = word.parts.reduce((sum, part) => sum + cells(part.text), 0);
    const gap: Piece<T> | null = space;
    const gapWidth = gap ? cells((gap as Piece<T>).text) : 0;
    if (used > 0 && used + gapWidth + width > limit) push();
    else if (gap) {
      line.push(gap);
      used += gapWidth;
    }
    space = null;
    for (const part of word.parts) {
      for (const bit of cutInto(part.text, limit, limit - used)) {
        const bitWidth = cells(bit);
        if (used > 0 && used + bitWidth > limit) push();
        line.push({ text: bit, tag: part.tag });
        used += bitWidth;
      }
    }
  }
  lines.push(line);
  return lines;
}

interface Word<T> {
  space: boolean;
  parts: Piece<T>[];
}

/** Words may run over pieces: `slot` as code with a full stop after it is one word. */
function wordsOf<T>(pieces: readonly Piece<T>[]): Word<T>[] {
  const words: Word<T>[] = [];
  for (const piece of pieces) {
    for (const text of piece.text.match(/ +|[^ ]+/g) ?? []) {
      const space = text[0] === ' ';
      const last = words.at(-1);
      if (last && !space && !last.space) last.parts.push({ text, tag: piece.tag });
      else words.push({ space, parts: [{ text, tag: piece.tag }] });
    }
  }
  return words;
}

/** Cuts a word that fits no line; one that fits a line stays whole. `first` is the room left on this line. */
function cutInto(word: string, limit: number, first: number): string[] {
  if (cells(word) <= limit) return [word];
  const bits: string[] = [];
  let bit = '';
  let room = first > 0 ? first : limit;
  for (const grapheme of graphemes(word)) {
    const width = cells(grapheme);
    if (bit !== '' && width > room) {
      bits.push(bit);
      bit = '';
      room = limit;
    }
    bit += grapheme;
    room -= width;
  }
  bits.push(bit);
  return bits;
}

const SGR = /(\x1b\[[0-9;:]*m)/;

/** Cuts a text to `max` cells, with `mark` at the end when something was left out. Colours are closed. */
export function truncate(text: string, max: number, mark = '…'): string {
  if (cells(text) <= max) return text;
  const [first = ''] = splitCells(text, Math.max(0, max - cells(mark)));
  return first + mark;
}

/** Breaks a line every `max` cells wherever that falls (tables, output). Colours go on in the next part. */
export function splitCells(text: string, max: number): string[] {
  if (cells(text) <= max) return [text];
  const limit = Math.max(1, max);
  const parts: string[] = [];
  let part = '';
  let used = 0;
  let style = '';
  const close = () => (style ? `${part}\x1b[0m` : part);
  for (const token of text.split(SGR)) {
    if (SGR.test(token)) {
      style = /^\x1b\[0*m$/.test(token) ? '' : style + token;
      part += token;
      continue;
    }
    for (const grapheme of graphemes(token)) {
      const width = cells(grapheme);
      if (used + width > limit && used > 0) {
        parts.push(close());
        part = style;
        used = 0;
      }
      part += grapheme;
      used += width;
    }
  }
  if (used > 0 || parts.length === 0) parts.push(close());
  return parts;
}
