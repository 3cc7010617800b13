import { Lexer, type Token, type Tokens } from 'marked';
import type { Fields } from './fields.ts';
import type { Report } from './problem.ts';
import { readFields } from './yaml.ts';

/** A piece of Markdown and the line of the file (from 1) at which it begins. */
export interface Located<T extends Token = Token> {
  token: T;
  line: number;
}

/** A page: its front matter, if that could be read, and the blocks after it. */
export interface Page {
  front: Fields | undefined;
  body: Located[];
}

const FRONT_MATTER = /^---\n([\s\S]*?)\n?---[ \t]*(?:\n|$)/;

/** Splits a page into front matter and blocks. Line ends are made `\n` first: a checkout on Windows has CRLF. */
export function readPage(source: string, report: Report): Page {
  const text = source.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
  const match = FRONT_MATTER.exec(text);
  if (!match) {
    report(1, 'missing front matter: the file must begin with keys between two lines of "---"');
    return { front: undefined, body: [] };
  }
  const front = readFields({ text: match[1] ?? '', firstLine: 2, what: 'the front matter' }, report);
  return { front, body: blocks(text.slice(match[0].length), 1 + newlines(match[0])) };
}

/** The blocks of a piece of Markdown, blank space left out. */
function blocks(text: string, firstLine: number): Located[] {
  let line = firstLine;
  const located: Located[] = [];
  // The raw texts of marked's top-level tokens add up to the source, so counting their lines is exact.
  for (const token of new Lexer({ gfm: true }).lex(text)) {
    if (token.type !== 'space')
      located.push({ token, line: line + newlines(/^\n*/.exec(token.raw)?.[0] ?? '') });
    line += newlines(token.raw);
  }
  return located;
}

/** How many line ends a text holds. */
export function newlines(text: string): number {
  return text.split('\n').length - 1;
}

export function isFence(token: Token): token is Tokens.Code {
  return token.type === 'code' && token.codeBlockStyle !== 'indented';
}

export function isClosed(fence: Tokens.Code): boolean {
  const open = /^ {0,3}(`{3,}|~{3,})/.exec(fence.raw)?.[1] ?? '```';
  const last = fence.raw.trimEnd().split('\n').at(-1)?.trim() ?? '';
  return newlines(fence.raw.trimEnd()) > 0 && last.startsWith(open) && /^(`+|~+)$/.test(last);
}
