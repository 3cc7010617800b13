import type { Grades } from '../../grade/types.ts';
import { harmless } from '../../terminal/ansi.ts';

/** Fields whose text may have more than one line; all others are put on one. */
const MANY_LINES = new Set(['text', 'saw', 'wanted', 'why', 'probe', 'message', 'next', 'command']);

/**
 * A copy of a record in which no text steers a terminal or a CI system. Numbers, states and ids stay as they are.
 * Every report but the JSON begins with this, so that no field can be forgotten: what is left for a report to escape
 * is its own syntax.
 */
export function withoutTricks(grades: Grades): Grades {
  return copyOf(grades, '') as Grades;
}

function copyOf(value: unknown, field: string): unknown {
  if (typeof value === 'string') return MANY_LINES.has(field) ? untrusted(value) : untrustedLine(value);
  if (Array.isArray(value)) return value.map((item) => copyOf(item, field));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, copyOf(inner, key)]));
}

/** Text of others, made fit to be printed by us. It may have more than one line. */
export function untrusted(text: string): string {
  return withoutCommands(wellFormed(harmless(text)).replace(/[\u2028\u2029]/g, '\n'));
}

/** The same on one line. */
export function untrustedLine(text: string): string {
  return withoutCommands(wellFormed(harmless(text)).replace(/[\n\u2028\u2029]+/g, ' '));
}

/** Half of a surrogate pair can be in no file, and Unicode's noncharacters in no XML. */
function wellFormed(text: string): string {
  return text.replace(/[\p{Surrogate}\p{Noncharacter_Code_Point}]/gu, '\ufffd');
}

/**
 * CI systems act on lines of a log. GitHub skips white space before `::notice::`, so a space would not stop it, and it
 * looks for `##[error]` anywhere in a line; so does Azure for `##vso[...]`. Controls must be gone before this looks.
 * White space is matched within a line only: over many empty lines the time would grow with their square.
 */
function withoutCommands(text: string): string {
  return text.replace(/^([^\S\n]*)(?=::)/gm, "$1'").replace(/##(?=[\w.-]*\[)/g, '## ');
}
