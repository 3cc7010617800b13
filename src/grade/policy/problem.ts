import { printable } from '../intake/names.ts';

/** Something in a compose file that a submission may not have. */
export interface Problem {
  /** Stable: `privileged`, `mount-outside`. */
  id: string;
  /** `Service leader`, `Volume data`. */
  subject: string;
  property: string;
  /** One sentence. */
  message: string;
}

/** "Service leader sets pid: host, but a submission may not …". `may` goes on after that, without a full stop. */
export function problem(
  id: string,
  subject: string,
  property: string,
  may: string,
  value?: unknown,
): Problem {
  const said = value === undefined ? property : `${property}: ${shown(value)}`;
  return { id, subject, property, message: `${subject} sets ${said}, but a submission may not ${may}.` };
}

/** A value for a message. */
export function shown(value: unknown): string {
  const text = Array.isArray(value) ? value.map(one).join(', ') : one(value);
  return printable(text, 80);
}

function one(value: unknown): string {
  // A resolved config has each dollar twice.
  return typeof value === 'object' ? (JSON.stringify(value) ?? '') : String(value).replaceAll('$$', '$');
}

export type Fields = Record<string, unknown>;

/** The names and values of a mapping; none of anything else. */
export function entries(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
}

export function fields(value: unknown): Fields {
  return Object.fromEntries(entries(value));
}

/** A list, or the one thing that stands for a list of one. */
export function list(value: unknown): unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

export function isOn(value: unknown): boolean {
  return value === true || /^(?:true|yes|on|y)$/i.test(String(value));
}

/** Whether a property says nothing: absent, off, or an empty list. */
export function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === false || value === '' || value === 'false')
    return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
