import { describe, expect, it } from 'vitest';
import type { MistakeId } from '../../../../src/check/mistakes.ts';
import { analyseItems, mistakeText, mostFailed } from '../../../../src/report/grades/item-analysis.ts';
import { graded, gradedLesson, gradesOf, partial, unusable } from '../../../helpers/grades.ts';

const slot = (mistake?: MistakeId) => gradedLesson(8, ['passed', 'failed'], mistake ? { mistake } : {});

describe('the analysis of a class', () => {
  it('counts failed and blocked checks of the submissions that have a mark', () => {
    const blocked = gradedLesson(9, ['blocked', 'blocked']);
    const broken = { ...partial('dora'), lessons: [gradedLesson(8, ['failed', 'failed'])] };
    const items = analyseItems(
      gradesOf([
        graded('ada'),
        graded('bob', { 8: slot(), 9: blocked }),
        graded('cem', { 8: slot() }),
        broken,
        unusable('emil'),
      ]),
    );
    expect(items).toHaveLength(24);
    expect(items[0]).toEqual({
      id: 'prepare-leader/second',
      title: 'The slot follower_slot exists on the leader',
      lesson: { id: 'prepare-leader', step: 8, title: 'Prepare the leader for replication' },
      graded: 3,
      failed: 2,
      blocked: 0,
      mistake: null,
    });
    expect(items[1]).toMatchObject({ id: 'base-backup/first', failed: 0, blocked: 1 });
    expect(items.slice(3).map(({ failed, blocked }) => failed + blocked)).toEqual(Array(21).fill(0));
  });

  it('keeps the order of the course where checks failed equally often', () => {
    const both = { 3: gradedLesson(3, ['failed', 'failed']), 1: gradedLesson(1, ['passed', 'failed']) };
    const ids = mostFailed(gradesOf([graded('ada', both)])).map(({ id }) => id);
    expect(ids).toEqual(['workspace/second', 'compose-file/first', 'compose-file/second']);
  });

  it('names the mistake that was made most often', () => {
    const of = (...mistakes: (MistakeId | undefined)[]) => {
      const [item] = analyseItems(
        gradesOf(mistakes.map((mistake, at) => graded(`s${at}`, { 8: slot(mistake) }))),
      );
      return item && mistakeText(item);
    };
    expect(of('slot-missing', 'slot-wrong-type', 'slot-wrong-type')).toBe('slot-wrong-type (2 times)');
    expect(of('slot-missing', undefined)).toBe('slot-missing (1 time)');
    expect(of('slot-missing', 'slot-wrong-type')).toBe('slot-missing (1 time)');
    expect(of(undefined)).toBe('none named');
  });

  it('shows ten checks that failed at the most, and none that did not', () => {
    const all = Object.fromEntries(
      Array.from({ length: 12 }, (_, at) => [at + 1, gradedLesson(at + 1, ['failed', 'passed'])]),
    );
    expect(mostFailed(gradesOf([graded('ada', all)]))).toHaveLength(10);
    expect(mostFailed(gradesOf([graded('ada')]))).toEqual([]);
    expect(mostFailed(gradesOf([]))).toEqual([]);
  });
});
