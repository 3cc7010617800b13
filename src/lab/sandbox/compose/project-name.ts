import path from 'node:path';
import { isMap, isScalar, type Node } from 'yaml';
import { interpolate } from './env/interpolate.ts';
import type { Variables } from './env/template.ts';
import { ComposeError, Float, goText, isMapping, type Value } from './value.ts';
import { unmarshalError, type YamlDocument } from './yaml/read.ts';

/** A name that was given with `-p` or COMPOSE_PROJECT_NAME must be right as it is. */
export function givenName(name: string, exitCode: number): string {
  if (/^[a-z0-9][a-z0-9_-]*$/.test(name)) return name;
  const rule =
    'must consist only of lowercase alphanumeric characters, hyphens, and underscores as well as start with a letter or number';
  throw new ComposeError(`invalid project name ${JSON.stringify(name)}: ${rule}`, exitCode);
}

/** The name that a file has or, where it is null, the name of its folder, made fit. */
export function foundName(written: string | null, directory: string): string {
  const name = fitting(written ?? path.basename(directory));
  if (name === '') throw new ComposeError('project name must not be empty');
  return name;
}

function fitting(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9_-]/g, '')
    .replace(/^[_-]+/, '');
}

/** `name:` of a document, null where there is none. Compose reads it before it checks anything else. */
export function writtenName({ root, value, line }: YamlDocument, variables: Variables): string | null {
  if (value === null) return null;
  if (!isMapping(value) || !isMap(root)) throw cannotUnmarshal(root, value, line(root), 'cli.named');
  const { name } = value;
  const node = root.get('name', true) ?? null;
  if (name === undefined || node === null) return null;
  if (Array.isArray(name) || isMapping(name)) throw cannotUnmarshal(node, name, line(node), 'string');
  const text = isScalar(node) ? (node.source ?? '') : goText(name);
  return text === '' ? null : goText(interpolate(text, variables, ['name']));
}

function cannotUnmarshal(node: Node | null, value: Value, line: number, type: string): ComposeError {
  const text = isScalar(node) ? (node.source ?? '') : '';
  const shown = text === '' ? '' : ` \`${text.length > 10 ? `${text.slice(0, 7)}...` : text}\``;
  return unmarshalError([`line ${line}: cannot unmarshal ${shortTag(value)}${shown} into ${type}`]);
}

/** The tag that a value has without one being written. */
function shortTag(value: Value): string {
  if (value === null) return '!!null';
  if (value instanceof Float) return '!!float';
  if (Array.isArray(value)) return '!!seq';
  if (typeof value === 'boolean') return '!!bool';
  if (typeof value === 'string') return '!!str';
  return typeof value === 'object' ? '!!map' : '!!int';
}
