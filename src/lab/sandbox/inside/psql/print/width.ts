/** One line of a cell, with the number of columns that it takes on a terminal. */
export interface Line {
  text: string;
  width: number;
}

const PLAIN = /^[\x20-\x7e]*$/;
const ZERO = /[\p{Mn}\p{Me}\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]/u;

/** Code points that take two columns, as psql 14 counts them: East Asian ones do, emoji do not. */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2329, 0x232a],
  [0x2e80, 0x303e],
  [0x3040, 0xa4cf],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff5f],
  [0xffe0, 0xffe6],
  [0x20000, 0x2ffff],
];

/** Splits a value into lines as psql shows them: tabs become spaces, other control characters are named. */
export function toLines(value: string): Line[] {
  if (PLAIN.test(value)) return [{ text: value, width: value.length }];
  const lines: Line[] = [];
  let line: Line = { text: '', width: 0 };
  for (const char of value) {
    if (char === '\n') {
      lines.push(line);
      line = { text: '', width: 0 };
      continue;
    }
    const shown = char === '\t' ? ' '.repeat(8 - (line.width % 8)) : visible(char);
    line.text += shown;
    line.width += shown === char ? charWidth(char) : shown.length;
  }
  lines.push(line);
  return lines;
}

function visible(char: string): string {
  if (char === '\r') return '\\r';
  const code = char.codePointAt(0) ?? 0;
  if (code < 0x20 || code === 0x7f) return `\\x${hex(code, 2)}`;
  if (code >= 0x80 && code < 0xa0) return `\\u${hex(code, 4)}`;
  return char;
}

const hex = (code: number, digits: number) => code.toString(16).toUpperCase().padStart(digits, '0');

function charWidth(char: string): number {
  const code = char.codePointAt(0) ?? 0;
  if (code < 0x300) return 1;
  if (ZERO.test(char)) return 0;
  return WIDE.some(([from, to]) => code >= from && code <= to) ? 2 : 1;
}

/** Columns that a text without line breaks takes. */
export const widthOf = (text: string): number =>
  toLines(text).reduce((most, one) => Math.max(most, one.width), 0);
