import type { GradedCheck, GradedLesson, GradedSubmission, RunRecord } from '../../grade/types.ts';
import { fenced } from '../../runbook/markdown-parts.ts';
import {
  BROKEN_TITLE,
  type Evidence,
  evidenceOf,
  FREE_TITLE,
  lossesOf,
  lostTitle,
  type Reason,
  sharedText,
} from './losses.ts';
import { codeEntry, codeLine, prose, proseLine, table } from './markdown-words.ts';
import { refusal, STATE, shownState } from './states.ts';
import { cutText, noMark, points, runEnd, scoreText } from './words.ts';

/** One submission with its evidence: says nothing of others, so that it can be sent to whoever made it. */
export function submissionParts(submission: GradedSubmission): string[] {
  const { name, remarks } = submission;
  const none = noMark(submission);
  const { broken, lost, free } = lossesOf(submission);
  return [
    `## ${codeLine(name)}`,
    none ? `**No mark.** ${prose(none.message)} ${prose(none.next)}` : `**${scoreText(submission)}.**`,
    ...lessonParts(submission),
    ...under(BROKEN_TITLE, broken.flatMap(runParts)),
    ...under(
      lostTitle(submission),
      lost.flatMap(({ lesson, reasons }) => lostParts(lesson, reasons)),
    ),
    ...under(FREE_TITLE, list(free.map(({ lesson, check }) => `${lesson.step} ${prose(check.title)}`))),
    ...under(
      'Remarks',
      list(
        remarks.map(
          ({ kind, id, where, message }) =>
            `${kind}: ${codeLine(where)}: ${prose(message)} (${codeLine(id)})`,
        ),
      ),
    ),
  ];
}

function under(title: string, parts: string[]): string[] {
  return parts.length === 0 ? [] : [`### ${title}`, ...parts];
}

function list(items: string[]): string[] {
  return items.length === 0 ? [] : [items.map((item) => `- ${item}`).join('\n')];
}

function lessonParts(submission: GradedSubmission): string[] {
  const refused = refusal(submission);
  if (refused) return [`**${STATE[refused.state].word}.** ${prose(refused.remark.message)}`];
  const rows = submission.lessons.map((lesson) => {
    const { mark, word } = STATE[shownState(lesson, submission)];
    const { step, title, points: got, maxPoints } = lesson;
    return [`${step} ${prose(title)}`, `${mark} ${word}`, `${points(got)} of ${points(maxPoints)}`];
  });
  return rows.length === 0 ? [] : [table(['Lesson', 'State', 'Points'], rows)];
}

function lostParts(lesson: GradedLesson, reasons: Reason[]): string[] {
  const { step, title, points: got, maxPoints } = lesson;
  return [
    `#### ${step} ${prose(title)} (${points(got)} of ${points(maxPoints)} points)`,
    ...reasons.flatMap((reason) => reasonParts(reason, lesson)),
  ];
}

function reasonParts(reason: Reason, lesson: GradedLesson): string[] {
  const [first, ...others] = reason;
  const { mark, word } = STATE[first.state];
  const evidence = evidenceOf(reason).map(entry).join('\n');
  const state = `**${mark} ${word}**`;
  if (others.length === 0) return [`${state}: ${titleText(first)}`, evidence];
  return [
    `${state}: ${sharedText(reason, lesson)}:`,
    evidence,
    'These are:',
    ...list(reason.map(({ title }) => proseLine(title))),
  ];
}

const titleText = (check: GradedCheck): string => `${prose(check.title)} (${worthText(check)})`;

const worthText = (check: GradedCheck): string =>
  `${points(check.points)} of ${points(check.maxPoints)} points`;

function entry({ name, text, quoted }: Evidence): string {
  return quoted ? codeEntry(name, text) : `- ${name}: ${prose(text)}`;
}

/** In a fence that is longer than any in it: an output is shown as it was. */
function runParts(run: RunRecord): string[] {
  const { command, output } = run;
  const cut = cutText(run);
  return [
    `${codeLine(command)}: ${runEnd(run)}.${cut ? ` ${cut}` : ''}`,
    ...(output.text.trim() === '' ? [] : [fenced(output.text, 'text')]),
  ];
}
