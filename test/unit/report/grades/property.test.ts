import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { GradedSubmission, Grades } from '../../../../src/grade/types.ts';
import { REPORTS, type ReportFormat } from '../../../../src/report/grades/index.ts';
import { untrustedLine } from '../../../../src/report/grades/untrusted.ts';
import { cells } from '../../../../src/terminal/wrap.ts';
import { graded, gradedLesson, gradesOf, remark, run } from '../../../helpers/grades.ts';
import { anyGrades, HOSTILE } from './random-grades.ts';
import {
  elementsIn,
  foundInHtml,
  foundInJunit,
  foundInMarkdown,
  foundInText,
  htmlAttribute,
  readCsv,
  readHtml,
  readXml,
  tagsOfMarkdown,
  textOf,
} from './read-back.ts';

// Many records, and parsers that take their time with the worst of them.
vi.setConfig({ testTimeout: 60_000 });

/** A seed that never changes, so that a failure is not of one day; WALKTHROUGH_SEED tries others. */
const SEED = Number(process.env.WALKTHROUGH_SEED ?? 20261127);
const holds = (property: (grades: Grades) => void) =>
  fc.assert(fc.property(anyGrades, property), { numRuns: 150, seed: SEED });

const FORMATS = Object.keys(REPORTS) as ReportFormat[];
const failures = ({ lessons }: GradedSubmission) =>
  lessons.flatMap(({ checks }) => checks).filter(({ state }) => state === 'failed').length;
/** What every report for people must show: each check that does not pass once, as a loss or as none. */
const totalsOf = ({ score, lessons }: GradedSubmission) => {
  const open = lessons.flatMap(({ checks }) => checks).filter(({ state }) => state !== 'passed');
  const free = open.filter((one) => one.followThrough === 'passed' && one.points >= one.maxPoints);
  return { score, lost: open.length - free.length, free: free.length };
};
const totals = ({ submissions }: Grades) => submissions.map(totalsOf);
const shownName = ({ name }: GradedSubmission) => untrustedLine(name);
const spaced = (text: string) => text.replace(/\s+/g, ' ').trim();

describe('every random record', () => {
  const schema = JSON.parse(readFileSync('assets/schema/walkthrough-grades-v1.json', 'utf8'));
  const validate = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true }).compile(schema);

  it('is what its schema says', () => {
    holds((grades) => {
      validate(grades);
      expect(validate.errors).toBeNull();
    });
  });

  it.each<[string, (grades: Grades) => object]>([
    ['a field more', (grades) => ({ ...grades, mark: 1 })],
    ['another schema', (grades) => ({ ...grades, schema: 'walkthrough/grades/v2' })],
    ['a score where there is no mark', (grades) => change(grades, { outcome: 'partial' })],
    ['no score where there is a mark', (grades) => change(grades, { score: null })],
    ['half a point', (grades) => change(grades, { score: 0.5 })],
    [
      'a problem of work that has a mark',
      (grades) => change(grades, { problem: { message: 'm', next: 'n' } }),
    ],
    ['a name with an escape sequence', (grades) => change(grades, { name: '\u001b[2J' })],
  ])('is refused with %s', (_, spoil) => {
    const good = gradesOf([graded('ada')]);
    expect(validate(good)).toBe(true);
    expect(validate(spoil(good))).toBe(false);
  });
});

function change(grades: Grades, more: object): object {
  return { ...grades, submissions: grades.submissions.map((one) => ({ ...one, ...more })) };
}

describe('the totals of a random class', () => {
  it('are those of the record in JSON, which is the record', () => {
    holds((grades) => {
      expect(JSON.parse(REPORTS.json.write(grades))).toEqual(grades);
    });
  });

  it('are those of the record in CSV', () => {
    holds((grades) => {
      const rows = readCsv(REPORTS.csv.write(grades));
      expect(rows.map(({ score, raw_score, max_score }) => [score, raw_score, max_score])).toEqual(
        grades.submissions.map(({ score, maxScore }) => [
          String(score ?? ''),
          String(score ?? ''),
          String(maxScore),
        ]),
      );
      expect(rows.map((row) => row.student_id.replace(/^'/, ''))).toEqual(
        grades.submissions.map((one) => shownName(one).replace(/^'/, '')),
      );
    });
  });

  it('are those of the record in JUnit', () => {
    holds((grades) => {
      const found = foundInJunit(REPORTS.junit.write(grades));
      expect(found.map(({ score, failed }) => ({ score, failed }))).toEqual(
        grades.submissions.map((one) => ({ score: one.score, failed: failures(one) })),
      );
      expect(found.map(({ name }) => name)).toEqual(grades.submissions.map((one) => shownName(one)));
      const points = grades.submissions.map(({ lessons }) =>
        lessons.reduce((sum, one) => sum + one.points, 0),
      );
      expect(found.map((one) => one.points)).toEqual(points);
    });
  });

  it('are those of the record in HTML', () => {
    holds((grades) => {
      const found = foundInHtml(REPORTS.html.write(grades));
      expect(found.map(({ score, lost, free }) => ({ score, lost, free }))).toEqual(totals(grades));
      expect(found.map(({ name }) => name)).toEqual(grades.submissions.map((one) => shownName(one)));
    });
  });

  it('are those of the record in Markdown', () => {
    holds((grades) => {
      const named = grades.submissions.filter((one) => shownName(one).trim() !== '');
      const known = { ...grades, submissions: named };
      const found = foundInMarkdown(REPORTS.markdown.write(known));
      expect(found.map(({ score, lost, free }) => ({ score, lost, free }))).toEqual(totals(known));
      expect(found.map(({ name }) => spaced(name))).toEqual(named.map((one) => spaced(shownName(one))));
    });
  });

  it('are those of the record in the text of each submission, whatever its width', () => {
    holds((grades) => {
      for (const submission of grades.submissions)
        for (const width of [40, 80, 120]) {
          const text = REPORTS.text.write({ ...grades, submissions: [submission] }, width);
          expect(foundInText(text)).toEqual(totalsOf(submission));
        }
    });
  });

  it('are those of the record in the page of each submission', () => {
    holds((grades) => {
      for (const submission of grades.submissions) {
        const found = foundInMarkdown(REPORTS.markdown.writeOne?.(grades, submission) ?? '');
        if (shownName(submission).trim() === '') continue;
        expect(found.map(({ score, lost, free }) => ({ score, lost, free }))).toEqual([totalsOf(submission)]);
      }
    });
  });
});

describe('the text of a random class', () => {
  it.each([40, 59, 60, 80, 120])('is %d wide at the most', (width) => {
    holds((grades) => {
      const all = [grades, ...grades.submissions.map((one) => ({ ...grades, submissions: [one] }))];
      for (const one of all)
        for (const line of REPORTS.text.write(one, width).split('\n'))
          expect(cells(line), line).toBeLessThanOrEqual(width);
    });
  });
});

/** What GitHub's runner, and Azure's, take for a command in a line of a log. */
function commandsIn(text: string): string[] {
  return text
    .split(/\r\n|\r|\n/)
    .filter((line) => /^::.*::/.test(line.trimStart()) || line.includes('##[') || /##\w+\[/.test(line));
}

/** All that steers a terminal or reorders text, but the line ends; halves of characters with it. */
const STEERS = /[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]|\r(?!\n)|\p{Surrogate}/u;

/** Every text of it is as bad as `text`. */
function hostile(text: string): Grades {
  const lesson = (step: number, state: 'failed' | 'blocked' | 'error') => {
    const one = gradedLesson(step, [state, 'passed'], {
      title: text,
      probe: text,
      saw: text,
      wanted: text,
      why: text,
    });
    return { ...one, title: text };
  };
  const all = {
    remarks: [remark({ where: text, message: text })],
    runs: [run(text, { exitCode: 1, output: { text, bytes: 1, cut: 0 } })],
  };
  const problem = { message: text, next: text };
  // What the lessons share is told in another way.
  const shared = gradedLesson(4, ['failed', 'failed'], {
    title: text,
    probe: text,
    saw: text,
    wanted: text,
    why: text,
  });
  const free = gradedLesson(5, ['failed', 'passed'], { title: text, followThrough: 'passed', points: 2 });
  return gradesOf(
    [
      graded(
        text,
        { 1: lesson(1, 'failed'), 2: lesson(2, 'blocked'), 3: lesson(3, 'error'), 4: shared, 5: free },
        all,
      ),
      graded(text, {}, { outcome: 'unusable', score: null, problem }),
    ],
    { course: { id: text, version: text, title: text }, leftOut: [text, text] },
  );
}

/** Tags that the Markdown of a report has, whatever stands in it. */
const TAGS = 'h1 h2 h3 h4 p strong code pre table thead tbody tr th td ul li'.split(' ');

function expectSafe(grades: Grades): void {
  for (const format of FORMATS) {
    const text = REPORTS[format].write(grades);
    expect(commandsIn(text), format).toEqual([]);
    expect(STEERS.exec(text), format).toBeNull();
  }
  // To break a line must not make one that is a command.
  for (const submission of grades.submissions)
    for (const width of [40, 60, 100])
      expect(commandsIn(REPORTS.text.write({ ...grades, submissions: [submission] }, width))).toEqual([]);
  expect(JSON.parse(REPORTS.json.write(grades))).toEqual(grades);
  for (const tag of tagsOfMarkdown(REPORTS.markdown.write(grades))) expect(TAGS).toContain(tag);
  for (const row of readCsv(REPORTS.csv.write(grades)))
    for (const cell of Object.values(row)) expect(cell).not.toMatch(/^\s*[=+\-@\t\r]/);
  expectSafeXml(REPORTS.junit.write(grades));
  expectSafePage(REPORTS.html.write(grades));
}

function expectSafeXml(text: string): void {
  const names = new Set([...readXml(text).getElementsByTagName('*')].map(({ tagName }) => tagName));
  const known = 'testsuite testcase properties property failure error skipped system-out'.split(' ');
  for (const name of names) expect(known).toContain(name);
  expect(text).not.toMatch(/<!|\]\]>/);
}

function expectSafePage(text: string): void {
  const elements = readHtml(text);
  for (const element of elements) {
    expect(['script', 'img', 'iframe', 'link', 'object', 'base', 'form', 'input', 'svg']).not.toContain(
      element.tagName,
    );
    for (const { name, value } of element.attrs) {
      expect(name).toMatch(/^(?!on)[a-z-]+$/);
      if (name === 'href') expect(value).toMatch(/^#s\d+$/);
      if (name === 'style') expect(value).toMatch(/^width:[\d.]+%$/);
      expect(name).not.toBe('src');
    }
  }
}

describe('texts of others', () => {
  it('never break out of a random class', () => {
    holds(expectSafe);
  });

  it.each(HOSTILE)('never break out where all texts are %j', (text) => {
    const grades = hostile(text);
    expectSafe(grades);
    expect(foundInJunit(REPORTS.junit.write(grades)).map(({ failed }) => failed)).toEqual([4, 0]);
    expect(foundInHtml(REPORTS.html.write(grades)).map(({ lost }) => lost)).toEqual([5, 0]);
  });

  it.each([
    'a',
    '`',
    '|',
    '<',
    '\u001b',
    '\u001b]',
    '#',
    '##',
    '\\',
    '\n',
    ' ',
    '&',
    '"',
    '[',
    '*',
    '::',
    '=',
    '\ud800',
  ])('take little time with 100,000 characters of %j', (one) => {
    const grades = hostile(one.repeat(100_000 / one.length));
    // The time of the processor: other work on this machine does not count.
    const before = process.cpuUsage();
    for (const format of FORMATS) {
      const text = REPORTS[format].write(grades);
      expect(commandsIn(text), format).toEqual([]);
      expect(STEERS.exec(text), format).toBeNull();
    }
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(10_000);
  });

  it('never break out with 100,000 characters of everything', () => {
    const all = HOSTILE.join(' ');
    expectSafe(hostile(all.repeat(Math.ceil(100_000 / all.length)).slice(0, 100_000)));
  });

  it('stand in the page as they are', () => {
    const page = readHtml(REPORTS.html.write(hostile('<img src=x onerror=alert(1)>')));
    const names = page.filter(({ tagName }) => tagName === 'bdi').map(textOf);
    expect(new Set(names)).toEqual(new Set(['<img src=x onerror=alert(1)>']));
  });
});

describe('the page', () => {
  it('forbids whatever it does not need', () => {
    const elements = readHtml(REPORTS.html.write(gradesOf([graded('ada')])));
    const policy = elements.find((one) => htmlAttribute(one, 'http-equiv') === 'Content-Security-Policy');
    expect(policy && htmlAttribute(policy, 'content')).toBe("default-src 'none'; style-src 'unsafe-inline'");
    const head = elements.find(({ tagName }) => tagName === 'head');
    const order = head ? elementsIn(head).map(({ tagName }) => tagName) : [];
    expect(order.indexOf('meta')).toBeLessThan(order.indexOf('style'));
  });
});
