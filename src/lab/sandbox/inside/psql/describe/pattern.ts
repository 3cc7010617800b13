import { quoteLiteral } from '../scan.ts';

/** What psql makes of a pattern such as `public.inv*`: regular expressions for the schema and for the name. */
export interface NamePattern {
  schema: string | null;
  name: string | null;
}

const SPECIAL = '|*+?()[]{}.^\\';

export function readPattern(pattern: string): NamePattern {
  let schema: string | null = null;
  let name = '';
  let quoted = false;
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at] ?? '';
    if (char === '"') {
      if (quoted && pattern[at + 1] === '"') {
        name += '"';
        at += 1;
      } else quoted = !quoted;
    } else if (!quoted && char === '*') name += '.*';
    else if (!quoted && char === '?') name += '.';
    else if (!quoted && char === '.') {
      schema = name;
      name = '';
    } else if (char === '$') name += '\\$';
    else if (quoted && SPECIAL.includes(char)) name += `\\${char}`;
    else name += quoted ? char : char.toLowerCase();
  }
  return { schema: schema === '' ? null : schema, name: name === '' ? null : name };
}

/**
 * Conditions for a WHERE clause: the pattern fits `name` and `schema` (columns; schema null where the things have
 * none). Without a schema in the pattern only what `visible` says is found.
 */
export function patternConditions(
  pattern: string | null,
  name: string,
  schema: string | null,
  visible: string | null,
): string[] {
  if (pattern === null) return visible === null ? [] : [visible];
  const wanted = readPattern(pattern);
  const conditions: string[] = [];
  if (wanted.name !== null) conditions.push(...fits(name, wanted.name));
  if (wanted.schema !== null && schema !== null) conditions.push(...fits(schema, wanted.schema));
  else if (visible !== null) conditions.push(visible);
  return conditions;
}

function fits(column: string, expression: string): string[] {
  if (expression === '.*') return [];
  return [`${column} OPERATOR(pg_catalog.~) ${quoteLiteral(`^(${expression})$`)} COLLATE pg_catalog.default`];
}
