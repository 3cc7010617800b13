import { footersOf, type Style, type Table } from './table.ts';
import { type Line, toLines, widthOf } from './width.ts';

/** Aligned, with one line for each column of a record: what `\x` and -x switch on. */
export function* printExpanded(table: Table, style: Style): Generator<string> {
  const { border } = style;
  if (table.rows.length === 0) {
    for (const footer of footersOf(table, style)) yield `${footer}\n`;
    yield '\n';
    return;
  }
  const names = table.headers.map(toLines);
  const left = Math.max(0, ...table.headers.map(widthOf));
  let right = 0;
  for (const row of table.rows) {
    for (const cell of row) right = Math.max(right, widthOf(cell ?? style.nullText));
  }
  const many = names.some((lines) => lines.length > 1);
  const manyData = table.rows.some((row) => row.some((cell) => (cell ?? style.nullText).includes('\n')));
  if (!style.tuplesOnly && table.title !== null) yield `${table.title}\n`;
  for (const [index, row] of table.rows.entries()) {
    if (names.length === 0) break;
    if (!style.tuplesOnly) yield ruler(border, left, right, index + 1);
    else if (index > 0 || border === 2) yield ruler(border, left, right, null);
    for (const [at, name] of names.entries()) {
      yield field(name, toLines(row[at] ?? style.nullText), { left, right, border, many, manyData });
    }
  }
  if (border === 2) yield ruler(border, left, right, null);
  // The count of rows is for other formats; only a footer of the list itself is shown here.
  if (!style.tuplesOnly && table.footers && table.footers.length > 0) {
    if (border < 2) yield '\n';
    for (const footer of table.footers) yield `${footer}\n`;
  }
  yield '\n';
}

interface Shape {
  left: number;
  right: number;
  border: Style['border'];
  /** Some name, or some value, has several lines. */
  many: boolean;
  manyData: boolean;
}

function field(name: Line[], value: Line[], { left, right, border, many, manyData }: Shape): string {
  const height = Math.max(name.length, value.length);
  let text = '';
  for (let at = 0; at < height; at++) {
    const head = name[at];
    const data = value[at];
    if (border === 2) text += '|';
    if (head) {
      if (border === 2) text += ' ';
      text += head.text.padEnd(head.text.length + left - head.width);
      if (border > 0 || many) text += at + 1 < name.length ? '+' : ' ';
    } else {
      text += ' '.repeat(left + border + (border === 0 && many ? 1 : 0));
    }
    if (border > 0) text += '|';
    if (!data) {
      text += border < 2 ? '\n' : `${' '.repeat(right)}  |\n`;
      continue;
    }
    const goesOn = at + 1 < value.length;
    const padded = data.text.padEnd(data.text.length + right - data.width);
    if (goesOn && (border > 1 || manyData)) text += ` ${padded}+`;
    else text += border > 1 ? ` ${padded} ` : ` ${data.text}`;
    text += border === 2 ? '|\n' : '\n';
  }
  return text;
}

/** The line above a record, with its number, or the one without. */
function ruler(border: Style['border'], left: number, right: number, record: number | null): string {
  const dash = border === 0 ? ' ' : '-';
  let text = border === 2 ? '+-' : border === 1 ? '-' : '';
  const label = record === null ? '' : border === 0 ? `* Record ${record}` : `[ RECORD ${record} ]`;
  text += label;
  let used = label.length + (border === 2 ? 0 : 1);
  text += dash.repeat(Math.max(0, left - used));
  used -= left;
  if (border > 0) {
    if (used-- <= 0) text += '-';
    if (used-- <= 0) text += '+';
    if (used-- <= 0) text += '-';
  } else if (used-- <= 0) text += ' ';
  text += dash.repeat(Math.max(0, right - Math.max(0, used)));
  return `${text}${border === 2 ? '-+' : ''}\n`;
}
