import { describe, expect, it } from 'vitest';
import { gradesAsCsv } from '../../../../src/report/grades/csv.ts';
import { gradesAsHtml } from '../../../../src/report/grades/html.ts';
import { REPORTS } from '../../../../src/report/grades/index.ts';
import { gradesAsJson } from '../../../../src/report/grades/json.ts';
import { gradesAsJunit } from '../../../../src/report/grades/junit.ts';
import { gradesAsMarkdown } from '../../../../src/report/grades/markdown.ts';
import { CLASS } from '../../../helpers/class.ts';
import { graded, gradedLesson, gradesOf, partial, refused, run, unusable } from '../../../helpers/grades.ts';
import { attribute, propertiesOf, readCsv, readXml } from './read-back.ts';

it('has a form for each name', () => {
  expect(Object.entries(REPORTS).map(([name, { extension }]) => `${name}.${extension}`)).toEqual([
    'text.txt',
    'json.json',
    'junit.xml',
    'markdown.md',
    'csv.csv',
    'html.html',
  ]);
});

describe('the JSON', () => {
  it('is the record, indented by two, with tricks escaped', () => {
    expect(gradesAsJson(CLASS)).toBe(`${JSON.stringify(CLASS, null, 2)}\n`);
    const tricks = gradesOf([graded('\u009b2J ##[error]x \\## \\\u007f')]);
    expect(gradesAsJson(tricks)).toContain('"\\u009b2J #\\u0023[error]x \\\\#\\u0023 \\\\\\u007f"');
    expect(JSON.parse(gradesAsJson(tricks))).toEqual(tricks);
  });
});

describe('the CSV', () => {
  it('has the columns of nbgrader, and no score where there is no mark', () => {
    expect(gradesAsCsv(gradesOf([graded('ada'), unusable('bob'), partial('cem')]))).toBe(
      [
        'assignment,duedate,timestamp,student_id,last_name,first_name,email,raw_score,late_submission_penalty,score,max_score',
        'leader-follower,,,ada,,,,100,0,100,100',
        'leader-follower,,,bob,,,,,,,100',
        'leader-follower,,,cem,,,,,,,100',
        '',
      ].join('\r\n'),
    );
  });

  it.each([
    ['=HYPERLINK("http://evil.example")', `"'=HYPERLINK(""http://evil.example"")"`],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'        =1"],
    ['\r=1', "'=1"],
    [' =1', "' =1"],
    [' ada', '" ada"'],
    ['doe, jane', '"doe, jane"'],
    ['jane "j" doe', '"jane ""j"" doe"'],
    ['ada=1', 'ada=1'],
  ])('writes the name %j as %s', (name, cell) => {
    const text = gradesAsCsv(gradesOf([graded(name)]));
    expect(text.split('\r\n')[1]).toBe(`leader-follower,,,${cell},,,,100,0,100,100`);
    expect(readCsv(text)).toHaveLength(1);
  });

  it('keeps a score of nought, which is a mark', () => {
    expect(gradesAsCsv(gradesOf([graded('ada', {}, { score: 0 })]))).toContain(',ada,,,,0,0,0,100\r\n');
  });
});

describe('the JUnit', () => {
  const suites = (...submissions: Parameters<typeof gradesOf>[0]) => [
    ...readXml(gradesAsJunit(gradesOf(submissions))).getElementsByTagName('testsuite'),
  ];

  it('has a test a check, with its lesson, its points and how it ended', () => {
    const [suite] = suites(
      graded('ada', {
        3: gradedLesson(3, ['failed', 'blocked'], { mistake: 'compose-property', saw: 'a\nb' }),
        4: gradedLesson(4, ['error', 'passed']),
      }),
    );
    const tests = [...(suite?.getElementsByTagName('testcase') ?? [])];
    expect(tests).toHaveLength(24);
    const ends = tests.slice(4, 8).map((test) => [...test.childNodes].map(({ nodeName }) => nodeName));
    expect(ends.map((names) => names.filter((name) => name !== '#text'))).toEqual([
      ['properties', 'failure'],
      ['properties', 'skipped'],
      ['properties', 'error'],
      ['properties'],
    ]);
    const [, , , , failed] = tests;
    expect(attribute(failed, 'classname')).toBe('compose-file');
    expect(attribute(failed, 'name')).toBe('The leader can be reached from the machine');
    expect(failed && propertiesOf(failed)).toEqual({
      id: 'compose-file/first',
      points: '0',
      max_points: '6',
      mistake: 'compose-property',
    });
    const failure = failed?.getElementsByTagName('failure')[0];
    expect(attribute(failure, 'message')).toBe('a\nb');
    expect(failure?.textContent).toBe(
      'looked at: probe of compose-file/first\nsaw: a\nb\nwanted: wanted of compose-file/first\nwhy: why of compose-file/first',
    );
    expect(
      ['tests', 'failures', 'errors', 'skipped', 'timestamp'].map((name) => attribute(suite, name)),
    ).toEqual(['24', '1', '1', '1', '2026-11-27T21:00:00']);
    expect(suite && propertiesOf(suite)).toMatchObject({
      outcome: 'graded',
      score: '84',
      'lesson.leader-conf.points': '4',
    });
  });

  it('has an error for work that the machine could not grade, and no score', () => {
    const [bad, half] = suites(unusable('ada'), partial('bob'));
    expect(attribute(bad, 'errors')).toBe('1');
    expect(attribute(bad?.getElementsByTagName('error')[0], 'message')).toBe(
      'The Docker engine does not answer any more.',
    );
    expect(bad && propertiesOf(bad)).not.toHaveProperty('score');
    expect([attribute(half, 'errors'), attribute(half, 'skipped')]).toEqual(['0', '1']);
  });

  it('leaves out what no XML can hold', () => {
    const text = gradesAsJunit(gradesOf([graded('a\0\u0001\ufffeb ]]> <&"\'')]));
    expect(text).toContain('<testsuite name="a\ufffdb ]]&gt; &lt;&amp;&quot;&#39;"');
  });
});

describe('the Markdown', () => {
  const of = (...submissions: Parameters<typeof gradesOf>[0]) => gradesAsMarkdown(gradesOf(submissions));

  it('has the score, a table of lessons, and the evidence', () => {
    const text = of(
      graded('ada', { 3: gradedLesson(3, ['failed', 'passed'], { saw: 'a | b', wanted: '<c>' }) }),
    );
    expect(text).toContain(
      '## `ada`\n\n**94 of 100 points.**\n\n| Lesson | State | Points |\n| --- | --- | --- |\n',
    );
    expect(text).toContain('| 3 Describe both servers in one file | ✖ Not yet | 6 of 12 |\n');
    expect(text).toContain(`### What cost points

#### 3 Describe both servers in one file (6 of 12 points)

**✖ Not yet**: The leader can be reached from the machine (0 of 6 points)

- Looked at: \`probe of compose-file/first\`
- Saw: \`a | b\`
- Wanted: \`<c>\`
- Why: why of compose-file/first
`);
  });

  it('keeps bars and lines of a name in one cell, and an output in one fence', () => {
    const output = { text: '```\n</details>\n````', bytes: 20, cut: 5 };
    const text = of(graded('a|b\nc', {}, { runs: [run('bash x.sh', { exitCode: 1, output })] }), graded('d'));
    expect(text).toContain('| `a\\|b c` | 100 of 100 points | none |');
    expect(text).toContain(
      '`bash x.sh`: exit code 1 after 1.2 s. 5 of 20 bytes of its output are left out.\n\n`````text\n```\n</details>\n````\n`````',
    );
  });

  it('calls nobody and links nowhere', () => {
    const text = of(
      graded('ada', {
        1: gradedLesson(1, ['failed', 'passed'], { why: '@ada #1 http://x.y www.x.y [a](b)' }),
      }),
    );
    expect(text).toContain('- Why: @\u2060ada #\u20601 http&#58;//x.y www&#46;x.y \\[a\\](b)\n');
  });

  it('tells once what several checks share, and what cost nothing in a line each', () => {
    const free = gradedLesson(4, ['failed', 'blocked'], { followThrough: 'passed', points: 4 });
    const text = of(
      graded('ada', {
        3: gradedLesson(3, ['failed', 'failed'], { saw: 'no YAML', why: 'Use `two` spaces.' }),
        4: { ...free, points: 8 },
      }),
    );
    expect(text).toContain(
      '| 4 Set up the leader | ↺ Full points after an earlier mistake was repaired | 8 of 8 |\n',
    );
    expect(text).toContain(`**✖ Not yet**: Both checks of this lesson fail for the same reason:

- Saw: \`no YAML\`
- Why: Use \`two\` spaces.

These are:

- The leader can be reached from the machine
- title of compose-file/second

### Failed only because of that, and cost nothing

- 4 title of leader-conf/first
- 4 title of leader-conf/second
`);
  });

  it('has a page for one student without a word about others', () => {
    const grades = gradesOf([graded('ada'), graded('bob', { 3: gradedLesson(3, ['failed', 'passed']) })], {
      endedAt: null,
      leftOut: ['cem.pdf'],
    });
    const [, bob] = grades.submissions;
    const page = bob && REPORTS.markdown.writeOne?.(grades, bob);
    expect(page).toBe(gradesAsMarkdown(gradesOf(bob ? [bob] : [])));
    expect(page).toContain('## `bob`');
    expect(page).not.toMatch(/ada|cem|submissions/);
  });

  it('names what was left out', () => {
    const text = gradesAsMarkdown(gradesOf([graded('a'), graded('b')], { leftOut: ['a.pdf', 'b|c.rar'] }));
    expect(text).toContain('because they are no folder, .zip or .tar.gz: `a.pdf`, `b|c.rar`.\n');
  });

  it('tells a submission with nothing in it from one without a mark', () => {
    expect(of(refused('ada'))).toContain('**0 of 100 points.**\n\n**Nothing handed in.** It is empty.\n');
    expect(of(refused('ada'), graded('b'))).toContain('| `ada` | 0 of 100 points | Nothing handed in |');
  });

  it('says that there is no mark', () => {
    expect(of(partial('ada'))).toContain('**No mark.** The grading of this submission is not finished.');
    expect(of(graded('a'), unusable('b'))).toContain('| `b` | no mark: unusable | not known |');
  });
});

describe('the page', () => {
  it('opens the evidence where there is one submission only', () => {
    expect(gradesAsHtml(gradesOf([graded('ada')]))).toContain('<details class="student" open>');
    expect(gradesAsHtml(CLASS)).not.toContain('<details class="student" open>');
  });

  it('gives the average of those that have a mark', () => {
    const submissions = [graded('a', {}, { score: 80 }), graded('b', {}, { score: 75 }), unusable('c')];
    expect(gradesAsHtml(gradesOf(submissions))).toContain(
      '<dt>Average score</dt><dd>77.5 <small>of 100</small>',
    );
    expect(gradesAsHtml(gradesOf([unusable('c')]))).not.toMatch(/Average|NaN/);
  });

  it('has the times of its submissions, which may be older than its last run', () => {
    const times = { startedAt: '2026-11-27T22:00:00.000Z', endedAt: '2026-11-27T22:00:01.000Z' };
    const early = graded('a', {}, { startedAt: '2026-11-27T20:00:00.000Z', ms: 60_000 });
    const late = graded('b', {}, { startedAt: '2026-11-27T21:00:00.000Z', ms: 90_000 });
    const head = (submissions: (typeof early)[], more = {}) =>
      /Grades of ([^<]*)/.exec(gradesAsHtml(gradesOf(submissions, { ...times, ...more })))?.[1];
    expect(head([late, early])).toBe('2026-11-27 20:00:00 UTC to 2026-11-27 21:01:30 UTC');
    expect(head([late, early], { endedAt: null })).toBe('2026-11-27 20:00:00 UTC');
    expect(head([])).toBe('2026-11-27 22:00:00 UTC to 2026-11-27 22:00:01 UTC');
  });

  it('names what was left out', () => {
    expect(gradesAsHtml(gradesOf([graded('a')], { leftOut: ['<a>.pdf', 'b.rar'] }))).toContain(
      '<p class="warning">Not looked at, because they are no folder, .zip or .tar.gz: &lt;a&gt;.pdf, b.rar.</p>',
    );
  });

  it('tells a submission with nothing in it from one without a mark', () => {
    const page = gradesAsHtml(gradesOf([refused('ada'), graded('bob')]));
    expect(page).toContain('<strong>Nothing handed in.</strong> It is empty.');
    expect(page).toContain('<li class="chip nothing">∅ Nothing handed in</li>');
    expect(gradesAsHtml(CLASS)).not.toContain('Nothing handed in');
  });

  it('shows commands that ended badly unfolded and first', () => {
    const runs = [run('a'), run('b', { exitCode: 1 })];
    const page = gradesAsHtml(
      gradesOf([graded('ada', { 1: gradedLesson(1, ['failed', 'passed']) }, { runs })]),
    );
    const order = ['Commands that did not end well', 'What cost points', 'Other commands'].map((one) =>
      page.indexOf(one),
    );
    expect(order).toEqual(order.toSorted((x, y) => x - y));
    expect(page).toContain('<details class="run" open><summary><code>b</code>');
    expect(page).toContain('<details class="run"><summary><code>a</code>');
  });

  it('says so when nothing is graded, or not all', () => {
    expect(gradesAsHtml(gradesOf([]))).toContain('No submission is graded yet.');
    expect(gradesAsHtml(gradesOf([], { endedAt: null }))).toContain('submissions may be missing here');
  });
});
