/**
 * Reader of postgresql.conf. The grammar is that of PostgreSQL's own scanner (src/backend/utils/misc/guc-file.l):
 * one parameter a line, `=` optional, the last one wins, names in any case.
 */
export interface ConfFile {
  /** By lower-case name. */
  values: Map<string, { value: string; line: number }>;
  /** Lines that PostgreSQL would refuse; one of them keeps the server from starting. */
  errors: { line: number; text: string }[];
}

const LETTER = 'A-Za-z_\\u0080-\\uffff';
const SPACE = /[ \t\r\f\v]+|#.*/y;
const WORD = new RegExp(`[${LETTER}][${LETTER}0-9\\-._:/]*`, 'y');
const VALUES = [
  WORD,
  /[+-]?(?:0x[0-9a-f]+|\d+)[a-z]*/iy,
  /[+-]?\d*\.\d*(?:e[+-]?\d+)?/iy,
  /'(?:[^'\\]|\\.|'')*'/y,
];
const NAME = new RegExp(`^[${LETTER}][${LETTER}0-9]*(?:\\.[${LETTER}][${LETTER}0-9]*)?$`);

/** Parses the text of a postgresql.conf. Never throws: what can't be read is in `errors`. */
export function parseConf(text: string): ConfFile {
  const conf: ConfFile = { values: new Map(), errors: [] };
  for (const [index, source] of text.split('\n').entries()) {
    const line = index + 1;
    const entry = parseLine(source);
    if (entry === 'wrong')
      conf.errors.push({ line, text: source.replace('\ufeff', '<byte order mark>').trim() });
    else if (entry) conf.values.set(entry.name, { value: entry.value, line });
  }
  return conf;
}

function parseLine(source: string): { name: string; value: string } | null | 'wrong' {
  // A byte order mark counts as a letter in PostgreSQL's scanner, and no parameter is called that.
  if (source.startsWith('\ufeff')) return 'wrong';
  let at = skip(source, 0);
  if (at === source.length) return null;
  const name = take(source, at, [WORD]);
  if (!NAME.test(name)) return 'wrong';
  at = skip(source, at + name.length);
  if (source[at] === '=') at = skip(source, at + 1);
  const value = take(source, at, VALUES);
  if (value === '' || skip(source, at + value.length) < source.length) return 'wrong';
  return { name: name.toLowerCase(), value: value.startsWith("'") ? unquote(value) : value };
}

/** The longest token wins, as in flex: `256MB` is one number, `0.0.0.0` is none. */
function take(source: string, at: number, tokens: RegExp[]): string {
  let longest = '';
  for (const token of tokens) {
    token.lastIndex = at;
    const found = token.exec(source)?.[0] ?? '';
    if (found.length > longest.length) longest = found;
  }
  return longest;
}

function skip(source: string, from: number): number {
  let at = from;
  for (;;) {
    SPACE.lastIndex = at;
    const found = SPACE.exec(source)?.[0];
    if (!found) return at;
    at += found.length;
  }
}

function unquote(quoted: string): string {
  const escapes: Record<string, string> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };
  return quoted
    .slice(1, -1)
    .replace(/''|\\(.)/g, (_, escaped) => (escaped ? (escapes[escaped] ?? escaped) : "'"));
}
