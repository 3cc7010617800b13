import type { MistakeId } from '../../check/mistakes.ts';
import type { GradedCheck, GradedLesson, Grades } from '../../grade/types.ts';

/** What a class made of one check. Only submissions that have a mark are counted. */
export interface Item {
  /** `lesson-id/check-name` */
  id: string;
  title: string;
  lesson: { id: string; step: number; title: string };
  /** Submissions with a mark in which this check was asked. */
  graded: number;
  /** Those of them in which it failed and cost points. What failed because of an earlier mistake is not counted. */
  failed: number;
  /** The cause found most often where it failed; null where none was told. */
  mistake: { id: MistakeId | null; why: string; count: number } | null;
}

/** How many checks a report for people shows. */
const MOST = 10;

/** Characters of a mistake's sentence: a list shows what a class has trouble with, the evidence says the rest. */
const LONGEST = 200;

/** Every check of the class, the ones that failed most often first; in the order of the course where they are equal. */
export function analyseItems(grades: Grades): Item[] {
  const answers = new Map<string, { lesson: GradedLesson; checks: GradedCheck[] }>();
  for (const submission of grades.submissions) {
    if (submission.outcome !== 'graded') continue;
    for (const lesson of submission.lessons)
      for (const check of lesson.checks) {
        const known = answers.get(check.id);
        if (known) known.checks.push(check);
        else answers.set(check.id, { lesson, checks: [check] });
      }
  }
  return [...answers.values()]
    .flatMap(({ lesson, checks }) => itemOf(lesson, checks))
    .sort((a, b) => b.failed - a.failed || a.lesson.step - b.lesson.step);
}

/** An item, and how many others of its lesson say the very same. */
export interface Trouble extends Item {
  others: number;
}

/** What a teacher wants to see: checks that cost points, at most ten. What one mistake takes along stands there once. */
export function mostFailed(grades: Grades): Trouble[] {
  const troubles = new Map<string, Trouble>();
  for (const item of analyseItems(grades)) {
    const { lesson, graded, failed, mistake } = item;
    if (failed === 0) break;
    // Where nothing is told, nothing says that it is the same.
    const key = mistake ? JSON.stringify([lesson.id, graded, failed, mistake]) : item.id;
    const known = troubles.get(key);
    if (known) known.others += 1;
    else troubles.set(key, { ...item, others: 0 });
  }
  return [...troubles.values()].slice(0, MOST);
}

/** `container leader is running, and 2 more checks of this lesson` */
export function troubleTitle({ title, others }: Trouble): string {
  if (others === 0) return title;
  return `${title}, and ${others} more ${others === 1 ? 'check' : 'checks'} of this lesson`;
}

function itemOf(lesson: GradedLesson, checks: GradedCheck[]): Item[] {
  const [first] = checks;
  if (!first) return [];
  const failed = checks.filter(({ state, points, maxPoints }) => state === 'failed' && points < maxPoints);
  return [
    {
      id: first.id,
      title: first.title,
      lesson: { id: lesson.id, step: lesson.step, title: lesson.title },
      graded: checks.length,
      failed: failed.length,
      mistake: mostFound(failed),
    },
  ];
}

/** Of two that were found equally often, the one found first. A cause without a name is told by its sentence. */
function mostFound(failed: GradedCheck[]): Item['mistake'] {
  const found = new Map<string, NonNullable<Item['mistake']>>();
  for (const { mistake = null, why } of failed) {
    const known = found.get(mistake ?? why);
    if (known) known.count += 1;
    else if (mistake !== null || why.trim() !== '')
      found.set(mistake ?? why, { id: mistake, why: why.trim(), count: 1 });
  }
  let most: Item['mistake'] = null;
  for (const one of found.values()) if (!most || one.count > most.count) most = one;
  return most;
}

/** The cause as a sentence, and how often it was that one where there were others; the name where it has none. */
export function mistakeText({ mistake, failed }: Item): string {
  if (!mistake) return 'No cause was told.';
  const often = mistake.count < failed ? ` (${mistake.count} of ${failed})` : '';
  return `${cutToFit(mistake.why) || mistake.id}${often}`;
}

/** At the end of a word, where the text has words. */
function cutToFit(text: string): string {
  const line = text.slice(0, LONGEST + 1).replace(/\s+/g, ' ');
  if (text.length <= LONGEST) return line;
  const whole = line.slice(0, LONGEST).replace(/\p{Surrogate}$/u, '');
  return `${whole.replace(/(?<=.{50}) \S*$/, '')}…`;
}
