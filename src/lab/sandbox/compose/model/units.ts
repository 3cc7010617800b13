import { ComposeError, Float, type Value } from '../value.ts';

const UNITS: [string, number][] = [
  ['h', 3.6e12],
  ['m', 6e10],
  ['s', 1e9],
  ['ms', 1e6],
  ['us', 1e3],
  ['\u00b5s', 1e3],
  ['ns', 1],
];

/** Reads a duration such as `1m30s` and prints it as Go does: `1m30s`, `250ms`, `1h0m0s`. */
export function durationText(text: string): string {
  return printDuration(parseDuration(text));
}

/** Nanoseconds. */
function parseDuration(text: string): number {
  const quoted = JSON.stringify(text);
  const [, sign = '', digits = ''] = /^([-+]?)(.*)$/s.exec(text) ?? [];
  if (digits === '0') return 0;
  let total = 0;
  let rest = digits;
  do {
    const [all = '', number = '', unit = ''] = /^(\d+\.?\d*|\.\d+)([^.\d]*)/.exec(rest) ?? [];
    if (number === '') throw new ComposeError(`time: invalid duration ${quoted}`);
    if (unit === '') throw new ComposeError(`time: missing unit in duration ${quoted}`);
    const factor = UNITS.find(([name]) => name === unit)?.[1];
    if (factor === undefined) {
      throw new ComposeError(`time: unknown unit ${JSON.stringify(unit)} in duration ${quoted}`);
    }
    total += Number(number) * factor;
    rest = rest.slice(all.length);
  } while (rest !== '');
  return Math.trunc(sign === '-' ? -total : total);
}

function printDuration(nanoseconds: number): string {
  const sign = nanoseconds < 0 ? '-' : '';
  const size = Math.abs(nanoseconds);
  if (size === 0) return '0s';
  if (size < 1e9) {
    const [unit, factor] = UNITS.slice(3).find(([name, one]) => size >= one && name !== 'us') ?? ['ns', 1];
    return `${sign}${size / factor}${unit}`;
  }
  const hours = Math.floor(size / 3.6e12);
  const minutes = Math.floor((size % 3.6e12) / 6e10);
  const seconds = (size % 6e10) / 1e9;
  const front = hours > 0 ? `${hours}h${minutes}m` : minutes > 0 ? `${minutes}m` : '';
  return `${sign}${front}${seconds}s`;
}

/** A size as Compose prints it: `64kb` is `65536`. */
export function sizeText(value: Value): string {
  if (value instanceof Float) return String(Math.trunc(value.number));
  if (typeof value !== 'string') return String(value);
  if (value === '') return '';
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?) ?([kmgtp]?)i?b?$/i.exec(value) ?? [];
  if (number === undefined) throw new ComposeError(`invalid size: '${value}'`);
  return String(Math.trunc(Number(number) * 1024 ** ' kmgtp'.indexOf(unit.toLowerCase() || ' ')));
}
