import { availableParallelism } from 'node:os';
import path from 'node:path';
import type { Course } from '../course/types.ts';
import { EXIT, UserError } from '../errors.ts';
import { gradeBatch } from '../grade/batch.ts';
import type { Entry, Grading } from '../grade/grade-one.ts';
import { takeCopy } from '../grade/intake/copy.ts';
import { findSubmissions } from '../grade/intake/find.ts';
import { INTAKE_LIMITS } from '../grade/intake/limits.ts';
import { pointProblems } from '../grade/points.ts';
import { progressLines } from '../grade/progress.ts';
import { LIMITS } from '../grade/room.ts';
import { openScratch } from '../grade/scratch.ts';
import { NO_STORE, openStore, type Store } from '../grade/store.ts';
import type { Grades } from '../grade/types.ts';
import { chooseLab } from '../lab/choose.ts';
import { REPORTS, type ReportFormat } from '../report/grades/index.ts';
import { type Command, labLine, type Options, openCourse } from './context.ts';

/** Written where --format does not say otherwise. */
const DEFAULT_FORMATS: readonly ReportFormat[] = ['csv', 'html'];

/** Grades submissions: folders, archives, or folders of those. */
export const grade: Command = async (options) => {
  const course = await openCourse(options.course);
  const [wrong] = pointProblems(course);
  if (wrong)
    throw new UserError(`This course can't be graded: ${wrong}.`, 'Mend grading in its course.yaml.');
  const jobs = readJobs(options.jobs);
  const formats = readFormats(options.format);
  if (options.words.length === 0)
    throw new UserError(
      'There is nothing to grade.',
      'Name a submission, or a folder of submissions: npx walkthrough grade DIR',
    );
  const found = await findSubmissions(options.words);
  const { sweepSandboxRoom } = await import('../grade/sandbox-room.ts');
  const { folder: scratch, remove } = await openScratch(sweepSandboxRoom);
  const stop = new AbortController();
  const interrupt = () => stop.abort();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, interrupt);
  try {
    const { lab, openRoom } = await chooseRoom(options, course, scratch);
    const head = {
      schema: 'walkthrough/grades/v1',
      tool: options.tool,
      course: { id: course.id, version: course.version, title: course.title },
      lab,
      startedAt: new Date().toISOString(),
      maxScore: course.lessons.reduce((sum, { points }) => sum + points, 0),
    } as const;
    const store = await storeFor(options, found.length, head);
    const entries = found.map(
      (one): Entry => ({ name: one.name, copy: (into) => takeCopy(one, into, INTAKE_LIMITS) }),
    );
    const known = entries.filter(({ name }) => store.done.has(name)).length;
    if (known > 0) process.stderr.write(`${known} of ${entries.length} were graded before.\n`);
    const listener = progressLines(entries.length - known, process.stderr, jobs);
    const grading: Grading = { course, openRoom, limits: LIMITS, scratch, signal: stop.signal };
    const { done, saveOne, saveAll } = store;
    const grades = await gradeBatch({ entries, done, jobs, head, saveOne, saveAll, listener }, grading);
    listener.end();
    for (const name of formats) {
      const { extension, write } = REPORTS[name];
      await store.write(`grades.${extension}`, write(grades));
    }
    process.stdout.write(REPORTS[options.json ? 'json' : 'text'].write(grades));
    if (store !== NO_STORE) process.stderr.write(`Written to ${outFolder(options)}.\n`);
    return stop.signal.aborted ? EXIT.interrupted : exitCodeOf(grades);
  } finally {
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.off(name, interrupt);
    await remove();
  }
};

/** 0: full marks for all. 3: one could not be graded, which must not look like a mark. */
function exitCodeOf({ submissions }: Grades): number {
  if (submissions.some(({ outcome }) => outcome === 'unusable')) return EXIT.unusable;
  if (submissions.some(({ outcome }) => outcome === 'partial')) return EXIT.partial;
  return submissions.every(({ score, maxScore }) => score === maxScore) ? EXIT.passed : EXIT.failed;
}

async function chooseRoom(
  options: Options,
  course: Course,
  scratch: string,
): Promise<{ lab: Grades['lab']; openRoom: Grading['openRoom'] }> {
  const choice = await chooseLab({ wanted: options.lab, workspace: scratch, names: course.names });
  process.stderr.write(`${labLine(choice)}\n`);
  const { kind } = choice.lab;
  try {
    if (kind === 'docker') {
      const engine = await choice.lab.engine();
      if (engine.state === 'down') throw new UserError(engine.problem, engine.next, EXIT.unusable);
      const { openDockerRoom } = await import('../grade/docker-room/room.ts');
      return { lab: kind, openRoom: openDockerRoom };
    }
    if (!options.trustScripts)
      throw new UserError(
        'Without Docker there is no wall around the scripts of a submission: they run as you, and can read and change your files.',
        'Where you trust all of them, say so: --trust-scripts. Otherwise grade with Docker.',
      );
    const { openSandboxRoom } = await import('../grade/sandbox-room.ts');
    return { lab: kind, openRoom: async (room) => openSandboxRoom(room) };
  } finally {
    await choice.lab.close();
  }
}

/** A class is written down in any case; one submission only where a place or a format was asked for. */
async function storeFor(
  options: Options,
  count: number,
  head: Pick<Grades, 'course' | 'lab'>,
): Promise<Store> {
  const { out, format, resume } = options;
  if (out === undefined && format === undefined && count === 1 && !resume) return NO_STORE;
  return openStore(outFolder(options), { resume, head });
}

const outFolder = ({ out }: Options): string => path.resolve(out ?? 'grades');

function readJobs(word: string | undefined): number {
  if (word === undefined) return Math.max(1, Math.floor(availableParallelism() / 2));
  const jobs = Number(word);
  if (Number.isInteger(jobs) && jobs >= 1 && jobs <= 64) return jobs;
  throw new UserError(`--jobs ${word} is no number of jobs.`, 'Give a whole number from 1 to 64.');
}

function readFormats(words: readonly string[] | undefined): readonly ReportFormat[] {
  if (!words) return DEFAULT_FORMATS;
  return words
    .flatMap((word) => word.split(','))
    .map((word) => {
      if (Object.hasOwn(REPORTS, word)) return word as ReportFormat;
      throw new UserError(`There is no format "${word}".`, `Formats: ${Object.keys(REPORTS).join(', ')}.`);
    });
}
