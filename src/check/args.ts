import { NODES, type NodeName } from '../observe/types.ts';
import { ArgumentError } from './kind.ts';

/** A check's arguments as YAML gives them. */
export type Raw = Record<string, unknown>;

/** Refuses every key but the kind's own and those it accepts. */
export function only(raw: Raw, kind: string, accepts: readonly string[]): void {
  for (const key of Object.keys(raw)) {
    if (key !== kind && !accepts.includes(key)) {
      throw new ArgumentError(
        key,
        `${kind} takes no argument "${key}". It takes: ${[kind, ...accepts].join(', ')}.`,
      );
    }
  }
}

/** YAML reads `10` as a number and `true` as a boolean; both are meant as text here. */
function asText(value: unknown): string | undefined {
  if (typeof value === 'string') return value.trim() === '' ? undefined : value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

export function text(raw: Raw, key: string): string {
  const found = asText(raw[key]);
  if (found === undefined) throw new ArgumentError(key, `"${key}" must be a text that is not empty.`);
  return found;
}

export function optionalText(raw: Raw, key: string): string | undefined {
  return raw[key] === undefined ? undefined : text(raw, key);
}

export function flag(raw: Raw, key: string): boolean {
  const value = raw[key] ?? false;
  if (typeof value !== 'boolean') throw new ArgumentError(key, `"${key}" must be true or false.`);
  return value;
}

/** One of the given words. Without `fallback` the argument is required. */
export function choice<T extends string>(raw: Raw, key: string, words: readonly T[], fallback?: T): T {
  if (raw[key] === undefined && fallback !== undefined) return fallback;
  const found = words.find((word) => word === asText(raw[key]));
  if (found === undefined) throw new ArgumentError(key, `"${key}" must be one of: ${words.join(', ')}.`);
  return found;
}

export function node(raw: Raw, key: string, fallback?: NodeName): NodeName {
  return choice(raw, key, NODES, fallback);
}

/** A list of texts; a single text counts as a list of one. */
export function texts(raw: Raw, key: string): string[] {
  const value = raw[key];
  const items = (Array.isArray(value) ? value : [value]).map(asText);
  const found = items.filter((item) => item !== undefined);
  if (found.length === 0 || found.length < items.length) {
    throw new ArgumentError(key, `"${key}" must be a text or a list of texts.`);
  }
  return found;
}

export function optionalTexts(raw: Raw, key: string): string[] | undefined {
  return raw[key] === undefined ? undefined : texts(raw, key);
}

export function nodes(raw: Raw, key: string): NodeName[] {
  return texts(raw, key).map((name) => choice({ [key]: name }, key, NODES));
}

export function optionalMap(raw: Raw, key: string): Record<string, string> | undefined {
  const value = raw[key];
  if (value === undefined) return undefined;
  if (!isRecord(value)) throw new ArgumentError(key, `"${key}" must be a map of texts.`);
  return Object.fromEntries(Object.keys(value).map((name) => [name, text(value, name)]));
}

/** Rows of a table: a list of lists, each value as text. Every row must fit into the columns. */
export function rows(raw: Raw, key: string, columns: number): string[][] {
  const value = raw[key] ?? [];
  const wrong = new ArgumentError(
    key,
    `"${key}" must be a list of rows with at most ${columns} values each.`,
  );
  if (!Array.isArray(value)) throw wrong;
  return value.map((row: unknown) => {
    if (!Array.isArray(row) || row.length === 0 || row.length > columns) throw wrong;
    return row.map((cell) => {
      const found = asText(cell);
      if (found === undefined) throw wrong;
      return found;
    });
  });
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
