import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Course } from './types.ts';

/**
 * The course in a folder, or the built-in one. Names are unbound (see `bindNames`).
 *
 * Throws CourseError when a course can't be used; the built-in one was linted when it was built.
 */
export async function loadCourse(dir?: string): Promise<Course> {
  if (dir !== undefined) return readFolderCourse(dir);
  const built = await readFile(new URL('./course.json', import.meta.url), 'utf8').catch(orMissing);
  if (built !== undefined) return JSON.parse(built) as Course;
  // Not bundled (development, tests): the sources of the course lie in the repository.
  return readFolderCourse(lessonsFolder());
}

/** Folder of the built-in course: beside `dist/` in the package, two up from here in the sources. */
export function lessonsFolder(): string {
  const packaged = fileURLToPath(new URL('../lessons', import.meta.url));
  return existsSync(packaged) ? packaged : fileURLToPath(new URL('../../lessons', import.meta.url));
}

async function readFolderCourse(dir: string): Promise<Course> {
  const { readCourse } = await import('./read.ts');
  return readCourse(dir);
}

function orMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
