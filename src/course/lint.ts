import { MISTAKES } from '../check/mistakes.ts';
import type { KindOf } from './checks.ts';
import type { Folder } from './folder.ts';
import { CourseError, type Problem, sortProblems } from './problem.ts';

export interface LintOptions {
  /**
   * Asks for a page of every mistake that a check kind can name. The built-in course owes them; a teacher's
   * course may leave the explanation to the finding.
   */
  everyMistake?: boolean;
}

/**
 * Everything that is wrong with a course folder: what makes it unusable, and what makes it worse than it should
 * be (wide show blocks, long hints, pages that nobody can reach). An empty list is a clean course.
 */
export async function lintCourse(dir: string, options: LintOptions = {}): Promise<Problem[]> {
  const [{ readFolder }, { KINDS, kindOf }] = await Promise.all([
    import('./folder.ts'),
    import('../check/registry.ts'),
  ]);
  const nameable = Object.values(KINDS).flatMap((kind) => kind.mistakes);
  try {
    return await lintFolder(await readFolder(dir), kindOf, options.everyMistake ? nameable : []);
  } catch (error) {
    if (error instanceof CourseError) return [...error.problems];
    throw error;
  }
}

/** As `lintCourse`, for texts in memory. `owed` are the mistakes that need a page. */
export async function lintFolder(
  folder: Folder,
  kindOf: KindOf,
  owed: readonly string[],
): Promise<Problem[]> {
  const { parseCourse } = await import('./parse.ts');
  const { course, problems, advice, complete } = parseCourse(folder, kindOf);
  const say = (path: string, message: string) =>
    advice.push({ file: `${folder.shown}/${path}`, line: 1, message });

  const known: readonly string[] = MISTAKES;
  const pages = new Set(course.mistakes.map((mistake) => mistake.id));
  for (const id of owed) {
    if (!pages.has(id)) say(`mistakes/${id}.md`, `missing: a check can name the mistake "${id}"`);
  }
  for (const id of pages) {
    if (!known.includes(id)) say(`mistakes/${id}.md`, `no check can name the mistake "${id}"`);
  }
  const concepts = new Set(course.lessons.flatMap((lesson) => lesson.concepts));
  for (const { id } of course.concepts) {
    if (complete && !concepts.has(id)) say(`concepts/${id}.md`, `no lesson refers to the concept "${id}"`);
  }
  return sortProblems([...problems, ...advice]);
}
