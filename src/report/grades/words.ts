import type { GradedLesson, GradedSubmission, GradeOutcome, Grades, RunRecord } from '../../grade/types.ts';
import { seconds } from '../../plain/words.ts';

export type LessonState = GradedLesson['state'];

/** What a state is called. A mark or a colour never stands alone. */
export const STATE: Record<LessonState, { mark: string; word: string }> = {
  passed: { mark: '✔', word: 'Passed' },
  failed: { mark: '✖', word: 'Not yet' },
  blocked: { mark: '⊘', word: 'Blocked' },
  error: { mark: '!', word: "Can't be asked" },
  skipped: { mark: '○', word: 'Not graded' },
};

export const OUTCOME: Record<GradeOutcome, string> = {
  graded: 'graded',
  unusable: 'no mark: unusable',
  partial: 'no mark: not finished',
};

/** Points as a reader writes them: `12`, `2.5`. */
export function points(value: number): string {
  return String(Number(value.toFixed(2)));
}

/** `82 of 100 points`, or that there is no mark: never 0 for work that nobody could look at. */
export function scoreText({ outcome, score, maxScore }: GradedSubmission): string {
  return score === null ? OUTCOME[outcome] : `${points(score)} of ${points(maxScore)} points`;
}

/** Why there is no mark, and the next step; null where there is one. */
export function noMark({ outcome, problem }: GradedSubmission): { message: string; next: string } | null {
  if (outcome === 'graded') return null;
  if (problem !== null) return problem;
  return outcome === 'partial'
    ? { message: 'The grading of this submission is not finished.', next: 'Grade it again to get a mark.' }
    : { message: 'The machine could not be used.', next: 'Grade it again to get a mark.' };
}

/** Where to begin: the first lesson that fails, or one that can't be asked where none fails. */
export function firstFailing({ lessons }: GradedSubmission): GradedLesson | null {
  const first = (...states: LessonState[]) => lessons.find(({ state }) => states.includes(state));
  return first('failed') ?? first('blocked', 'error') ?? null;
}

/** `3 Describe both servers in one file`, or `none`; where there is no mark, none that is seen is not none. */
export function firstFailingText(submission: GradedSubmission): string {
  const lesson = firstFailing(submission);
  if (lesson) return `${lesson.step} ${lesson.title}`;
  // What holds nothing to grade has no lesson that fails; why it has no points is in its remarks.
  const [remark] = submission.remarks;
  if (submission.score === 0 && remark) return remark.message;
  return submission.outcome === 'graded' ? 'none' : 'not known';
}

/**
 * What the second copy says of a check or a lesson that does not pass in the student's own work, as a sentence; null
 * where it was not looked at there.
 */
export function followThroughText(followThrough: GradedLesson['followThrough']): string | null {
  if (followThrough === null) return null;
  const said = {
    passed: 'it passes',
    failed: 'it does not pass either',
    blocked: 'it is blocked there too',
    error: "it can't be asked there",
  }[followThrough];
  return `Where the failures before it are mended, ${said}.`;
}

/** `exit code 1 after 0.4 s` */
export function runEnd({ exitCode, timedOut, ms }: RunRecord): string {
  const end = timedOut
    ? 'stopped by its time limit'
    : exitCode === null
      ? 'ended from outside'
      : `exit code ${exitCode}`;
  return `${end} after ${seconds(ms)}`;
}

/** How much of an output is not shown; null where it is whole. */
export function cutText({ output: { cut, bytes } }: RunRecord): string | null {
  return cut > 0 ? `${cut} of ${bytes} bytes of its output are left out.` : null;
}

/** How many submissions have a mark, and how many have none. */
export function countOutcomes({ submissions }: Grades): Record<GradeOutcome, number> {
  const counts = { graded: 0, unusable: 0, partial: 0 };
  for (const { outcome } of submissions) counts[outcome] += 1;
  return counts;
}

/** `3 submissions: 1 graded, 1 unusable, 1 not finished.` */
export function classSentence(grades: Grades): string {
  const { graded, unusable, partial } = countOutcomes(grades);
  const total = grades.submissions.length;
  const without = [
    ...(unusable > 0 ? [`${unusable} unusable`] : []),
    ...(partial > 0 ? [`${partial} not finished`] : []),
  ];
  return `${total} ${total === 1 ? 'submission' : 'submissions'}: ${[`${graded} graded`, ...without].join(', ')}.`;
}

/** The course, as a title of a report. */
export function courseText({ course }: Grades): string {
  return `${course.title} (${course.id} ${course.version})`;
}

/** Said where a record is not whole, so that nobody takes it for the end. */
export function unfinishedText({ endedAt }: Grades): string | null {
  return endedAt === null
    ? 'The grading of this class is not finished: submissions may be missing here.'
    : null;
}
