import { footersOf, type Style, type Table } from './table.ts';
import { type Line, toLines, widthOf } from './width.ts';

/** Cells that go on in the next line are marked with this, as psql's ascii line style does. */
const GOES_ON = '+';

/** A table with headers above and one line of text for each line of a cell. */
export function* printAligned(table: Table, style: Style): Generator<string> {
  const headers = table.headers.map(toLines);
  const widths = columnWidths(table, style);
  const total = widths.reduce((sum, width) => sum + width, 0) + decoration(widths.length, style.border);
  if (!style.tuplesOnly) {
    yield* titleOf(table, total);
    if (style.border === 2) yield rule(widths, style);
    yield* headerOf(headers, widths, style);
    yield rule(widths, style);
  }
  if (widths.length > 0) for (const row of table.rows) yield rowOf(row, widths, table.rightAligned, style);
  if (style.border === 2) yield rule(widths, style);
  for (const footer of footersOf(table, style)) yield `${footer}\n`;
  yield '\n';
}

/** Columns of the terminal that the widest line takes. */
export function alignedWidth(table: Table, style: Style): number {
  const widths = columnWidths(table, style);
  return widths.reduce((sum, width) => sum + width, 0) + decoration(widths.length, style.border);
}

/** Headers count also where they are not printed (-t), as in psql. */
function columnWidths({ headers, rows }: Table, { nullText }: Style): number[] {
  const widths = headers.map(widthOf);
  for (const row of rows) {
    for (let at = 0; at < headers.length; at++) {
      const width = widthOf(row[at] ?? nullText);
      if (width > (widths[at] ?? 0)) widths[at] = width;
    }
  }
  return widths;
}

function decoration(columns: number, border: Style['border']): number {
  if (border === 0) return columns;
  return border === 1 ? columns * 3 - (columns > 0 ? 1 : 0) : columns * 3 + 1;
}

function* titleOf({ title }: Table, total: number): Generator<string> {
  if (title === null) return;
  const width = widthOf(title);
  yield `${' '.repeat(Math.max(0, Math.floor((total - width) / 2)))}${title}\n`;
}

function* headerOf(headers: Line[][], widths: number[], { border }: Style): Generator<string> {
  const height = Math.max(0, ...headers.map((lines) => lines.length));
  for (let at = 0; at < height; at++) {
    const cells = headers.map((lines, column) => {
      const width = widths[column] ?? 0;
      const line = lines[at];
      const space = width - (line?.width ?? width);
      const text = line
        ? `${spaces(Math.floor(space / 2))}${line.text}${spaces(Math.ceil(space / 2))}`
        : spaces(width);
      return `${border === 0 ? '' : ' '}${text}${at + 1 < lines.length ? GOES_ON : ' '}`;
    });
    yield border === 2 ? `|${cells.join('|')}|\n` : `${cells.join(border === 0 ? '' : '|')}\n`;
  }
}

function rowOf(
  row: readonly (string | null)[],
  widths: readonly number[],
  right: readonly boolean[],
  { border, nullText }: Style,
): string {
  const cells = widths.map((_, at) => toLines(row[at] ?? nullText));
  const height = Math.max(...cells.map((lines) => lines.length));
  let text = '';
  for (let at = 0; at < height; at++) {
    const parts = cells.map((lines, column) => {
      const closed = border === 2 || column < cells.length - 1;
      return cellLine(lines, at, widths[column] ?? 0, right[column] ?? false, border, closed);
    });
    text += border === 2 ? `|${parts.join('|')}|\n` : `${parts.join(border === 0 ? '' : '|')}\n`;
  }
  return text;
}

function cellLine(
  lines: Line[],
  at: number,
  width: number,
  right: boolean,
  border: Style['border'],
  closed: boolean,
): string {
  const line = lines[at];
  const goesOn = at + 1 < lines.length;
  const left = border === 0 ? '' : ' ';
  const end = goesOn ? GOES_ON : closed ? ' ' : '';
  if (!line) return `${left}${closed ? spaces(width) : ''}${end}`;
  const space = spaces(width - line.width);
  if (right) return `${left}${space}${line.text}${end}`;
  return `${left}${line.text}${closed || goesOn ? space : ''}${end}`;
}

function rule(widths: readonly number[], { border }: Style): string {
  const dashes = widths.map((width) => '-'.repeat(width));
  if (border === 0) return `${dashes.join(' ')}\n`;
  if (border === 1) return `-${dashes.join('-+-')}-\n`;
  return `+-${dashes.join('-+-')}-+\n`;
}

const spaces = (count: number): string => ' '.repeat(Math.max(0, count));
