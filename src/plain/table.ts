import type { Rows } from '../observe/rows.ts';
import { harmless } from '../terminal/ansi.ts';
import { cells, truncate } from '../terminal/wrap.ts';

/**
 * Rows as psql draws them: the names, a rule, the values under one another, numbers at the right of their column.
 * @param width Cells that a line may take; what is wider is cut, with `mark` at the end.
 */
export function tableLines({ columns, rows }: Rows, width: number, mark: string): string[] {
  const table = [columns, ...rows].map((row) => row.map((value) => oneLine(value ?? '')));
  const widths = columns.map((_, at) => Math.max(...table.map((row) => cells(row[at] ?? ''))));
  const numeric = columns.map((_, at) => isNumeric(rows.map((row) => row[at] ?? '')));
  const [header = '', ...body] = table.map((row) =>
    row.map((value, at) => pad(value, widths[at] ?? 0, numeric[at] ?? false)).join(' | '),
  );
  const rule = widths.map((one) => '-'.repeat(one)).join('-+-');
  return [header, rule, ...body].map((line) => truncate(line.trimEnd(), width, mark));
}

/** Columns of numbers; an empty value is none and does not spoil it. */
function isNumeric(values: readonly string[]): boolean {
  const said = values.filter((value) => value !== '');
  return said.length > 0 && said.every((value) => /^-?\d+(?:\.\d+)?$/.test(value));
}

function pad(value: string, width: number, right: boolean): string {
  const space = ' '.repeat(Math.max(0, width - cells(value)));
  return right ? space + value : value + space;
}

function oneLine(value: string): string {
  return harmless(value).replaceAll('\n', ' ');
}
