import type { GradedCheck, GradedLesson, GradedSubmission, Grades, Remark } from '../../grade/types.ts';
import { tableLines } from '../../plain/table.ts';
import { cells, truncate } from '../../terminal/wrap.ts';
import { mistakeText, mostFailed } from './item-analysis.ts';
import { withoutTricks } from './untrusted.ts';
import {
  classSentence,
  courseText,
  firstFailingText,
  followThroughText,
  noMark,
  OUTCOME,
  points,
  scoreText,
  unfinishedText,
} from './words.ts';

const WORD: Record<GradedLesson['state'], string> = {
  passed: 'passed ',
  failed: 'FAILED ',
  blocked: 'blocked',
  error: 'error  ',
  skipped: 'skipped',
};

/** Cells that a name or a title may take in a table. */
const WIDEST = 48;

/** Grades for a terminal, without colours: one submission with its evidence, or a line for each of a class. */
export function gradesAsText(grades: Grades): string {
  const safe = withoutTricks(grades);
  const [only, ...others] = safe.submissions;
  const unfinished = unfinishedText(safe);
  const lines = [
    courseText(safe),
    '',
    ...(only && others.length === 0 ? submissionLines(only) : classLines(safe)),
    ...(unfinished && others.length > 0 ? ['', unfinished] : []),
  ];
  return `${lines.join('\n')}\n`;
}

function submissionLines(submission: GradedSubmission): string[] {
  const none = noMark(submission);
  const { lessons, remarks } = submission;
  const width = Math.max(...lessons.flatMap((one) => [points(one.points), points(one.maxPoints)]).map(cells));
  return [
    submission.name,
    '',
    ...lessons.flatMap((lesson) => lessonLines(lesson, width)),
    ...(remarks.length > 0 ? ['', 'Remarks:', ...remarks.flatMap(remarkLines)] : []),
    '',
    none ? `No mark: ${indented(`${none.message} ${none.next}`, 9)}` : `${scoreText(submission)}.`,
  ];
}

function lessonLines(lesson: GradedLesson, width: number): string[] {
  const worth = `${points(lesson.points).padStart(width)} of ${points(lesson.maxPoints).padStart(width)}`;
  const step = String(lesson.step).padStart(2);
  return [`${WORD[lesson.state]} ${worth}  ${step}  ${lesson.title}`, ...lesson.checks.flatMap(checkLines)];
}

function checkLines(check: GradedCheck): string[] {
  if (check.state === 'passed') return [];
  const worth = `${points(check.points)} of ${points(check.maxPoints)} points`;
  const second = followThroughText(check.followThrough);
  const later = second ? [`              then       ${second}`] : [];
  // A blocked check repeats the cause that stands above it; its title is enough.
  if (check.state === 'blocked')
    return [`            blocked: ${check.title} (${indented(check.saw, 14)}), ${worth}`, ...later];
  return [
    `            ${check.state === 'error' ? "can't be asked" : 'not yet'}: ${check.title}, ${worth}`,
    `              looked at  ${indented(check.probe, 25)}`,
    `              saw        ${indented(check.saw, 25)}`,
    `              wanted     ${indented(check.wanted, 25)}`,
    `              why        ${indented(check.why, 25)}`,
    ...later,
  ];
}

function remarkLines({ kind, id, where, message }: Remark): string[] {
  return [`  ${kind.padEnd(6)} ${where}: ${indented(message, 9)} (${id})`];
}

/** Lines after the first go under it. */
function indented(text: string, by: number): string {
  return text.replaceAll('\n', `\n${' '.repeat(by)}`);
}

function classLines(grades: Grades): string[] {
  const rows = grades.submissions.map((submission) => [
    short(submission.name),
    submission.score === null ? '' : points(submission.score),
    points(submission.maxScore),
    OUTCOME[submission.outcome],
    short(firstFailingText(submission)),
  ]);
  const items = mostFailed(grades).map((item) => [
    String(item.failed),
    String(item.graded),
    String(item.blocked),
    `${short(item.title)} (${item.id})`,
    mistakeText(item),
  ]);
  return [
    ...table(['name', 'score', 'of', 'outcome', 'first failing lesson'], rows),
    '',
    classSentence(grades),
    ...(items.length === 0
      ? []
      : [
          '',
          'Checks most often failed:',
          '',
          ...table(['failed', 'of', 'blocked', 'check', 'mistake named most often'], items),
        ]),
  ];
}

/** Cut to fit a table. To measure a very long text takes seconds, so most of it goes before. */
function short(text: string): string {
  const begin = text.length > 1000 ? text.slice(0, 1000).replace(/\p{Surrogate}$/u, '') : text;
  return truncate(begin, WIDEST);
}

function table(columns: string[], rows: string[][]): string[] {
  return tableLines({ columns, rows, total: rows.length }, Number.POSITIVE_INFINITY, '');
}
