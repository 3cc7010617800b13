import type { GradedLesson, GradedSubmission, Grades } from '../../grade/types.ts';
import { mistakeText, mostFailed, type Trouble, troubleTitle } from './item-analysis.ts';
import { escapeMarkup as text } from './markup.ts';
import { type ShownState, STATE, shownState } from './states.ts';
import { OUTCOME, points } from './words.ts';

/** The class on one sheet: a row for each student, a column for each lesson. */
export function classSection({ submissions, maxScore }: Grades): string {
  if (submissions.length === 0)
    return '<h2 id="class">Class</h2>\n<p class="soft">No submission is graded yet.</p>';
  const lessons = lessonsOf(submissions);
  return `<h2 id="class">Class</h2>
<p class="soft">Each cell says the state of a lesson and the points that it got. A name leads to the evidence.</p>
<div class="scroll" role="region" aria-labelledby="class" tabindex="0">
<table class="class">
<thead><tr><th scope="col" class="name">Submission</th><th scope="col" class="score">Score<br>of ${points(maxScore)}</th>
${lessons.map(columnHead).join('\n')}</tr></thead>
<tbody>
${submissions.map((submission, at) => row(submission, at, lessons)).join('\n')}
</tbody>
</table>
</div>
<ul class="legend" aria-label="What the marks mean">
${legend(submissions)}
</ul>
<p class="soft">Blocked: something before it fails, so it could not be tested.</p>`;
}

/** The marks that are on the sheet, and those that nearly every sheet has. */
function legend(submissions: GradedSubmission[]): string {
  const shown = new Set<ShownState>(['passed', 'repaired', 'failed', 'blocked', 'error']);
  for (const one of submissions) for (const lesson of one.lessons) shown.add(shownState(lesson, one));
  return (Object.keys(STATE) as ShownState[])
    .filter((state) => shown.has(state))
    .map((state) => `<li class="chip ${state}">${STATE[state].mark} ${text(STATE[state].word)}</li>`)
    .join('\n');
}

/** All lessons of the class by their step: one that is cut short may lack some. */
function lessonsOf(submissions: GradedSubmission[]): GradedLesson[] {
  const byId = new Map(submissions.flatMap(({ lessons }) => lessons.map((lesson) => [lesson.id, lesson])));
  return [...byId.values()].sort((a, b) => a.step - b.step);
}

function columnHead({ step, title, maxPoints }: GradedLesson): string {
  return `<th scope="col" class="lesson"><span>${text(title)}</span><b>${step}</b>of ${points(maxPoints)}</th>`;
}

function row(submission: GradedSubmission, at: number, lessons: GradedLesson[]): string {
  const own = new Map(submission.lessons.map((lesson) => [lesson.id, lesson]));
  return `<tr><th scope="row" class="name"><a href="#s${at + 1}"><bdi>${text(submission.name)}</bdi></a></th>${scoreCell(submission)}
${lessons.map(({ id }) => lessonCell(own.get(id), submission)).join('')}</tr>`;
}

function scoreCell({ outcome, score }: GradedSubmission): string {
  if (score === null) return `<td class="score none">${text(OUTCOME[outcome])}</td>`;
  return `<td class="score"><b>${points(score)}</b></td>`;
}

function lessonCell(lesson: GradedLesson | undefined, submission: GradedSubmission): string {
  if (!lesson)
    return '<td class="cell skipped"><span aria-hidden="true">–</span><span class="hidden">Not looked at</span></td>';
  const state = shownState(lesson, submission);
  const { mark, word } = STATE[state];
  return (
    `<td class="cell ${state}"><i aria-hidden="true">${mark}</i><span class="hidden">${text(word)}, </span>` +
    `${points(lesson.points)}<span class="hidden"> of ${points(lesson.maxPoints)}</span></td>`
  );
}

/** Where the class has its trouble; nothing where no check cost points, or nobody is there to compare with. */
export function itemSection(grades: Grades): string {
  const items = grades.submissions.length === 1 ? [] : mostFailed(grades);
  if (items.length === 0) return '';
  return `<h2 id="items">Checks most often failed</h2>
<p class="soft">Of the submissions that have a mark. What failed because of an earlier mistake, and cost nothing, is not counted.</p>
<div class="scroll" role="region" aria-labelledby="items" tabindex="0">
<table class="items">
<thead><tr><th scope="col">Check</th><th scope="col">Failed</th><th scope="col">Most often because</th></tr></thead>
<tbody>
${items.map(itemRow).join('\n')}
</tbody>
</table>
</div>`;
}

function itemRow(item: Trouble): string {
  const share = ((100 * item.failed) / item.graded).toFixed(1);
  return (
    `<tr><th scope="row">${text(troubleTitle(item))}<small>${item.lesson.step} ${text(item.lesson.title)}</small></th>` +
    `<td>${item.failed} of ${item.graded}<span class="share" aria-hidden="true"><span style="width:${share}%"></span></span></td>` +
    `<td>${text(mistakeText(item))}</td></tr>`
  );
}
