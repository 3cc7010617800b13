import type { GradedSubmission, Grades } from '../../grade/types.ts';
import { tableLines } from '../../plain/table.ts';
import { cells } from '../../terminal/wrap.ts';
import { mistakeText, mostFailed, type Trouble, troubleTitle } from './item-analysis.ts';
import { firstFailingText, refusal } from './states.ts';
import { apart, fitting, hanging, NARROWEST, section } from './text-lines.ts';
import { submissionLines } from './text-submission.ts';
import { withoutTricks } from './untrusted.ts';
import {
  classSentence,
  courseText,
  leftOutText,
  nextSteps,
  OUTCOME,
  points,
  scoreText,
  unfinishedText,
} from './words.ts';

/** Below this a table would have no room for a name and a title. */
const TABLE_FROM = 60;

/**
 * Grades for a terminal, without colours: one submission with its evidence, or a line for each of a class.
 * @param width Cells of a line. Nothing is wider, but for terminals that are too narrow to read on.
 */
export function gradesAsText(grades: Grades, width = 80): string {
  const safe = withoutTricks(grades);
  const room = Math.max(NARROWEST, width);
  const [only, ...others] = safe.submissions;
  const leftOut = leftOutText(safe);
  const left = leftOut === null ? [] : hanging('', leftOut, room);
  const parts =
    only && others.length === 0
      ? // The score stands last.
        [left, submissionLines(only, room)]
      : [classLines(safe, room), left, unfinishedLines(safe, room)];
  const lines = apart([hanging('', courseText(safe), room), ...parts]);
  return `${lines.join('\n')}\n`;
}

function unfinishedLines(grades: Grades, width: number): string[] {
  const unfinished = unfinishedText(grades);
  return unfinished === null || grades.submissions.length === 0 ? [] : hanging('', unfinished, width);
}

function classLines(grades: Grades, width: number): string[] {
  const { submissions } = grades;
  const steps = nextSteps(grades);
  return [
    ...(width < TABLE_FROM && submissions.length > 0
      ? submissions.flatMap((one) => twoLines(one, width))
      : table(submissions, width)),
    ...section('Checks most often failed', itemLines(mostFailed(grades), width), width),
    '',
    ...hanging('', classSentence(grades), width),
    ...steps.flatMap((step) => hanging('', step, width)),
  ];
}

/** The first lesson that fails, or why there is no mark. */
const remarkOn = (submission: GradedSubmission): string =>
  submission.score === null ? OUTCOME[submission.outcome] : firstFailingText(submission);

function twoLines(submission: GradedSubmission, width: number): string[] {
  const first = remarkOn(submission);
  const lead = refusal(submission) ? ', ' : ', first failing: ';
  const begin = submission.score === null || first === 'none' ? '' : `${lead}${first}`;
  return [
    ...hanging('', submission.name, width),
    ...hanging('    ', `${scoreText(submission)}${begin}`, width),
  ];
}

const COLUMNS = ['name', 'score', 'of', 'first failing lesson'];

/** Long names and titles are cut, so that the table is as wide as the terminal at the most. */
function table(submissions: GradedSubmission[], width: number): string[] {
  const whole = submissions.map((submission) => ({
    name: fitting(submission.name, width),
    score: submission.score === null ? '' : points(submission.score),
    of: points(submission.maxScore),
    first: fitting(remarkOn(submission), width),
  }));
  const widest = (texts: string[]) => Math.max(...texts.map(cells));
  const [name = '', score = '', of = '', first = ''] = COLUMNS;
  const numbers =
    widest([score, ...whole.map((row) => row.score)]) + widest([of, ...whole.map((row) => row.of)]);
  const room = width - numbers - ' | '.length * (COLUMNS.length - 1);
  const names = widest([name, ...whole.map((row) => row.name)]);
  const titles = widest([first, ...whole.map((row) => row.first)]);
  // A name gets what titles leave, and two fifths in any case: it is what a line is found by.
  const forNames = Math.min(names, Math.max(room - titles, Math.floor((room * 2) / 5)));
  const rows = whole.map((row) => [
    fitting(row.name, forNames),
    row.score,
    row.of,
    fitting(row.first, room - forNames),
  ]);
  return tableLines({ columns: COLUMNS, rows, total: rows.length }, Number.POSITIVE_INFINITY, '');
}

function itemLines(items: Trouble[], width: number): string[] {
  const counts = items.map(({ failed, graded }) => `${failed} of ${graded}`);
  const room = Math.max(0, ...counts.map((one) => one.length));
  return items.flatMap((item, at) => {
    const lead = `  ${(counts[at] ?? '').padStart(room)}  `;
    return [
      ...hanging(lead, `${item.lesson.step} ${troubleTitle(item)}`, width),
      ...hanging(' '.repeat(lead.length), mistakeText(item), width),
    ];
  });
}
