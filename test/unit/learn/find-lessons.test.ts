import { expect, it } from 'vitest';
import { readCourse } from '../../../src/course/read.ts';
import { findLessons } from '../../../src/learn/find-lessons.ts';

const course = await readCourse('lessons');
const found = (typed: string) => findLessons(course, typed).map(({ index }) => index + 1);

it.each<[string, number[]]>([
  ['', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]],
  [' - ', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]],
  ['prepare', [8]],
  ['PREPARE', [8]],
  ['start', [7, 10]],
  ['start foll', [10]],
  ['verify', [12]],
  ['pg_hba.conf', [8]],
  ['basebackup', [9]],
  ['zebra', []],
  ['prepare zebra', []],
])('%j finds %j', (typed, steps) => {
  expect(found(typed)).toEqual(steps);
});

it('finds by concepts, and says by which', () => {
  expect(findLessons(course, 'slot')).toContainEqual({ index: 7, because: 'Replication slot' });
  expect(findLessons(course, 'prepare slot')).toEqual([{ index: 7, because: 'Replication slot' }]);
  expect(findLessons(course, 'prepare')).toEqual([{ index: 7, because: '' }]);
});
