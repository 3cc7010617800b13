import type { Token, Tokens } from 'marked';
import { newlines } from './markdown.ts';
import type { Report } from './problem.ts';
import type { Inline } from './types.ts';

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00A0' };

/**
 * The pieces of a line of prose, from marked's inline tokens. Line ends become blanks, entities characters,
 * links `text (address)`. Reports what a terminal can't show: images, raw HTML, forced breaks.
 */
export function inlinesOf(tokens: readonly Token[], line: number, report: Report): Inline[] {
  let at = line;
  const inlines: Inline[] = [];
  for (const token of tokens) {
    const inline = inlineOf(token, at, report);
    const last = inlines.at(-1);
    if (inline?.kind === 'text' && last?.kind === 'text') last.text += inline.text;
    else if (inline) inlines.push(inline);
    at += newlines(token.raw);
  }
  return trim(inlines);
}

/** The text of inline tokens without any form: for headings, and inside strong and em. */
export function plainText(tokens: readonly Token[]): string {
  return tokens.map(flat).join('').replace(/\s+/g, ' ').trim();
}

function inlineOf(token: Token, line: number, report: Report): Inline | undefined {
  switch (token.type) {
    case 'text':
    case 'escape':
      return { kind: 'text', text: decode((token as Tokens.Text).text) };
    case 'codespan':
      return { kind: 'code', text: (token as Tokens.Codespan).text.replace(/\s+/g, ' ') };
    case 'strong':
    case 'em':
      refuseInside((token as Tokens.Strong).tokens, line, report);
      return { kind: token.type, text: plainText((token as Tokens.Strong).tokens) };
    case 'link':
      refuseInside((token as Tokens.Link).tokens, line, report);
      return { kind: 'text', text: linkText(token as Tokens.Link) };
    default:
      report(line, refusal(token));
      return undefined;
  }
}

function refuseInside(tokens: readonly Token[], line: number, report: Report): void {
  for (const token of tokens) inlineOf(token, line, report);
}

function linkText(link: Tokens.Link): string {
  const text = plainText(link.tokens);
  return text === link.href || link.href === `mailto:${text}` ? text : `${text} (${link.href})`;
}

function flat(token: Token): string {
  if (token.type === 'link') return linkText(token as Tokens.Link);
  if (token.type === 'codespan') return (token as Tokens.Codespan).text;
  if ('tokens' in token && token.tokens) return token.tokens.map(flat).join('');
  return 'text' in token && typeof token.text === 'string' ? decode(token.text) : '';
}

/** marked 18 hands entities through as written. An unknown one is no entity but a text with an ampersand. */
function decode(text: string): string {
  const decoded = text.replace(
    /&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|([a-z]+));/g,
    (whole, dec, hex, name) => {
      if (name !== undefined) return ENTITIES[name] ?? whole;
      const code = dec === undefined ? Number.parseInt(hex, 16) : Number(dec);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );
  return decoded.replace(/[ \t]*\n[ \t]*/g, ' ');
}

function trim(inlines: Inline[]): Inline[] {
  const first = inlines[0];
  if (first?.kind === 'text') first.text = first.text.trimStart();
  const last = inlines.at(-1);
  if (last?.kind === 'text') last.text = last.text.trimEnd();
  return inlines.filter((inline) => inline.text !== '');
}

function refusal(token: Token): string {
  const names: Record<string, string> = {
    html: `raw HTML "${token.raw.trim()}" is not allowed. Write it as code: \`${token.raw.trim()}\``,
    image: 'an image is not allowed: a terminal can not show it',
    br: 'a forced line break is not allowed. Remove the blanks or the backslash at the end of the line',
    del: 'struck-out text is not allowed',
  };
  return names[token.type] ?? `Markdown of kind "${token.type}" is not allowed`;
}
