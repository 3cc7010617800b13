import type { GradedCheck, GradedLesson, GradedSubmission, Grades } from '../../grade/types.ts';
import { attributes, escapeMarkup } from './markup.ts';
import { withoutTricks } from './untrusted.ts';
import { courseText, followThroughText, noMark, points, whyText } from './words.ts';

/** How a test ended, in the words of JUnit; null when it passed. */
interface Ended {
  as: 'failure' | 'error' | 'skipped';
  message: string;
  evidence: string[];
}

interface Case {
  classname: string;
  name: string;
  /** Seconds. */
  time: string;
  properties: Record<string, string>;
  ended: Ended | null;
}

/** A suite for each submission, a test for each check. A submission without a mark has one test more that says why. */
export function gradesAsJunit(grades: Grades): string {
  const safe = withoutTricks(grades);
  const suites = safe.submissions.map((submission) => ({ submission, cases: casesOf(submission) }));
  const all = suites.flatMap(({ cases }) => cases);
  const ms = safe.submissions.reduce((sum, submission) => sum + submission.ms, 0);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name: courseText(safe), ...counts(all), time: secondsText(ms) })}>`,
    ...suites.flatMap(({ submission, cases }) => suiteLines(submission, cases)),
    '</testsuites>',
    '',
  ].join('\n');
}

function casesOf(submission: GradedSubmission): Case[] {
  const checks = submission.lessons.flatMap((lesson) => lesson.checks.map((check) => caseOf(lesson, check)));
  const none = noMark(submission);
  if (!none) return checks;
  const unusable = submission.outcome === 'unusable';
  const ended: Ended = { as: unusable ? 'error' : 'skipped', message: none.message, evidence: [none.next] };
  return [...checks, { classname: 'grading', name: 'It has a mark', time: '0.000', properties: {}, ended }];
}

function caseOf(lesson: GradedLesson, check: GradedCheck): Case {
  return {
    classname: lesson.id,
    name: check.title,
    time: secondsText(check.ms),
    properties: {
      id: check.id,
      points: points(check.points),
      max_points: points(check.maxPoints),
      ...(check.mistake ? { mistake: check.mistake } : {}),
    },
    ended: endedOf(check),
  };
}

const AS = { failed: 'failure', blocked: 'skipped', error: 'error' } as const;

function endedOf(check: GradedCheck): Ended | null {
  if (check.state === 'passed') return null;
  const second = followThroughText(check);
  return {
    as: AS[check.state],
    message: check.saw,
    evidence: [
      `looked at: ${check.probe}`,
      `saw: ${check.saw}`,
      `wanted: ${check.wanted}`,
      `why: ${whyText(check)}`,
      ...(second ? [second] : []),
    ],
  };
}

function counts(cases: Case[]): Record<string, number> {
  const ended = (as: Ended['as']) => cases.filter((one) => one.ended?.as === as).length;
  return {
    tests: cases.length,
    failures: ended('failure'),
    errors: ended('error'),
    skipped: ended('skipped'),
  };
}

function suiteLines(submission: GradedSubmission, cases: Case[]): string[] {
  const { name, outcome, score, maxScore, startedAt, ms, lessons, remarks } = submission;
  const suite = {
    name,
    ...counts(cases),
    time: secondsText(ms),
    // The schema of the Ant task, which most readers follow, knows neither fractions nor a zone; UTC is meant.
    timestamp: startedAt.slice(0, 19),
  };
  const properties = {
    outcome,
    ...(score === null ? {} : { score: points(score) }),
    max_score: points(maxScore),
    ...Object.fromEntries(
      lessons.flatMap((lesson) => [
        [`lesson.${lesson.id}.points`, points(lesson.points)],
        [`lesson.${lesson.id}.max_points`, points(lesson.maxPoints)],
      ]),
    ),
  };
  return [
    `  <testsuite${attributes(suite)}>`,
    ...propertyLines(properties, '    '),
    ...cases.flatMap(caseLines),
    ...(remarks.length === 0
      ? []
      : [`    <system-out>${escapeMarkup(remarks.map(remarkText).join('\n'))}</system-out>`]),
    '  </testsuite>',
  ];
}

function remarkText({ kind, id, where, message }: GradedSubmission['remarks'][number]): string {
  return `${kind} (${id}), ${where}: ${message}`;
}

function caseLines({ classname, name, time, properties, ended }: Case): string[] {
  return [
    `    <testcase${attributes({ classname, name, time })}>`,
    ...propertyLines(properties, '      '),
    ...(ended ? [endedLine(ended)] : []),
    '    </testcase>',
  ];
}

function endedLine({ as, message, evidence }: Ended): string {
  return `      <${as}${attributes({ message })}>${escapeMarkup(evidence.join('\n'))}</${as}>`;
}

function propertyLines(properties: Record<string, string>, indent: string): string[] {
  const lines = Object.entries(properties).map(
    ([name, value]) => `${indent}  <property${attributes({ name, value })}/>`,
  );
  return lines.length === 0 ? [] : [`${indent}<properties>`, ...lines, `${indent}</properties>`];
}

function secondsText(ms: number): string {
  return (ms / 1000).toFixed(3);
}
