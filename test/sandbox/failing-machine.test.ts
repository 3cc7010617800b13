import { cp, mkdtemp, readdir, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readCourse } from '../../src/course/read.ts';
import { gradeOne } from '../../src/grade/grade-one.ts';
import { type CleanRoom, LIMITS, type RoomOptions, UnusableError } from '../../src/grade/room.ts';
import { openSandboxRoom } from '../../src/grade/sandbox-room.ts';

const REFERENCE = fileURLToPath(new URL('../../assets/solutions', import.meta.url));

let scratch: string;
beforeEach(async () => {
  scratch = await realpath(await mkdtemp(path.join(tmpdir(), 'walkthrough-left-')));
});
afterEach(() => rm(scratch, { recursive: true, force: true }));

/** A real room; when it is closed, all is removed, and then the engine is said to be gone. */
function badlyClosed(options: RoomOptions): CleanRoom {
  const room = openSandboxRoom(options);
  return Object.assign(Object.create(room) as CleanRoom, {
    async close() {
      await room.close();
      throw new UnusableError('The engine went away', 'Start it.');
    },
  });
}

const grade = async (openRoom: (options: RoomOptions) => Promise<CleanRoom>) =>
  gradeOne(
    {
      name: 'anna',
      async copy(into) {
        await cp(REFERENCE, into, { recursive: true });
        return [];
      },
    },
    {
      course: await readCourse('lessons'),
      openRoom,
      limits: LIMITS,
      scratch,
      signal: new AbortController().signal,
    },
    async () => {},
  );

it('keeps the mark of a submission whose servers could not be removed, and says so', async () => {
  const { outcome, score, remarks } = await grade(async (options) => badlyClosed(options));
  expect({ outcome, score, remarks }).toEqual({
    outcome: 'graded',
    score: 100,
    remarks: [expect.objectContaining({ id: 'left-behind', message: expect.stringContaining('went away') })],
  });
  expect(await readdir(scratch)).toEqual([]);
});

it('names what went wrong first where nothing can be removed either', async () => {
  const { outcome, score, problem } = await grade(async (options) =>
    Object.assign(badlyClosed(options), {
      docker: () => Promise.reject(new UnusableError('The disk is full.', 'Make room.')),
    }),
  );
  expect({ outcome, score, problem }).toEqual({
    outcome: 'unusable',
    score: null,
    problem: { message: 'The disk is full.', next: 'Make room.' },
  });
});

it.each([
  ['all is well in the end', {}],
  [
    'a command fails in words of its own',
    { docker: () => Promise.reject(new Error('transport is closing')) },
  ],
])('gives no mark for what was judged while the machine failed, although %s', async (_, more) => {
  const { outcome, score, problem } = await grade(async (options) =>
    Object.assign(openSandboxRoom(options), {
      assertSound: () => Promise.reject(new UnusableError('The engine was stopped.', 'Grade again.')),
      ...more,
    }),
  );
  expect({ outcome, score, problem }).toEqual({
    outcome: 'unusable',
    score: null,
    problem: { message: 'The engine was stopped.', next: 'Grade again.' },
  });
});
