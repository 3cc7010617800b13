import { access, constants, readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { writeAtomically } from '../atomic-file.ts';
import { EXIT, UserError } from '../errors.ts';
import { fileReason } from '../learn/file-reason.ts';
import { takeLock } from '../lock.ts';
import { makeFolder } from '../make-folder.ts';
import type { GradedSubmission, Grades } from './types.ts';

/** Where the results of a batch are. Each file is whole at any time, also when the grader is killed. */
export interface Store {
  /** What was graded before, by name; only what has a mark. */
  done: ReadonlyMap<string, GradedSubmission>;
  /** The class as it is written down: what the folder held before, with what this run made of it. */
  whole(grades: Grades): Grades;
  saveOne(record: GradedSubmission): Promise<void>;
  saveAll(grades: Grades): Promise<void>;
  /** Whether the folder held a file of this name before. */
  holds(name: string): boolean;
  /** Writes a report beside them. */
  write(name: string, text: string): Promise<void>;
  /** Lets another grading have the folder. */
  close(): Promise<void>;
}

const ALL = 'grades.json';
/** A file a submission: a class is too much to be written anew after every check. */
const SINGLE = 'submissions';

/** Nothing is kept: for one submission that is only looked at. */
export const NO_STORE: Store = {
  done: new Map(),
  whole: (grades) => grades,
  saveOne: async () => {},
  saveAll: async () => {},
  holds: () => false,
  write: async () => {},
  close: async () => {},
};

/**
 * Opens a folder for results, and makes it where it is not there.
 * @param resume Go on with what is in it. Otherwise a folder with results is refused.
 * @throws UserError for a place where nothing can be written, for results that would be written over, for those of
 * another course or lab, and for those that another grading is just writing.
 */
export async function openStore(folder: string, options: StoreOptions): Promise<Store> {
  await makeFolders(folder);
  const lock = await takeLock(path.join(folder, '.lock'));
  if ('pid' in lock)
    throw new UserError(
      `Another grading (process ${lock.pid}) writes its results to ${folder}.`,
      'Wait until it has ended, or write to another folder: --out DIR.',
      EXIT.unusable,
    );
  try {
    return await openTaken(folder, options, lock);
  } catch (error) {
    await lock();
    throw error;
  }
}

interface StoreOptions {
  resume: boolean;
  head: Pick<Grades, 'course' | 'lab'>;
}

async function openTaken(
  folder: string,
  { resume, head }: StoreOptions,
  close: () => Promise<void>,
): Promise<Store> {
  const before = await readGrades(folder);
  const names = await readdir(folder);
  const files = (await readdir(path.join(folder, SINGLE))).filter((name) => name.endsWith('.json'));
  if (!resume && (before || files.length > 0))
    throw new UserError(
      `The folder ${folder} holds results already.`,
      'Go on with them: --resume. Or write to another folder: --out DIR.',
    );
  if (before) refuseOthers(folder, before, head);
  const records = new Map<string, GradedSubmission>();
  for (const file of files) {
    const record = await readRecord(path.join(folder, SINGLE, file));
    if (record) records.set(record.name, record);
  }
  const whole = (grades: Grades) => merged([...records.values()], before, grades);
  const write = (name: string, text: string) =>
    writeAtomically(path.join(folder, name), text).catch((error: unknown) => {
      throw new UserError(
        `The results can't be written to ${folder}: ${fileReason(error)}.`,
        'What was written before is kept. Mend that, then go on with the same command and --resume.',
        EXIT.unusable,
      );
    });
  return {
    done: new Map([...records].filter(([, { outcome }]) => outcome === 'graded')),
    whole,
    saveOne: (record) => write(path.join(SINGLE, `${record.name}.json`), json(record)),
    saveAll: (grades) => write(ALL, json(whole(grades))),
    holds: (name) => names.includes(name),
    write,
    close,
  };
}

/** What a run that names only some of a class leaves out stays in it. */
function merged(records: GradedSubmission[], before: Grades | null, grades: Grades): Grades {
  if (records.length === 0 && before === null) return grades;
  const now = new Set(grades.submissions.map(({ name }) => name));
  const submissions = [...grades.submissions, ...records.filter(({ name }) => !now.has(name))].sort(byName);
  const leftOut = [...new Set([...(before?.leftOut ?? []), ...(grades.leftOut ?? [])])];
  const begins = [grades, ...(before ? [before] : []), ...records].map(({ startedAt }) => startedAt);
  return {
    ...grades,
    startedAt: begins.sort()[0] ?? grades.startedAt,
    // One that was cut short in a run before, and is not named in this one, has no mark still.
    endedAt: submissions.some(({ outcome }) => outcome === 'partial') ? null : grades.endedAt,
    submissions,
    ...(leftOut.length > 0 ? { leftOut } : {}),
  };
}

const collator = new Intl.Collator('en', { numeric: true });

const byName = (a: GradedSubmission, b: GradedSubmission): number => collator.compare(a.name, b.name);

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** Before anything is graded: a mark that can't be written down is lost. */
async function makeFolders(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => null);
  if (found && !found.isDirectory())
    throw new UserError(
      `${folder} is a file.`,
      'Give a folder with --out: npx walkthrough grade DIR --out results',
    );
  try {
    await makeFolder(path.join(folder, SINGLE));
    for (const one of [folder, path.join(folder, SINGLE)])
      await access(one, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    // The system says "no such file" of a place that takes no folder, too.
    const { code } = error as { code?: string };
    const reason = code === 'ENOENT' ? 'you may not write there' : fileReason(error);
    throw new UserError(
      `Results can't be written to ${folder}: ${reason}.`,
      'Give another folder with --out.',
      EXIT.unusable,
    );
  }
}

async function readGrades(folder: string): Promise<Grades | null> {
  const file = path.join(folder, ALL);
  try {
    const grades = parse(await readFile(file, 'utf8')) as Partial<Grades> | null;
    if (grades?.schema === 'walkthrough/grades/v1' && grades.course && grades.startedAt)
      return grades as Grades;
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return null;
  }
  throw new UserError(
    `${file} is damaged, or not a file of this grader.`,
    `Give another folder with --out. Or remove that file and say --resume: the marks are in ${path.join(folder, SINGLE)}.`,
  );
}

/** null of what is no record: who looks around in the folder may leave other files there. */
async function readRecord(file: string): Promise<GradedSubmission | null> {
  const record = parse(await readFile(file, 'utf8').catch(() => '')) as Partial<GradedSubmission> | null;
  const { name, outcome, startedAt, lessons, remarks, runs } = record ?? {};
  const whole = [name, outcome, startedAt].every((one) => typeof one === 'string');
  return whole && [lessons, remarks, runs].every(Array.isArray) ? (record as GradedSubmission) : null;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function refuseOthers(folder: string, before: Grades, head: Pick<Grades, 'course' | 'lab'>): void {
  const next = 'Choose another folder with --out, or remove the results first.';
  if (before.course.id !== head.course.id || before.course.version !== head.course.version)
    throw new UserError(
      `The results in ${folder} are of the course ${before.course.id} ${before.course.version}.`,
      next,
    );
  if (before.lab !== head.lab)
    throw new UserError(
      `The results in ${folder} are from the ${before.lab} lab, and this is the ${head.lab} lab.`,
      `Say --lab ${before.lab}, or choose another folder with --out.`,
    );
}
