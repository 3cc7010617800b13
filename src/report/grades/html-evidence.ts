import type { GradedCheck, GradedLesson, GradedSubmission, Remark, RunRecord } from '../../grade/types.ts';
import {
  BROKEN_TITLE,
  evidenceOf,
  FREE_TITLE,
  type Losses,
  lossesOf,
  lostTitle,
  type Reason,
  sharedText,
} from './losses.ts';
import { escapeMarkup as text } from './markup.ts';
import { firstFailingText, refusal, type ShownState, STATE, shownState } from './states.ts';
import { cutText, noMark, points, runEnd, scoreText } from './words.ts';

/**
 * What was seen of each submission. The id stands inside of what is folded: a link to it unfolds it, with no script.
 */
export function evidenceSection(submissions: GradedSubmission[]): string {
  if (submissions.length === 0) return '';
  const open = submissions.length === 1 ? ' open' : '';
  return `<h2>Evidence</h2>\n${submissions.map((submission, at) => student(submission, at, open)).join('\n')}`;
}

function student(submission: GradedSubmission, at: number, open: string): string {
  const losses = lossesOf(submission);
  const parts = [
    problem(submission),
    runs(BROKEN_TITLE, losses.broken, ' open'),
    lost(submission, losses),
    free(losses),
    passedLessons(submission.lessons),
    remarks(submission.remarks),
    runs(
      losses.broken.length > 0 ? 'Other commands' : 'Commands run',
      submission.runs.filter((one) => !losses.broken.includes(one)),
      '',
    ),
  ];
  return `<details class="student"${open}><summary><h3><bdi>${text(submission.name)}</bdi></h3>
<span class="total">${text(scoreText(submission))}</span><span class="soft">${text(beginning(submission))}</span></summary>
<div class="evidence" id="s${at + 1}">
${parts.filter((part) => part !== '').join('\n')}
</div></details>`;
}

/** Beside the name: where to begin. */
function beginning(submission: GradedSubmission): string {
  const first = firstFailingText(submission);
  if (first === 'none') return 'No lesson fails';
  if (first === 'not known') return '';
  return refusal(submission) ? first : `First failing: ${first}`;
}

function problem(submission: GradedSubmission): string {
  const none = noMark(submission);
  const refused = refusal(submission);
  if (none)
    return `<p class="warning"><strong>No mark.</strong> ${text(none.message)} ${text(none.next)}</p>`;
  if (!refused) return '';
  return `<p class="warning"><strong>${STATE[refused.state].word}.</strong> ${text(refused.remark.message)}</p>`;
}

function lost(submission: GradedSubmission, losses: Losses): string {
  if (losses.lost.length === 0) return '';
  const lessons = losses.lost.map(({ lesson, reasons }) => {
    const { step, title, points: got, maxPoints } = lesson;
    return `<h5>${step} ${text(title)} ${chip(shownState(lesson, submission))} <span class="soft">${points(got)} of ${points(maxPoints)} points</span></h5>
${reasons.map((one) => reasonBlock(one, lesson)).join('\n')}`;
  });
  return `<h4>${lostTitle(submission)}</h4>\n${lessons.join('\n')}`;
}

function chip(state: ShownState): string {
  const { mark, word } = STATE[state];
  return `<span class="chip ${state}">${mark} ${text(word)}</span>`;
}

const worth = (check: GradedCheck): string =>
  `<small>${points(check.points)} of ${points(check.maxPoints)} points</small>`;

function reasonBlock(reason: Reason, lesson: GradedLesson): string {
  const [first, ...others] = reason;
  const { mark, word } = STATE[first.state];
  const rows = evidenceOf(reason).map(
    ({ name, text: said }) =>
      `<dt${name.length > 12 ? ' class="wide"' : ''}>${name}</dt><dd>${text(said)}</dd>`,
  );
  const evidence = `<dl>${rows.join('')}</dl>`;
  if (others.length === 0)
    return `<div class="check is-${first.state}"><p>${mark} ${text(word)}: ${text(first.title)} ${worth(first)}</p>
${evidence}</div>`;
  const titles = reason.map((one) => `<li class="open">${text(one.title)}</li>`);
  return `<div class="check is-${first.state} shared"><p>${mark} ${text(`${sharedText(reason, lesson)}:`)}</p>
${evidence}<ul>${titles.join('')}</ul></div>`;
}

function free({ free: all }: Losses): string {
  if (all.length === 0) return '';
  const items = all.map(
    ({ lesson, check }) =>
      `<li class="open"><span class="soft">${lesson.step}</span> ${text(check.title)}</li>`,
  );
  return `<h4>${STATE.repaired.mark} ${FREE_TITLE}</h4>\n<ul class="free">${items.join('')}</ul>`;
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

function runs(title: string, all: RunRecord[], open: '' | ' open'): string {
  return all.length === 0 ? '' : `<h4>${title}</h4>\n${all.map((one) => run(one, open)).join('\n')}`;
}

function run(one: RunRecord, open: string): string {
  const { command, output } = one;
  const cut = cutText(one);
  const shown =
    output.text.trim() === '' ? '<p class="soft">No output.</p>' : `<pre>${text(output.text)}</pre>`;
  return `<details class="run"${open}><summary><code>${text(command)}</code> <span class="soft">${runEnd(one)}</span></summary>
${cut ? `<p class="soft">${cut}</p>` : ''}${shown}</details>`;
}
