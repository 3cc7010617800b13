import fc from 'fast-check';
import { MISTAKES } from '../../../../src/check/mistakes.ts';
import type {
  GradedCheck,
  GradedLesson,
  GradedSubmission,
  Grades,
  Remark,
  RunRecord,
} from '../../../../src/grade/types.ts';
import { gradesOf } from '../../../helpers/grades.ts';

/** What somebody would write who wants more than a mark. */
export const HOSTILE = [
  '\u001b[2J\u001b]0;owned\u0007red\u001b[31m',
  '\u009b31mC1',
  'over\rwritten',
  ']]><failure/>',
  '</details><script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '"><b onmouseover=alert(1)>',
  "' onclick='alert(1)",
  '&lt;&amp;&#60;',
  'a | b \\| c \\\\| d',
  '`',
  '``` \n# heading\n```',
  '````\n~~~',
  '``\u001b[0m`\n<b>x',
  '::error::fired',
  ' ::notice file=a::b',
  'a\n::set-output name=x::y',
  '\u00a0::warning::w',
  ':\u001b[0m:error::e',
  '##[error]fired',
  'text ##[group]g',
  '##vso[task.setvariable variable=x]y',
  '###[debug]d',
  '##teamcity[message]',
  '=HYPERLINK("http://evil.example","x")',
  '+1',
  '-1+1',
  '@SUM(A1)',
  '\t=1',
  '\r=1',
  ' =1',
  'quote " comma , line\nbreak',
  '\0NUL\0',
  'half \ud800 pair',
  '\udfff',
  '\ufffe\uffff',
  '\u2028::error::x\u2029',
  '\u202egnp.exe',
  '[link](javascript:alert(1))',
  '![image](http://evil.example/x.png)',
  'http://evil.example www.evil.example',
  '@octocat #12',
  '**bold** _it_ ~~gone~~',
  '- item\n1. item\n> quote\n---',
  '山田太郎 👩‍👩‍👧 é',
  '',
  ' ',
  '\n\n',
  '&',
  '<!--',
  '<![CDATA[',
  '<?php',
  '%s%n',
  '$& $1',
];

const anyText = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...HOSTILE) },
  {
    weight: 2,
    arbitrary: fc
      .array(fc.constantFrom(...HOSTILE), { minLength: 2, maxLength: 4 })
      .map((all) => all.join('')),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 30 }) },
  // UTF-16 units by themselves: halves of pairs, and pairs by chance.
  {
    weight: 1,
    arbitrary: fc.array(fc.nat(0xffff), { maxLength: 20 }).map((units) => String.fromCharCode(...units)),
  },
);

const saidText = anyText.map((text) => text || 'said');

/** Names come from the record's maker, which takes controls out. */
const anyName = anyText.map((text) => text.replace(/[\p{Cc}]/gu, '') || 'name');

const state = fc.constantFrom(
  'passed' as const,
  'passed' as const,
  'failed' as const,
  'blocked' as const,
  'error' as const,
);
const ms = fc.integer({ min: 0, max: 200_000 });

interface CheckPlan {
  id: string;
  title: string;
  maxPoints: number;
}
interface LessonPlan {
  id: string;
  title: string;
  checks: CheckPlan[];
}

const course: fc.Arbitrary<LessonPlan[]> = fc
  .array(
    fc.record({
      title: saidText,
      checks: fc.array(fc.record({ title: saidText, maxPoints: fc.nat(12) }), { maxLength: 4 }),
    }),
    { minLength: 1, maxLength: 5 },
  )
  .map((lessons) =>
    lessons.map(({ title, checks }, at) => ({
      id: `lesson-${at}`,
      title,
      checks: checks.map((check, nth) => ({ ...check, id: `lesson-${at}/check-${nth}` })),
    })),
  );

function anyCheck({ id, title, maxPoints }: CheckPlan): fc.Arbitrary<GradedCheck> {
  return fc
    .record({
      state,
      mistake: fc.option(fc.constantFrom(...MISTAKES.slice(0, 4)), { nil: undefined }),
      followThrough: fc.option(state, { nil: null }),
      probe: anyText,
      saw: anyText,
      wanted: anyText,
      why: anyText,
      ms,
    })
    .map(({ mistake, ...said }) => {
      const holds = said.state === 'passed' || said.followThrough === 'passed';
      const named = said.state === 'failed' && mistake ? { mistake } : {};
      return { id, title, ...said, ...named, points: holds ? maxPoints : 0, maxPoints };
    });
}

function anyLesson({ id, title, checks }: LessonPlan, step: number): fc.Arbitrary<GradedLesson> {
  return fc.tuple(fc.boolean(), ...checks.map(anyCheck)).map(([same, ...all]): GradedLesson => {
    // One mistake often makes all checks say the same.
    const answers = all.map((one) => {
      const { saw, why, probe, wanted } = all[0] ?? one;
      return same ? { ...one, saw, why, probe, wanted } : one;
    });
    const worst = (['error', 'failed', 'blocked', 'passed'] as const).find((one) =>
      answers.some((answer) => answer.state === one),
    );
    return {
      step,
      id,
      title,
      state: worst ?? 'skipped',
      followThrough: null,
      points: sum(answers.map(({ points }) => points)),
      maxPoints: sum(answers.map(({ maxPoints }) => maxPoints)),
      checks: answers,
    };
  });
}

const anyRemark: fc.Arbitrary<Remark> = fc.record({
  kind: fc.constantFrom('policy' as const, 'intake' as const, 'limit' as const, 'note' as const),
  id: fc.constantFrom('privileged', 'zip-path-escape'),
  where: anyText,
  message: saidText,
});

const anyRun: fc.Arbitrary<RunRecord> = fc.record({
  command: saidText,
  exitCode: fc.constantFrom(0, 1, null),
  timedOut: fc.boolean(),
  ms,
  output: fc.record({ text: anyText, bytes: fc.nat(100_000), cut: fc.constantFrom(0, 5000) }),
});

function anySubmission(plan: LessonPlan[], maxScore: number): fc.Arbitrary<GradedSubmission> {
  return fc
    .record({
      name: anyName,
      outcome: fc.constantFrom('graded' as const, 'graded' as const, 'unusable' as const, 'partial' as const),
      lessons: fc.tuple(...plan.map((lesson, at) => anyLesson(lesson, at + 1))),
      kept: fc.nat(plan.length),
      problem: fc.record({ message: saidText, next: saidText }),
      remarks: fc.array(anyRemark, { maxLength: 2 }),
      runs: fc.array(anyRun, { maxLength: 2 }),
      ms,
    })
    .map(({ kept, lessons, problem, ...said }) => {
      const whole = said.outcome === 'graded';
      return {
        ...said,
        lessons: whole ? lessons : lessons.slice(0, kept),
        score: whole ? sum(lessons.map(({ points }) => points)) : null,
        maxScore,
        startedAt: '2026-11-27T21:00:00.000Z',
        problem: said.outcome === 'unusable' ? problem : null,
      };
    });
}

/** A record as the grader may make it: totals agree, texts are as bad as they get. */
export const anyGrades: fc.Arbitrary<Grades> = course.chain((plan) => {
  const maxScore = sum(plan.flatMap(({ checks }) => checks.map((check) => check.maxPoints)));
  return fc
    .record({
      submissions: fc.array(anySubmission(plan, maxScore), { maxLength: 4 }),
      title: saidText,
      endedAt: fc.constantFrom('2026-11-27T21:20:00.000Z', null),
      leftOut: fc.option(fc.array(anyName, { maxLength: 2 }), { nil: undefined }),
    })
    .map(({ submissions, title, endedAt, leftOut }) =>
      gradesOf(submissions, {
        maxScore,
        endedAt,
        course: { id: 'a-course', version: '1.0.0', title },
        ...(leftOut ? { leftOut } : {}),
      }),
    );
});

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
