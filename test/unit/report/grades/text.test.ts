import { describe, expect, it } from 'vitest';
import { gradesAsText } from '../../../../src/report/grades/text.ts';
import { cells } from '../../../../src/terminal/wrap.ts';
import { CLASS } from '../../../helpers/class.ts';
import { graded, gradedLesson, gradesOf, partial, remark, unusable } from '../../../helpers/grades.ts';

const linesOf = (...args: Parameters<typeof gradesOf>) => gradesAsText(gradesOf(...args)).split('\n');

describe('the text of one submission', () => {
  it('has a line a lesson with points, the evidence of what fails, remarks, and the score', () => {
    const lessons = {
      3: gradedLesson(3, ['failed', 'passed'], { saw: 'two\nlines' }),
      9: gradedLesson(9, ['blocked', 'passed'], { followThrough: 'passed' }),
      10: gradedLesson(10, ['error', 'passed'], { followThrough: 'error' }),
    };
    const text = linesOf([graded('ada', lessons, { remarks: [remark()] })]);
    expect(text.slice(0, 6)).toEqual([
      'PostgreSQL leader-follower replication with Docker (leader-follower 1.0.0)',
      '',
      'ada',
      '',
      'passed   4 of  4   1  Make the folders',
      'passed   4 of  4   2  Check Docker and get the image',
    ]);
    expect(text.slice(6, 13)).toEqual([
      'FAILED   6 of 12   3  Describe both servers in one file',
      '            not yet: The leader can be reached from the machine, 0 of 6 points',
      '              looked at  probe of compose-file/first',
      '              saw        two',
      '                         lines',
      '              wanted     wanted of compose-file/first',
      '              why        why of compose-file/first',
    ]);
    expect(text).toContain(
      '            blocked: title of base-backup/first (saw of base-backup/first), 0 of 8 points',
    );
    expect(text).toContain('              then       Where the failures before it are mended, it passes.');
    expect(text).toContain("            can't be asked: title of start-follower/first, 0 of 4 points");
    expect(text.slice(-5)).toEqual([
      'Remarks:',
      '  policy docker-compose.yml:9: The service asks for all rights of the machine. It was not started. (privileged)',
      '',
      '82 of 100 points.',
      '',
    ]);
  });

  it('says that there is no mark, why, and what to do next', () => {
    expect(linesOf([unusable('ada')]).at(-2)).toBe(
      'No mark: The Docker engine does not answer any more. Start it, and grade again.',
    );
    expect(linesOf([partial('ada')]).at(-2)).toBe(
      'No mark: The grading of this submission is not finished. Grade it again to get a mark.',
    );
  });
});

describe('the text of a class', () => {
  it('has a line a submission, in columns whatever the names are', () => {
    const lines = gradesAsText(CLASS).split('\n');
    const table = lines.slice(2, 10);
    expect(table[0]).toMatch(/^name +\| score \| +of \| outcome +\| first failing lesson$/);
    const bars = table.map((line) => cells(line.slice(0, line.search(/ \| |-\+-/))));
    expect(new Set(bars).size).toBe(1);
    expect(table[3]).toMatch(/^bob +\| +83 \| 100 \| graded +\| 8 Prepare the leader for replication$/);
    expect(table[6]).toMatch(/^emil +\| +\| 100 \| no mark: unusable +\| not known$/);
    expect(lines).toContain('6 submissions: 4 graded, 1 unusable, 1 not finished.');
  });

  it('ends with the checks most often failed', () => {
    const text = gradesAsText(CLASS);
    const [, items = ''] = text.split('Checks most often failed:\n\n');
    expect(items.split('\n')[2]).toMatch(
      /^ +2 \| +4 \| +0 \| The slot follower_slot exists on the leader \(prepare-leader\/second\) +\| slot-missing \(2 times\)$/,
    );
    expect(linesOf([graded('ada'), graded('bob')]).join('\n')).not.toContain('most often failed');
  });

  it('says that it is not whole', () => {
    const both = [graded('ada'), graded('bob')];
    expect(linesOf(both, { endedAt: null }).join('\n')).toContain('not finished: submissions may be missing');
    expect(linesOf(both).join('\n')).not.toContain('may be missing');
    expect(linesOf([]).join('\n')).toContain('0 submissions: 0 graded.');
  });
});
