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
  /** Those of them in which it failed in the student's own work. */
  failed: number;
  /** Those in which it could not be asked, because something before it failed. */
  blocked: number;
  /** The cause named most often where it failed; null where none was named. */
  mistake: { id: MistakeId; count: number } | null;
}

/** How many checks a report for people shows. */
const MOST = 10;

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
    .sort((a, b) => b.failed - a.failed || b.blocked - a.blocked || a.lesson.step - b.lesson.step);
}

/** The items that a teacher wants to see: those that failed at all, at most ten. */
export function mostFailed(grades: Grades): Item[] {
  return analyseItems(grades)
    .filter(({ failed }) => failed > 0)
    .slice(0, MOST);
}

function itemOf(lesson: GradedLesson, checks: GradedCheck[]): Item[] {
  const [first] = checks;
  if (!first) return [];
  const inState = (state: GradedCheck['state']) => checks.filter((check) => check.state === state);
  const failed = inState('failed');
  return [
    {
      id: first.id,
      title: first.title,
      lesson: { id: lesson.id, step: lesson.step, title: lesson.title },
      graded: checks.length,
      failed: failed.length,
      blocked: inState('blocked').length,
      mistake: mostNamed(failed.flatMap(({ mistake }) => mistake ?? [])),
    },
  ];
}

/** Of two that were named equally often, the one named first. */
function mostNamed(mistakes: MistakeId[]): Item['mistake'] {
  const counts = new Map<MistakeId, number>();
  for (const id of mistakes) counts.set(id, (counts.get(id) ?? 0) + 1);
  let most: Item['mistake'] = null;
  for (const [id, count] of counts) if (!most || count > most.count) most = { id, count };
  return most;
}

/** `slot-missing (3 times)`, or `none named`. */
export function mistakeText({ mistake }: Item): string {
  if (!mistake) return 'none named';
  return `${mistake.id} (${mistake.count} ${mistake.count === 1 ? 'time' : 'times'})`;
}
