import { type Document, isAlias, isMap, isNode, isScalar, type Node, visit, type YAMLMap } from 'yaml';
import { BeyondSandbox, ComposeError, goText, mapping, type Value } from '../value.ts';
import { parseYaml } from './parse.ts';

/** A document of a YAML text. `line` counts from 1. */
export interface YamlDocument {
  root: Node | null;
  value: Value;
  line(node: Node | null): number;
}

/** Reads the documents of a YAML text one after the other, in the types and with the errors of go-yaml. */
export function* readYaml(text: string): Generator<YamlDocument> {
  for (const { document, line } of parseYaml(text)) {
    const twice = checkNodes(document, line);
    if (twice.length > 0) throw unmarshalError(twice);
    yield { root: document.contents, value: typed(merged(document), ''), line };
  }
}

/** go-yaml gathers what does not fit, each with its line. */
export function unmarshalError(problems: string[]): ComposeError {
  return new ComposeError(`yaml: unmarshal errors:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
}

/** Looks for what the package does not mind. Returns what is said of keys that are there twice. */
function checkNodes(document: Document, line: (node: Node) => number): string[] {
  const twice: string[] = [];
  visit(document, (_, node, path) => {
    if (isNode(node) && (node.tag === '!reset' || node.tag === '!override')) {
      throw new BeyondSandbox(`the tag ${node.tag}`);
    }
    if (isAlias(node)) {
      const target = node.resolve(document);
      if (target === undefined) throw new ComposeError(`yaml: unknown anchor '${node.source}' referenced`);
      if (path.includes(target))
        throw new ComposeError(`yaml: anchor '${node.source}' value contains itself`);
    }
    if (!isMap(node)) return undefined;
    const found = repeatedKeys(node, line);
    twice.push(...found);
    return found.length > 0 ? visit.SKIP : undefined;
  });
  return twice;
}

function repeatedKeys(node: YAMLMap, line: (node: Node) => number): string[] {
  const keys = node.items.map(({ key }) => key).filter((key) => isScalar(key));
  if (keys.some(({ source, type }) => source === '' && type === 'PLAIN')) {
    throw new ComposeError(`yaml: line ${line(node) - 1}: did not find expected key`);
  }
  return keys.flatMap((key, i) => {
    const again = keys.slice(i + 1).filter(({ source }) => source === key.source);
    const words = `mapping key ${JSON.stringify(key.source)} already defined at line ${line(key)}`;
    return again.map((one) => `line ${line(one)}: ${words}`);
  });
}

/** A document's content with what it merges by `<<`. Mappings are maps, which keep keys that are no text. */
function merged(document: Document): unknown {
  try {
    return document.toJS({ mapAsMap: true, maxAliasCount: -1 });
  } catch {
    throw new ComposeError('yaml: map merge requires map or sequence of maps as the value');
  }
}

function typed(value: unknown, path: string): Value {
  if (Array.isArray(value)) return value.map((item, i) => typed(item, `${path}[${i}]`));
  if (!(value instanceof Map)) return value as Value;
  return mapping(
    [...value].map(([key, item]) => {
      if (typeof key === 'string') return [key, typed(item, path === '' ? key : `${path}.${key}`)];
      if (key instanceof Map || Array.isArray(key)) throw new ComposeError('yaml: invalid map key');
      throw new ComposeError(`Non-string key ${path === '' ? 'at top level' : `in ${path}`}: ${goText(key)}`);
    }),
  );
}
