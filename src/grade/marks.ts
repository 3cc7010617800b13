import type { FindingState } from '../check/finding.ts';
import type { Course, Lesson } from '../course/types.ts';
import { gradedChecks, pointsOfChecks } from './points.ts';
import type { FindingWithCause, GradedCheck, GradedLesson } from './types.ts';
import { restOnNothing } from './undone.ts';

/** What is known of a submission's checks, by id. */
export interface Evidence {
  /** Of the student's own work. One that is missing was not looked at yet. */
  own: ReadonlyMap<string, FindingWithCause>;
  /** In the second copy, where what failed before was mended. */
  second: ReadonlyMap<string, FindingState>;
}

/** Marks every lesson. `followThrough`: percent of a check's points for what holds in the second copy only. */
export function markLessons(
  course: Course,
  { own, second }: Evidence,
  followThrough: number,
): GradedLesson[] {
  const points = pointsOfChecks(course);
  const nothing = restOnNothing(course, own);
  return course.lessons.map((lesson) => {
    const checks = gradedChecks(lesson).flatMap(({ id }) => {
      const finding = own.get(id);
      if (!finding) return [];
      const maxPoints = points.get(id) ?? 0;
      const then = second.get(id) ?? null;
      const later = then === 'passed' && !nothing.has(lesson.id) ? followThrough : 0;
      const share = finding.state === 'passed' ? 100 : later;
      return [{ ...finding, followThrough: then, points: Math.floor((maxPoints * share) / 100), maxPoints }];
    });
    return markLesson(lesson, checks);
  });
}

function markLesson({ step, id, title, points: maxPoints }: Lesson, checks: GradedCheck[]): GradedLesson {
  return {
    step,
    id,
    title,
    state: worst(checks.map(({ state }) => state)) ?? 'skipped',
    followThrough: worst(checks.flatMap(({ followThrough }) => followThrough ?? [])),
    points: checks.reduce((sum, { points }) => sum + points, 0),
    maxPoints,
    checks,
  };
}

const WORST_FIRST = ['error', 'failed', 'blocked', 'passed'] as const;

const worst = (states: readonly FindingState[]): FindingState | null =>
  WORST_FIRST.find((state) => states.includes(state)) ?? null;
