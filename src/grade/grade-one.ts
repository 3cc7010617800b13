import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { FindingState } from '../check/finding.ts';
import { bindNames } from '../course/bind.ts';
import type { Course } from '../course/types.ts';
import { writtenFiles } from '../course/written-files.ts';
import { absentFrom } from './handed-in.ts';
import { harmlessRecord } from './harmless-record.ts';
import { HOME_FOLDER, homeFolder } from './home-folder.ts';
import { IntakeError } from './intake/limits.ts';
import { misnamedFiles } from './intake/misnamed.ts';
import { markLessons } from './marks.ts';
import { needsSecondCopy, replayMended, replayOwn } from './replay.ts';
import { type CleanRoom, type Limits, type RoomOptions, UnusableError } from './room.ts';
import type { Bench } from './stages.ts';
import { readSubmittedCompose } from './submitted-compose.ts';
import type { FindingWithCause, GradedSubmission, Remark, RunRecord } from './types.ts';
import { nothingToBuildOn } from './undone.ts';

/** What all submissions of a batch share. */
export interface Grading {
  /** With its names unbound. */
  course: Course;
  openRoom(options: RoomOptions): Promise<CleanRoom>;
  limits: Limits;
  /** A folder for the copies; whoever made it removes it. */
  scratch: string;
  signal: AbortSignal;
}

/** One submission, as the batch hands it out. */
export interface Entry {
  name: string;
  /** Makes a copy in a new empty folder, and tells what was left out. Throws IntakeError for what is none. */
  copy(into: string): Promise<Remark[]>;
}

/**
 * Grades one submission. `save` is given the record whenever a check is finished, so that nothing is lost when the
 * grader is killed. Throws only when the signal was aborted; what fails is in the record.
 */
export async function gradeOne(
  { name, copy }: Entry,
  grading: Grading,
  save: (record: GradedSubmission) => Promise<void>,
): Promise<GradedSubmission> {
  const began = performance.now();
  const startedAt = new Date().toISOString();
  const own = new Map<string, FindingWithCause>();
  const second = new Map<string, FindingState>();
  const remarks: Remark[] = [];
  const runs: RunRecord[] = [];
  const { course, signal } = grading;

  const record = (outcome: GradedSubmission['outcome'], problem: GradedSubmission['problem'] = null) => {
    const lessons = markLessons(course, { own, second }, course.grading.followThrough);
    const score = outcome === 'graded' ? lessons.reduce((sum, { points }) => sum + points, 0) : null;
    const maxScore = course.lessons.reduce((sum, { points }) => sum + points, 0);
    const ms = Math.round(performance.now() - began);
    const head = { name, outcome, score, maxScore, startedAt, ms, problem };
    return harmlessRecord({ ...head, lessons, remarks: [...remarks], runs: [...runs] });
  };
  /** Its first copy, as long as there is one. */
  let ownCopy = '';
  /** Opens a room on a fresh copy, uses it, and leaves nothing behind. */
  const inRoom = async (label: string, use: (bench: Bench) => Promise<void>): Promise<void> => {
    const place = path.join(grading.scratch, label);
    const arrival = path.join(place, HOME_FOLDER);
    await mkdir(arrival, { recursive: true });
    let room: CleanRoom | undefined;
    try {
      const left = await copy(arrival);
      const home = await homeFolder(arrival, course);
      left.push(...home.remarks);
      const workspace = path.join(place, home.name);
      if (workspace !== arrival) await rename(arrival, workspace);
      // Before a file is given that is there under another name.
      left.push(...(await misnamedFiles(workspace, course)));
      const given = await giveOptional(workspace, course);
      const absent = await absentFrom(workspace, course);
      const first = label === 'own';
      if (first) ownCopy = workspace;
      // Before anything of the submission runs, so that it is judged on what was handed in.
      if (first) remarks.push(...left, ...given, ...(await readSubmittedCompose(workspace)).remarks);
      room = await grading.openRoom({ workspace, names: course.names, limits: grading.limits });
      const names = { ...course.names, project: room.lab.project };
      const { assertSound } = room;
      const used = use({
        room,
        course: bindNames(course, names),
        signal,
        absent,
        // Not known yet: the first start has all the time there is.
        pace: Number.POSITIVE_INFINITY,
        ran: (run) => {
          const output = { ...run.output, text: withoutFolder(run.output.text, workspace) };
          if (first) runs.push({ ...run, command: withoutFolder(run.command, workspace), output });
        },
      });
      // Also when it failed: how, is no wonder then.
      await used.finally(assertSound);
      if (first) remarks.push(...room.remarks().filter(isNews(remarks)));
    } finally {
      // What can't be removed takes no mark away, and must not hide what went wrong before: an engine that goes
      // away takes both. The next grading removes what is left.
      const note = (error: Error) => void remarks.push(leftBehind(error));
      await room?.close().catch(note);
      await rm(place, { recursive: true, force: true }).catch(note);
    }
  };
  const tell = async (findings: readonly FindingWithCause[]): Promise<void> => {
    for (const finding of findings) {
      const known = (text: string) => withoutFolder(text, ownCopy);
      const { saw, why, cause } = finding;
      const told = { saw: known(saw), why: known(why), ...(cause ? { cause: known(cause) } : {}) };
      own.set(finding.id, { ...finding, ...told });
      await save(record('partial'));
    }
  };

  try {
    await inRoom('own', async (bench) => void (await replayOwn(bench, tell)));
    const findings = [...own.values()];
    remarks.push(...nothingToBuildOn(course, own));
    if (needsSecondCopy(course, findings)) {
      await inRoom('mended', async (bench) => {
        for (const [id, state] of await replayMended(bench, findings)) second.set(id, state);
      });
    }
    return record('graded');
  } catch (error) {
    if (signal.aborted) throw error;
    if (error instanceof IntakeError) {
      remarks.push(error.remark);
      return record('graded');
    }
    return record('unusable', problemOf(error));
  }
}

/** What the compose file asks for was named when it was read, and is not named again for each command that reads it. */
const isNews =
  (known: readonly Remark[]) =>
  ({ kind, id, where }: Remark): boolean =>
    !(kind === 'policy' && where.startsWith('docker compose ') && known.some((one) => one.id === id));

const leftBehind = ({ message }: Error): Remark => ({
  kind: 'note',
  id: 'left-behind',
  where: 'grader',
  message: `What was made for this submission could not all be removed: ${message}. The next grading tries again.`,
});

/** Text of a copy with paths as its student knows them: where the copy was says nothing, and is gone afterwards. */
const withoutFolder = (text: string, folder: string): string =>
  text.replaceAll(`${folder}/`, '').replaceAll(folder, path.basename(folder));

/** Puts the reference's in the place of a file that a submission may leave out. */
async function giveOptional(workspace: string, course: Course): Promise<Remark[]> {
  const remarks: Remark[] = [];
  for (const file of course.grading.optional) {
    const from = writtenFiles(course.lessons).find((one) => one.path === file)?.from;
    const text = from === undefined ? undefined : course.files[from];
    if (text === undefined) continue;
    const given = await writeFile(path.join(workspace, file), text, { flag: 'wx' }).then(
      () => true,
      (error: { code?: string }) => {
        if (error.code === 'EEXIST') return false;
        throw error;
      },
    );
    if (given)
      remarks.push({
        kind: 'note',
        id: 'file-given',
        where: file,
        message: 'The submission has no such file and need not have one: the reference stands in its place.',
      });
  }
  return remarks;
}

/** What kept a submission from being graded. A mistake of ours costs nobody points, and never stops the batch. */
function problemOf(error: unknown): NonNullable<GradedSubmission['problem']> {
  if (error instanceof UnusableError) return { message: error.message, next: error.next };
  const { code, message } = error as { code?: string; message: string };
  if (code === 'ENOSPC') return { message: 'The disk is full.', next: 'Make room on it, then grade again.' };
  if (process.env.WALKTHROUGH_DEBUG && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  return {
    message: `The grader failed: ${message}.`,
    next: 'This is a mistake of the grader, not of the submission. Grade it again; WALKTHROUGH_DEBUG=1 tells more.',
  };
}
