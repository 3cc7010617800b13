import type { Tokens } from 'marked';
import { readId } from './manifest.ts';
import { isFence, readPage } from './markdown.ts';
import { type ProseScope, readBlock } from './prose.ts';
import type { Concept, Mistake } from './types.ts';

/** A concept or mistake, and the line of its id. */
export interface ReadPage<T> {
  page: T;
  line: number;
}

/** Reads a page of the glossary: prose, and at most one `sql leader` or `sql follower` block. */
export function readConcept(source: string, scope: ProseScope): ReadPage<Concept> | undefined {
  const { report } = scope;
  let query: Concept['query'];
  const read = readProse(source, scope, (token, line) => {
    const on = /^sql (leader|follower)$/.exec(token.lang ?? '')?.[1];
    if (on !== 'leader' && on !== 'follower') return false;
    if (query) report(line, 'a second query; a concept has at most one');
    if (token.text.trim() === '') report(line, 'this query is empty');
    query ??= { on, sql: token.text };
    return true;
  });
  return read && { page: { ...read.page, ...(query && { query }) }, line: read.line };
}

/** Reads the page of a mistake: prose only. */
export function readMistake(source: string, scope: ProseScope): ReadPage<Mistake> | undefined {
  return readProse(source, scope, () => false);
}

function readProse(
  source: string,
  scope: ProseScope,
  takeFence: (token: Tokens.Code, line: number) => boolean,
): ReadPage<Mistake> | undefined {
  const { front, body } = readPage(source, scope.report);
  const id = front?.only(['id', 'title']) && readId(front, scope.report);
  const title = front?.text('title');
  const prose = body.flatMap((located) => {
    const { token, line } = located;
    if (isFence(token) && takeFence(token, line)) return [];
    return readBlock(located, scope) ?? [];
  });
  if (!front || id === undefined) return undefined;
  if (prose.length === 0) scope.report(front.line, 'this page says nothing');
  return { page: { id, title: title ?? '', prose }, line: front.lineOf('id') };
}
