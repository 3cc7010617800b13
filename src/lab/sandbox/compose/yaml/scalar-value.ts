import { ComposeError, Float, type Value } from '../value.ts';
import type { ScalarNode } from './node.ts';

const CONSTANTS = new Map<string, Value>([
  ...['', '~', 'null', 'Null', 'NULL'].map((text) => [text, null] as const),
  ...['true', 'True', 'TRUE'].map((text) => [text, true] as const),
  ...['false', 'False', 'FALSE'].map((text) => [text, false] as const),
  ...['.nan', '.NaN', '.NAN'].map((text) => [text, new Float(Number.NaN)] as const),
  ...['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'].map((text) => [text, new Float(Infinity)] as const),
  ...['-.inf', '-.Inf', '-.INF'].map((text) => [text, new Float(-Infinity)] as const),
]);

const FLOAT = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;

/** Whole numbers as Go's ParseInt reads them with base 0: a leading 0 makes them octal. */
const INTEGER = /^([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9]\d*))$/;

const DATE = /^(\d{4})-(\d\d?)-(\d\d?)(?:(?:[Tt]| +)(\d\d?):(\d\d?):(\d\d?)(\.\d+)?(Z|[-+]\d\d:\d\d)?)?$/;

/** The value of a scalar, as go-yaml sees it: quoted ones are text, plain ones what they look like. */
export function scalarValue({ text, plain, tag }: ScalarNode): Value {
  const written = plain ? plainValue(text) : text;
  switch (tag) {
    case '!!int':
    case '!!float':
    case '!!bool':
    case '!!null':
      return tagged(tag, text);
    case '':
      return written;
    default:
      return text;
  }
}

/** A plain scalar's value: `5433:5432` is text, `017` is 15, `yes` is text. */
export function plainValue(text: string): Value {
  const constant = CONSTANTS.get(text);
  if (constant !== undefined) return constant;
  if (!/^[-+.0-9]/.test(text)) return text;
  const digits = text.startsWith('.') ? text : text.replaceAll('_', '');
  return dateText(text) ?? integer(digits) ?? (FLOAT.test(digits) ? new Float(Number(digits)) : text);
}

function integer(text: string): number | bigint | null {
  const match = INTEGER.exec(text);
  if (match === null) return null;
  const [, sign, hex, binary, octal, decimal] = match;
  const bare = hex ? `0x${hex}` : binary ? `0b${binary}` : octal ? `0o${octal}` : (decimal ?? '0');
  const value = BigInt(bare) * (sign === '-' ? -1n : 1n);
  if (value >= 2n ** 64n || value < -(2n ** 63n)) return null;
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

/** Whether a plain scalar is a date to YAML. */
export function isDate(text: string): boolean {
  return dateText(text) !== null;
}

/** A date as Go prints it, which is what a variable gets that holds one. */
function dateText(text: string): string | null {
  const match = DATE.exec(text);
  if (match === null) return null;
  const two = (part: string | undefined) => (part ?? '0').padStart(2, '0');
  const [, year, month, day, hour, minute, second, fraction, zone] = match;
  if (Number.isNaN(Date.parse(`${year}-${two(month)}-${two(day)}`))) return null;
  const offset = zone === undefined || zone === 'Z' ? '+0000 UTC' : twice(zone.replace(':', ''));
  const rest = (fraction ?? '').replace(/0+$/, '').replace(/^\.$/, '');
  return `${year}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)}:${two(second)}${rest} ${offset}`;
}

const twice = (text: string) => `${text} ${text}`;

function tagged(tag: string, text: string): Value {
  const value = plainValue(text);
  const fits = {
    '!!int': typeof value === 'number' || typeof value === 'bigint',
    '!!float': typeof value === 'number' || value instanceof Float,
    '!!bool': typeof value === 'boolean',
    '!!null': value === null,
  }[tag];
  if (!fits) throw new ComposeError(`yaml: cannot decode ${shortTag(value)} \`${text}\` as a ${tag}`);
  return tag === '!!float' && typeof value === 'number' ? new Float(value) : value;
}

/** The tag that a value has without one being written. */
export function shortTag(value: Value): string {
  if (value === null) return '!!null';
  if (value instanceof Float) return '!!float';
  if (Array.isArray(value)) return '!!seq';
  switch (typeof value) {
    case 'boolean':
      return '!!bool';
    case 'number':
    case 'bigint':
      return '!!int';
    case 'string':
      return '!!str';
    default:
      return '!!map';
  }
}
