import { describe, expect, it } from 'vitest';
import { loadCourse } from '../../../src/course/builtin.ts';
import { CourseError } from '../../../src/course/problem.ts';
import { readCourse } from '../../../src/course/read.ts';
import { FIXTURES, VALID } from './fixture.ts';

describe('readCourse', () => {
  it('reads a course as plain data', async () => {
    const course = await readCourse(VALID);
    expect(course).toMatchSnapshot();
    expect(JSON.parse(JSON.stringify(course))).toEqual(course);
  });

  it('throws all problems of a course at once', async () => {
    const error = await readCourse(`${FIXTURES}/yaml-error`).catch((reason) => reason);
    expect(error).toBeInstanceOf(CourseError);
    expect(error.message).toBe(
      'test/fixtures/courses/yaml-error/course.yaml:1: missing: not a course folder',
    );
  });

  it('says that a folder is not there', async () => {
    await expect(readCourse('/no/such/course')).rejects.toThrow('/no/such/course:1: no such folder');
  });
});

describe('loadCourse', () => {
  it('finds the built-in course where nothing is bundled', async () => {
    const { lessons } = await loadCourse();
    expect(lessons.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  });

  it('reads the course of a folder', async () => {
    expect((await loadCourse(VALID)).id).toBe('small');
  });
});
