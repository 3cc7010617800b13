import { lstat, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Finding, FindingState } from '../check/finding.ts';
import type { CheckSpec, Course, Lesson } from '../course/types.ts';
import { writtenFiles } from '../course/written-files.ts';
import { DATA_FOLDERS } from '../lab/workspace.ts';
import { allLastingChecks, type Examination, examine } from '../learn/examine.ts';
import { patienceFor } from '../learn/patience.ts';
import { lastingChecks } from '../learn/select.ts';
import type { EngineState } from '../observe/types.ts';
import { withCauses } from './causes.ts';
import { readFromCopy, writeIntoCopy } from './copy-files.ts';
import { asHandedIn } from './handed-in.ts';
import { isOfRole, mendRole } from './mend-role.ts';
import { proofsOf, prove } from './proofs.ts';
import { UnusableError } from './room.ts';
import { type Bench, docker, LOOKING, STAGES } from './stages.ts';
import type { FindingWithCause, RunRecord } from './types.ts';
import { isUndone, restOnNothing } from './undone.ts';

/** Tells a finding as soon as it is there. */
export type Tell = (findings: readonly FindingWithCause[]) => Promise<void>;

/** Does with the copy what its student did, judges all checks on what came of it, and tries what only a grader may. */
export async function replayOwn(bench: Bench, tell: Tell): Promise<FindingWithCause[]> {
  const runs = new Map<string, RunRecord[]>();
  for (const stage of STAGES) runs.set(stage.lesson, await stage.perform(bench));
  const specs = allLastingChecks(bench.course);
  const found = await look(bench, specs);
  const findings = bench.course.lessons.flatMap(({ id }) =>
    withCauses(
      found.filter((finding) => finding.id.startsWith(`${id}/`)),
      runs.get(id) ?? [],
    ),
  );
  await tell(findings);
  const proofs = await proveSafely(bench, streams(specs, findings));
  await tell(proofs);
  return [...findings, ...proofs];
}

/**
 * Whether a second copy could tell more: something of a stage failed, not for its own sake alone, and with work in it
 * that could hold there.
 */
export function needsSecondCopy(course: Course, own: readonly Finding[]): boolean {
  const failing = course.lessons.filter((lesson) => lessonFails(lesson, own));
  const nothing = restOnNothing(course, new Map(own.map((finding) => [finding.id, finding])));
  const staged = failing.filter(({ id }) => isStaged(id));
  return failing.length > 1 && staged.some((lesson) => !nothing.has(lesson.id) && !isUndone(lesson, own));
}

/**
 * Does the same with a second copy, and mends with the reference solution whatever fails, as soon as it has been
 * judged: what comes after it is judged as if the student had made no mistake before. Files that failed by themselves
 * are mended at the beginning. Answers the states of the checks that servers are needed for.
 */
export async function replayMended(
  bench: Bench,
  own: readonly Finding[],
): Promise<Map<string, FindingState>> {
  const { course } = bench;
  const states = new Map<string, FindingState>();
  const note = (findings: readonly Finding[]): boolean => {
    for (const { id, state } of findings) states.set(id, state);
    return findings.every(({ state }) => state === 'passed');
  };
  for (const lesson of course.lessons)
    if (!isStaged(lesson.id) && lessonFails(lesson, own)) await mendFiles(bench, lesson);
  const known = stageToMend(course, own);
  if (known >= 0) await rebuild(bench, known);
  const proofsOpen = own.some(({ id, state }) => state !== 'passed' && isProof(course, id));
  for (const [index, stage] of STAGES.entries()) {
    if (index < known) continue;
    if (index > known) {
      await stage.perform(bench);
      const specs = checksOf(course, stage.lesson);
      const findings = await look(bench, specs);
      if (!note(findings)) {
        if (await mendRole(bench, specs, findings))
          note((await look(bench, specs)).filter((finding) => !isOfRole(specs, finding)));
        await rebuild(bench, index);
      }
    }
    // Before a later stage is mended: the pair would be the reference's then.
    if (stage.lesson === PROVED && proofsOpen) note(await proveSafely(bench, true));
  }
  const last = LOOKING.flatMap((id) => checksOf(course, id));
  note(await look(bench, last));
  return states;
}

/**
 * The first stage that fails, where all before it is the student's own and right: to do all that a second time would
 * tell nothing new. -1 where it would, because files are mended, or the login has not been judged by itself.
 */
function stageToMend(course: Course, own: readonly Finding[]): number {
  if (course.lessons.some((lesson) => !isStaged(lesson.id) && lessonFails(lesson, own))) return -1;
  const fails = (specs: CheckSpec[]) =>
    own.some(({ id, state }) => state !== 'passed' && specs.some((spec) => spec.id === id));
  const first = STAGES.findIndex(({ lesson }) => fails(checksOf(course, lesson)));
  const specs = checksOf(course, STAGES[first]?.lesson ?? '');
  return fails(specs.filter(({ kind }) => kind === 'role')) ? -1 : first;
}

/** The lesson after which the pair is there that proofs are made on. */
const PROVED = 'start-follower';

const isStaged = (id: string): boolean =>
  STAGES.some(({ lesson }) => lesson === id) || (LOOKING as readonly string[]).includes(id);

const isProof = ({ lessons }: Course, id: string): boolean =>
  lessons.some((lesson) => proofsOf(lesson).some((one) => one.id === id));

const lessonFails = ({ id }: Lesson, findings: readonly Finding[]): boolean =>
  findings.some((finding) => finding.id.startsWith(`${id}/`) && finding.state !== 'passed');

const checksOf = ({ lessons }: Course, id: string): CheckSpec[] =>
  lessons.filter((lesson) => lesson.id === id).flatMap(lastingChecks);

function streams(specs: readonly CheckSpec[], findings: readonly Finding[]): boolean {
  const ids = specs.filter(({ kind }) => kind === 'streaming').map(({ id }) => id);
  return findings.some(({ id, state }) => ids.includes(id) && state === 'passed');
}

/** At most so long for what may heal by itself, beside what the machine's pace asks for. In milliseconds. */
const PATIENCE_MS = 3000;
/** No machine is so slow. */
const PACE_MS = 10_000;
const PAUSE_MS = 250;

/**
 * Judges, and looks again while what fails may heal by itself. What can't be asked although the engine answers is the
 * submission's doing: a server that hangs up on us, a file too large to be read. In the end it counts as failed, or
 * every submission could have itself declared unusable.
 */
async function look({ room, course, signal, pace, absent }: Bench, specs: CheckSpec[]): Promise<Finding[]> {
  const began = performance.now();
  // What is waited for has been waited for before, when it was started.
  const most = PATIENCE_MS + Math.min(PACE_MS, pace);
  for (;;) {
    const { findings, observation } = await examine(room.lab, course, specs, {
      observation: (seen) => asHandedIn(seen, absent),
    });
    signal.throwIfAborted();
    refuseGone(observation.engine);
    const unasked = findings.some(({ state }) => state === 'error');
    const patience = unasked ? most : Math.min(most, patienceOfLessons(course, { findings, observation }));
    if (performance.now() - began >= patience)
      return findings.map((one) => (one.state === 'error' ? { ...one, state: 'failed' } : one));
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

/** An engine that went away meanwhile looks like a pair that does not stream. */
async function proveSafely(bench: Bench, streaming: boolean): Promise<Finding[]> {
  const findings = await prove(bench, streaming);
  refuseGone(await bench.room.lab.engine());
  return findings;
}

/** An engine that does not answer says nothing of the submission. */
function refuseGone(engine: EngineState): void {
  if (engine.state === 'down' && engine.next !== '') throw new UnusableError(engine.problem, engine.next);
}

/** Of each lesson by itself: what never heals in one must not cut short the wait for rows that are on their way. */
function patienceOfLessons({ lessons }: Course, { findings, observation }: Examination): number {
  const each = lessons.map(({ id }) =>
    patienceFor(
      findings.filter((finding) => finding.id.startsWith(`${id}/`)),
      observation,
    ),
  );
  return Math.max(...each);
}

/** Puts the reference in place of the files that a lesson is about. Scripts of line ends only keep their words. */
async function mendFiles({ room, course }: Bench, lesson: Lesson): Promise<void> {
  for (const { path: file, text } of referenceFiles(course, lesson)) {
    const { workspace } = room.lab;
    const present = await readFromCopy(workspace, file);
    // A script is judged at its own lesson: here only what keeps bash from reading it is mended.
    const mended = file.endsWith('.sh') ? present?.replaceAll('\r\n', '\n') : text;
    if (mended === undefined) continue;
    await writeIntoCopy(workspace, file, mended);
  }
}

/** The reference files that a lesson puts into the workspace. */
function referenceFiles({ files }: Course, lesson: Lesson): { path: string; text: string }[] {
  return writtenFiles([lesson]).map(({ path, from }) => ({ path, text: files[from] ?? '' }));
}

/** Begins anew with the reference solution, up to and with a stage. */
async function rebuild(bench: Bench, last: number): Promise<void> {
  const { room, course } = bench;
  const { workspace } = room.lab;
  const end = course.lessons.findIndex(({ id }) => id === STAGES[last]?.lesson);
  // Not by `compose down`: its file may be another one by now, or none.
  const { output } = await docker(bench, ['ps', '-aq']);
  const containers = output.text.split('\n').filter((line) => /^[0-9a-f]+$/.test(line));
  if (containers.length > 0) await docker(bench, ['rm', '-f', '-v', ...containers]);
  for (const lesson of course.lessons.slice(0, end + 1)) {
    for (const { path: file, text } of referenceFiles(course, lesson)) {
      // The first lesson has only the beginnings of the scripts.
      if (file.endsWith('.sh') && !isStaged(lesson.id)) continue;
      await writeIntoCopy(workspace, file, text);
    }
  }
  const { image = '' } = course.names;
  for (const folder of DATA_FOLDERS) {
    await makeFolder(path.join(workspace, folder));
    const bind = `${path.join(workspace, folder)}:/data`;
    await docker(bench, ['run', '--rm', '-v', bind, image, 'find', '/data', '-mindepth', '1', '-delete']);
  }
  for (const stage of STAGES.slice(0, last + 1)) await stage.perform(bench);
}

/** A script may have put a link or a file in its place. */
async function makeFolder(folder: string): Promise<void> {
  const found = await lstat(folder).catch(() => null);
  if (found?.isDirectory()) return;
  if (found) await rm(folder, { force: true });
  await mkdir(folder);
}
