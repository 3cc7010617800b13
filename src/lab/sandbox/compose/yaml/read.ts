import { BeyondSandbox, ComposeError, goText, mapping, type Value } from '../value.ts';
import type { MappingNode, Node } from './node.ts';
import { parseDocuments } from './parser.ts';
import { scalarValue } from './scalar-value.ts';

/** Reads the documents of a YAML text one after the other, in the types and with the errors of go-yaml. */
export function* readYaml(text: string): Generator<{ root: Node; value: Value }> {
  for (const root of parseDocuments(text)) {
    const twice = repeatedKeys(root);
    if (twice.length > 0) throw unmarshalError(twice);
    yield { root, value: toValue(root, '') };
  }
}

/** go-yaml gathers what does not fit, each with its line. */
export function unmarshalError(problems: string[]): ComposeError {
  return new ComposeError(`yaml: unmarshal errors:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
}

/** Where a mapping has a key twice, what is inside it is not looked at. */
function repeatedKeys(node: Node): string[] {
  if (node.kind === 'scalar') return [];
  if (node.kind === 'sequence') return node.items.flatMap(repeatedKeys);
  const keys = node.pairs.flatMap(([key]) => (key.kind === 'scalar' ? [key] : []));
  const here = keys.flatMap((key, i) =>
    keys
      .slice(i + 1)
      .filter(({ text }) => text === key.text)
      .map(
        ({ line }) =>
          `line ${line}: mapping key ${JSON.stringify(key.text)} already defined at line ${key.line}`,
      ),
  );
  return here.length > 0 ? here : node.pairs.flatMap(([, value]) => repeatedKeys(value));
}

function toValue(node: Node, path: string): Value {
  if (node.tag === '!reset' || node.tag === '!override') throw new BeyondSandbox(`the tag ${node.tag}`);
  if (node.kind === 'scalar') return scalarValue(node);
  if (node.kind === 'sequence') return node.items.map((item, i) => toValue(item, `${path}[${i}]`));
  return mapping(pairsOf(node, path));
}

/** All pairs of a mapping, those that it merges by `<<` first, so that its own win. */
function pairsOf(node: MappingNode, path: string): [string, Value][] {
  const own: [string, Value][] = [];
  const merged: [string, Value][] = [];
  for (const [key, value] of node.pairs) {
    if (key.kind === 'scalar' && key.plain && key.text === '<<') merged.push(...mergedPairs(value, path));
    else {
      const name = keyName(key, path);
      own.push([name, toValue(value, path === '' ? name : `${path}.${name}`)]);
    }
  }
  return [...merged, ...own];
}

function mergedPairs(node: Node, path: string): [string, Value][] {
  const sources = node.kind === 'sequence' ? node.items : [node];
  // The first of several has the last word.
  return sources.toReversed().flatMap((source) => {
    if (source.kind === 'mapping') return pairsOf(source, path);
    throw new ComposeError('yaml: map merge requires map or sequence of maps as the value');
  });
}

function keyName(key: Node, path: string): string {
  if (key.kind !== 'scalar')
    throw new ComposeError(`yaml: invalid map key: ${goLiteral(toValue(key, path))}`);
  const name = scalarValue(key);
  if (typeof name === 'string') return name;
  throw new ComposeError(`Non-string key ${path === '' ? 'at top level' : `in ${path}`}: ${goText(name)}`);
}

/** A value as Go source, `%#v`. */
function goLiteral(value: Value): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (Array.isArray(value)) return `[]interface {}{${value.map(goLiteral).join(', ')}}`;
  if (typeof value !== 'object' || value === null) return goText(value);
  const entries = Object.entries(value).map(([name, one]) => `${JSON.stringify(name)}:${goLiteral(one)}`);
  return `map[string]interface {}{${entries.join(', ')}}`;
}
