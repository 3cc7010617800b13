import { isMapping, type Mapping, type Value } from '../value.ts';
import { isDate, plainValue } from './scalar-value.ts';

/** Writes a tree as go-yaml does with an indentation of 2, ending in a line break. */
export function yamlText(tree: Mapping): string {
  return mappingLines(tree)
    .map((line) => `${line}\n`)
    .join('');
}

const INDENT = '  ';

function mappingLines(tree: Mapping): string[] {
  return Object.entries(tree).flatMap(([name, value]) => {
    const key = scalar(name, true);
    const lines = collectionLines(value);
    if (lines !== null) return [`${key}:`, ...lines.map(indented)];
    const [first = '', ...rest] = leafLines(value);
    return [`${key}: ${first}`, ...rest.map(indented)];
  });
}

function itemLines(value: Value): string[] {
  const [first = '', ...rest] = collectionLines(value) ?? leafLines(value);
  return [`- ${first}`, ...rest.map(indented)];
}

/** Lines of a mapping or list that is not empty; null for what stands on one line. */
function collectionLines(value: Value): string[] | null {
  if (Array.isArray(value)) return value.length === 0 ? null : value.flatMap(itemLines);
  return isMapping(value) && Object.keys(value).length > 0 ? mappingLines(value) : null;
}

function indented(line: string): string {
  return line === '' ? '' : INDENT + line;
}

/** The first line stands after the key, the others are a block below it. */
function leafLines(value: Value): string[] {
  if (Array.isArray(value)) return ['[]'];
  if (isMapping(value)) return ['{}'];
  if (typeof value !== 'string') return [String(value)];
  return value.includes('\n') && mayBeLiteral(value) ? literalLines(value) : [scalar(value, false)];
}

/** Text that would be a boolean or a number in base 60 to older readers of YAML. */
const OLD_BOOLEAN = /^(?:[yYnN]|[yY]es|YES|[oO]n|ON|[nN]o|NO|[oO]ff|OFF)$/;
const BASE_60 = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;

function scalar(text: string, isKey: boolean): string {
  const looksElse = text === '' || typeof plainValue(text) !== 'string' || isDate(text);
  if (looksElse || OLD_BOOLEAN.test(text) || BASE_60.test(text)) return doubleQuoted(text);
  if (text.includes('\n') && !isKey) return doubleQuoted(text);
  if (mayBePlain(text)) return text;
  return mayBeSingle(text) ? `'${text.replaceAll("'", "''")}'` : doubleQuoted(text);
}

/** Characters that have to be escaped: control characters, and what lies beyond the first plane. */
const SPECIAL = /[^\n\u0020-\u007e\u0085\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd]/;

function mayBePlain(text: string): boolean {
  if (/^[\s]|\s$/.test(text) || /[\n\u0085\u2028\u2029]/.test(text) || SPECIAL.test(text)) return false;
  if (/^(?:---|\.\.\.)/.test(text) || /^[#,[\]{}&*!|>'"%@`]/.test(text)) return false;
  return !/^[-?:](?:\s|$)/.test(text) && !/:(?:\s|$)/.test(text) && !/\s#/.test(text);
}

function mayBeSingle(text: string): boolean {
  return !SPECIAL.test(text) && !/ [\n\u0085\u2028\u2029]|[\n\u0085\u2028\u2029] /.test(text);
}

function mayBeLiteral(text: string): boolean {
  return !SPECIAL.test(text.replaceAll('\t', '')) && !/ \n| $/.test(text);
}

function literalLines(text: string): string[] {
  const hint = /^[ \n]/.test(text) ? '2' : '';
  const chomp = !text.endsWith('\n') ? '-' : text === '\n' || text.endsWith('\n\n') ? '+' : '';
  const body = (chomp === '-' ? text : text.slice(0, -1)).split('\n');
  // go-yaml takes a line break at the beginning for the one that ends the header.
  return [`|${hint}${chomp}`, ...(body[0] === '' ? body.slice(1) : body)];
}

const ESCAPES: Record<string, string> = {
  '\0': '\\0',
  '\x07': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '\x1b': '\\e',
  '"': '\\"',
  '\\': '\\\\',
  '\u0085': '\\N',
  '\u2028': '\\L',
  '\u2029': '\\P',
};

function doubleQuoted(text: string): string {
  const escaped = [...text].map((char) => ESCAPES[char] ?? (SPECIAL.test(char) ? coded(char) : char));
  return `"${escaped.join('')}"`;
}

function coded(char: string): string {
  const digits = (char.codePointAt(0) ?? 0).toString(16).toUpperCase();
  if (digits.length <= 2) return `\\x${digits.padStart(2, '0')}`;
  return digits.length <= 4 ? `\\u${digits.padStart(4, '0')}` : `\\U${digits.padStart(8, '0')}`;
}
