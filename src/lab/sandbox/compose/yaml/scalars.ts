import type { Tags } from 'yaml';
import { Float, type Value } from '../value.ts';

const FLOAT = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;

/** Whole numbers as Go's ParseInt reads them with base 0: a leading 0 makes them octal. */
const INTEGER = /^([-+]?)(?:(0[xX][0-9a-fA-F]+|0[bB][01]+)|0[oO]?([0-7]+)|(0|[1-9]\d*))$/;

const DATE = /^(\d{4})-(\d\d?)-(\d\d?)(?:(?:[Tt]| +)(\d\d?):(\d\d?):(\d\d?)(\.\d+)?(Z|[-+]\d\d:\d\d)?)?$/;

/** A plain scalar's value: `5433:5432` is text, `017` is 15, `yes` is text. */
export function plainValue(text: string): Value {
  if (/^(?:|~|null|Null|NULL)$/.test(text)) return null;
  if (/^(?:true|True|TRUE)$/.test(text)) return true;
  if (/^(?:false|False|FALSE)$/.test(text)) return false;
  if (/^\.(?:nan|NaN|NAN)$/.test(text)) return new Float(Number.NaN);
  if (/^[-+]?\.(?:inf|Inf|INF)$/.test(text)) return new Float(text.startsWith('-') ? -Infinity : Infinity);
  if (!/^[-+.0-9]/.test(text)) return text;
  const digits = text.startsWith('.') ? text : text.replaceAll('_', '');
  return dateText(text) ?? integer(digits) ?? (FLOAT.test(digits) ? new Float(Number(digits)) : text);
}

function integer(text: string): number | bigint | null {
  const [, sign, prefixed, octal, decimal] = INTEGER.exec(text) ?? [];
  if (sign === undefined) return null;
  const value = BigInt(prefixed ?? (octal ? `0o${octal}` : (decimal ?? '0'))) * (sign === '-' ? -1n : 1n);
  if (value >= 2n ** 64n || value < -(2n ** 63n)) return null;
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

/** A date as Go prints it, which is what a variable gets that holds one; null for other text. */
function dateText(text: string): string | null {
  const match = DATE.exec(text);
  if (match === null) return null;
  const [year, month, day, hour, minute, second] = match
    .slice(1, 7)
    .map((part = '0') => part.padStart(2, '0'));
  if (Number.isNaN(Date.parse(`${year}-${month}-${day}`))) return null;
  const fraction = (match[7] ?? '').replace(/\.?0+$/, '');
  const offset = (match[8] ?? 'Z').replace(':', '');
  const zone = offset === 'Z' ? '+0000 UTC' : `${offset} ${offset}`;
  return `${year}-${month}-${day} ${hour}:${minute}:${second}${fraction} ${zone}`;
}

/** How the package reads scalars: those without quotes and a tag as Go does, and few others. */
export const SCALARS: Tags = [
  { tag: 'go', default: true, test: /^/, resolve: plainValue },
  'int',
  'bool',
  'null',
];
