import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  type Node,
  type Scalar,
  visit,
  type YAMLMap,
} from 'yaml';
import type { YamlBounds } from '../bounds.ts';
import { BeyondSandbox, ComposeError, goText, mapping, type Value } from '../value.ts';
import { parseYaml } from './parse.ts';

/** A document of a YAML text. `line` counts from 1. */
export interface YamlDocument {
  root: Node | null;
  value: Value;
  line(node: Node | null): number;
}

/** Reads the documents of a YAML text one after the other, in the types and with the errors of go-yaml. */
export function* readYaml(text: string, bounds: YamlBounds): Generator<YamlDocument> {
  for (const { document, line } of parseYaml(text, bounds)) {
    const { twice, aliases } = checkNodes(document, line, bounds.aliases);
    if (twice.length > 0) throw unmarshalError(twice);
    yield {
      root: document.contents,
      value: typed(merged(document), '', { left: aliases > 0 ? bounds.nodes : Number.POSITIVE_INFINITY }),
      line,
    };
  }
}

/** go-yaml gathers what does not fit, each with its line. */
export function unmarshalError(problems: string[]): ComposeError {
  return new ComposeError(`yaml: unmarshal errors:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
}

/** Looks for what the package does not mind. `twice`: what is said of keys that are there twice. */
function checkNodes(
  document: Document,
  line: (node: Node) => number,
  mostAliases: number,
): { twice: string[]; aliases: number } {
  const twice: string[] = [];
  /** The last node of each name so far, which is what an alias means. */
  const anchors = new Map<string, Node>();
  let aliases = 0;
  visit(document, (_, node, path) => {
    if (isNode(node) && (node.tag === '!reset' || node.tag === '!override')) {
      throw new BeyondSandbox(`the tag ${node.tag}`);
    }
    if (isAlias(node)) {
      aliases += 1;
      if (aliases > mostAliases) throw excessive();
      const target = anchors.get(node.source);
      if (target === undefined) throw new ComposeError(`yaml: unknown anchor '${node.source}' referenced`);
      if (path.includes(target))
        throw new ComposeError(`yaml: anchor '${node.source}' value contains itself`);
    }
    if (isNode(node) && !isAlias(node) && node.anchor !== undefined) anchors.set(node.anchor, node);
    if (!isMap(node)) return undefined;
    const found = repeatedKeys(node, line);
    twice.push(...found);
    return found.length > 0 ? visit.SKIP : undefined;
  });
  return { twice, aliases };
}

function repeatedKeys(node: YAMLMap, line: (node: Node) => number): string[] {
  const keys = node.items.map(({ key }) => key).filter((key) => isScalar(key));
  if (keys.some(({ source, type }) => source === '' && type === 'PLAIN')) {
    throw new ComposeError(`yaml: line ${line(node) - 1}: did not find expected key`);
  }
  const same = new Map<unknown, typeof keys>();
  for (const key of keys) {
    const before = same.get(key.source);
    if (before === undefined) same.set(key.source, [key]);
    else before.push(key);
  }
  return [...same.values()].some((all) => all.length > 1) ? pairs(keys, same, line) : [];
}

/** Two of the same, each with each as go-yaml has them: a long list of one key would fill the memory. */
const MOST_PAIRS = 1000;

function pairs<T extends Scalar>(keys: T[], same: Map<unknown, T[]>, line: (node: Node) => number): string[] {
  const said: string[] = [];
  for (const key of keys) {
    const all = same.get(key.source) ?? [];
    const words = `mapping key ${JSON.stringify(key.source)} already defined at line ${line(key)}`;
    if (all.length < 2) continue;
    for (const one of all.slice(all.indexOf(key) + 1)) {
      if (said.length === MOST_PAIRS) return said;
      said.push(`line ${line(one)}: ${words}`);
    }
  }
  return said;
}

/** go-yaml's words for few lines that stand for very much. */
const excessive = () => new ComposeError('yaml: document contains excessive aliasing');

/** A document's content with what it merges by `<<`. Mappings are maps, which keep keys that are no text. */
function merged(document: Document): unknown {
  try {
    return document.toJS({ mapAsMap: true, maxAliasCount: -1 });
  } catch {
    throw new ComposeError('yaml: map merge requires map or sequence of maps as the value');
  }
}

function typed(value: unknown, path: string, count: { left: number }): Value {
  count.left -= 1;
  if (count.left < 0) throw excessive();
  if (Array.isArray(value)) return value.map((item, i) => typed(item, `${path}[${i}]`, count));
  if (!(value instanceof Map)) return value as Value;
  return mapping(
    [...value].map(([key, item]) => {
      if (typeof key === 'string') return [key, typed(item, path === '' ? key : `${path}.${key}`, count)];
      if (key instanceof Map || Array.isArray(key)) throw new ComposeError('yaml: invalid map key');
      throw new ComposeError(`Non-string key ${path === '' ? 'at top level' : `in ${path}`}: ${goText(key)}`);
    }),
  );
}
