import type { GradedCheck, GradedLesson, GradedSubmission, Remark, RunRecord } from '../../grade/types.ts';
import { escapeMarkup as text } from './markup.ts';
import {
  cutText,
  firstFailing,
  followThroughText,
  noMark,
  points,
  runEnd,
  STATE,
  scoreText,
} from './words.ts';

/**
 * What was seen of each submission. The id stands inside of what is folded: a link to it unfolds it, with no script.
 */
export function evidenceSection(submissions: GradedSubmission[]): string {
  if (submissions.length === 0) return '';
  const open = submissions.length === 1 ? ' open' : '';
  return `<h2>Evidence</h2>\n${submissions.map((submission, at) => student(submission, at, open)).join('\n')}`;
}

function student(submission: GradedSubmission, at: number, open: string): string {
  const first = firstFailing(submission);
  const parts = [
    problem(submission),
    ...submission.lessons.map(openLesson),
    passedLessons(submission.lessons),
    remarks(submission.remarks),
    runs(submission.runs),
  ];
  return `<details class="student"${open}><summary><h3><bdi>${text(submission.name)}</bdi></h3>
<span class="total">${text(scoreText(submission))}</span><span class="soft">${first ? `First failing: ${first.step} ${text(first.title)}` : submission.outcome === 'graded' ? 'No lesson fails' : ''}</span></summary>
<div class="evidence" id="s${at + 1}">
${parts.filter((part) => part !== '').join('\n')}
</div></details>`;
}

function problem(submission: GradedSubmission): string {
  const none = noMark(submission);
  return none
    ? `<p class="warning"><strong>No mark.</strong> ${text(none.message)} ${text(none.next)}</p>`
    : '';
}

function openLesson({ step, title, state, points: got, maxPoints, checks }: GradedLesson): string {
  const open = checks.filter((check) => check.state !== 'passed');
  if (open.length === 0) return '';
  return `<h4>${step} ${text(title)} ${chip(state)} <span class="soft">${points(got)} of ${points(maxPoints)} points</span></h4>
${open.map(check).join('\n')}`;
}

function chip(state: GradedLesson['state']): string {
  const { mark, word } = STATE[state];
  return `<span class="chip ${state}">${mark} ${text(word)}</span>`;
}

function check(one: GradedCheck): string {
  const second = followThroughText(one.followThrough);
  // A blocked check repeats the cause that stands above it.
  const evidence: [string, string][] =
    one.state === 'blocked'
      ? [['Waits for', one.saw]]
      : [
          ['Looked at', one.probe],
          ['Saw', one.saw],
          ['Wanted', one.wanted],
          ['Why', one.why],
        ];
  const rows = [...evidence, ...(second ? [['Then', second] as [string, string]] : [])];
  const { mark, word } = STATE[one.state];
  return `<div class="check is-${one.state}"><p>${mark} ${text(word)}: ${text(one.title)} <small>${points(one.points)} of ${points(one.maxPoints)} points</small></p>
<dl>${rows.map(([name, value]) => `<dt>${name}</dt><dd>${text(value)}</dd>`).join('')}</dl></div>`;
}

function passedLessons(lessons: GradedLesson[]): string {
  const passed = lessons.filter(
    ({ checks }) => checks.length > 0 && checks.every(({ state }) => state === 'passed'),
  );
  if (passed.length === 0) return '';
  const items = passed.map(
    ({ step, title, points: got, maxPoints }) =>
      `<li>${step} ${text(title)} <span class="soft">${points(got)} of ${points(maxPoints)}</span></li>`,
  );
  return `<h4>${STATE.passed.mark} Passed</h4>\n<ul class="held">${items.join('')}</ul>`;
}

function remarks(all: Remark[]): string {
  if (all.length === 0) return '';
  const items = all.map(
    ({ kind, id, where, message }) =>
      `<li>${kind}: <code>${text(where)}</code> ${text(message)} <span class="soft">${text(id)}</span></li>`,
  );
  return `<h4>Remarks</h4>\n<ul>${items.join('')}</ul>`;
}

function runs(all: RunRecord[]): string {
  return all.length === 0 ? '' : `<h4>Commands run</h4>\n${all.map(run).join('\n')}`;
}

function run(one: RunRecord): string {
  const { command, output } = one;
  const cut = cutText(one);
  const shown =
    output.text.trim() === '' ? '<p class="soft">No output.</p>' : `<pre>${text(output.text)}</pre>`;
  return `<details class="run"><summary><code>${text(command)}</code> <span class="soft">${runEnd(one)}</span></summary>
${cut ? `<p class="soft">${cut}</p>` : ''}${shown}</details>`;
}
