/**
 * A reader of the SQL that a learner writes for a small table. It knows CREATE TABLE and INSERT … VALUES, and
 * tolerates what PostgreSQL tolerates: case, comments, schema prefix, quotes, several statements, psql commands.
 */
export interface SqlTable {
  /** Column names as PostgreSQL folds them. */
  columns: string[];
  /** Inserted rows, by column name; a value that is no plain literal (`NOW()`) is kept as its text. */
  rows: Record<string, string>[];
  created: boolean;
}

interface Token {
  kind: 'word' | 'quoted' | 'text' | 'sign';
  value: string;
}

/**
 * What is not closed runs to the end, as for psql. Looking for its end again from every other place in it would take
 * minutes for a text that somebody made for that.
 */
const TOKEN =
  /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|\s+|E?'(?:[^']|'')*(?:'|$)|(\$\w*\$)[\s\S]*?(?:\1|$)|"(?:[^"]|"")*(?:"|$)|[+-]?\d[\w.]*|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*|::|[\s\S]/gy;

/** What the script makes of the table `name`. Never throws. */
export function readTable(sql: string, name: string): SqlTable {
  const found: SqlTable = { columns: [], rows: [], created: false };
  for (const statement of statements(sql)) {
    const reader = new Reader(statement);
    if (reader.words('create')) readCreate(reader, name, found);
    else if (reader.words('insert', 'into')) readInsert(reader, name, found);
  }
  return found;
}

function statements(sql: string): Token[][] {
  const all: Token[][] = [[]];
  // psql's own commands (`\c appdb`) take a line each.
  for (const [match] of sql
    .replace(/^\ufeff/, '')
    .replace(/^[ \t]*\\.*$/gm, '')
    .matchAll(TOKEN)) {
    if (match === ';') all.push([]);
    else if (!/^(\s|--|\/\*)/.test(match)) all.at(-1)?.push(token(match));
  }
  return all;
}

function token(match: string): Token {
  if (/^E?'/i.test(match))
    return { kind: 'text', value: match.replace(/^E/i, '').slice(1, -1).replaceAll("''", "'") };
  if (/^\$\w*\$/.test(match)) return { kind: 'text', value: match.replace(/^(\$\w*\$)([\s\S]*)\1$/, '$2') };
  if (match.startsWith('"')) return { kind: 'quoted', value: match.slice(1, -1).replaceAll('""', '"') };
  return /^[\w+\-\u0080-\uffff]/.test(match)
    ? { kind: 'word', value: match }
    : { kind: 'sign', value: match };
}

class Reader {
  readonly #tokens: Token[];
  #at = 0;

  constructor(tokens: Token[]) {
    this.#tokens = tokens;
  }

  /** Takes these words when they come next. */
  words(...wanted: string[]): boolean {
    const fits = wanted.every((word, index) => {
      const next = this.#tokens[this.#at + index];
      return next && next.kind !== 'quoted' && next.kind !== 'text' && next.value.toLowerCase() === word;
    });
    if (fits) this.#at += wanted.length;
    return fits;
  }

  /** Takes a name with or without schema, and returns it as PostgreSQL folds it. */
  name(): string {
    const first = this.#name();
    return this.words('.') ? this.#name() : first;
  }

  /** Takes a list in brackets and returns its parts, split at the commas of the outer level. */
  list(): Token[][] | null {
    if (!this.words('(')) return null;
    const parts: Token[][] = [[]];
    for (let depth = 1; this.#at < this.#tokens.length; ) {
      const next = this.#tokens[this.#at++] as Token;
      if (next.kind === 'sign' && next.value === '(') depth++;
      if (next.kind === 'sign' && next.value === ')' && --depth === 0) return parts;
      if (next.kind === 'sign' && next.value === ',' && depth === 1) parts.push([]);
      else parts.at(-1)?.push(next);
    }
    return null;
  }

  skip(): boolean {
    return ++this.#at < this.#tokens.length;
  }

  #name(): string {
    const next = this.#tokens[this.#at++];
    return next ? folded(next) : '';
  }
}

function folded({ kind, value }: Token): string {
  return kind === 'quoted' ? value : value.toLowerCase();
}

const CONSTRAINTS = ['primary', 'constraint', 'unique', 'check', 'foreign', 'exclude', 'like'];

function readCreate(reader: Reader, name: string, found: SqlTable): void {
  if (!reader.words('table')) return;
  reader.words('if', 'not', 'exists');
  if (reader.name() !== name.toLowerCase()) return;
  found.created = true;
  for (const [first] of reader.list() ?? []) {
    if (first && !(first.kind === 'word' && CONSTRAINTS.includes(first.value.toLowerCase()))) {
      found.columns.push(folded(first));
    }
  }
}

function readInsert(reader: Reader, name: string, found: SqlTable): void {
  if (reader.name() !== name.toLowerCase()) return;
  const columns = reader.list()?.map(([first]) => (first ? folded(first) : '')) ?? found.columns;
  while (!reader.words('values')) if (!reader.skip()) return;
  do {
    const values = reader.list();
    if (!values) return;
    found.rows.push(
      Object.fromEntries(values.map((value, index) => [columns[index] ?? `?${index}`, literal(value)])),
    );
  } while (reader.words(','));
}

/** `'x'::varchar` is x; anything but a literal is its own text. */
function literal(tokens: Token[]): string {
  const [first, next] = tokens;
  if (first && (!next || next.value === '::')) return first.value;
  return tokens.map(({ value }) => value).join('');
}
