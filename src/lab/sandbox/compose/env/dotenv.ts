import { ComposeError } from '../value.ts';
import { substitute, type Variables } from './template.ts';

/** A file of variables that is wrong: `line 1: key cannot contain a space`. */
export class DotenvError extends Error {}

interface Reading {
  text: string;
  at: number;
  line: number;
  found: Map<string, string>;
  /** The environment, which comes first where a value names a variable. */
  outside: Variables;
}

/**
 * Reads a `.env` or `env_file` text. Values may name variables of the environment and of lines above. A name without
 * a value takes that of the environment. Throws DotenvError.
 */
export function readDotenv(text: string, outside: Variables): Map<string, string> {
  const reading: Reading = {
    text: text.replace(/^\ufeff/, '').replaceAll('\r\n', '\n'),
    at: 0,
    line: 1,
    found: new Map(),
    outside,
  };
  while (skipToName(reading)) readLine(reading);
  return reading.found;
}

function skipToName(reading: Reading): boolean {
  const [gap] = /^(?:\s|#[^\n]*)*/.exec(reading.text.slice(reading.at)) ?? [''];
  advance(reading, gap.length);
  return reading.at < reading.text.length;
}

function advance(reading: Reading, length: number): void {
  reading.line += reading.text.slice(reading.at, reading.at + length).split('\n').length - 1;
  reading.at += length;
}

function readLine(reading: Reading): void {
  const rest = reading.text.slice(reading.at);
  const [, exporting = '', name = '', end = ''] = /^(export\s+)?([^=:\n]*)([=:\n]?)/.exec(rest) ?? [];
  const key = name.trimEnd();
  const wrong = /[^\w.\-[\]\s]/u.exec(key.replaceAll(/[\p{L}\p{N}]/gu, ''));
  if (wrong !== null) {
    const near = `unexpected character ${JSON.stringify(wrong[0])} in variable name ${JSON.stringify(rest.slice(exporting.length).split('\n')[0])}`;
    throw new DotenvError(`line ${reading.line}: ${near}`);
  }
  if (/\s/.test(key)) throw new DotenvError(`line ${reading.line}: key cannot contain a space`);
  advance(reading, exporting.length + name.length);
  const inherited = end === '' || end === '\n';
  if (!inherited) advance(reading, 1);
  const value = inherited ? reading.outside.get(key) : readValue(reading);
  if (value !== undefined) reading.found.set(key, value);
}

function readValue(reading: Reading): string {
  const [gap] = /^[^\S\n]*/.exec(reading.text.slice(reading.at)) ?? [''];
  advance(reading, gap.length);
  const rest = reading.text.slice(reading.at);
  const quote = rest.charAt(0);
  if (quote === '"' || quote === "'") return quoted(reading, rest, quote);
  const [line] = /^[^\n]*/.exec(rest) ?? [''];
  advance(reading, line.length);
  return expand(line.replace(/\s#.*$/, '').trimEnd(), reading);
}

function quoted(reading: Reading, rest: string, quote: string): string {
  const end = quote === '"' ? /^"((?:[^"\\]|\\[\s\S])*)"/.exec(rest) : /^'((?:[^'\\]|\\[\s\S])*)'/.exec(rest);
  if (end === null) {
    const lines = reading.text.split('\n').length;
    throw new DotenvError(`line ${lines}: unterminated quoted value ${rest.split('\n')[0]}`);
  }
  advance(reading, end[0].length);
  const [, inner = ''] = end;
  return quote === "'" ? inner : expand(withoutEscapes(inner), reading);
}

function withoutEscapes(text: string): string {
  return text.replaceAll(/\\([abcfnrtv"\\])/g, (all, char: string) => {
    return { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' }[char] ?? all;
  });
}

function expand(text: string, { found, outside }: Reading): string {
  try {
    return substitute(text, { ...outside, get: (name) => outside.get(name) ?? found.get(name) });
  } catch (error) {
    if (error instanceof ComposeError) throw new DotenvError(error.message);
    throw new DotenvError(`Invalid template: ${JSON.stringify(text)}`);
  }
}
