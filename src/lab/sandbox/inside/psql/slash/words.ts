import { type Lookup, quoteIdentifier, quoteLiteral } from '../scan.ts';

/** The arguments of a backslash command, and where the rest of the line begins. */
export interface SlashLine {
  name: string;
  /** As psql hands them on: single quotes are gone, double quotes are still there. */
  args: string[];
  next: number;
  /** What is wrong with the line, in psql's words; null when nothing is. */
  wrong: string | null;
}

const ESCAPES: Record<string, string> = { n: '\n', t: '\t', b: '\b', r: '\r', f: '\f' };

/** Reads the command that begins with the backslash at `at`. It goes to the end of the line, or to `\\`. */
export function readSlash(line: string, at: number, lookup: Lookup): SlashLine {
  const name = /^\\([^\s\\]*)/.exec(line.slice(at))?.[1] ?? '';
  let next = at + 1 + name.length;
  // A lone backslash after the backslash is the separator itself.
  if (name === '') return { name: line[next] === '\\' ? '\\' : '', args: [], next: next + 1, wrong: null };
  const args: string[] = [];
  let wrong: string | null = null;
  for (;;) {
    while (/\s/.test(line[next] ?? '')) next += 1;
    if (next >= line.length) break;
    if (line[next] === '\\') {
      if (line[next + 1] === '\\') next += 2;
      break;
    }
    const word = readWord(line, next, lookup);
    next = word.next;
    args.push(word.text);
    wrong ??= word.wrong;
  }
  return { name, args, next, wrong };
}

function readWord(
  line: string,
  from: number,
  lookup: Lookup,
): { text: string; next: number; wrong: string | null } {
  let text = '';
  let at = from;
  while (at < line.length && !/[\s\\]/.test(line[at] ?? '')) {
    const char = line[at] ?? '';
    if (char === "'") {
      const end = closingQuote(line, at + 1);
      if (end === null) return { text, next: line.length, wrong: 'unterminated quoted string' };
      text += withEscapes(line.slice(at + 1, end));
      at = end + 1;
    } else if (char === '"') {
      const end = line.indexOf('"', at + 1);
      if (end < 0) return { text, next: line.length, wrong: 'unterminated quoted string' };
      text += line.slice(at, end + 1);
      at = end + 1;
    } else if (char === '`') {
      return { text, next: line.length, wrong: "the sandbox's psql does not know `commands` in backquotes" };
    } else if (char === ':') {
      const found =
        /^:(?:([\w\u0080-\uffff]+)|'([\w\u0080-\uffff]+)'|"([\w\u0080-\uffff]+)"|\{\?([\w\u0080-\uffff]+)\})/.exec(
          line.slice(at),
        );
      const piece = found?.[0] ?? char;
      text += (found && variable(found, lookup)) ?? piece;
      at += piece.length;
    } else {
      text += char;
      at += 1;
    }
  }
  return { text, next: at, wrong: null };
}

function variable([, plain, literal, identifier, asked]: RegExpExecArray, lookup: Lookup): string | null {
  if (asked !== undefined) return lookup(asked) === undefined ? 'FALSE' : 'TRUE';
  const value = lookup(plain ?? literal ?? identifier ?? '');
  if (value === undefined) return null;
  if (plain !== undefined) return value;
  return literal !== undefined ? quoteLiteral(value) : quoteIdentifier(value);
}

function closingQuote(line: string, from: number): number | null {
  for (let at = from; at < line.length; at++) {
    if (line[at] === '\\') at += 1;
    else if (line[at] === "'" && line[at + 1] === "'") at += 1;
    else if (line[at] === "'") return at;
  }
  return null;
}

const withEscapes = (text: string): string =>
  text.replace(/\\([0-7]{1,3}|x[0-9A-Fa-f]{1,2}|.)|''/g, (whole, code: string | undefined) => {
    if (code === undefined) return whole.slice(1);
    if (/^[0-7]/.test(code)) return String.fromCharCode(Number.parseInt(code, 8));
    if (/^x./.test(code)) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    return ESCAPES[code] ?? code;
  });

/** A name as \c and \i read it: without its double quotes. */
export const dequote = (word: string): string =>
  word.replace(/"((?:[^"]|"")*)"/g, (_, inner: string) => inner.replaceAll('""', '"'));
