import { footersOf, type Style, type Table } from './table.ts';

/** Unaligned: fields with a separator between them, for programs. */
export function* printUnaligned(table: Table, style: Style): Generator<string> {
  const parts = style.expanded === 'on' ? verticalParts(table, style) : horizontalParts(table, style);
  let first = true;
  for (const part of parts) {
    yield first ? part : `${style.recordSeparator}${part}`;
    first = false;
  }
  if (!first) yield style.recordSeparator === '\0' ? '\0' : '\n';
}

function* horizontalParts(table: Table, style: Style): Generator<string> {
  const { fieldSeparator, nullText, tuplesOnly } = style;
  if (!tuplesOnly) {
    if (table.title !== null) yield table.title;
    yield table.headers.join(fieldSeparator);
  }
  if (table.headers.length > 0) {
    for (const row of table.rows) yield row.map((cell) => cell ?? nullText).join(fieldSeparator);
  }
  yield* footersOf(table, style);
}

function* verticalParts(table: Table, style: Style): Generator<string> {
  const { fieldSeparator, nullText, recordSeparator, tuplesOnly } = style;
  if (!tuplesOnly && table.title !== null) yield table.title;
  for (const [index, row] of table.rows.entries()) {
    for (const [at, name] of table.headers.entries()) {
      const gap = at === 0 && (index > 0 || (!tuplesOnly && table.title !== null)) ? recordSeparator : '';
      yield `${gap}${name}${fieldSeparator}${row[at] ?? nullText}`;
    }
  }
  if (!tuplesOnly && table.footers) {
    for (const [at, footer] of table.footers.entries())
      yield at === 0 ? `${recordSeparator}${footer}` : footer;
  }
}

export function* printCsv(table: Table, style: Style): Generator<string> {
  const quoted = (text: string) => csvField(text, style.csvSeparator);
  if (style.expanded === 'on') {
    for (const row of table.rows) {
      for (const [at, name] of table.headers.entries()) {
        yield `${quoted(name)}${style.csvSeparator}${quoted(row[at] ?? style.nullText)}\n`;
      }
    }
    return;
  }
  if (!style.tuplesOnly) yield `${table.headers.map(quoted).join(style.csvSeparator)}\n`;
  if (table.headers.length === 0) return;
  for (const row of table.rows) {
    yield `${row.map((cell) => quoted(cell ?? style.nullText)).join(style.csvSeparator)}\n`;
  }
}

function csvField(text: string, separator: string): string {
  const special = text.includes(separator) || /["\r\n]/.test(text) || text === '\\.';
  return special ? `"${text.replaceAll('"', '""')}"` : text;
}
