import type { Finding } from '../check/finding.ts';
import type { MistakeId } from '../check/mistakes.ts';
import { and } from '../check/verdict.ts';
import type { Course, Lesson } from '../course/types.ts';
import type { Remark } from './types.ts';

/** Found where there is no work that could have a mistake in it. */
const NOTHING_THERE: readonly MistakeId[] = [
  'file-missing',
  'file-is-folder',
  'script-empty',
  'compose-file-missing',
];

/**
 * Lessons in which the second copy proves nothing of the student, by id: they have no files of their own, and of all
 * files that they rest on there is none. What holds there after mending is the reference's work alone.
 */
export function restOnNothing(course: Course, own: ReadonlyMap<string, Finding>): Set<string> {
  const found = new Set<string>();
  // In the order of the lessons, so that what a lesson needs has been looked at.
  for (const lesson of course.lessons) {
    if (hasFiles(lesson)) continue;
    const needs = course.lessons.filter(({ id }) => lesson.needs.includes(id));
    const withFiles = needs.filter(hasFiles);
    const allUndone = withFiles.length > 0 && withFiles.every((one) => isUndone(one, own.values()));
    if (allUndone || needs.some(({ id }) => found.has(id))) found.add(lesson.id);
  }
  return found;
}

/** What a report says of those lessons; nothing where there are none, or nothing in them is lost. */
export function nothingToBuildOn(course: Course, own: ReadonlyMap<string, Finding>): Remark[] {
  const nothing = restOnNothing(course, own);
  const lost = course.lessons.filter(
    ({ id }) =>
      nothing.has(id) &&
      [...own.values()].some((finding) => finding.id.startsWith(`${id}/`) && finding.state !== 'passed'),
  );
  if (lost.length === 0) return [];
  const steps = and(lost.map(({ step }) => String(step)));
  const them = lost.length === 1 ? 'It builds' : 'They build';
  return [
    {
      kind: 'note',
      id: 'nothing-to-build-on',
      where: `${lost.length === 1 ? 'lesson' : 'lessons'} ${steps}`,
      message: `${them} on files of which none was handed in with anything in it. No points are given for what the reference does in their place.`,
    },
  ];
}

const hasFiles = ({ tasks }: Lesson): boolean => tasks.some(({ action }) => action.kind === 'write');

/** Whether a file of the lesson is not there, or has nothing in it. A server that lacks the file is blocked by that. */
export function isUndone(lesson: Lesson, own: Iterable<Finding>): boolean {
  if (!hasFiles(lesson)) return false;
  return [...own].some(
    ({ id, state, mistake }) =>
      id.startsWith(`${lesson.id}/`) &&
      state === 'failed' &&
      mistake !== undefined &&
      NOTHING_THERE.includes(mistake),
  );
}
