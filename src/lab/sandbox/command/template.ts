import { goJson, goText, type Value } from './go-values.ts';
import { CommandError, refused } from './refusal.ts';
import { type Node, parseTemplate, type Term } from './template-parse.ts';

export interface TemplateOptions {
  /** What docker says before the template's own message. */
  failure: string;
  /** What it says of a field that is not there: `map has no entry for key "X"`. */
  missing(field: string): string;
}

/**
 * Fills a Go template as `docker … --format` does. Known: fields, `json`, `index`, `len`, `range` and `if`; other words
 * are refused by name. Throws CommandError for a broken template and for a field that is not there.
 */
export function compileTemplate(source: string, options: TemplateOptions): (value: Value) => string {
  const parsed = parseTemplate(source);
  if (!parsed.ok) {
    if (parsed.error.kind === 'unknown')
      throw refused(`the sandbox does not know ${parsed.error.word} in a template`, 'Use --format json');
    throw new CommandError(
      `${options.failure.replace(/^failed to execute/, 'failed to parse')}: template: :1: ${parsed.error.message}`,
    );
  }
  return (value) => parsed.nodes.map((node) => fill(node, value, options)).join('');
}

function fill(node: Node, value: Value, options: TemplateOptions): string {
  if (node.kind === 'text') return node.text;
  if (node.kind === 'print') return goText(evaluate(node.term, value, options));
  const found = evaluate(node.term, value, options);
  const inner = (nodes: Node[], dot: Value) => nodes.map((one) => fill(one, dot, options)).join('');
  if (node.kind === 'if') return inner(isTrue(found) ? node.body : node.otherwise, value);
  const items = elements(found);
  return items.length === 0
    ? inner(node.otherwise, value)
    : items.map((one) => inner(node.body, one)).join('');
}

function evaluate(term: Term, dot: Value, options: TemplateOptions): Value {
  if (term.kind === 'literal') return term.value;
  if (term.kind === 'field') return field(term, dot, options);
  const [first = null, ...others] = term.args.map((one) => evaluate(one, dot, options));
  if (term.word === 'json') return goJson(first);
  if (term.word === 'len') return elements(first).length;
  return others.reduce<Value>((inside, key) => index(inside, key), first);
}

function field(
  { path, at }: Extract<Term, { kind: 'field' }>,
  dot: Value,
  { failure, missing }: TemplateOptions,
): Value {
  let value = dot;
  for (const name of path) {
    const next = isMap(value) ? value[name] : undefined;
    if (next === undefined)
      throw new CommandError(
        `${failure}: template: :1:${at}: executing "" at <.${path.join('.')}>: ${missing(name)}`,
      );
    value = next;
  }
  return value;
}

function index(inside: Value, key: Value): Value {
  if (Array.isArray(inside)) return inside[Number(key)] ?? null;
  // A map of strings gives an empty one for a key that is not there, and so does this.
  return isMap(inside) ? (inside[String(key)] ?? '') : null;
}

function elements(value: Value): Value[] {
  if (Array.isArray(value)) return value;
  // Go walks a map in the order of its keys.
  return isMap(value)
    ? Object.keys(value)
        .sort()
        .map((key) => value[key] ?? null)
    : [];
}

const isMap = (value: Value): value is { [key: string]: Value } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isTrue = (value: Value): boolean =>
  typeof value === 'object' && value !== null ? elements(value).length > 0 : Boolean(value);
