import type { Concept, Mistake } from '../course/types.ts';
import type { LiveAnswer } from '../learn/live-answer.ts';
import { wrapText } from '../terminal/wrap.ts';
import { answerLead, answerWords, queryLead } from './answer.ts';
import { tableLines } from './table.ts';
import { plainBlock } from './words.ts';

/** What stands at the end of a line that was cut, where nothing but ASCII is sure to be drawn. */
const CUT = '...';

/**
 * A page of the glossary as plain lines, wrapped at `columns`; its query is left as it is, its table is cut.
 * @param answer What the server says to the query; undefined while it is asked.
 */
export function renderConcept(concept: Concept, columns: number, answer: LiveAnswer | undefined): string {
  return `${[concept.title, ...pageLines(concept, columns), ...liveLines(concept, columns, answer)].join('\n')}\n`;
}

/** The prose of a page, a blank line before each block. */
export function pageLines({ prose }: Concept | Mistake, columns: number): string[] {
  return prose.flatMap((block) => [
    '',
    ...plainBlock(block).flatMap((line) => (block.kind === 'code' ? [line] : wrapText(line, columns))),
  ]);
}

/** The query of a page with its answer, a blank line before each; nothing where the page has none. */
export function liveLines({ query }: Concept, columns: number, answer: LiveAnswer | undefined): string[] {
  if (!query) return [];
  const table =
    answer?.state === 'answered'
      ? [answerLead(query), ...tableLines(answer, columns - 4, CUT).map((line) => `    ${line}`)]
      : [];
  return [
    '',
    queryLead(query),
    ...query.sql.split('\n').map((line) => `    ${line}`),
    '',
    ...table,
    ...answerWords(query, answer).flatMap((sentence) => wrapText(sentence, columns)),
  ];
}
