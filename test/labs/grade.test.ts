import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadCourse } from '../../src/course/builtin.ts';
import { gradeBatch } from '../../src/grade/batch.ts';
import type { Entry, Grading } from '../../src/grade/grade-one.ts';
import { IntakeError } from '../../src/grade/intake/limits.ts';
import { LIMITS } from '../../src/grade/room.ts';
import type { GradedSubmission } from '../../src/grade/types.ts';
import { LAB } from '../helpers/lab-rig.ts';
import { filesOf, SUBMISSIONS, type Submission } from '../helpers/submissions.ts';

/**
 * A class whose marks are known, graded in one batch. Each student made another mistake, or none in an unusual way;
 * what each lost, and why, is in the helper.
 */
const JOBS = 3;
/** 24 with mistakes and 6 without, or all of them by npm run test:class, which takes five minutes a lab. */
const CLASS =
  process.env.WALKTHROUGH_WHOLE_CLASS === '1'
    ? SUBMISSIONS
    : [...some(24, ({ score }) => score < 100), ...some(6, ({ score }) => score === 100)];
/** A script that never ends is in the class, so the limit is shorter than a class in earnest has. */
const SCRIPT_SECONDS = 30;

/** So many of them, from everywhere in the list. */
function some(count: number, which: (one: Submission) => boolean): Submission[] {
  const all = SUBMISSIONS.filter(which);
  return Array.from({ length: count }, (_, at) => all[Math.floor((at * all.length) / count)] as Submission);
}

let scratch: string;
const records = new Map<string, GradedSubmission>();

beforeAll(async () => {
  scratch = await realpath(await mkdtemp(path.join(tmpdir(), 'walkthrough-grade-')));
  const grades = await gradeBatch(
    {
      entries: CLASS.map(entryOf),
      done: new Map(),
      jobs: JOBS,
      head: {
        schema: 'walkthrough/grades/v1',
        tool: 'test',
        course: { id: 'leader-follower', version: '1.0.0', title: 'test' },
        lab: LAB,
        startedAt: new Date().toISOString(),
        maxScore: 100,
      },
      saveOne: async () => {},
      saveAll: async () => {},
      listener: { began: () => {}, ended: () => {} },
    },
    {
      course: await loadCourse('lessons'),
      openRoom: await roomOpener(),
      limits: { ...LIMITS, script: { ...LIMITS.script, seconds: SCRIPT_SECONDS } },
      scratch,
      signal: new AbortController().signal,
    },
  );
  expect(grades.submissions.map(({ name }) => name)).toEqual(CLASS.map(({ name }) => name));
  for (const record of grades.submissions) records.set(record.name, record);
}, 1_800_000);
afterAll(() => rm(scratch, { recursive: true, force: true }));

/** The room of the lab under test. The other one's code is not even read. */
async function roomOpener(): Promise<Grading['openRoom']> {
  if (LAB === 'docker') {
    const { href } = new URL('../../src/grade/docker-room/room.ts', import.meta.url);
    return ((await import(href)) as { openDockerRoom: Grading['openRoom'] }).openDockerRoom;
  }
  const { openSandboxRoom } = await import('../../src/grade/sandbox-room.ts');
  return async (options) => openSandboxRoom(options);
}

function entryOf(submission: Submission): Entry {
  const { name } = submission;
  return {
    name,
    async copy(into) {
      const files = filesOf(submission);
      if (files.size === 0) {
        const message = 'There is no file in it.';
        throw new IntakeError('empty-submission', name, message);
      }
      for (const [file, text] of files) {
        const target = path.join(into, file);
        await mkdir(path.dirname(target), { recursive: true });
        await writeFile(target, text);
      }
      return [];
    },
  };
}

it.each(CLASS)('$name: $score of 100', ({ name, score, lost, remarks = [], ...expected }) => {
  const { givenBack = [], givenBackOnDocker = givenBack } = expected;
  const record = records.get(name);
  if (!record) throw new Error(`no record of ${name}`);
  expect(record.problem).toBeNull();
  const checks = record.lessons.flatMap((lesson) => lesson.checks);
  const losses = checks.filter(({ points, maxPoints }) => points < maxPoints);
  const told = losses.map(({ id, points, maxPoints, mistake }) => [
    id,
    [maxPoints - points, mistake ?? null],
  ]);
  const back = record.lessons.filter(
    ({ state, points, maxPoints }) => !['passed', 'skipped'].includes(state) && points === maxPoints,
  );
  expect({
    outcome: record.outcome,
    score: record.score,
    lost: Object.fromEntries(told),
    givenBack: back.map(({ id }) => id),
    remarks: record.remarks.map(({ id }) => id),
  }).toEqual({
    outcome: 'graded',
    score,
    lost,
    givenBack: LAB === 'docker' ? givenBackOnDocker : givenBack,
    remarks,
  });
});
