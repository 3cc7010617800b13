import { alignedWidth, printAligned } from './aligned.ts';
import { printExpanded } from './expanded.ts';
import { printCsv, printUnaligned } from './plain.ts';
import type { Style, Table } from './table.ts';

/** The text of a table, in pieces. `columns`: width of the terminal, null where there is none. */
export function print(table: Table, style: Style, columns: number | null = null): Iterable<string> {
  const titled = { ...table, title: table.title ?? style.title };
  if (style.format === 'unaligned') return printUnaligned(titled, style);
  if (style.format === 'csv') return printCsv(titled, style);
  const tooWide = columns !== null && alignedWidth(titled, style) > columns;
  const expanded = style.expanded === 'on' || (style.expanded === 'auto' && tooWide);
  return expanded ? printExpanded(titled, style) : printAligned(titled, style);
}
