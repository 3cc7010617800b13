import { stat } from 'node:fs/promises';
import path from 'node:path';
import { bindNames } from '../course/bind.ts';
import { loadCourse } from '../course/builtin.ts';
import type { Course } from '../course/types.ts';
import { EXIT, UserError } from '../errors.ts';
import { type Choice, chooseLab } from '../lab/choose.ts';
import type { Problem } from '../lab/lab.ts';
import type { Observation } from '../observe/types.ts';
import { findWorkspace, lookAtWorkspace, makeWorkspace } from './workspace.ts';

/** What the front door understood of the command line. */
export interface Options {
  lab: 'auto' | 'docker' | 'sandbox';
  dir: string | undefined;
  course: string | undefined;
  json: boolean;
  plain: boolean;
  yes: boolean;
  from: string | undefined;
  to: string | undefined;
  jobs: string | undefined;
  out: string | undefined;
  format: string[] | undefined;
  resume: boolean;
  trustScripts: boolean;
  /** Words after the verb. */
  words: string[];
  /** `pg-walkthrough 0.1.0` */
  tool: string;
}

/** A command: gets what was asked, returns the exit code. */
export type Command = (options: Options) => Promise<number>;

export interface Context extends Choice {
  workspace: string;
  course: Course;
}

/**
 * Course, workspace and lab for a command that needs them. `create` makes the workspace; commands that only look
 * leave a missing one missing.
 */
export async function openContext(
  options: Options,
  { create, read }: { create: boolean /** The course, where it was read already. */; read?: Course },
): Promise<Context> {
  // The course first: one that can't be used must not leave a new folder behind.
  const course = read ?? (await openCourse(options.course));
  const wanted = await findWorkspace(options.dir);
  const workspace = create ? await makeWorkspace(wanted) : await lookAtWorkspace(wanted);
  const choice = await chooseLab({ wanted: options.lab, workspace, names: course.names });
  const names = { ...course.names, project: choice.lab.project };
  return { ...choice, workspace, course: bindNames(course, names) };
}

/** The course in a folder, or the built-in one. */
export async function openCourse(folder: string | undefined): Promise<Course> {
  return loadCourse(folder === undefined ? undefined : await courseFolder(folder));
}

/** Throws UserError when there is no such folder; what is wrong inside of it is for the reader to say. */
export async function courseFolder(word: string): Promise<string> {
  const folder = path.resolve(word);
  const found = await stat(folder).catch(() => null);
  if (!found)
    throw new UserError(`There is no course folder ${folder}.`, 'Give the folder that holds course.yaml.');
  if (!found.isDirectory())
    throw new UserError(
      `${folder} is a file, not a course folder.`,
      'Give the folder that holds course.yaml.',
    );
  return folder;
}

/** One line that says which lab is in use, why, and how to get the other. */
export const labLine = ({ lab, why, other }: Choice): string =>
  `Lab: ${lab.kind}, because ${why}.${other === '' ? '' : ` ${other}`}`;

/** Stops a command that needs the lab when the lab can't be used. */
export function refuseProblems(problems: Problem[]): void {
  const [first, ...others] = problems;
  if (!first) return;
  const next = [first.next, ...others.flatMap((problem) => [problem.message, problem.next])].join('\n');
  throw new UserError(first.message, next, EXIT.unusable);
}

/** Why the lab can't be asked, and the next step; '' when the engine is not the reason. */
export function unusableLines({ engine }: Observation): string {
  return engine.state === 'down' && engine.next !== '' ? `${engine.problem}\n${engine.next}\n` : '';
}

/** The lessons that the words on the command line name, by step or id; all of them when there is none. */
export function chooseLessons(course: Course, words: string[]): Course['lessons'] {
  if (words.length === 0) return course.lessons;
  return words.map((word) => findLesson(course, word));
}

export function findLesson(course: Course, word: string): Course['lessons'][number] {
  const lesson = course.lessons.find((one) => String(one.step) === word || one.id === word);
  if (lesson) return lesson;
  throw new UserError(
    `There is no step "${word}": steps are 1 to ${course.lessons.length}.`,
    `Their names: ${course.lessons.map((one) => one.id).join(', ')}.`,
  );
}

/** The options that a further command needs to find the same folder and course, each with a blank before it. */
export function sameFolders({ dir, course }: Options): string {
  const quoted = (text: string) => (/^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);
  const of = (name: string, value: string | undefined) =>
    value === undefined ? '' : ` --${name} ${quoted(value)}`;
  return of('dir', dir) + of('course', course);
}
