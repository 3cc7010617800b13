/** What a template is filled from: plain JSON values. */
export type Value = null | string | number | boolean | Value[] | { [key: string]: Value };

/** A value as a Go template prints it: `map[a:1 b:2]`, `[x y]`, `<no value>`. */
export function goText(value: Value): string {
  if (value === null) return '<no value>';
  if (Array.isArray(value)) return `[${value.map(goText).join(' ')}]`;
  if (typeof value !== 'object') return String(value);
  const entries = Object.keys(value).sort();
  return `map[${entries.map((key) => `${key}:${goText(value[key] ?? null)}`).join(' ')}]`;
}

/** One line of JSON without blanks, keys in their own order. */
export function goJson(value: Value): string {
  return JSON.stringify(value);
}

/** As Go's encoder writes a row of a list: `<`, `>` and `&` escaped, keys sorted. */
export function goRow(row: Record<string, Value>): string {
  const sorted = Object.fromEntries(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)));
  const codes: Record<string, string> = { '<': '\\u003c', '>': '\\u003e', '&': '\\u0026' };
  return JSON.stringify(sorted).replace(/[<>&]/g, (letter) => codes[letter] ?? letter);
}
