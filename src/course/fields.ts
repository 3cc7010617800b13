import { isMap, isScalar, isSeq, type Node, type YAMLMap } from 'yaml';
import type { Report } from './problem.ts';
import { type Origin, scalarText, textList } from './yaml-nodes.ts';

/** A YAML map whose keys know their line. All readers report what they refuse and return undefined. */
export class Fields {
  readonly line: number;
  readonly what: string;
  readonly #map: YAMLMap;
  readonly #origin: Origin;
  readonly #report: Report;

  constructor(map: YAMLMap, origin: Origin, line: number, what: string, report: Report) {
    this.#map = map;
    this.#origin = origin;
    this.line = line;
    this.what = what;
    this.#report = report;
  }

  keys(): string[] {
    return this.#map.items.map((pair) => String(isScalar(pair.key) ? pair.key.value : pair.key));
  }

  lineOf(key: string): number {
    const pair = this.#map.items.find((item) => isScalar(item.key) && String(item.key.value) === key);
    return this.#origin.lineAt(pair?.key) ?? this.line;
  }

  /** Reports every key that is not in `known`. */
  only(known: readonly string[]): this {
    for (const key of this.keys()) {
      if (known.includes(key)) continue;
      this.#report(this.lineOf(key), `unknown key "${key}" in ${this.what}. Known keys: ${known.join(', ')}`);
    }
    return this;
  }

  has(key: string): boolean {
    return this.#map.has(key);
  }

  /** A string, as written: `1.0` and `5433` stay what they are. Missing is a problem unless `optional`. */
  text(key: string, presence: 'required' | 'optional' = 'required'): string | undefined {
    const node = this.#node(key, presence);
    if (node === undefined) return undefined;
    const text = scalarText(node);
    if (text?.trim()) return text;
    this.#report(this.lineOf(key), `"${key}" in ${this.what} must be a text`);
    return undefined;
  }

  integer(key: string, least: number): number | undefined {
    const node = this.#node(key, 'required');
    if (node === undefined) return undefined;
    const value = isScalar(node) ? node.value : undefined;
    if (typeof value === 'number' && Number.isInteger(value) && value >= least) return value;
    this.#report(this.lineOf(key), `"${key}" in ${this.what} must be a whole number, ${least} or more`);
    return undefined;
  }

  flag(key: string): boolean {
    const node = this.#node(key, 'optional');
    if (node === undefined) return false;
    if (isScalar(node) && typeof node.value === 'boolean') return node.value;
    this.#report(this.lineOf(key), `"${key}" in ${this.what} must be true or false`);
    return false;
  }

  /** A list of strings with the line of each. */
  texts(key: string, presence: 'required' | 'optional' = 'required'): { text: string; line: number }[] {
    const node = this.#node(key, presence);
    if (node === undefined) return [];
    return textList(node, this.#origin, this.lineOf(key), `"${key}" in ${this.what}`, this.#report) ?? [];
  }

  /** The map under a key. */
  map(key: string, what: string): Fields | undefined {
    const node = this.#node(key, 'required');
    if (node === undefined) return undefined;
    return this.#fields(node, this.lineOf(key), what);
  }

  /** The maps in the list under a key. */
  maps(key: string, what: string): Fields[] {
    const node = this.#node(key, 'required');
    if (node === undefined) return [];
    if (!isSeq(node)) {
      this.#report(this.lineOf(key), `"${key}" in ${this.what} must be a list`);
      return [];
    }
    return node.items.flatMap((item) => {
      return this.#fields(item as Node, this.#origin.lineAt(item) ?? this.lineOf(key), what) ?? [];
    });
  }

  /** The whole map as plain data, without some keys. */
  plain(without: readonly string[]): Record<string, unknown> {
    const entries = this.#map.items.map((pair): [string, unknown] => [
      String(isScalar(pair.key) ? pair.key.value : pair.key),
      (pair.value as Node | null)?.toJS(this.#origin.document) ?? null,
    ]);
    return Object.fromEntries(entries.filter(([key]) => !without.includes(key)));
  }

  #node(key: string, presence: 'required' | 'optional'): Node | undefined {
    if (!this.#map.has(key)) {
      if (presence === 'required') this.#report(this.line, `missing key "${key}" in ${this.what}`);
      return undefined;
    }
    const node = this.#map.get(key, true) as Node | null | undefined;
    if (node) return node;
    this.#report(this.lineOf(key), `"${key}" in ${this.what} is empty`);
    return undefined;
  }

  #fields(node: Node, line: number, what: string): Fields | undefined {
    if (isMap(node)) return new Fields(node, this.#origin, line, what, this.#report);
    this.#report(line, `${what} must be a map of keys and values`);
    return undefined;
  }
}
