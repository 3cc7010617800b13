import type { Concept } from '../course/types.ts';
import { wrapText } from '../terminal/wrap.ts';
import { plainBlock } from './words.ts';

/** A page of the glossary as plain lines, wrapped at `columns`. Code and the query are left as they are. */
export function renderConcept(concept: Concept, columns: number): string {
  const lines = [concept.title];
  for (const block of concept.prose) {
    lines.push('');
    for (const line of plainBlock(block))
      lines.push(...(block.kind === 'code' ? [line] : wrapText(line, columns)));
  }
  if (concept.query) {
    lines.push(
      '',
      `See it on the ${concept.query.on}:`,
      ...concept.query.sql.split('\n').map((line) => `    ${line}`),
    );
  }
  return `${lines.join('\n')}\n`;
}
