import type { Fields } from './fields.ts';
import { RUNTIME_NAMES } from './names.ts';
import type { Report } from './problem.ts';
import type { GradingPolicy, Names } from './types.ts';
import { readFields } from './yaml.ts';

const ID = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const NAME = /^[A-Za-z][\w-]*$/;
const TOTAL_POINTS = 100;

/** One mistake costs its own points once, and every file is asked for. */
const DEFAULT_GRADING: GradingPolicy = { followThrough: 100, optional: [], checks: {} };

/** What `course.yaml` says. Lines are those of `course.yaml`. */
export interface Manifest {
  id: string;
  title: string;
  version: string;
  names: Names;
  grading: GradingPolicy;
  lessons: { id: string; points: number; line: number }[];
}

/** Reads `course.yaml`. What is missing is reported and left empty, so that the lessons can still be read. */
export function readManifest(text: string, report: Report): Manifest {
  const empty: Manifest = {
    id: '',
    title: '',
    version: '',
    names: {},
    grading: DEFAULT_GRADING,
    lessons: [],
  };
  const fields = readFields({ text, firstLine: 1, what: 'course.yaml' }, report);
  if (!fields) return empty;
  fields.only(['id', 'title', 'version', 'names', 'grading', 'lessons']);
  return {
    id: readId(fields, report) ?? '',
    title: fields.text('title') ?? '',
    version: fields.text('version') ?? '',
    names: fields.has('names') ? readNames(fields.map('names', 'names'), report) : {},
    grading: fields.has('grading') ? readGrading(fields.map('grading', 'grading'), report) : DEFAULT_GRADING,
    lessons: readLessons(fields, report),
  };
}

/** The `id` of a course, lesson or page: it is stored in progress and results, so its form is strict. */
export function readId(fields: Fields, report: Report): string | undefined {
  const id = fields.text('id');
  if (id === undefined || ID.test(id)) return id;
  report(fields.lineOf('id'), `id "${id}" must be lower-case words joined by hyphens`);
  return undefined;
}

function readNames(fields: Fields | undefined, report: Report): Names {
  const names: Names = {};
  for (const name of fields?.keys() ?? []) {
    const line = fields?.lineOf(name) ?? 1;
    const value = fields?.text(name);
    if (!NAME.test(name))
      report(line, `name "${name}" must begin with a letter and hold letters, digits, _ and -`);
    if (Object.hasOwn(RUNTIME_NAMES, name)) report(line, `name "${name}" is given by the lab`);
    if (value?.includes('{{')) report(line, `the value of "${name}" can't hold another name`);
    if (value !== undefined) names[name] = value;
  }
  return names;
}

function readGrading(fields: Fields | undefined, report: Report): GradingPolicy {
  if (!fields) return DEFAULT_GRADING;
  fields.only(['follow-through', 'optional', 'checks']);
  const followThrough = fields.has('follow-through') ? (fields.integer('follow-through', 0) ?? 0) : 100;
  if (followThrough > 100)
    report(fields.lineOf('follow-through'), `"follow-through" is a percentage: ${followThrough} is over 100`);
  const optional = fields.texts('optional', 'optional').map(({ text }) => text);
  return { followThrough, optional, checks: readCheckPoints(fields) };
}

function readCheckPoints(fields: Fields): Record<string, number> {
  const points: Record<string, number> = {};
  const checks = fields.has('checks') ? fields.map('checks', 'checks') : undefined;
  for (const id of checks?.keys() ?? []) {
    const value = checks?.integer(id, 0);
    if (value !== undefined) points[id] = value;
  }
  return points;
}

function readLessons(fields: Fields, report: Report): Manifest['lessons'] {
  const seen = new Map<string, number>();
  const lessons = fields.maps('lessons', 'a lesson of course.yaml').flatMap((entry) => {
    entry.only(['id', 'points']);
    const id = readId(entry, report);
    const points = entry.integer('points', 0);
    if (id === undefined) return [];
    const first = seen.get(id);
    if (first !== undefined) {
      report(entry.line, `lesson "${id}" is listed twice; the first is at line ${first}`);
      return [];
    }
    seen.set(id, entry.line);
    return [{ id, points: points ?? Number.NaN, line: entry.line }];
  });
  const sum = lessons.reduce((total, lesson) => total + lesson.points, 0);
  // NaN: a value was refused above, and the sum would only repeat that.
  if (fields.has('lessons') && !Number.isNaN(sum) && sum !== TOTAL_POINTS) {
    report(fields.lineOf('lessons'), `the points of all lessons add up to ${sum}, not to ${TOTAL_POINTS}`);
  }
  return lessons;
}
