import { type Mark, scannerError } from './error.ts';
import type { Reader } from './reader.ts';

/** Line breaks and blanks between two pieces of text, which YAML folds. */
class Fold {
  private blanks = '';
  private firstBreak = '';
  private moreBreaks = '';

  get broken(): boolean {
    return this.firstBreak !== '';
  }

  blank(char: string): void {
    if (!this.broken) this.blanks += char;
  }

  break(char: string): void {
    if (this.broken) this.moreBreaks += char;
    else {
      this.blanks = '';
      this.firstBreak = char;
    }
  }

  /** What stands for it between the pieces. Leaves nothing behind. */
  take(): string {
    let text = this.blanks;
    if (this.firstBreak === '\n') text = this.moreBreaks === '' ? ' ' : this.moreBreaks;
    else if (this.broken) text = this.firstBreak + this.moreBreaks;
    this.blanks = '';
    this.firstBreak = '';
    this.moreBreaks = '';
    return text;
  }
}

/** A scalar without quotes. `indent`: the column that its next lines must reach, in block context. */
export function scanPlain(
  reader: Reader,
  inFlow: boolean,
  indent: number,
): { text: string; broken: boolean } {
  const start = reader.mark();
  const fold = new Fold();
  let text = '';
  while (!reader.atDocumentMarker() && reader.char() !== '#') {
    let piece = '';
    while (!reader.isGap() && !endsPlain(reader, inFlow)) piece += reader.take();
    if (piece !== '') text += fold.take() + piece;
    if (!reader.isBlank() && !reader.isBreak()) break;
    while (reader.isBlank() || reader.isBreak()) {
      if (reader.isBreak()) fold.break(reader.takeBreak());
      else if (fold.broken && reader.mark().column < indent && reader.char() === '\t') {
        throw scannerError('found a tab character that violates indentation', start, reader.mark());
      } else fold.blank(reader.take());
    }
    if (!inFlow && reader.mark().column < indent) break;
  }
  return { text, broken: fold.broken };
}

function endsPlain(reader: Reader, inFlow: boolean): boolean {
  return (reader.char() === ':' && reader.isGap(1)) || (inFlow && ',?[]{}'.includes(reader.char()));
}

const ESCAPES: Record<string, string> = {
  0: '\0',
  a: '\x07',
  b: '\b',
  t: '\t',
  '\t': '\t',
  n: '\n',
  v: '\v',
  f: '\f',
  r: '\r',
  e: '\x1b',
  ' ': ' ',
  '"': '"',
  "'": "'",
  '/': '/',
  '\\': '\\',
  N: '\u0085',
  _: '\u00a0',
  L: '\u2028',
  P: '\u2029',
};

const HEX_DIGITS: Record<string, number> = { x: 2, u: 4, U: 8 };

/** A scalar in quotes. */
export function scanQuoted(reader: Reader): string {
  const start = reader.mark();
  const quote = reader.take();
  const fold = new Fold();
  let text = '';
  for (;;) {
    if (reader.atDocumentMarker()) {
      throw scannerError('found unexpected document indicator', start, reader.mark());
    }
    if (reader.atEnd) throw scannerError('found unexpected end of stream', start, reader.mark());
    let joined = false;
    while (!reader.isGap()) {
      if (quote === "'" && reader.startsWith("''")) {
        reader.take();
        text += fold.take() + reader.take();
      } else if (reader.char() === quote) break;
      else if (quote === '"' && reader.char() === '\\' && reader.isBreak(1)) {
        text += fold.take();
        reader.take();
        reader.takeBreak();
        joined = true;
        break;
      } else
        text +=
          fold.take() + (quote === '"' && reader.char() === '\\' ? escaped(reader, start) : reader.take());
    }
    if (reader.char() === quote) break;
    while (reader.isBlank() || reader.isBreak()) {
      if (reader.isBreak() && joined) text += reader.takeBreak();
      else if (reader.isBreak()) fold.break(reader.takeBreak());
      else if (joined) reader.take();
      else fold.blank(reader.take());
    }
  }
  text += fold.take();
  reader.take();
  return text;
}

function escaped(reader: Reader, start: Mark): string {
  reader.take();
  const code = reader.char();
  const plain = ESCAPES[code];
  if (plain !== undefined) {
    reader.take();
    return plain;
  }
  const length = HEX_DIGITS[code];
  if (length === undefined) throw scannerError('found unknown escape character', start, reader.mark());
  reader.take();
  let digits = '';
  for (let i = 0; i < length; i++) {
    if (!/[0-9a-fA-F]/.test(reader.char(i))) {
      throw scannerError('did not find expected hexdecimal number', start, reader.mark());
    }
    digits += reader.char(i);
  }
  const point = Number.parseInt(digits, 16);
  if ((point >= 0xd800 && point <= 0xdfff) || point > 0x10ffff) {
    throw scannerError('found invalid Unicode character escape code', start, reader.mark());
  }
  for (let i = 0; i < length; i++) reader.take();
  return String.fromCodePoint(point);
}

/** A block scalar, `|` or `>`. `parentIndent`: column of the collection that it stands in, -1 for none. */
export function scanBlock(reader: Reader, parentIndent: number): string {
  const start = reader.mark();
  const literal = reader.take() === '|';
  const { chomp, increment } = blockHeader(reader, start);
  let indent = increment === 0 ? 0 : Math.max(parentIndent, 0) + increment;
  let first = blankLines(reader, start, indent);
  if (indent === 0) indent = Math.max(first.widest, parentIndent + 1, 1);
  let text = '';
  let lastBreak = '';
  let blankBefore = false;
  while (reader.mark().column === indent && !reader.atEnd) {
    const blankNow = reader.isBlank();
    if (!literal && lastBreak === '\n' && !blankBefore && !blankNow) text += first.breaks === '' ? ' ' : '';
    else text += lastBreak;
    text += first.breaks + reader.takeRest();
    blankBefore = blankNow;
    lastBreak = reader.atEnd ? '' : reader.takeBreak();
    first = blankLines(reader, start, indent);
  }
  if (chomp !== '-') text += lastBreak;
  if (chomp === '+') text += first.breaks;
  return text;
}

function blockHeader(reader: Reader, start: Mark): { chomp: string; increment: number } {
  let chomp = '';
  let increment = 0;
  for (let i = 0; i < 2; i++) {
    const char = reader.char();
    if (chomp === '' && (char === '+' || char === '-')) chomp = reader.take();
    else if (increment === 0 && /[0-9]/.test(char)) {
      if (char === '0') {
        throw scannerError('found an indentation indicator equal to 0', start, reader.mark());
      }
      increment = Number(reader.take());
    }
  }
  reader.skipBlanks();
  if (reader.char() === '#') reader.takeRest();
  if (!reader.atEnd && !reader.isBreak()) {
    throw scannerError('did not find expected comment or line break', start, reader.mark());
  }
  if (reader.isBreak()) reader.takeBreak();
  return { chomp, increment };
}

/** Skips empty lines and the indentation after them. `widest`: the most spaces that one of them has. */
function blankLines(reader: Reader, start: Mark, indent: number): { breaks: string; widest: number } {
  const within = () => indent === 0 || reader.mark().column < indent;
  let breaks = '';
  let widest = 0;
  for (;;) {
    while (within() && reader.char() === ' ') reader.take();
    widest = Math.max(widest, reader.mark().column);
    if (within() && reader.char() === '\t') {
      throw scannerError(
        'found a tab character where an indentation space is expected',
        start,
        reader.mark(),
      );
    }
    if (!reader.isBreak()) return { breaks, widest };
    breaks += reader.takeBreak();
  }
}
