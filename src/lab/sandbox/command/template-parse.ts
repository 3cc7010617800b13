/** What is printed between the braces, and where it stands in the template. */
export type Term =
  | { kind: 'field'; path: string[]; at: number }
  | { kind: 'literal'; value: string | number }
  | { kind: 'call'; word: 'json' | 'index' | 'len'; args: Term[] };

export type Node =
  | { kind: 'text'; text: string }
  | { kind: 'print'; term: Term }
  | { kind: 'range' | 'if'; term: Term; body: Node[]; otherwise: Node[] };

type TemplateError = { kind: 'unknown'; word: string } | { kind: 'broken'; message: string };

type Result = { ok: true; nodes: Node[] } | { ok: false; error: TemplateError };

/** Thrown inside of this file only. */
class Broken extends Error {
  readonly error: TemplateError;
  constructor(error: TemplateError) {
    super('template');
    this.error = error;
  }
}

/** Reads the part of Go's templates that compileTemplate fills. */
export function parseTemplate(source: string): Result {
  try {
    const pieces = split(source);
    const { nodes, end } = block(pieces);
    if (end !== null) throw broken(`unexpected {{${end}}}`);
    return { ok: true, nodes };
  } catch (error) {
    if (error instanceof Broken) return { ok: false, error: error.error };
    throw error;
  }
}

const broken = (message: string) => new Broken({ kind: 'broken', message });

type Piece = { text: string } | { words: Word[] };
/** `at`: where the last part of a field stands in the source, from 0, as Go counts it. */
interface Word {
  text: string;
  at: number;
}

function split(source: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (;;) {
    const open = source.indexOf('{{', at);
    if (open < 0) return [...pieces, { text: source.slice(at) }];
    const close = source.indexOf('}}', open);
    if (close < 0) throw broken('unclosed action');
    const inside = source.slice(open + 2, close);
    const before = source.slice(at, open);
    pieces.push({ text: /^-\s/.test(inside) ? before.trimEnd() : before });
    pieces.push({ words: words(inside.replace(/^-(?=\s)/, ' ').replace(/\s-$/, '  '), open + 2) });
    at = close + 2;
    if (/\s-$/.test(inside)) at += source.slice(at).length - source.slice(at).trimStart().length;
  }
}

const WORD = /\s+|"(?:[^"\\]|\\.)*"|`[^`]*`|(?:\.[A-Za-z_]\w*)+|\.|[A-Za-z_]\w*|-?\d+|[^\s]/y;

function words(text: string, from: number): Word[] {
  const found: Word[] = [];
  WORD.lastIndex = 0;
  for (let match = WORD.exec(text); match !== null; match = WORD.exec(text)) {
    const [word] = match;
    if (/^\s/.test(word)) continue;
    const last = /^\.[A-Za-z_]/.test(word) ? word.lastIndexOf('.') : 0;
    found.push({ text: word, at: from + match.index + last });
  }
  return found;
}

function block(pieces: Piece[]): { nodes: Node[]; end: 'end' | 'else' | null } {
  const nodes: Node[] = [];
  for (let piece = pieces.shift(); piece !== undefined; piece = pieces.shift()) {
    if ('text' in piece) {
      if (piece.text !== '') nodes.push({ kind: 'text', text: piece.text });
      continue;
    }
    const [head, ...rest] = piece.words;
    if (head === undefined) throw broken('missing value for command');
    if (head.text === 'end' || head.text === 'else') {
      if (rest.length > 0) throw new Broken({ kind: 'unknown', word: `"${head.text} ${rest[0]?.text}"` });
      return { nodes, end: head.text };
    }
    if (head.text === 'range' || head.text === 'if') {
      const body = block(pieces);
      const otherwise = body.end === 'else' ? block(pieces) : { nodes: [], end: body.end };
      if (otherwise.end !== 'end') throw broken('unexpected EOF');
      nodes.push({ kind: head.text, term: call(rest), body: body.nodes, otherwise: otherwise.nodes });
    } else nodes.push({ kind: 'print', term: call(piece.words) });
  }
  return { nodes, end: null };
}

const ARGUMENTS: Record<string, [least: number, most: number]> = { json: [1, 1], len: [1, 1], index: [1, 9] };

function call(all: Word[]): Term {
  const [head, ...rest] = all;
  if (head === undefined) throw broken('missing value for command');
  // `{{.Label "name"}}` of docker ps: the same as an entry of its labels.
  if (head.text === '.Label' && rest.length === 1)
    return {
      kind: 'call',
      word: 'index',
      args: [{ kind: 'field', path: ['LabelMap'], at: head.at }, ...rest.map(operand)],
    };
  const limits = ARGUMENTS[head.text];
  if (limits === undefined) {
    const alone = operand(head);
    if (rest[0]) throw new Broken({ kind: 'unknown', word: `"${rest[0].text}"` });
    return alone;
  }
  const args = rest.map(operand);
  if (rest.length < limits[0] || rest.length > limits[1])
    throw broken(`wrong number of args for ${head.text}: want ${limits[0]} got ${rest.length}`);
  return { kind: 'call', word: head.text as 'json' | 'index' | 'len', args };
}

function operand({ text, at }: Word): Term {
  if (text.startsWith('.')) return { kind: 'field', path: text.split('.').filter((one) => one !== ''), at };
  if (text.startsWith('"') && text.length > 1) return { kind: 'literal', value: unquote(text) };
  if (text.startsWith('`') && text.length > 1) return { kind: 'literal', value: text.slice(1, -1) };
  if (/^-?\d+$/.test(text)) return { kind: 'literal', value: Number(text) };
  throw new Broken({ kind: 'unknown', word: `"${text}"` });
}

function unquote(text: string): string {
  try {
    return JSON.parse(text) as string;
  } catch {
    throw broken(`invalid syntax: ${text}`);
  }
}
