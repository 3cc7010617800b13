import type { Concept, Mistake } from '../../course/types.ts';
import type { LiveAnswer, Question } from '../../learn/live-answer.ts';
import { pagesNow } from '../../learn/pages.ts';
import type { WalkState } from '../../learn/state.ts';
import { answerLead, answerWords, queryLead } from '../../plain/answer.ts';
import { tableLines } from '../../plain/table.ts';
import type { Glyphs } from '../../terminal/glyphs.ts';
import { blockLines } from '../blocks.ts';
import { helpRows } from '../key-lookup.ts';
import { BLANK, cutLine, GUTTER, type Line, span, spread, wrapSpans } from '../line.ts';
import type { PagerState } from './state.ts';

/** One page of `?`: all its rows, before they are cut to the window. */
export interface Page {
  title: string;
  lines: Line[];
}

/** What `?` explains: what went wrong here if something did, the lesson's concepts, and the keys. */
export function pagesOf(state: WalkState, width: number, glyphs: Glyphs): Page[] {
  const { mistakes, concepts } = pagesNow(state);
  return [
    ...mistakes.map((one) => pageOf(one, width, glyphs)),
    ...concepts.map((one) => {
      const page = pageOf(one, width, glyphs);
      const live = one.query ? liveLines(one.query, state.answers[one.id], width, glyphs) : [];
      return { ...page, lines: [...page.lines, ...live] };
    }),
    { title: 'Keys', lines: keyRows(width) },
  ];
}

function pageOf(one: Concept | Mistake, width: number, glyphs: Glyphs): Page {
  return { title: one.title, lines: blockLines(one.prose, width, glyphs) };
}

/** The query of a page, and what the server says to it now. */
function liveLines(query: Question, answer: LiveAnswer | undefined, width: number, glyphs: Glyphs): Line[] {
  const indent = GUTTER + 2;
  const table =
    answer?.state === 'answered'
      ? [
          ...wrapSpans([span(answerLead(query), 'dim')], width),
          ...tableLines(answer, width - indent, glyphs.ellipsis).map((row, index) => [
            span(' '.repeat(indent)),
            span(row, index < 2 ? 'dim' : 'plain'),
          ]),
        ]
      : [];
  return [
    BLANK,
    ...wrapSpans([span(queryLead(query), 'dim')], width),
    ...blockLines([{ kind: 'code', language: 'sql', text: query.sql }], width, glyphs),
    BLANK,
    ...table,
    ...answerWords(query, answer).flatMap((sentence) => wrapSpans([span(sentence, 'dim')], width)),
  ];
}

function keyRows(width: number): Line[] {
  return helpRows().flatMap(([key, text]) =>
    wrapSpans([span(text)], width, GUTTER + 9).map((row, index) =>
      index === 0 ? [span(' '.repeat(GUTTER)), span(key.padEnd(9), 'strong'), ...row.slice(1)] : row,
    ),
  );
}

/** Rows that the page's own text gets: a heading, the list of pages and a blank row beside each stand around it. */
export function pageRows(rows: number): number {
  return Math.max(1, rows - 4);
}

/** The page in sight: its title, as many rows as fit, and where in the pages it is. */
export function pagerLines(
  pages: readonly Page[],
  pager: PagerState,
  width: number,
  rows: number,
  glyphs: Glyphs,
): Line[] {
  const at = Math.min(pager.page, pages.length - 1);
  const page = pages[at];
  if (!page) return [];
  const room = pageRows(rows);
  const top = Math.max(0, Math.min(pager.top, page.lines.length - room));
  const more =
    page.lines.length > room
      ? `${Math.min(100, Math.round(((top + room) / page.lines.length) * 100))} %`
      : '';
  const heading = spread(
    [span(' '.repeat(GUTTER)), span(page.title, 'strong')],
    [span(`${more}   page ${at + 1} of ${pages.length}`.trim(), 'dim')],
    width,
    glyphs.ellipsis,
  );
  const index = cutLine(
    [
      span(' '.repeat(GUTTER)),
      ...pages.flatMap((one, number) => [
        span(`${number + 1} ${one.title}`, number === at ? 'accent' : 'dim'),
        span('   '),
      ]),
    ],
    width,
    glyphs.ellipsis,
  );
  return [heading, BLANK, ...page.lines.slice(top, top + room), BLANK, index];
}
