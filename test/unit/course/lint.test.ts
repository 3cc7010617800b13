import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { kindOf } from '../../../src/check/registry.ts';

import { lintCourse, lintFolder } from '../../../src/course/lint.ts';
import { formatProblem } from '../../../src/course/problem.ts';
import { BROKEN, FIXTURES, overlay, VALID } from './fixture.ts';

describe('a course with nothing wrong', () => {
  it('has no problems', async () => {
    expect(await lintCourse(VALID)).toEqual([]);
  });

  it('owes a page for every mistake only when it is the built-in one', async () => {
    const problems = await lintCourse(VALID, { everyMistake: true });
    expect(problems.map(formatProblem)).toContain(
      'test/fixtures/courses/valid/mistakes/slot-missing.md:1: missing: a check can name the mistake "slot-missing"',
    );
  });
});

describe('the built-in course', () => {
  it('has no problems', async () => {
    const problems = await lintCourse('lessons', { everyMistake: true });
    expect(problems.map(formatProblem)).toEqual([]);
  });
});

describe('a broken course', () => {
  // Each case lies in test/fixtures/courses: the changed files, and problems.txt with what lint says to them.
  it.each(BROKEN)('%s is refused with file, line and message', async (name) => {
    const problems = await lintFolder(await overlay(name), kindOf, []);
    expect(problems).not.toEqual([]);
    await expect(`${problems.map(formatProblem).join('\n')}\n`).toMatchFileSnapshot(
      join(FIXTURES, name, 'problems.txt'),
    );
  });
});
