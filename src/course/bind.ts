import { bindText, mapStrings } from './names.ts';
import type { Course, Names } from './types.ts';

/**
 * Puts values in place of `{{name}}` everywhere in a course: prose, commands, arguments of checks, reference
 * files. `names` win over the course's own. Pure: the given course stays as it is.
 *
 * Throws UnknownNameError for a `{{name}}` without a value (`project` has none in a course: the lab gives it).
 */
export function bindNames(course: Course, names: Names): Course {
  const values: Names = { ...course.names, ...names };
  const { names: _own, ...rest } = course;
  const bound = mapStrings(rest, (text) => bindText(text, values));
  return { ...bound, names: values };
}
