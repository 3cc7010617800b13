/**
 * psql's lexer: finds where a statement ends, so that each is sent by itself. It follows PostgreSQL 14, which drops
 * `--` comments and spaces before a statement, and sends everything else as typed.
 */

type Mode = 'plain' | 'single' | 'escape' | 'double' | 'dollar' | 'comment';

export interface Scanner {
  /** What of the current statement has been read. */
  text: string;
  mode: Mode;
  /** Closes the dollar quote: `$tag$`. */
  tag: string;
  /** Comments nest. */
  commentDepth: number;
  parentheses: number;
  /** Open BEGIN ATOMIC … END blocks of a function's body, in which semicolons do not end the statement. */
  blocks: number;
  words: string[];
}

export type Stop = 'semicolon' | 'backslash' | 'end';

/** Looks a variable up; undefined for one that is not set. */
export type Lookup = (name: string) => string | undefined;

export const newScanner = (): Scanner => ({
  text: '',
  mode: 'plain',
  tag: '',
  commentDepth: 0,
  parentheses: 0,
  blocks: 0,
  words: [],
});

const WORD = /[A-Za-z_\u0080-\uffff][A-Za-z0-9_$\u0080-\uffff]*/y;
const DOLLAR = /\$([A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*)?\$/y;
const VARIABLE =
  /:(?:([A-Za-z0-9_\u0080-\uffff]+)|'([A-Za-z0-9_\u0080-\uffff]+)'|"([A-Za-z0-9_\u0080-\uffff]+)"|\{\?([A-Za-z0-9_\u0080-\uffff]+)\})/y;
const SPACES = /[ \t\n\r\f]+/y;

/**
 * Reads on from `from` and adds to `scanner.text`, up to a semicolon that ends the statement, a backslash command,
 * or the end of the line. Answers where it stopped, and the line, in which variables have been replaced.
 */
export function scan(
  scanner: Scanner,
  source: string,
  from: number,
  lookup: Lookup,
): { stop: Stop; line: string; next: number } {
  let line = source;
  let at = from;
  const expanding: { name: string; end: number }[] = [];
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(line);
  };
  const take = (count: number) => {
    scanner.text += line.slice(at, at + count);
    at += count;
  };
  while (at < line.length) {
    const char = line[at] ?? '';
    const pair = line.slice(at, at + 2);
    if (scanner.mode !== 'plain') {
      take(quoted(scanner, line, at));
      continue;
    }
    const spaces = match(SPACES);
    if (spaces) {
      if (scanner.text === '') at += spaces[0].length;
      else take(spaces[0].length);
    } else if (pair === '--') {
      at = line.length;
    } else if (pair === '/*') {
      scanner.mode = 'comment';
      scanner.commentDepth = 1;
      take(2);
    } else if (char === "'" || char === '"') {
      scanner.mode = char === '"' ? 'double' : 'single';
      take(1);
    } else if (/^[eE]'/.test(pair)) {
      scanner.mode = 'escape';
      take(2);
    } else if (char === '$') {
      const open = match(DOLLAR);
      if (open) {
        scanner.mode = 'dollar';
        scanner.tag = open[0];
      }
      take(open?.[0].length ?? 1);
    } else if (pair === '::' || pair === ':=') {
      take(2);
    } else if (char === ':') {
      const found = match(VARIABLE);
      const plain = found?.[1];
      const busy = expanding.some((one) => one.name === plain && at < one.end);
      const value = found && !busy ? valueFor(found, lookup) : undefined;
      if (!found || value === undefined) take(found && plain !== undefined ? found[0].length : 1);
      else if (plain !== undefined) {
        // A plain variable may hold any piece of SQL, so it is read like the rest.
        line = line.slice(0, at) + value + line.slice(at + found[0].length);
        for (const one of expanding) one.end += value.length - found[0].length;
        expanding.push({ name: plain, end: at + value.length });
      } else {
        scanner.text += value;
        at += found[0].length;
      }
    } else if (char === '\\') {
      if (/^\\[;:]$/.test(pair)) {
        scanner.text += pair[1];
        at += 2;
      } else return { stop: 'backslash', line, next: at };
    } else if (char === ';' && scanner.parentheses === 0 && scanner.blocks === 0) {
      take(1);
      return { stop: 'semicolon', line, next: at };
    } else {
      const word = match(WORD);
      if (word) noteWord(scanner, word[0]);
      else if (char === '(') scanner.parentheses += 1;
      else if (char === ')') scanner.parentheses = Math.max(0, scanner.parentheses - 1);
      take(word?.[0].length ?? 1);
    }
  }
  return { stop: 'end', line, next: at };
}

/** Length of the next piece inside quotes or a comment. */
function quoted(scanner: Scanner, line: string, at: number): number {
  const rest = line.slice(at);
  if (scanner.mode === 'comment') {
    const mark = /\/\*|\*\//.exec(rest);
    if (!mark) return rest.length;
    scanner.commentDepth += mark[0] === '/*' ? 1 : -1;
    if (scanner.commentDepth === 0) scanner.mode = 'plain';
    return mark.index + 2;
  }
  if (scanner.mode === 'dollar') {
    const end = rest.indexOf(scanner.tag);
    if (end < 0) return rest.length;
    scanner.mode = 'plain';
    return end + scanner.tag.length;
  }
  if (scanner.mode === 'escape' && rest.startsWith('\\')) return Math.min(2, rest.length);
  const quote = scanner.mode === 'double' ? '"' : "'";
  if (!rest.startsWith(quote)) {
    const next = rest.search(scanner.mode === 'escape' ? /['\\]/ : new RegExp(quote));
    return next < 0 ? rest.length : next;
  }
  if (rest[1] === quote) return 2;
  scanner.mode = 'plain';
  return 1;
}

function valueFor(found: RegExpExecArray, lookup: Lookup): string | undefined {
  const [, plain, literal, identifier, asked] = found;
  if (asked !== undefined) return lookup(asked) === undefined ? 'FALSE' : 'TRUE';
  const value = lookup(plain ?? literal ?? identifier ?? '');
  if (value === undefined || plain !== undefined) return value;
  return literal !== undefined ? quoteLiteral(value) : quoteIdentifier(value);
}

export function quoteLiteral(value: string): string {
  const doubled = value.replaceAll("'", "''");
  return value.includes('\\') ? ` E'${doubled.replaceAll('\\', '\\\\')}'` : `'${doubled}'`;
}

export const quoteIdentifier = (value: string): string => `"${value.replaceAll('"', '""')}"`;

/** Only the first words tell whether this makes a function, whose body may be BEGIN ATOMIC … END. */
function noteWord(scanner: Scanner, typed: string): void {
  const word = typed.toLowerCase();
  if (scanner.words.length < 4) scanner.words.push(word);
  const [first, second, third, fourth] = scanner.words;
  const made = second === 'or' && third === 'replace' ? fourth : second;
  if (first !== 'create' || (made !== 'function' && made !== 'procedure') || scanner.parentheses > 0) return;
  if (word === 'begin') scanner.blocks += 1;
  else if (word === 'case' && scanner.blocks > 0) scanner.blocks += 1;
  else if (word === 'end' && scanner.blocks > 0) scanner.blocks -= 1;
}

/** The character of psql's prompt that says what is still open: `=`, `-`, `'`, `"`, `$`, `*`, `(`. */
export function promptMark(scanner: Scanner): string {
  const marks = { single: "'", escape: "'", double: '"', dollar: '$', comment: '*' } as const;
  if (scanner.mode !== 'plain') return marks[scanner.mode];
  if (scanner.parentheses > 0) return '(';
  return scanner.text === '' ? '=' : '-';
}
