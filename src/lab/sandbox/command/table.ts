/**
 * Columns as docker aligns them: each as wide as its widest cell and three blanks, at least `least` wide (10 for
 * docker, 20 for `docker compose ls`). The last one is not padded.
 */
export function table(rows: readonly (readonly string[])[], least = 10): string {
  const widths: number[] = [];
  for (const row of rows) {
    row.slice(0, -1).forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? least, [...cell].length + 3);
    });
  }
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) =>
        column === row.length - 1 ? cell : cell + ' '.repeat((widths[column] ?? 0) - [...cell].length),
      )
      .join('');
  return rows.map((row) => `${line(row)}\n`).join('');
}

/** At most `most` characters, the last of which is `…` where something is cut off. */
export function shorten(text: string, most: number): string {
  const letters = [...text];
  return letters.length <= most ? text : `${letters.slice(0, most - 1).join('')}…`;
}
