import type { GradedLesson, GradedSubmission, Remark } from '../../grade/types.ts';
import { costNothing } from './losses.ts';

/**
 * What a report shows of a lesson, beside the states of the record:
 * - `repaired`: its checks failed because of an earlier mistake only, and have all their points.
 * - `nothing`: there is no file to grade. `refused`: the submission was not taken. Both are 0 points, which is a mark.
 */
export type ShownState = GradedLesson['state'] | 'repaired' | 'nothing' | 'refused';

/** What a state is called. A mark or a colour never stands alone. */
export const STATE: Record<ShownState, { mark: string; word: string }> = {
  passed: { mark: '✔', word: 'Passed' },
  repaired: { mark: '↺', word: 'Full points after an earlier mistake was repaired' },
  failed: { mark: '✖', word: 'Not yet' },
  blocked: { mark: '⊘', word: 'Blocked' },
  error: { mark: '!', word: "Can't be asked" },
  skipped: { mark: '○', word: 'Not graded' },
  nothing: { mark: '∅', word: 'Nothing handed in' },
  refused: { mark: '⊗', word: 'Not accepted' },
};

/** What a lesson of a submission is shown as: what costs nothing must not look like a loss. */
export function shownState(lesson: GradedLesson, submission: GradedSubmission): ShownState {
  const { state, checks } = lesson;
  if (state === 'skipped') return refusal(submission)?.state ?? state;
  if (state === 'passed') return state;
  const open = checks.filter((check) => check.state !== 'passed');
  return open.length > 0 && open.every(costNothing) ? 'repaired' : state;
}

/** Why nothing of a submission was graded though it has a mark; null where something was. */
export function refusal(submission: GradedSubmission): { state: ShownState; remark: Remark } | null {
  const { outcome, score, lessons, remarks } = submission;
  if (outcome !== 'graded' || score !== 0 || lessons.some(({ state }) => state !== 'skipped')) return null;
  const remark = remarks.findLast(({ kind }) => kind === 'intake');
  return remark ? { state: remark.id === 'empty-submission' ? 'nothing' : 'refused', remark } : null;
}

/** Where to begin: the first lesson that fails and costs points, or one that can't be asked where none fails. */
function firstFailing(submission: GradedSubmission): GradedLesson | null {
  const first = (...states: ShownState[]) =>
    submission.lessons.find((lesson) => states.includes(shownState(lesson, submission)));
  return first('failed') ?? first('blocked', 'error') ?? null;
}

/** `3 Describe both servers in one file`, or `none`; where there is no mark, none that is seen is not none. */
export function firstFailingText(submission: GradedSubmission): string {
  const lesson = firstFailing(submission);
  if (lesson) return `${lesson.step} ${lesson.title}`;
  const refused = refusal(submission);
  if (refused) return STATE[refused.state].word;
  return submission.outcome === 'graded' ? 'none' : 'not known';
}
