import path from 'node:path';
import { interpolate } from './env/interpolate.ts';
import type { Variables } from './env/template.ts';
import { ComposeError, goText } from './value.ts';
import type { Node } from './yaml/node.ts';
import { unmarshalError } from './yaml/read.ts';
import { scalarValue, shortTag } from './yaml/scalar-value.ts';

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
export function writtenName(root: Node, variables: Variables): string | null {
  if (root.kind === 'scalar' && scalarValue(root) === null) return null;
  if (root.kind !== 'mapping') throw cannotUnmarshal(root, 'cli.named');
  const [, name] = root.pairs.find(([key]) => key.kind === 'scalar' && key.text === 'name') ?? [];
  if (name === undefined) return null;
  if (name.kind !== 'scalar') throw cannotUnmarshal(name, 'string');
  return name.text === '' ? null : goText(interpolate(name.text, variables, ['name']));
}

function cannotUnmarshal(node: Node, type: string): ComposeError {
  const tag =
    node.kind === 'sequence' ? '!!seq' : node.kind === 'mapping' ? '!!map' : shortTag(scalarValue(node));
  const text = node.kind === 'scalar' ? node.text : '';
  const shown = text === '' ? '' : ` \`${text.length > 10 ? `${text.slice(0, 7)}...` : text}\``;
  return unmarshalError([`line ${node.line}: cannot unmarshal ${tag}${shown} into ${type}`]);
}
