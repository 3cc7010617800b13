import { mkdtemp, readdir, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readCourse } from '../../../src/course/read.ts';
import { type Batch, gradeBatch } from '../../../src/grade/batch.ts';
import type { Entry } from '../../../src/grade/grade-one.ts';
import { IntakeError } from '../../../src/grade/intake/limits.ts';
import { LIMITS, UnusableError } from '../../../src/grade/room.ts';
import type { GradedSubmission, Grades } from '../../../src/grade/types.ts';

/** What a batch does around the grading. No room is opened: all of these end before there could be one. */
let scratch: string;
beforeEach(async () => {
  scratch = await realpath(await mkdtemp(path.join(tmpdir(), 'walkthrough-batch-')));
});
afterEach(() => rm(scratch, { recursive: true, force: true }));

const NOTHING = { kind: 'intake', id: 'empty-submission', where: 'x', message: 'Empty.' } as const;

/** A submission that can't be read, which is found out after a while. */
const unreadable = (name: string, ms = 0, while_: () => void = () => {}): Entry => ({
  name,
  async copy() {
    while_();
    await new Promise((resolve) => setTimeout(resolve, ms));
    throw new IntakeError(NOTHING.id, NOTHING.where, NOTHING.message);
  },
});

async function run(entries: Entry[], over: Partial<Batch> = {}, signal = new AbortController().signal) {
  const told: string[] = [];
  const saved: Grades[] = [];
  const grades = await gradeBatch(
    {
      entries,
      done: new Map(),
      jobs: 2,
      head: {
        schema: 'walkthrough/grades/v1',
        tool: 'test',
        course: { id: 'c', version: '1', title: 'C' },
        lab: 'sandbox',
        startedAt: '2026-01-01T00:00:00.000Z',
        maxScore: 100,
      },
      saveOne: async () => {},
      saveAll: async (all) => void saved.push(structuredClone(all)),
      listener: {
        began: (name) => void told.push(`began ${name}`),
        ended: ({ name }) => void told.push(`ended ${name}`),
      },
      ...over,
    },
    {
      course: await readCourse('lessons'),
      openRoom: () => Promise.reject(new Error('nobody opens a room here')),
      limits: LIMITS,
      scratch,
      signal,
    },
  );
  return { grades, told, saved };
}

const names = ({ submissions }: Grades) => submissions.map(({ name }) => name);

it('keeps the order of the entries, whichever ends first', async () => {
  const { grades, told } = await run([unreadable('slow', 80), unreadable('quick'), unreadable('next')]);
  expect(told.indexOf('ended quick')).toBeLessThan(told.indexOf('ended slow'));
  expect(names(grades)).toEqual(['slow', 'quick', 'next']);
  expect(grades.endedAt).not.toBeNull();
});

it('gives a mark of 0, with the reason, to what is no submission', async () => {
  const { grades } = await run([unreadable('empty')]);
  expect(grades.submissions[0]).toMatchObject({
    outcome: 'graded',
    score: 0,
    maxScore: 100,
    remarks: [NOTHING],
  });
  expect(grades.submissions[0]?.lessons.map(({ state }) => state)).toEqual(Array(12).fill('skipped'));
});

it('grades no more than `jobs` at a time, and leaves no copy behind', async () => {
  let going = 0;
  let most = 0;
  const entries = Array.from({ length: 7 }, (_, index): Entry => {
    const { name, copy } = unreadable(`s${index}`, 15, () => {
      most = Math.max(most, ++going);
    });
    return { name, copy: (into) => copy(into).finally(() => void going--) };
  });
  await run(entries, { jobs: 3 });
  expect(most).toBe(3);
  const left = await Promise.all((await readdir(scratch)).map((one) => readdir(path.join(scratch, one))));
  expect(left.flat()).toEqual([]);
});

it('goes on after one for which the machine failed, and gives that one no mark', async () => {
  const broken: Entry = {
    name: 'broken',
    copy: () => Promise.reject(new UnusableError('The engine is gone.', 'Start it.')),
  };
  const strange: Entry = { name: 'strange', copy: () => Promise.reject(new Error('boom')) };
  const { grades } = await run([broken, strange, unreadable('last')], { jobs: 1 });
  expect(grades.submissions.map(({ outcome, score }) => [outcome, score])).toEqual([
    ['unusable', null],
    ['unusable', null],
    ['graded', 0],
  ]);
  expect(grades.submissions[0]?.problem).toEqual({ message: 'The engine is gone.', next: 'Start it.' });
  expect(grades.submissions[1]?.problem?.message).toContain('boom');
});

it('leaves alone what was graded before', async () => {
  const [before] = (await run([unreadable('old')])).grades.submissions;
  const old: GradedSubmission = { ...(before as GradedSubmission), score: 77 };
  const never: Entry = { name: 'old', copy: () => Promise.reject(new Error('graded again')) };
  const { grades, told } = await run([unreadable('new'), never], { done: new Map([['old', old]]) });
  expect(grades.submissions.map(({ name, score }) => [name, score])).toEqual([
    ['new', 0],
    ['old', 77],
  ]);
  expect(told).toEqual(['began new', 'ended new']);
});

it('writes the class down after each submission, without an end until all are there', async () => {
  const { saved } = await run([unreadable('a'), unreadable('b', 40)], { jobs: 1 });
  expect(saved.map((one) => [names(one), one.endedAt === null])).toEqual([
    [['a'], true],
    [['a', 'b'], true],
    [['a', 'b'], false],
  ]);
});

it('ends early when it is aborted: no end, no mark for what was in the middle, nothing else begun', async () => {
  const controller = new AbortController();
  const cut: Entry = {
    name: 'cut',
    async copy() {
      controller.abort();
      throw new Error('stopped in the middle');
    },
  };
  const { grades, told } = await run(
    [unreadable('first'), cut, unreadable('never')],
    { jobs: 1 },
    controller.signal,
  );
  expect(names(grades)).toEqual(['first']);
  expect(grades.endedAt).toBeNull();
  expect(told).toEqual(['began first', 'ended first', 'began cut']);
});

it('ends all when a record can not be written, tells why, and begins nothing else', async () => {
  const begun: string[] = [];
  const entries = ['a', 'b', 'c', 'd'].map((name) => unreadable(name, 20, () => begun.push(name)));
  const full = new Error('no space left on device');
  await expect(run(entries, { jobs: 2, saveOne: () => Promise.reject(full) })).rejects.toBe(full);
  expect(begun.sort()).toEqual(['a', 'b']); // whichever folder was made first
  const left = await Promise.all((await readdir(scratch)).map((one) => readdir(path.join(scratch, one))));
  expect(left.flat()).toEqual([]);
});
