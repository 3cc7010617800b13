import { widthOf } from './print/width.ts';

/** What the server says of an error or notice, as the pg package names its fields. */
export interface Diagnostics {
  severity?: string;
  code?: string;
  message: string;
  detail?: string;
  hint?: string;
  /** 1-based, in characters of the statement. */
  position?: string;
  internalPosition?: string;
  internalQuery?: string;
  where?: string;
  schema?: string;
  table?: string;
  column?: string;
  dataType?: string;
  constraint?: string;
  file?: string;
  line?: string;
  routine?: string;
}

export type Verbosity = 'default' | 'verbose' | 'terse' | 'sqlstate';
export type ShowContext = 'never' | 'errors' | 'always';

/** The text that libpq makes of an error (or notice), without a line break at its end. */
export function report(
  said: Diagnostics,
  query: string,
  verbosity: Verbosity,
  context: ShowContext,
  isError: boolean,
): string {
  const parts = [`${said.severity ?? 'ERROR'}:  ${firstLine(said, verbosity)}`];
  if (verbosity === 'default' || verbosity === 'verbose') {
    const position = Number(said.position ?? said.internalPosition ?? 0);
    const about = said.position !== undefined ? query : (said.internalQuery ?? '');
    if (position > 0 && about !== '') parts.push(...positionLines(about, position));
    if (said.detail !== undefined) parts.push(`DETAIL:  ${said.detail}`);
    if (said.hint !== undefined) parts.push(`HINT:  ${said.hint}`);
    if (said.internalQuery !== undefined) parts.push(`QUERY:  ${said.internalQuery}`);
    if (said.where !== undefined && (context === 'always' || (context === 'errors' && isError)))
      parts.push(`CONTEXT:  ${said.where}`);
  }
  if (verbosity === 'verbose') parts.push(...origin(said));
  return parts.join('\n');
}

function firstLine(said: Diagnostics, verbosity: Verbosity): string {
  if (verbosity === 'sqlstate') return said.code ?? said.message;
  const code = verbosity === 'verbose' && said.code !== undefined ? `${said.code}: ` : '';
  const position = said.position ?? said.internalPosition;
  const where = verbosity === 'terse' && position !== undefined ? ` at character ${position}` : '';
  return `${code}${said.message}${where}`;
}

function origin(said: Diagnostics): string[] {
  const names: [string, string | undefined][] = [
    ['SCHEMA NAME', said.schema],
    ['TABLE NAME', said.table],
    ['COLUMN NAME', said.column],
    ['DATATYPE NAME', said.dataType],
    ['CONSTRAINT NAME', said.constraint],
  ];
  const lines = names.flatMap(([name, value]) => (value === undefined ? [] : [`${name}:  ${value}`]));
  if (said.routine !== undefined) lines.push(`LOCATION:  ${said.routine}, ${said.file}:${said.line}`);
  return lines;
}

/** Columns of the statement that libpq shows at most, and that it keeps right of the error's place. */
const SHOWN = 60;
const RIGHT_OF_IT = 10;

/** `LINE n: …` and the caret under the place: `position` is 1-based, in characters. */
function positionLines(query: string, position: number): string[] {
  const chars = [...query].map((char) => (char === '\t' ? ' ' : char));
  const at = Math.min(position - 1, chars.length);
  const breaks = chars.flatMap((char, index) => (isBreak(char, chars[index + 1]) ? [index] : []));
  const start = (breaks.filter((index) => index < at).at(-1) ?? -1) + 1;
  const number = breaks.filter((index) => index < at).length + 1;
  let end = chars.findIndex(
    (char, index) => index >= Math.max(at, start) && (char === '\n' || char === '\r'),
  );
  if (end < 0) end = chars.length;

  let from = start;
  let to = end;
  let before = '';
  let after = '';
  const width = (a: number, b: number) => widthOf(chars.slice(a, b).join(''));
  if (width(from, to) > SHOWN) {
    if (width(from, at) + RIGHT_OF_IT <= SHOWN) {
      while (width(from, to) > SHOWN) to -= 1;
      after = '...';
    } else {
      // Cut on the right only as far as something stays right of the place; then on the left.
      if (width(at, to) > RIGHT_OF_IT) {
        while (width(at, to) > RIGHT_OF_IT) to -= 1;
        after = '...';
      }
      while (width(from, to) > SHOWN) from += 1;
      before = '...';
    }
  }
  const lead = `LINE ${number}: ${before}`;
  return [
    `${lead}${chars.slice(from, to).join('')}${after}`,
    `${' '.repeat(lead.length + width(from, at))}^`,
  ];
}

/** CR LF is one break, at its LF. */
const isBreak = (char: string, next: string | undefined): boolean =>
  char === '\n' || (char === '\r' && next !== '\n');
