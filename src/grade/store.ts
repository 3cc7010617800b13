import { mkdir, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { UserError } from '../errors.ts';
import type { GradedSubmission, Grades } from './types.ts';

/** Where the results of a batch are. Each file is whole at any time, also when the grader is killed. */
export interface Store {
  /** What was graded before, by name; only what has a mark. */
  done: ReadonlyMap<string, GradedSubmission>;
  saveOne(record: GradedSubmission): Promise<void>;
  saveAll(grades: Grades): Promise<void>;
  /** Writes a report beside them. Returns its path. */
  write(name: string, text: string): Promise<string>;
}

const ALL = 'grades.json';
/** A file a submission: a class is too much to be written anew after every check. */
const SINGLE = 'submissions';

/** Nothing is kept: for one submission that is only looked at. */
export const NO_STORE: Store = {
  done: new Map(),
  saveOne: async () => {},
  saveAll: async () => {},
  write: async () => '',
};

/**
 * Opens a folder for results, and makes it where it is not there.
 * @param resume Go on with what is in it. Otherwise a folder with results is refused.
 * @throws UserError for results that would be written over, and for those of another course or lab.
 */
export async function openStore(
  folder: string,
  { resume, head }: { resume: boolean; head: Pick<Grades, 'course' | 'lab'> },
): Promise<Store> {
  await mkdir(path.join(folder, SINGLE), { recursive: true });
  const before = await readGrades(folder);
  const files = await readdir(path.join(folder, SINGLE));
  if (!resume && (before || files.length > 0))
    throw new UserError(
      `The folder ${folder} holds results already.`,
      'Go on with them: --resume. Or write to another folder: --out DIR.',
    );
  if (before) refuseOthers(folder, before, head);
  const done = new Map<string, GradedSubmission>();
  for (const file of files) {
    const record = await readRecord(path.join(folder, SINGLE, file));
    if (record?.outcome === 'graded') done.set(record.name, record);
  }
  const write = async (name: string, text: string): Promise<string> => {
    const file = path.join(folder, name);
    await writeFileAtomic(file, text);
    return file;
  };
  return {
    done,
    saveOne: (record) => writeFileAtomic(path.join(folder, SINGLE, `${record.name}.json`), json(record)),
    saveAll: async (grades) => void (await write(ALL, json(grades))),
    write,
  };
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

async function readGrades(folder: string): Promise<Grades | null> {
  const text = await readFile(path.join(folder, ALL), 'utf8').catch(() => null);
  if (text === null) return null;
  const grades = parse(text) as Grades | null;
  if (grades?.schema === 'walkthrough/grades/v1') return grades;
  throw new UserError(
    `${path.join(folder, ALL)} is not a file of this grader.`,
    'Choose another folder with --out.',
  );
}

async function readRecord(file: string): Promise<GradedSubmission | null> {
  return parse(await readFile(file, 'utf8')) as GradedSubmission | null;
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
