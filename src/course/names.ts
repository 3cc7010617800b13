import type { Names } from './types.ts';

/**
 * `{{name}}`, tight. Docker's own templates (`{{.Names}}`, `{{json .}}`) hold a dot or a blank and so are left
 * alone.
 */
const PLACEHOLDER = /\{\{([A-Za-z][\w-]*)\}\}/g;
/** Almost a placeholder: shown to learners as it stands, so it is never meant. */
const SPACED = /\{\{(?:\s+([A-Za-z][\w-]*)\s*|([A-Za-z][\w-]*)\s+)\}\}/g;

/** Names that exist only at run time, with the value used to validate and to render the reference files. */
export const RUNTIME_NAMES: Names = { project: 'solutions' };

/** A `{{name}}` that has no value. */
export class UnknownNameError extends Error {
  constructor(name: string, known: readonly string[]) {
    super(`unknown name {{${name}}}. Known names: ${known.join(', ')}`);
    this.name = 'UnknownNameError';
  }
}

/** Replaces every `{{name}}` in a text. Throws UnknownNameError. */
export function bindText(text: string, names: Names): string {
  if (!text.includes('{{')) return text; // nearly every text of a course, and it is bound before the first frame
  return text.replace(PLACEHOLDER, (_, name: string) => {
    const value = Object.hasOwn(names, name) ? names[name] : undefined;
    if (value === undefined) throw new UnknownNameError(name, Object.keys(names));
    return value;
  });
}

/** As `bindText`, but leaves an unknown name as it stands (it has been reported already). */
export function bindKnown(text: string, names: Names): string {
  return text.replace(PLACEHOLDER, (whole, name: string) =>
    Object.hasOwn(names, name) ? (names[name] ?? whole) : whole,
  );
}

/** Replaces in every string inside plain data, keys of objects included. Returns a copy. */
export function mapStrings<T>(value: T, change: (text: string) => string): T {
  const walk = (part: unknown): unknown => {
    if (typeof part === 'string') return change(part);
    if (Array.isArray(part)) return part.map(walk);
    if (part === null || typeof part !== 'object') return part;
    const copy: Record<string, unknown> = {};
    for (const [key, inner] of Object.entries(part)) copy[change(key)] = walk(inner);
    return copy;
  };
  return walk(value) as T;
}

/** What is wrong with the placeholders of one line of text. */
export function placeholderProblems(line: string, known: Names): string[] {
  const problems: string[] = [];
  for (const [, name = ''] of line.matchAll(PLACEHOLDER)) {
    if (!Object.hasOwn(known, name)) {
      problems.push(new UnknownNameError(name, Object.keys(known)).message);
    }
  }
  for (const [whole, before, after] of line.matchAll(SPACED)) {
    const name = before ?? after ?? '';
    if (Object.hasOwn(known, name))
      problems.push(`"${whole}" is not replaced. Write {{${name}}} without spaces`);
  }
  return problems;
}
