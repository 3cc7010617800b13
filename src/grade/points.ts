import type { Course, Lesson } from '../course/types.ts';
import { lastingChecks } from '../learn/select.ts';
import { proofsOf } from './proofs.ts';

/** What is asked of a submission for a lesson: its lasting checks, and what only a grader may try. */
export function gradedChecks(lesson: Lesson): { id: string; title?: string }[] {
  return [...lastingChecks(lesson), ...proofsOf(lesson)];
}

/**
 * Whole points of every graded check. A lesson's points, without those that the course gives to single checks, are
 * spread evenly over the others; what does not divide goes to the first ones, a point each. So the sum is always the
 * lesson's.
 */
export function pointsOfChecks(course: Course): Map<string, number> {
  const points = new Map<string, number>();
  for (const lesson of course.lessons) {
    const checks = gradedChecks(lesson);
    const given = checks.filter(({ id }) => course.grading.checks[id] !== undefined);
    for (const { id } of given) points.set(id, course.grading.checks[id] ?? 0);
    const others = checks.filter((check) => !given.includes(check));
    const rest = lesson.points - given.reduce((sum, { id }) => sum + (points.get(id) ?? 0), 0);
    const each = Math.floor(rest / others.length);
    others.forEach(({ id }, index) => {
      points.set(id, each + (index < rest - each * others.length ? 1 : 0));
    });
  }
  return points;
}

/** What is wrong with the points of single checks, a sentence each. */
export function pointProblems(course: Course): string[] {
  const ids = new Set(course.lessons.flatMap((lesson) => gradedChecks(lesson).map(({ id }) => id)));
  const unknown = Object.keys(course.grading.checks)
    .filter((id) => !ids.has(id))
    .map((id) => `the course has no check "${id}" that proves a lesson`);
  const points = unknown.length > 0 ? new Map<string, number>() : pointsOfChecks(course);
  const uneven = course.lessons.flatMap((lesson) => {
    if (unknown.length > 0) return [];
    const each = gradedChecks(lesson).map(({ id }) => points.get(id) ?? 0);
    // With too much given to some, the others share less than nothing, and the sum is right all the same.
    const sum = each.filter((one) => one > 0).reduce((total, one) => total + one, 0);
    if (sum === lesson.points) return [];
    return [`the checks of lesson "${lesson.id}" have ${sum} points, and the lesson has ${lesson.points}`];
  });
  return [...unknown, ...uneven];
}
