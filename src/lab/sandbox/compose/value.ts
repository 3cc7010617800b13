/** What a compose file holds once its YAML is read, in the types that Compose itself tells apart. */
export type Value = null | boolean | string | number | bigint | Float | Value[] | Mapping;

export interface Mapping {
  [key: string]: Value;
}

/** A floating-point number: to Compose `1.0` is another type than `1`, and is printed in another way. */
export class Float {
  readonly number: number;

  constructor(number: number) {
    this.number = number;
  }
}

/** What Compose says of a file that it refuses, in full, and the exit code that it gives. */
export class ComposeError extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode = 15) {
    super(message);
    this.name = 'ComposeError';
    this.exitCode = exitCode;
  }
}

/** What Compose could do, and the sandbox can not. */
export class BeyondSandbox extends Error {
  constructor(what: string) {
    super(
      `the sandbox does not know ${what} in a compose file. Write the file without it, or use Docker itself.`,
    );
    this.name = 'BeyondSandbox';
  }
}

export function isMapping(value: Value | undefined): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Float);
}

/** A mapping from pairs; the last one of a name wins. Safe for names such as `__proto__`. */
export function mapping(pairs: Iterable<readonly [string, Value]>): Mapping {
  return Object.fromEntries(pairs);
}

/** Names in the order of their bytes, in which Compose prints them. */
export function byName<T>(entries: [string, T][]): [string, T][] {
  return entries.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

/** A scalar as Go prints it with `%v`: `1e+06`, `true`, `<nil>`. */
export function goText(value: Value): string {
  if (value === null) return '<nil>';
  if (value instanceof Float) return goFloat(value.number);
  return String(value);
}

/** The type's name in Go, for messages: `unexpected type map[string]interface {}`. */
export function goType(value: Value): string {
  if (value === null) return '<nil>';
  if (value instanceof Float) return 'float64';
  if (Array.isArray(value)) return '[]interface {}';
  switch (typeof value) {
    case 'boolean':
      return 'bool';
    case 'string':
      return 'string';
    case 'number':
      return 'int';
    case 'bigint':
      return 'uint64';
    default:
      return 'map[string]interface {}';
  }
}

/** Shortest digits that read back as the same number; an exponent below 1e-4 and from 1e+06 on. */
function goFloat(number: number): string {
  if (Number.isNaN(number)) return 'NaN';
  if (!Number.isFinite(number)) return number > 0 ? '+Inf' : '-Inf';
  if (number === 0) return Object.is(number, -0) ? '-0' : '0';
  const size = Math.abs(number);
  if (size >= 1e-4 && size < 1e6) return String(number);
  return number.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
}
