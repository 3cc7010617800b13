import type { GradedCheck, GradedSubmission, GradeOutcome, Grades, RunRecord } from '../../grade/types.ts';
import { seconds } from '../../plain/words.ts';

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

/**
 * What the second copy says of a check that does not pass in the student's own work, as a sentence; null where it was
 * not looked at there. Points are named only where that is true: a course may give fewer of them for what comes later.
 */
export function followThroughText({ followThrough, points: got, maxPoints }: GradedCheck): string | null {
  if (followThrough === null) return null;
  const said = {
    passed:
      got >= maxPoints
        ? 'this works. No points lost.'
        : `this works, and gives ${points(got)} of its ${points(maxPoints)} points.`,
    failed: 'this still fails.',
    blocked: 'this still could not be tested.',
    error: "this can't be asked.",
  }[followThrough];
  return `With all earlier steps right, ${said}`;
}

/** The reason, and before it what a command complained of. */
export const whyText = ({ cause, why }: GradedCheck): string => (cause ? `${cause} ${why}` : why);

/**
 * Why a check could not be tested. What was seen needs its subject: `no such container`, `it has stopped (exit code
 * 1)`, `it does not stream from the leader`. `created` is Docker's word for what never ran.
 */
export function blockedText({ probe, saw }: GradedCheck): string {
  return `${probe}: ${saw === 'it is created' ? 'it was made, but never started' : saw}`;
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

/** What a teacher does about submissions that have no mark, once for all of a kind. Nothing where all have one. */
export function nextSteps(grades: Grades): string[] {
  const byNext = new Map<string, { count: number; message: string }>();
  for (const { outcome, problem } of grades.submissions) {
    if (outcome !== 'unusable' || problem === null) continue;
    const { count, message } = byNext.get(problem.next) ?? { count: 0, message: problem.message };
    byNext.set(problem.next, { count: count + 1, message });
  }
  const faults = [...byNext].map(
    ([next, { count, message }]) =>
      `${count} ${count === 1 ? 'has' : 'have'} no mark, which is the machine's fault: ${message} ${next}`,
  );
  if (faults.length > 0) return [...faults, 'Then run the same command with --resume.'];
  return countOutcomes(grades).partial > 0 ? ['To go on, run the same command with --resume.'] : [];
}

export const NOT_LOOKED_AT = 'Not looked at, because they are no folder, .zip or .tar.gz';

/** Entries that nobody looked at: a teacher must not take them for students who handed nothing in. */
export function leftOutText({ leftOut = [] }: Grades): string | null {
  if (leftOut.length === 0) return null;
  return `${NOT_LOOKED_AT}: ${leftOut.join(', ')}.`;
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
