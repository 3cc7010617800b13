import type { Value } from './go-values.ts';
import { goJson, goRow } from './go-values.ts';
import { table } from './table.ts';
import { compileTemplate } from './template.ts';
import type { World } from './world.ts';

export interface Listing {
  rows: Record<string, Value>[];
  /** Columns of the plain table: the row's key and the title. */
  columns: [key: string, title: string][];
  /** Titles of the keys that a `table …` template may name. */
  titles: Record<string, string>;
  /** What Go calls a row: `formatter.ContainerContext`. */
  type: string;
}

/** Prints a list as docker does: a table, `json`, a template a row, or `table` and a template. */
export function printListing(
  world: World,
  { rows, columns, titles, type }: Listing,
  format: string | null,
): void {
  if (format === null || format === 'table') {
    const lines = rows.map((row) => columns.map(([key]) => String(row[key] ?? '')));
    world.stdout.write(table([columns.map(([, title]) => title), ...lines]));
    return;
  }
  if (format === 'json') {
    for (const row of rows) world.stdout.write(`${goRow(row)}\n`);
    return;
  }
  const isTable = /^table\s/.test(format);
  // The shell leaves \t and \n as they are typed: docker reads them.
  const source = (isTable ? format.slice(6) : format).replaceAll('\\t', '\t').replaceAll('\\n', '\n');
  const fill = compileTemplate(source, {
    failure: 'failed to execute template',
    missing: (field) => `can't evaluate field ${field} in type *${type}`,
  });
  const lines = rows.map((row) => fill(row));
  if (!isTable) {
    for (const line of lines) world.stdout.write(`${line}\n`);
    return;
  }
  const all = [fill(headings(titles, rows[0])), ...lines].map((line) => line.split('\t'));
  world.stdout.write(table(all));
}

function headings(titles: Record<string, string>, row: Record<string, Value> = {}): Record<string, Value> {
  const known = Object.keys(row).map((key): [string, Value] => [key, titles[key] ?? key.toUpperCase()]);
  return { ...titles, ...Object.fromEntries(known) };
}

/** Prints what an inspect command found: a JSON array, or a template for each. */
export function printInspected(world: World, found: Value[], format: string | null): void {
  if (format === null) {
    world.stdout.write(found.length === 0 ? '[]\n' : `${JSON.stringify(found, null, 4)}\n`);
  } else if (format === 'json') world.stdout.write(`${goJson(found)}\n`);
  else {
    const fill = compileTemplate(format, {
      failure: 'template parsing error',
      missing: (field) => `map has no entry for key "${field}"`,
    });
    const lines = found.map((one) => fill(one));
    world.stdout.write(lines.length === 0 ? '\n' : lines.map((line) => `${line}\n`).join(''));
  }
}
