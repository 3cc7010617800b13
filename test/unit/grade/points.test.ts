import { beforeAll, describe, expect, it } from 'vitest';
import { readCourse } from '../../../src/course/read.ts';
import type { Course } from '../../../src/course/types.ts';
import { gradedChecks, pointProblems, pointsOfChecks } from '../../../src/grade/points.ts';

let course: Course;
beforeAll(async () => {
  course = await readCourse('lessons');
});

const given = (checks: Record<string, number>): Course => ({
  ...course,
  grading: { ...course.grading, checks },
});

/** Points of a lesson's checks, by the check's own name. */
function pointsOf(of: Course, lesson: string): Record<string, number> {
  const all = [...pointsOfChecks(of)].filter(([id]) => id.startsWith(`${lesson}/`));
  return Object.fromEntries(all.map(([id, points]) => [id.slice(lesson.length + 1), points]));
}

describe('the built-in course', () => {
  it('has 100 points, and nothing is wrong with them', () => {
    const sum = [...pointsOfChecks(course).values()].reduce((total, points) => total + points, 0);
    expect(sum).toBe(100);
    expect(pointProblems(course)).toEqual([]);
  });

  it('gives each lesson exactly its own, in whole points, and nothing for the machine', () => {
    for (const { id, points } of course.lessons) {
      const each = Object.values(pointsOf(course, id));
      expect(
        each.reduce((total, one) => total + one, 0),
        id,
      ).toBe(points);
      expect(each.every((one) => Number.isInteger(one) && one >= 0)).toBe(true);
      if (id === 'docker') expect(points).toBe(0);
      else expect(Math.min(...each), `${id} has a check for nothing`).toBeGreaterThan(0);
    }
  });

  it('asks for what only a grader may try, and not for what had to hold once', () => {
    const ids = course.lessons.flatMap((lesson) => gradedChecks(lesson).map(({ id }) => id));
    expect(ids).toContain('start-follower/catches-up');
    expect(ids).toContain('verify/after-restarts');
    expect(ids).not.toContain('start-leader/both-gone');
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('points of single checks', () => {
  it('without any, what does not divide goes to the first ones', () => {
    expect(pointsOf(given({}), 'prepare-leader')).toEqual({
      'replicator-exists': 5,
      'slot-exists': 5,
      'replicator-can-log-in': 4,
      'leader-script': 4,
    });
  });

  it('are taken out first', () => {
    expect(pointsOf(given({ 'prepare-leader/slot-exists': 10 }), 'prepare-leader')).toEqual({
      'replicator-exists': 3,
      'slot-exists': 10,
      'replicator-can-log-in': 3,
      'leader-script': 2,
    });
  });

  it('of a check that is not there are a problem', () => {
    const [problem, ...others] = pointProblems(given({ 'prepare-leader/slot': 3 }));
    expect(problem).toContain('"prepare-leader/slot"');
    expect(others).toEqual([]);
  });

  it('that are more than the lesson has are a problem', () => {
    expect(pointProblems(given({ 'dataset/inventory-file': 5 }))).toEqual([
      'the checks of lesson "dataset" have 5 points, and the lesson has 4',
    ]);
    expect(pointProblems(given({ 'prepare-leader/slot-exists': 19 })).join()).toContain('"prepare-leader"');
  });
});
