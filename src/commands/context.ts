import { access, mkdir, realpath } from 'node:fs/promises';
import path from 'node:path';
import { bindNames } from '../course/bind.ts';
import { loadCourse } from '../course/builtin.ts';
import type { Course } from '../course/types.ts';
import { EXIT, UserError } from '../errors.ts';
import type { Lab, Problem } from '../lab/lab.ts';

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
  /** Words after the verb. */
  words: string[];
  /** `pg-walkthrough 0.1.0` */
  tool: string;
}

/** A command: gets what was asked, returns the exit code. */
export type Command = (options: Options) => Promise<number>;

/** The learner's folder: `--dir`, or the current one if it is a workspace already, or `./solutions`. */
export async function findWorkspace(dir: string | undefined): Promise<string> {
  if (dir !== undefined) return path.resolve(dir);
  const here = process.cwd();
  const isWorkspace = await access(path.join(here, '.walkthrough')).then(
    () => true,
    () => false,
  );
  return isWorkspace ? here : path.join(here, 'solutions');
}

export interface Context {
  workspace: string;
  course: Course;
  lab: Lab;
}

/**
 * Course, workspace and lab for a command that needs them. `create` makes the workspace; commands that only look
 * leave a missing one missing.
 */
export async function openContext(options: Options, { create }: { create: boolean }): Promise<Context> {
  const wanted = await findWorkspace(options.dir);
  if (create) await makeFolder(wanted);
  const workspace = await realpath(wanted).catch(() => wanted);
  const course = await loadCourse(options.course);
  const lab = await openLab(options.lab, workspace, course);
  return { workspace, course: bindNames(course, { ...course.names, project: lab.project }), lab };
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    const cause =
      code === 'EACCES' || code === 'EPERM' || code === 'EROFS'
        ? 'you may not write there'
        : code === 'EEXIST' || code === 'ENOTDIR'
          ? 'something that is not a folder is in the way'
          : message;
    throw new UserError(
      `The folder ${folder} can't be made: ${cause}.`,
      'Choose another with --dir.',
      EXIT.unusable,
    );
  }
}

async function openLab(kind: Options['lab'], workspace: string, course: Course): Promise<Lab> {
  if (kind === 'sandbox') {
    throw new UserError(
      'This version has no sandbox lab: lessons run on Docker only.',
      'Install Docker, then use --lab docker.',
      EXIT.unusable,
    );
  }
  const { openDockerLab } = await import('../lab/docker/lab.ts');
  return openDockerLab({ workspace, names: course.names });
}

/** Stops a command that needs the lab when the lab can't be used. */
export function refuseProblems(problems: Problem[]): void {
  const [first, ...others] = problems;
  if (!first) return;
  const more = others.map((problem) => `${problem.message} ${problem.next}`).join('\n');
  throw new UserError(first.message, more === '' ? first.next : `${first.next}\n${more}`, EXIT.unusable);
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
