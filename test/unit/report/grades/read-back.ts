import { DOMParser, type Element as XmlElement } from '@xmldom/xmldom';
import { parse as parseCsv } from 'csv-parse/sync';
import { marked, type Token, type Tokens } from 'marked';
import { type DefaultTreeAdapterTypes, parseFragment, parse as parseHtml } from 'parse5';

/** What a reader of a report for people finds of one submission. */
export interface Found {
  name: string;
  score: number | null;
  /** Checks that do not pass, of those that may cost points. */
  lost: number;
  /** Those that cost nothing. */
  free: number;
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

interface FoundInJunit extends Pick<Found, 'name' | 'score'> {
  failed: number;
  points: number;
}

export function foundInJunit(text: string): FoundInJunit[] {
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
      lost:
        ofClass(student, 'div', 'check').length -
        ofClass(student, 'div', 'shared').length +
        ofClass(student, 'div', 'shared').flatMap((one) => ofClass(elementsIn(one), 'li', 'open')).length,
      free: ofClass(student, 'ul', 'free').flatMap((one) => ofClass(elementsIn(one), 'li', 'open')).length,
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
  let heading = '';
  let shared = false;
  for (const token of marked.lexer(text, { gfm: true })) {
    const last = found.at(-1);
    if (isHeading(token)) {
      heading = token.text;
      if (token.depth === 2 && token.tokens[0]?.type === 'codespan')
        found.push({ name: plain(token.tokens[0].text), score: null, lost: 0, free: 0 });
    } else if (token.type === 'list' && last) {
      const { length } = (token as Tokens.List).items;
      if (heading.startsWith('Failed only because')) last.free += length;
      // The reason that they share was counted for one.
      if (shared) last.lost += length - 1;
      shared = false;
    } else if (token.type === 'paragraph' && last) {
      shared = (token as Tokens.Paragraph).text === 'These are:';
      const strong = (token as Tokens.Paragraph).tokens[0];
      if (strong?.type !== 'strong') continue;
      const score = /^([\d.]+) of [\d.]+ points\.$/.exec(strong.text)?.[1];
      if (score !== undefined) last.score = Number(score);
      if (/^[✖⊘!] /.test(strong.text)) last.lost += 1;
    }
  }
  return found;
}

/** Of the text of one submission. Its name is not told apart from what stands around it. */
export function foundInText(text: string): Omit<Found, 'name'> {
  const lines = text.split('\n');
  const free = lines.findIndex((line) => line.startsWith('Failed only because of that'));
  const [before, after] = free < 0 ? [lines, []] : [lines.slice(0, free), lines.slice(free)];
  const scores = lines.flatMap((line) => /^(\d+) of \d+ points\.$/.exec(line)?.[1] ?? []);
  if (scores.length > 1) throw new Error('there are two scores');
  return {
    score: scores[0] === undefined ? null : Number(scores[0]),
    lost: before.filter((line) => /^ {4}(?:not yet|blocked|can't be asked): |^ {6}- /.test(`${line} `))
      .length,
    free: after.filter((line) => /^ {2}[ \d]\d(?: |$)/.test(line)).length,
  };
}

const isHeading = (token: Token): token is Tokens.Heading => token.type === 'heading';

const plain = (text: string) => text.trim();
