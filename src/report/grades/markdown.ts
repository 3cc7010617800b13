import type { GradedCheck, GradedLesson, GradedSubmission, Grades, RunRecord } from '../../grade/types.ts';
import { fenced } from '../../runbook/markdown-parts.ts';
import { mistakeText, mostFailed } from './item-analysis.ts';
import { codeCell, codeEntry, codeLine, prose, table } from './markdown-words.ts';
import { withoutTricks } from './untrusted.ts';
import {
  classSentence,
  courseText,
  cutText,
  firstFailingText,
  followThroughText,
  noMark,
  points,
  runEnd,
  STATE,
  scoreText,
  unfinishedText,
} from './words.ts';

/** Feedback to paste where Markdown is read: for one submission, or for a class with a section for each. */
export function gradesAsMarkdown(grades: Grades): string {
  const safe = withoutTricks(grades);
  const unfinished = unfinishedText(safe);
  const parts = [
    `# ${prose(courseText(safe))}`,
    ...(safe.submissions.length === 1 ? [] : classParts(safe, unfinished)),
    ...safe.submissions.flatMap(submissionParts),
  ];
  return `${parts.join('\n\n')}\n`;
}

function classParts(grades: Grades, unfinished: string | null): string[] {
  const rows = grades.submissions.map((submission) => [
    codeCell(submission.name),
    scoreText(submission),
    prose(firstFailingText(submission)),
  ]);
  const items = mostFailed(grades).map((item) => [
    `${prose(item.title)} (${codeCell(item.id)})`,
    `${item.failed} of ${item.graded}`,
    String(item.blocked),
    prose(mistakeText(item)),
  ]);
  return [
    classSentence(grades),
    ...(unfinished ? [`**${unfinished}**`] : []),
    ...(rows.length === 0 ? [] : [table(['Submission', 'Score', 'First failing lesson'], rows)]),
    ...(items.length === 0
      ? []
      : [
          '## Checks most often failed',
          table(['Check', 'Failed', 'Blocked', 'Mistake named most often'], items),
        ]),
  ];
}

function submissionParts(submission: GradedSubmission): string[] {
  const { name, lessons, remarks, runs } = submission;
  const none = noMark(submission);
  const broken = runs.filter(({ exitCode }) => exitCode !== 0);
  return [
    `## ${codeLine(name)}`,
    none ? `**No mark.** ${prose(none.message)} ${prose(none.next)}` : `**${scoreText(submission)}.**`,
    ...(lessons.length === 0 ? [] : [table(['Lesson', 'State', 'Points'], lessons.map(lessonRow))]),
    ...lessons.flatMap(lessonParts),
    ...(remarks.length === 0
      ? []
      : [
          '### Remarks',
          remarks
            .map(
              ({ kind, id, where, message }) =>
                `- ${kind}: ${codeLine(where)}, ${prose(message)} (${codeLine(id)})`,
            )
            .join('\n'),
        ]),
    ...(broken.length === 0 ? [] : ['### Commands that did not end well', ...broken.flatMap(runParts)]),
  ];
}

function lessonRow({ step, title, state, points: got, maxPoints }: GradedLesson): string[] {
  const { mark, word } = STATE[state];
  return [`${step} ${prose(title)}`, `${mark} ${word}`, `${points(got)} of ${points(maxPoints)}`];
}

function lessonParts({ step, title, checks }: GradedLesson): string[] {
  const open = checks.filter(({ state }) => state !== 'passed');
  return open.length === 0 ? [] : [`### ${step} ${prose(title)}`, ...open.flatMap(checkParts)];
}

function checkParts(check: GradedCheck): string[] {
  const { mark, word } = STATE[check.state];
  const second = followThroughText(check.followThrough);
  // A blocked check repeats the cause that stands above it.
  const evidence =
    check.state === 'blocked'
      ? [codeEntry('Waits for', check.saw)]
      : [
          codeEntry('Looked at', check.probe),
          codeEntry('Saw', check.saw),
          `- Wanted: ${prose(check.wanted)}`,
          `- Why: ${prose(check.why)}`,
        ];
  return [
    `**${mark} ${word}**: ${prose(check.title)} (${points(check.points)} of ${points(check.maxPoints)} points)`,
    [...evidence, ...(second ? [`- ${second}`] : [])].join('\n'),
  ];
}

function runParts(run: RunRecord): string[] {
  const { command, output } = run;
  const cut = cutText(run);
  return [
    `${codeLine(command)}: ${runEnd(run)}.${cut ? ` ${cut}` : ''}`,
    ...(output.text.trim() === '' ? [] : [fenced(output.text, 'text')]),
  ];
}
