import { describe, expect, it } from 'vitest';
import type { MistakeId } from '../../../../src/check/mistakes.ts';
import {
  analyseItems,
  mistakeText,
  mostFailed,
  troubleTitle,
} from '../../../../src/report/grades/item-analysis.ts';
import { graded, gradedLesson, gradesOf, partial, unusable } from '../../../helpers/grades.ts';

const slot = (mistake?: MistakeId, why?: string) =>
  gradedLesson(8, ['passed', 'failed'], {
    ...(mistake ? { mistake } : {}),
    ...(why === undefined ? {} : { why }),
  });

describe('the analysis of a class', () => {
  it('counts failed checks of the submissions that have a mark', () => {
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
      mistake: { id: null, why: 'why of prepare-leader/second', count: 2 },
    });
    expect(items.slice(1).map(({ failed }) => failed)).toEqual(Array(23).fill(0));
  });

  it('does not count what failed because of an earlier mistake, and cost nothing', () => {
    const followed = gradedLesson(9, ['failed', 'failed'], { followThrough: 'passed', points: 8 });
    const half = gradedLesson(10, ['failed', 'passed'], { followThrough: 'passed', points: 2 });
    const items = mostFailed(gradesOf([graded('ada', { 9: followed, 10: half })]));
    expect(items.map(({ id, failed }) => [id, failed])).toEqual([['start-follower/first', 1]]);
  });

  it('tells what one mistake takes along once', () => {
    const yaml = { mistake: 'compose-property', why: 'It is no YAML.' } as const;
    const [first, ...more] = mostFailed(
      gradesOf([graded('ada', { 3: gradedLesson(3, ['failed', 'failed'], yaml) })]),
    );
    expect(more).toEqual([]);
    expect(first && troubleTitle(first)).toBe(
      'The leader can be reached from the machine, and 1 more check of this lesson',
    );
    const untold = gradedLesson(3, ['failed', 'failed'], { why: '' });
    expect(mostFailed(gradesOf([graded('ada', { 3: untold })])).map(({ others }) => others)).toEqual([0, 0]);
  });

  it('keeps the order of the course where checks failed equally often', () => {
    const both = { 3: gradedLesson(3, ['failed', 'failed']), 1: gradedLesson(1, ['passed', 'failed']) };
    const ids = mostFailed(gradesOf([graded('ada', both)])).map(({ id }) => id);
    expect(ids).toEqual(['workspace/second', 'compose-file/first', 'compose-file/second']);
  });

  it('tells nothing that only one of them saw', () => {
    const said = gradedLesson(9, ['failed', 'failed'], {
      mistake: 'follower-own-cluster',
      why: 'It is no copy.',
      cause: '`bash follower/setup-follower.sh` said: password authentication failed.',
    });
    const silent = gradedLesson(9, ['failed', 'failed'], {
      mistake: 'follower-own-cluster',
      why: 'It is no copy.',
    });
    const [item] = analyseItems(gradesOf([graded('ada', { 9: said }), graded('ben', { 9: silent })]));
    expect(item && mistakeText(item)).toBe('It is no copy.');
  });

  it('tells the mistake that was made most often, as a sentence', () => {
    const of = (...mistakes: [MistakeId | undefined, why: string][]) => {
      const [item] = analyseItems(
        gradesOf(mistakes.map(([mistake, why], at) => graded(`s${at}`, { 8: slot(mistake, why) }))),
      );
      return item && mistakeText(item);
    };
    const none = ['slot-missing', 'There is none.'] as [MistakeId, string];
    const other = ['slot-wrong-type', 'It is logical.'] as [MistakeId, string];
    expect(of(none, other, other)).toBe('It is logical. (2 of 3)');
    expect(of(none, [undefined, ''])).toBe('There is none. (1 of 2)');
    expect(of(none, other)).toBe('There is none. (1 of 2)');
    expect(of(none, none)).toBe('There is none.');
    expect(of([undefined, 'a\nb'], [undefined, 'a\nb'])).toBe('a b');
    expect(of(['slot-missing', ''])).toBe('slot-missing');
    expect(of([undefined, ' '])).toBe('No cause was told.');
    expect(of([undefined, 'some words '.repeat(40)])).toMatch(/^.{180,200} (?:some|words)…$/);
    expect(of([undefined, 'x'.repeat(500)])).toBe(`${'x'.repeat(200)}…`);
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
