import { DOMParser, type Element as XmlElement } from '@xmldom/xmldom';
import { parse as parseCsv } from 'csv-parse/sync';
import { marked, type Token, type Tokens } from 'marked';
import { type DefaultTreeAdapterTypes, parseFragment, parse as parseHtml } from 'parse5';

/** What a reader of a report finds of one submission. */
export interface Found {
  name: string;
  score: number | null;
  failed: number;
}

export interface CsvRow {
  assignment: string;
  student_id: string;
  raw_score: string;
  score: string;
  max_score: string;
}

export function readCsv(text: string): CsvRow[] {
  return parseCsv(text, { columns: true, record_delimiter: '\r\n' });
}

export function readXml(text: string): XmlElement {
  const parser = new DOMParser({
    onError: (level, message) => {
      // It wonders at U+FFFD, which is a good character.
      if (level === 'warning' && message.includes('replacement character')) return;
      throw new Error(`${level}: ${message}`);
    },
  });
  const root = parser.parseFromString(text, 'text/xml').documentElement;
  if (!root) throw new Error('no root');
  return root;
}

const all = (element: XmlElement, name: string) => [...element.getElementsByTagName(name)];
export const attribute = (element: XmlElement | undefined, name: string) => element?.getAttribute(name) ?? '';

/** Properties of a suite itself, not of its tests. */
export function propertiesOf(suite: XmlElement): Record<string, string> {
  return Object.fromEntries(
    all(suite, 'property')
      .filter((one) => one.parentNode?.parentNode === suite)
      .map((one) => [attribute(one, 'name'), attribute(one, 'value')]),
  );
}

export function foundInJunit(text: string): (Found & { points: number })[] {
  return all(readXml(text), 'testsuite').map((suite) => {
    const { score } = propertiesOf(suite);
    const points = all(suite, 'property').filter(
      (one) => one.parentNode?.parentNode !== suite && attribute(one, 'name') === 'points',
    );
    const failed = all(suite, 'failure').length;
    if (attribute(suite, 'failures') !== String(failed)) throw new Error('the suite counts other failures');
    return {
      name: attribute(suite, 'name'),
      score: score === undefined ? null : Number(score),
      failed,
      points: points.reduce((sum, one) => sum + Number(attribute(one, 'value')), 0),
    };
  });
}

type HtmlNode = DefaultTreeAdapterTypes.Node;
type HtmlElement = DefaultTreeAdapterTypes.Element;

/** The page as a tree; a page with a syntax error in it is refused. */
export function readHtml(text: string): HtmlElement[] {
  const errors: string[] = [];
  const page = parseHtml(text, { onParseError: ({ code }) => errors.push(code) });
  if (errors.length > 0) throw new Error(`not well formed: ${errors.join(', ')}`);
  return elementsIn(page);
}

export function elementsIn(node: HtmlNode): HtmlElement[] {
  const children = 'childNodes' in node ? node.childNodes.flatMap(elementsIn) : [];
  return 'tagName' in node ? [node, ...children] : children;
}

export function textOf(node: HtmlNode): string {
  if (node.nodeName === '#text') return (node as DefaultTreeAdapterTypes.TextNode).value;
  return 'childNodes' in node ? node.childNodes.map(textOf).join('') : '';
}

export function htmlAttribute(element: HtmlElement, name: string): string {
  return element.attrs.find((one) => one.name === name)?.value ?? '';
}

const ofClass = (elements: HtmlElement[], tag: string, name: string) =>
  elements.filter((one) => one.tagName === tag && htmlAttribute(one, 'class').split(' ').includes(name));

export function foundInHtml(text: string): Found[] {
  const elements = readHtml(text);
  const body = elements.filter(({ tagName }) => tagName === 'tbody')[0];
  const rows = body ? elementsIn(body).filter(({ tagName }) => tagName === 'tr') : [];
  const students = ofClass(elements, 'details', 'student').map(elementsIn);
  return students.map((student, at) => {
    const row = rows[at] ? elementsIn(rows[at]) : [];
    const [score] = ofClass(row, 'td', 'score').map(textOf);
    return {
      name: row.filter(({ tagName }) => tagName === 'bdi').map(textOf)[0] ?? '',
      score: /^[\d.]+$/.test(score ?? '') ? Number(score) : null,
      failed: ofClass(student, 'div', 'is-failed').length,
    };
  });
}

/** Tags of what GitHub and others would make of a text, apart from those that its author can not help making. */
export function tagsOfMarkdown(text: string): Set<string> {
  const html = marked.parse(text, { async: false, gfm: true });
  return new Set(elementsIn(parseFragment(html)).map(({ tagName }) => tagName));
}

export function foundInMarkdown(text: string): Found[] {
  const found: Found[] = [];
  for (const token of marked.lexer(text, { gfm: true })) {
    const last = found.at(-1);
    if (isHeading(token) && token.depth === 2 && token.tokens[0]?.type === 'codespan')
      found.push({ name: plain(token.tokens[0].text), score: null, failed: 0 });
    else if (token.type === 'paragraph' && last) {
      const strong = (token as Tokens.Paragraph).tokens[0];
      if (strong?.type !== 'strong') continue;
      const score = /^([\d.]+) of [\d.]+ points\.$/.exec(strong.text)?.[1];
      if (score !== undefined) last.score = Number(score);
      if (strong.text === '✖ Not yet') last.failed += 1;
    }
  }
  return found;
}

const isHeading = (token: Token): token is Tokens.Heading => token.type === 'heading';

const plain = (text: string) => text.trim();
