import { CourseError } from './problem.ts';
import type { Course } from './types.ts';

/**
 * Reads and validates a course folder (see docs/lesson-format.md). `{{name}}` stays as written: `bindNames` puts
 * the values in.
 *
 * Throws CourseError with every problem found.
 */
export async function readCourse(dir: string): Promise<Course> {
  // The parsers of YAML and Markdown are loaded here and not before: the built-in course is JSON and needs neither.
  const [{ readFolder }, { parseCourse }, { kindOf }] = await Promise.all([
    import('./folder.ts'),
    import('./parse.ts'),
    import('../check/registry.ts'),
  ]);
  const { course, problems } = parseCourse(await readFolder(dir), kindOf);
  if (problems.length > 0) throw new CourseError(problems);
  return course;
}
