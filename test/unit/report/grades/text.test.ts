import { describe, expect, it } from 'vitest';
import { gradesAsText } from '../../../../src/report/grades/text.ts';
import { cells } from '../../../../src/terminal/wrap.ts';
import { CLASS } from '../../../helpers/class.ts';
import {
  graded,
  gradedLesson,
  gradesOf,
  partial,
  refused,
  remark,
  run,
  unusable,
} from '../../../helpers/grades.ts';

const textOf = (...args: Parameters<typeof gradesOf>) => gradesAsText(gradesOf(...args));
const linesOf = (...args: Parameters<typeof gradesOf>) => textOf(...args).split('\n');

/** What stands under a heading, up to the next one. */
function under(lines: string[], heading: string): string[] {
  const from = lines.indexOf(heading) + 2;
  const to = lines.findIndex((line, at) => at >= from && /^\S/.test(line));
  return from < 2 ? [] : lines.slice(from, to).join('\n').trimEnd().split('\n');
}

describe('the text of one submission', () => {
  it('has a line a lesson with points, and the score at its end', () => {
    const lessons = {
      3: gradedLesson(3, ['failed', 'passed']),
      9: gradedLesson(9, ['blocked', 'passed'], { followThrough: 'passed' }),
      10: gradedLesson(10, ['error', 'passed'], { followThrough: 'error' }),
    };
    const text = linesOf([graded('ada', lessons, { remarks: [remark()] })]);
    expect(text.slice(0, 8)).toEqual([
      'PostgreSQL leader-follower replication with Docker (leader-follower 1.0.0)',
      '',
      'ada',
      '',
      'passed    4 of  4   1  Make the folders',
      'passed    4 of  4   2  Check Docker and get the image',
      'FAILED    6 of 12   3  Describe both servers in one file',
      'passed    8 of  8   4  Set up the leader',
    ]);
    expect(text.slice(-7)).toEqual([
      'Remarks:',
      '',
      '  policy docker-compose.yml:9: The service asks for all rights of the machine.',
      '         It was not started. (privileged)',
      '',
      '82 of 100 points.',
      '',
    ]);
  });

  it('tells what cost points with its evidence', () => {
    const lessons = {
      3: gradedLesson(3, ['failed', 'passed'], { saw: 'two\nlines' }),
      9: gradedLesson(9, ['blocked', 'passed'], {
        probe: 'container leader',
        saw: 'it is created',
        followThrough: 'blocked',
      }),
      10: gradedLesson(10, ['error', 'passed'], { followThrough: 'error' }),
    };
    expect(under(linesOf([graded('ada', lessons)]), 'What cost points:')).toEqual([
      '   3  Describe both servers in one file, 6 of 12 points',
      '',
      '    not yet: The leader can be reached from the machine, 0 of 6 points',
      '      looked at  probe of compose-file/first',
      '      saw        two',
      '                 lines',
      '      wanted     wanted of compose-file/first',
      '      why        why of compose-file/first',
      '',
      '   9  Copy the leader, 8 of 16 points',
      '',
      '    blocked: title of base-backup/first, 0 of 8 points',
      '      could not be tested, because:',
      '        container leader: it was made, but never started',
      '      then       With all earlier steps right, this still could not be tested.',
      '',
      '  10  Start the follower, 4 of 8 points',
      '',
      "    can't be asked: title of start-follower/first, 0 of 4 points",
      '      looked at  probe of start-follower/first',
      '      saw        saw of start-follower/first',
      '      wanted     wanted of start-follower/first',
      '      why        why of start-follower/first',
      "      then       With all earlier steps right, this can't be asked.",
    ]);
  });

  it('tells what cost nothing in a line each, and does not call it a failure', () => {
    const free = gradedLesson(9, ['failed', 'blocked'], { followThrough: 'passed', points: 8 });
    const lines = linesOf([
      graded('ada', { 8: gradedLesson(8, ['failed', 'passed']), 9: { ...free, points: 16 } }),
    ]);
    expect(lines).toContain('repaired 16 of 16   9  Copy the leader');
    expect(lines).toContain('repaired: It works with the earlier mistakes repaired. No points lost.');
    expect(under(lines, 'What cost points:')[0]).toBe(
      '   8  Prepare the leader for replication, 9 of 18 points',
    );
    expect(under(lines, 'Failed only because of that, and cost nothing:')).toEqual([
      '   9  title of base-backup/first',
      '   9  title of base-backup/second',
    ]);
    expect(lines.join('\n')).not.toContain('saw of base-backup');
    // With fewer points than all of them it did cost something, and nobody says that none are lost.
    const half = gradedLesson(9, ['failed', 'passed'], { followThrough: 'passed', points: 4 });
    const fewer = textOf([graded('ada', { 9: half })]);
    expect(fewer).toContain('With all earlier steps right, this works, and gives 4 of its 8');
    expect(fewer).toContain('FAILED   12 of 16   9');
  });

  it('tells a reason that all checks of a lesson share once', () => {
    const yaml = { probe: 'docker compose config', saw: 'no YAML', why: 'It can not be read.' };
    expect(
      under(
        linesOf([graded('ada', { 3: gradedLesson(3, ['failed', 'failed'], yaml) })]),
        'What cost points:',
      ),
    ).toEqual([
      '   3  Describe both servers in one file, 0 of 12 points',
      '',
      '    Both checks of this lesson fail for the same reason:',
      '      looked at  docker compose config',
      '      saw        no YAML',
      '      why        It can not be read.',
      '      - The leader can be reached from the machine',
      '      - title of compose-file/second',
    ]);
  });

  it('shows commands that ended badly, before what cost points', () => {
    const text = [
      'pg_basebackup: error: replication slot "folower_slot" does not exist',
      ...Array.from({ length: 9 }, (_, at) => `${at}0 %`),
      'gone',
      'gone',
      '',
    ].join('\n');
    const runs = [
      run('docker compose up -d leader'),
      run('bash follower/setup-follower.sh', { exitCode: 1, output: { text, bytes: 900, cut: 100 } }),
      run('bash leader/setup-leader.sh', { exitCode: null, timedOut: true }),
    ];
    const lines = linesOf([graded('ada', { 9: gradedLesson(9, ['failed', 'passed']) }, { runs })]);
    expect(under(lines, 'Commands that did not end well:')).toEqual([
      '  bash follower/setup-follower.sh',
      '    exit code 1 after 1.2 s. 100 of 900 bytes of its output are left out.',
      '    | pg_basebackup: error: replication slot "folower_slot" does not exist',
      '    | …',
      ...['40 %', '50 %', '60 %', '70 %', '80 %', 'gone (2 times)'].map((line) => `    | ${line}`),
      '',
      '  bash leader/setup-leader.sh',
      '    stopped by its time limit after 1.2 s.',
    ]);
    expect(lines.indexOf('Commands that did not end well:')).toBeLessThan(lines.indexOf('What cost points:'));
  });

  it('says that there is no mark, why, and what to do next', () => {
    expect(textOf([unusable('ada')])).toContain(
      '\n\nada\n\nNo mark: The Docker engine does not answer any more. Start it, and grade again.\n',
    );
    expect(textOf([partial('ada')])).toContain(
      '\nNo mark: The grading of this submission is not finished. Grade it again to get a\n         mark.\n',
    );
    const half = { ...partial('ada'), lessons: [gradedLesson(1, ['failed', 'passed'])] };
    expect(textOf([half])).toContain('\nWhat failed so far:\n');
  });

  it.each([
    ['empty-submission', 'Nothing handed in: It is empty.'],
    ['archive-bomb', 'Not accepted: It is empty.'],
  ])('tells a submission that has no lesson graded from one without a mark (%s)', (id, said) => {
    const text = textOf([refused('ada', id)]);
    expect(text).toContain(`\n${said}\n`);
    expect(text).toContain('\n0 of 100 points.\n');
    expect(text).not.toContain('skipped');
  });

  it('goes on in the next line between words, and makes no command of a CI system by that', () => {
    const saw = `${'word '.repeat(9)}::error::fired and on`;
    const text = gradesAsText(
      gradesOf([graded('ada', { 1: gradedLesson(1, ['failed', 'passed'], { saw }) })]),
      64,
    );
    expect(text).toContain(`${'word '.repeat(9).trim()}\n                 '::error::fired and on\n`);
  });
});

describe('the text of a class', () => {
  it('has a line a submission, in columns whatever the names are', () => {
    const lines = gradesAsText(CLASS).split('\n');
    const table = lines.slice(2, 10);
    expect(table[0]).toMatch(/^name +\| score \| +of \| first failing lesson$/);
    const bars = table.map((line) => cells(line.slice(0, line.search(/ \| |-\+-/))));
    expect(new Set(bars).size).toBe(1);
    expect(table[3]).toMatch(/^bob +\| +83 \| 100 \| 8 Prepare the leader for replication$/);
    expect(table[6]).toMatch(/^emil +\| +\| 100 \| no mark: unusable$/);
    expect(lines).toContain('6 submissions: 4 graded, 1 unusable, 1 not finished.');
  });

  it('has two lines a submission where there is no room for a table', () => {
    const lines = gradesAsText(CLASS, 50).split('\n');
    expect(lines).toContain('ada-lovelace');
    expect(lines).toContain('    100 of 100 points');
    expect(lines).toContain('    83 of 100 points, first failing: 8 Prepare the');
    expect(lines).toContain('    no mark: unusable');
  });

  it('has the checks most often failed, with the mistake as a sentence', () => {
    expect(under(gradesAsText(CLASS).split('\n'), 'Checks most often failed:').slice(0, 3)).toEqual([
      '  2 of 4  8 The slot follower_slot exists on the leader',
      '          Without a slot, a follower that falls behind may have to start over',
      '          with a new base backup.',
    ]);
    expect(textOf([graded('ada'), graded('bob')])).not.toContain('most often failed');
    const free = gradedLesson(9, ['failed', 'failed'], { followThrough: 'passed', points: 8 });
    expect(textOf([graded('ada'), graded('bob', { 9: free })])).not.toContain('most often failed');
  });

  it('says the next step once where there are some without a mark', () => {
    const lines = linesOf([graded('ada'), unusable('bob'), unusable('cem')]);
    expect(lines.slice(-5).join(' ')).toContain(
      "2 have no mark, which is the machine's fault: The Docker engine does not answer any more. Start it, and grade again. Then run the same command with --resume.",
    );
    expect(textOf([graded('ada'), partial('bob')])).toContain(
      'To go on, run the same command with --resume.',
    );
    expect(textOf([graded('ada'), graded('bob')])).not.toContain('--resume');
  });

  it('names what was left out', () => {
    const both = [graded('ada'), graded('bob')];
    const said = 'Not looked at, because they are no folder, .zip or .tar.gz: a.pdf, b.rar.';
    expect(textOf(both, { leftOut: ['a.pdf', 'b.rar'] })).toContain(`\n${said}\n`);
    // The score of one submission stands last all the same.
    expect(textOf([graded('ada')], { leftOut: ['a.pdf', 'b.rar'] })).toMatch(
      /b\.rar\.\n\nada\n[\s\S]*points\.\n$/,
    );
    expect(textOf(both, { leftOut: [] })).not.toContain('Not looked at');
  });

  it('says that it is not whole', () => {
    const both = [graded('ada'), graded('bob')];
    expect(textOf(both, { endedAt: null })).toContain('not finished: submissions may be missing');
    expect(textOf(both)).not.toContain('may be missing');
    expect(textOf([])).toContain('0 submissions: 0 graded.');
  });
});
