import { realpath } from 'node:fs/promises';
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
import { watchedRooms } from '../grade/watched-room.ts';
import { chooseLab } from '../lab/choose.ts';
import { REPORTS, type ReportFormat } from '../report/grades/index.ts';
import { NOT_LOOKED_AT } from '../report/grades/words.ts';
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
  const { submissions, leftOut } = await findSubmissions(options.words);
  // Results of a run before may lie in the same folder, as those of `grade .` do.
  const out = await realpath(outFolder(options)).catch(() => '');
  const found = submissions.filter((one) => one.path !== out);
  if (leftOut.length > 0) process.stderr.write(`${NOT_LOOKED_AT}: ${leftOut.join(', ')}\n`);
  const { sweepSandboxRoom } = await import('../grade/sandbox-room.ts');
  const { folder: scratch, remove } = await openScratch(sweepSandboxRoom);
  const stop = new AbortController();
  let say = (text: string): void => void process.stderr.write(`${text}\n`);
  let store: Store = NO_STORE;
  // However often: a second one must not end what writes the results, or what takes the servers away.
  const interrupt = () => {
    if (!stop.signal.aborted) say(store !== NO_STORE ? 'Stopping. What is finished is kept.' : 'Stopping.');
    stop.abort();
  };
  for (const name of SIGNALS) process.on(name, interrupt);
  try {
    const { lab, openRoom } = await chooseRoom(options, course, scratch);
    const head = {
      schema: 'walkthrough/grades/v1',
      tool: options.tool,
      course: { id: course.id, version: course.version, title: course.title },
      lab,
      startedAt: new Date().toISOString(),
      maxScore: course.lessons.reduce((sum, { points }) => sum + points, 0),
      ...(leftOut.length > 0 ? { leftOut } : {}),
    } as const;
    if (stop.signal.aborted) return EXIT.interrupted;
    store = await storeFor(options, found.length, head);
    const entries = found.map(
      (one): Entry => ({ name: one.name, copy: (into) => takeCopy(one, into, INTAKE_LIMITS) }),
    );
    const known = entries.filter(({ name }) => store.done.has(name)).length;
    if (known > 0) say(knownText(known, entries.length, outFolder(options)));
    const progress = progressLines(entries.length - known, process.stderr, jobs);
    say = progress.say;
    const watched = watchedRooms(openRoom, (copy, what) => {
      const [index] = path.relative(scratch, copy).split(path.sep);
      progress.doing(entries[Number(index)]?.name ?? '', what);
    });
    const grading: Grading = { course, openRoom: watched, limits: LIMITS, scratch, signal: stop.signal };
    const { done, saveOne, saveAll } = store;
    const batch = { entries, done, jobs, head, saveOne, saveAll, listener: progress };
    const grades = store.whole(await gradeBatch(batch, grading).finally(progress.end));
    await writeReports(grades, store, formats, options);
    if (!stop.signal.aborted) return exitCodeOf(grades);
    const marked = new Set(marksOf(grades).map(({ name }) => name));
    const left = entries.filter(({ name }) => !marked.has(name)).length;
    if (store !== NO_STORE && left > 0) say(leftText(left, entries.length, options.resume));
    return EXIT.interrupted;
  } finally {
    await store.close();
    await remove();
    for (const name of SIGNALS) process.off(name, interrupt);
  }
};

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const marksOf = ({ submissions }: Grades) => submissions.filter(({ outcome }) => outcome === 'graded');

const leftText = (left: number, all: number, resume: boolean): string =>
  `${left} of ${all} ${left === 1 ? 'is' : 'are'} left. Go on with the same command${resume ? '' : ' and --resume'}.`;

/** Who hands in once more is known already. */
const knownText = (known: number, all: number, out: string): string =>
  `${known} of ${all} ${known === 1 ? 'was' : 'were'} graded before, and ${known === 1 ? 'keeps its mark' : 'keep their marks'}. ` +
  `To grade one anew, remove its file in ${path.join(out, 'submissions')} first.`;

/** On stdout, and where results are kept, in files. Those that are there already are not left behind. */
async function writeReports(
  grades: Grades,
  store: Store,
  formats: readonly ReportFormat[],
  options: Options,
): Promise<void> {
  // Cut short before the first mark: a table without a row tells nothing. A program still gets its document.
  const some = grades.endedAt !== null || marksOf(grades).length > 0;
  for (const [name, { extension, write, writeOne }] of Object.entries(REPORTS)) {
    const file = `grades.${extension}`;
    const wanted = formats.includes(name as ReportFormat) && some;
    if (!(wanted || store.holds(file))) continue;
    await store.write(file, write(grades));
    for (const one of writeOne ? grades.submissions : [])
      await store.write(`submissions/${one.name}.${extension}`, writeOne?.(grades, one) ?? '');
  }
  const { isTTY, columns } = process.stdout;
  if (options.json) process.stdout.write(REPORTS.json.write(grades));
  else if (some) process.stdout.write(REPORTS.text.write(grades, isTTY ? columns : undefined));
  if (store !== NO_STORE && some) process.stderr.write(`Written to ${outFolder(options)}.\n`);
}

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
  throw new UserError(
    `--jobs needs a whole number from 1 to 64, not "${word}".`,
    'Or leave it out: half of the processors are used then.',
  );
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
