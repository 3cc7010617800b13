import type { Mistake } from '../course/types.ts';
import { pageLines } from '../plain/concept.ts';
import type { LessonResult, Result } from './result.ts';

const WORD: Record<LessonResult['state'], string> = {
  passed: 'passed ',
  failed: 'FAILED ',
  blocked: 'blocked',
  error: 'error  ',
  skipped: 'skipped',
};

/** The sum of a result. */
export const holdLine = ({ passed, total }: Result): string => `${passed} of ${total} steps hold.`;

/**
 * A result for people, as plain lines: one a lesson, the evidence for each check that does not pass, and how to mend
 * the first fault: those after it often come of it.
 */
export function textReport(result: Result, mistakes: readonly Mistake[], columns: number): string {
  const lines: string[] = [];
  for (const lesson of result.lessons) {
    lines.push(`${WORD[lesson.state]} ${String(lesson.step).padStart(2)}  ${lesson.title}`);
    for (const check of lesson.checks) {
      if (check.state === 'passed') continue;
      // A blocked check repeats the cause that stands above it; its title is enough.
      if (check.state === 'blocked') {
        lines.push(`            blocked: ${check.title} (${check.saw})`);
        continue;
      }
      lines.push(`            ${check.state === 'error' ? "can't be asked" : 'not yet'}: ${check.title}`);
      lines.push(`              looked at  ${check.probe}`);
      lines.push(`              saw        ${check.saw}`);
      lines.push(`              wanted     ${check.wanted}`);
      lines.push(`              why        ${check.why}`);
    }
  }
  const faults = result.lessons.flatMap(({ checks }) => checks.filter(({ state }) => state === 'failed'));
  const page = mistakes.find(({ id }) => id === faults[0]?.mistake);
  if (page) lines.push('', `Begin here: ${page.title}.`, ...pageLines(page, columns));
  lines.push('', holdLine(result));
  return `${lines.join('\n')}\n`;
}
