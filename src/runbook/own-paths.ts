import type { Course } from '../course/types.ts';

/** The names under which Compose finds its file. */
export const COMPOSE_FILES = ['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml'];

/** All that Compose reads by itself, before it knows the project's name. */
export const READ_BY_COMPOSE = [
  ...COMPOSE_FILES,
  ...COMPOSE_FILES.map((name) => name.replace(/\.ya?ml$/, '.override$&')),
  '.env',
];

/** Paths that the lessons write, in their order, each once. */
export function coursePaths(course: Course): string[] {
  const actions = course.lessons.flatMap(({ tasks }) => tasks.map(({ action }) => action));
  const paths = actions.flatMap((action) => (action.kind === 'write' ? action.files : []));
  return [...new Set(paths.map((file) => file.path))];
}
