import type { Token, Tokens } from 'marked';
import { inlinesOf, plainText } from './inlines.ts';
import { isClosed, isFence, type Located, newlines } from './markdown.ts';
import { bindKnown } from './names.ts';
import type { Report } from './problem.ts';
import type { Block, Inline, Names } from './types.ts';

const LANGUAGES = ['yaml', 'conf', 'sql', 'sh', 'text'];
const MAX_SHOW_LINES = 30;
/** 80 columns less the margin that the front ends draw at the left. */
const MAX_SHOW_COLUMNS = 76;

/** What the blocks of a page are read with. */
export interface ProseScope {
  report: Report;
  /** Values for `{{name}}`, to measure lines as the learner sees them. */
  names: Names;
}

/** A block that is only read: paragraph, list, note or show block. Reports anything else. */
export function readBlock({ token, line }: Located, scope: ProseScope): Block | undefined {
  const { report } = scope;
  switch (token.type) {
    case 'paragraph':
      return { kind: 'paragraph', inlines: inlinesOf((token as Tokens.Paragraph).tokens, line, report) };
    case 'list':
      return readList(token as Tokens.List, line, report);
    case 'blockquote':
      return readNote(token as Tokens.Blockquote, line, report);
    case 'code':
      return readShow(token as Tokens.Code, line, scope);
    default:
      report(line, refusal(token));
      return undefined;
  }
}

/** `<language> show`, or undefined when a fence is something else. */
export function showLanguage(info: string): string | undefined {
  const [language = '', role, ...rest] = info.split(/\s+/);
  return role === 'show' && rest.length === 0 && LANGUAGES.includes(language) ? language : undefined;
}

export const SHOW_BLOCKS = `${LANGUAGES.map((language) => `"${language} show"`).join(', ')}`;

function readShow(token: Tokens.Code, line: number, { report, names }: ProseScope): Block | undefined {
  if (!isFence(token)) {
    report(line, 'indented code is not allowed. Use a fenced block such as "text show"');
    return undefined;
  }
  const language = showLanguage(token.lang ?? '');
  if (language === undefined) {
    report(
      line,
      `a block "${token.lang ?? ''}" is not allowed here. Allowed to show something: ${SHOW_BLOCKS}`,
    );
    return undefined;
  }
  if (!isClosed(token)) report(line, `the block "${token.lang}" is never closed`);
  const lines = newlines(token.text) + 1;
  if (lines > MAX_SHOW_LINES) {
    report(line, `this block shows ${lines} lines. At most ${MAX_SHOW_LINES} fit on a screen`);
  }
  for (const [index, text] of bindKnown(token.text, names).split('\n').entries()) {
    if (text.length <= MAX_SHOW_COLUMNS) continue;
    report(
      line + 1 + index,
      `${text.length} columns wide. A show block has at most ${MAX_SHOW_COLUMNS}`,
      'lint',
    );
  }
  return { kind: 'code', language, text: token.text };
}

function readList(token: Tokens.List, line: number, report: Report): Block {
  if (token.ordered && token.start !== 1) report(line, 'a numbered list must begin with 1');
  let at = line;
  const items: Inline[][] = [];
  for (const item of token.items) {
    const parts = item.tokens.filter((part) => part.type !== 'space');
    const [only] = parts;
    const simple = parts.length === 1 && (only?.type === 'text' || only?.type === 'paragraph');
    if (item.task) report(at, 'a list with boxes to tick is not allowed');
    else if (simple) items.push(inlinesOf((only as Tokens.Text).tokens ?? [], at, report));
    else report(at, 'a list item may hold one paragraph only: no list, block or second paragraph in it');
    at += newlines(item.raw);
  }
  return { kind: 'list', ordered: token.ordered, items };
}

/** `> **Watch out.** …`. The front ends print the words themselves, so they are dropped here. */
function readNote(token: Tokens.Blockquote, line: number, report: Report): Block | undefined {
  const [paragraph, ...others] = token.tokens.filter((part) => part.type !== 'space');
  const inner = paragraph?.type === 'paragraph' ? ((paragraph as Tokens.Paragraph).tokens ?? []) : [];
  const [lead, ...rest] = inner;
  if (lead?.type !== 'strong' || plainText([lead]) !== 'Watch out.') {
    report(line, 'a quote must begin with **Watch out.**');
    return undefined;
  }
  if (others.length > 0) report(line, 'a "Watch out" may hold one paragraph only');
  const inlines = inlinesOf(rest, line, report);
  if (inlines.length === 0) report(line, 'this "Watch out" says nothing');
  return { kind: 'note', inlines };
}

function refusal(token: Token): string {
  const names: Record<string, string> = {
    heading: 'a heading of this form is not allowed. Tasks begin with "## "',
    html: 'raw HTML is not allowed',
    table: 'a table is not allowed. Use a list',
    hr: 'a rule is not allowed',
    def: 'a link definition is not allowed. Write the link in place: [text](address)',
  };
  return names[token.type] ?? `Markdown of kind "${token.type}" is not allowed`;
}
