import type { Grades } from '../../grade/types.ts';

/**
 * Characters that JSON may hold as they are, but that a terminal acts on or that reorder text; and the second `#` of
 * two, so that no line of a log reads as a command of a CI system (`##vso[...]`).
 */
const STEERS = /[\x7f-\x9f\u2028-\u202e\u2066-\u2069]|(?<=#)#/g;

/** The record itself as one document. What is read back is equal to it: tricks are escaped, not taken out. */
export function gradesAsJson(grades: Grades): string {
  const text = JSON.stringify(grades, null, 2);
  return `${text.replace(STEERS, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`;
}
