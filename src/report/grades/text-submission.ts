import type { GradedCheck, GradedLesson, GradedSubmission, Remark, RunRecord } from '../../grade/types.ts';
import { cells } from '../../terminal/wrap.ts';
import {
  BROKEN_TITLE,
  evidenceOf,
  FREE_TITLE,
  lossesOf,
  lostTitle,
  type Reason,
  sharedText,
} from './losses.ts';
import { tellingLines } from './run-words.ts';
import { refusal, type ShownState, STATE, shownState } from './states.ts';
import { apart, hanging, section } from './text-lines.ts';
import { cutText, noMark, points, runEnd, scoreText } from './words.ts';

/** All of one width, so that the points stand under one another. */
const WORD: Record<ShownState, string> = {
  passed: 'passed  ',
  repaired: 'repaired',
  failed: 'FAILED  ',
  blocked: 'blocked ',
  error: 'error   ',
  skipped: 'skipped ',
  nothing: 'nothing ',
  refused: 'refused ',
};

const OPEN: Record<GradedCheck['state'], string> = {
  passed: 'passed',
  failed: 'not yet',
  blocked: 'blocked',
  error: "can't be asked",
};

/** Last lines of an output that are shown. */
const LAST = 6;

/** One submission: its lessons, what cost points and why, and the score, which stands last where a terminal ends. */
export function submissionLines(submission: GradedSubmission, width: number): string[] {
  const none = noMark(submission);
  const { broken, lost, free } = lossesOf(submission);
  return [
    ...apart([hanging('', submission.name, width), lessonTable(submission, width)]),
    ...section(BROKEN_TITLE, apart(broken.map((run) => runLines(run, width))), width),
    ...section(
      lostTitle(submission),
      apart(lost.map(({ lesson, reasons }) => lostLines(lesson, reasons, width))),
      width,
    ),
    ...section(
      FREE_TITLE,
      free.flatMap(({ lesson, check }) => hanging(`  ${stepText(lesson)}  `, check.title, width)),
      width,
    ),
    ...section(
      'Remarks',
      submission.remarks.flatMap((remark) => remarkLines(remark, width)),
      width,
    ),
    '',
    ...(none
      ? hanging('No mark: ', `${none.message} ${none.next}`, width)
      : hanging('', `${scoreText(submission)}.`, width)),
  ];
}

function lessonTable(submission: GradedSubmission, width: number): string[] {
  const refused = refusal(submission);
  // Twelve lines that say the same would hide the one that says why.
  if (refused) return hanging('', `${STATE[refused.state].word}: ${refused.remark.message}`, width);
  const { lessons } = submission;
  const room = Math.max(...lessons.flatMap((one) => [points(one.points), points(one.maxPoints)]).map(cells));
  const states = lessons.map((lesson) => shownState(lesson, submission));
  return [
    ...lessons.flatMap((lesson, at) => {
      const worth = `${points(lesson.points).padStart(room)} of ${points(lesson.maxPoints).padStart(room)}`;
      const lead = `${WORD[states[at] ?? lesson.state]} ${worth}  ${stepText(lesson)}  `;
      return hanging(lead, lesson.title, width);
    }),
    ...(states.includes('repaired')
      ? ['', ...hanging('repaired: ', 'It works with the earlier mistakes repaired. No points lost.', width)]
      : []),
  ];
}

const stepText = ({ step }: GradedLesson): string => String(step).padStart(2);

/** A mark stands before the lines of its output, so that none of them looks like one of the report. */
function runLines(run: RunRecord, width: number): string[] {
  const cut = cutText(run);
  return [
    ...hanging('  ', run.command, width),
    ...hanging('    ', `${runEnd(run)}.${cut ? ` ${cut}` : ''}`, width),
    ...tellingLines(run.output.text, LAST).flatMap((line) => hanging('    | ', line, width)),
  ];
}

function lostLines(lesson: GradedLesson, reasons: Reason[], width: number): string[] {
  const worth = `${points(lesson.points)} of ${points(lesson.maxPoints)} points`;
  return [
    ...hanging(`  ${stepText(lesson)}  `, `${lesson.title}, ${worth}`, width),
    ...reasons.flatMap((reason) => ['', ...reasonLines(reason, lesson, width)]),
  ];
}

function reasonLines(reason: Reason, lesson: GradedLesson, width: number): string[] {
  const [first, ...others] = reason;
  const lead = `    ${OPEN[first.state]}: `;
  const evidence = evidenceOf(reason).flatMap(({ name, text }) =>
    name.length > COLUMN
      ? [...hanging('      ', `${name.toLowerCase()}:`, width), ...hanging('        ', text, width)]
      : hanging(`      ${name.toLowerCase().padEnd(COLUMN)}  `, text, width),
  );
  if (others.length === 0)
    return [...hanging(lead, `${first.title}, ${worthText(first)}`, width), ...evidence];
  return [
    ...hanging('    ', `${sharedText(reason, lesson)}:`, width),
    ...evidence,
    ...reason.flatMap((check) => hanging('      - ', check.title, width)),
  ];
}

/** Cells of the names of evidence, as long as `looked at`; what is longer stands on a line of its own. */
const COLUMN = 9;

const worthText = (check: GradedCheck): string =>
  `${points(check.points)} of ${points(check.maxPoints)} points`;

function remarkLines({ kind, id, where, message }: Remark, width: number): string[] {
  return hanging(`  ${kind.padEnd(6)} `, `${where}: ${message} (${id})`, width);
}
