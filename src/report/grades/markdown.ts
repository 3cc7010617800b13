import type { GradedSubmission, Grades } from '../../grade/types.ts';
import { mistakeText, mostFailed, troubleTitle } from './item-analysis.ts';
import { submissionParts } from './markdown-submission.ts';
import { codeCell, codeLine, prose, table } from './markdown-words.ts';
import { firstFailingText } from './states.ts';
import { withoutTricks } from './untrusted.ts';
import { classSentence, courseText, NOT_LOOKED_AT, scoreText, unfinishedText } from './words.ts';

/** Feedback to paste where Markdown is read: for one submission, or for a class with a section for each. */
export function gradesAsMarkdown(grades: Grades): string {
  const safe = withoutTricks(grades);
  return pageOf(safe, [
    ...(safe.submissions.length === 1 ? leftOutParts(safe) : classParts(safe)),
    ...safe.submissions.flatMap(submissionParts),
  ]);
}

/** A page for one student, which can be sent as it is: no word in it is about another one. */
export function submissionAsMarkdown(grades: Grades, submission: GradedSubmission): string {
  const { leftOut, ...own } = grades;
  const safe = withoutTricks({ ...own, submissions: [submission] });
  return pageOf(safe, safe.submissions.flatMap(submissionParts));
}

function pageOf(grades: Grades, parts: string[]): string {
  return `${[`# ${prose(courseText(grades))}`, ...parts].join('\n\n')}\n`;
}

function classParts(grades: Grades): string[] {
  const unfinished = unfinishedText(grades);
  const rows = grades.submissions.map((submission) => [
    codeCell(submission.name),
    scoreText(submission),
    prose(firstFailingText(submission)),
  ]);
  const items = mostFailed(grades).map((item) => [
    `${item.lesson.step} ${prose(troubleTitle(item))}`,
    `${item.failed} of ${item.graded}`,
    prose(mistakeText(item)),
  ]);
  return [
    classSentence(grades),
    ...(unfinished ? [`**${unfinished}**`] : []),
    ...leftOutParts(grades),
    ...(rows.length === 0 ? [] : [table(['Submission', 'Score', 'First failing lesson'], rows)]),
    ...(items.length === 0
      ? []
      : ['## Checks most often failed', table(['Check', 'Failed', 'Most often because'], items)]),
  ];
}

function leftOutParts({ leftOut = [] }: Grades): string[] {
  if (leftOut.length === 0) return [];
  return [`${NOT_LOOKED_AT}: ${leftOut.map(codeLine).join(', ')}.`];
}
