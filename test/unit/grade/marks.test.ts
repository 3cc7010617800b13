import { beforeAll, describe, expect, it } from 'vitest';
import type { Finding, FindingState } from '../../../src/check/finding.ts';
import type { MistakeId } from '../../../src/check/mistakes.ts';
import { readCourse } from '../../../src/course/read.ts';
import type { Course } from '../../../src/course/types.ts';
import { markLessons } from '../../../src/grade/marks.ts';
import { gradedChecks } from '../../../src/grade/points.ts';
import type { GradedLesson } from '../../../src/grade/types.ts';

let course: Course;
beforeAll(async () => {
  course = await readCourse('lessons');
});

function finding(id: string, state: FindingState, mistake?: MistakeId): Finding {
  const texts = { title: id, probe: 'p', saw: 's', wanted: 'w', why: 'y', ms: 1 };
  return { id, state, ...texts, ...(mistake ? { mistake } : {}) };
}

/** All checks pass, but for those that are named. */
function findings(failed: Record<string, [FindingState, MistakeId?]> = {}): Map<string, Finding> {
  const ids = course.lessons.flatMap((lesson) => gradedChecks(lesson).map(({ id }) => id));
  return new Map(ids.map((id) => [id, finding(id, ...(failed[id] ?? (['passed'] as const)))]));
}

/** As if the whole lesson failed by one mistake. */
const lessonFails = (id: string, mistake: MistakeId): Record<string, [FindingState, MistakeId]> =>
  Object.fromEntries(
    course.lessons
      .filter((lesson) => lesson.id === id)
      .flatMap(gradedChecks)
      .map((check) => [check.id, ['failed', mistake]]),
  );

function mark(
  own: ReadonlyMap<string, Finding>,
  second: Record<string, FindingState> = {},
  followThrough = 100,
): { score: number; lesson(id: string): GradedLesson } {
  const lessons = markLessons(course, { own, second: new Map(Object.entries(second)) }, followThrough);
  return {
    score: lessons.reduce((sum, { points }) => sum + points, 0),
    lesson(id) {
      const found = lessons.find((lesson) => lesson.id === id);
      if (!found) throw new Error(`no lesson ${id}`);
      return found;
    },
  };
}

const SLOT = 'prepare-leader/slot-exists';
const COPY = 'base-backup/copy-complete';

describe('the mark of a lesson', () => {
  it('is full where all hold, and the second copy was not needed', () => {
    const { score, lesson } = mark(findings());
    expect(score).toBe(100);
    expect(lesson('verify')).toMatchObject({ state: 'passed', followThrough: null, points: 6, maxPoints: 6 });
  });

  it('loses a check that failed in both copies', () => {
    const { score, lesson } = mark(findings({ [SLOT]: ['failed', 'slot-missing'] }), { [SLOT]: 'failed' });
    expect(score).toBe(95);
    expect(lesson('prepare-leader')).toMatchObject({ state: 'failed', followThrough: 'failed', points: 13 });
  });

  it('gets back what held in the second copy, in percent, rounded down', () => {
    // 16 and 5 points: 8 and 2 of them at one half.
    const own = findings({ [COPY]: ['blocked', 'slot-missing'], [SLOT]: ['blocked', 'conf-broken'] });
    const second = { [COPY]: 'passed', [SLOT]: 'passed' } as const;
    expect(mark(own, second, 100).score).toBe(100);
    expect(mark(own, second, 50).score).toBe(100 - 8 - 3);
    expect(mark(own, second, 0).score).toBe(100 - 16 - 5);
  });

  it('keeps what held at first, whatever became of it in the second copy', () => {
    const { score, lesson } = mark(findings(), { [SLOT]: 'failed' });
    expect(score).toBe(100);
    expect(lesson('prepare-leader')).toMatchObject({ state: 'passed', followThrough: 'failed', points: 18 });
  });

  it('is named after its worst check', () => {
    const own = findings({ [SLOT]: ['blocked'], 'prepare-leader/replicator-exists': ['failed'] });
    expect(mark(own).lesson('prepare-leader').state).toBe('failed');
    expect(mark(findings({ [SLOT]: ['blocked'] })).lesson('prepare-leader').state).toBe('blocked');
  });
});

describe('a record that was cut short', () => {
  it('has the checks that are finished, and no points for the others', () => {
    const own = new Map([...findings()].filter(([id]) => id === SLOT || id.startsWith('workspace/')));
    const { score, lesson } = mark(own);
    expect(score).toBe(4 + 5);
    expect(lesson('prepare-leader').checks.map(({ id }) => id)).toEqual([SLOT]);
    expect(lesson('prepare-leader')).toMatchObject({ state: 'passed', points: 5, maxPoints: 18 });
    expect(lesson('verify')).toMatchObject({ state: 'skipped', points: 0, maxPoints: 6, checks: [] });
  });
});

describe('what the reference did alone', () => {
  const DONE = {
    'start-leader/leader-running': 'passed',
    'start-leader/leader-is-primary': 'passed',
  } as const;
  const blocked: Record<string, [FindingState, MistakeId]> = {
    'start-leader/leader-running': ['failed', 'containers-not-running'],
    'start-leader/leader-is-primary': ['blocked', 'containers-not-running'],
  };

  it('is worth nothing: the leader was started with none of its files', () => {
    const own = findings({
      ...lessonFails('compose-file', 'compose-file-missing'),
      ...lessonFails('leader-conf', 'file-missing'),
      ...blocked,
    });
    expect(mark(own, DONE).lesson('start-leader')).toMatchObject({ points: 0, followThrough: 'passed' });
  });

  it('is not alone with one file of the student: that is judged with it', () => {
    const own = findings({ ...lessonFails('compose-file', 'compose-file-missing'), ...blocked });
    expect(mark(own, DONE).lesson('start-leader').points).toBe(10);
  });

  it('is not alone with files that have a mistake', () => {
    const own = findings({
      ...lessonFails('compose-file', 'compose-file-invalid'),
      ...lessonFails('leader-conf', 'crlf-lines'),
      ...blocked,
    });
    expect(mark(own, DONE).lesson('start-leader').points).toBe(10);
  });

  it('goes on to the lessons that rest on such a lesson', () => {
    const rows = 'verify/rows-arrived';
    const own = findings({
      ...lessonFails('follower-conf', 'file-missing'),
      'base-backup/follower-script': ['failed', 'script-empty'],
      [rows]: ['blocked', 'follower-own-cluster'],
    });
    const { lesson } = mark(own, { [rows]: 'passed' });
    expect(lesson('verify')).toMatchObject({ points: 4, maxPoints: 6 });
  });
});
