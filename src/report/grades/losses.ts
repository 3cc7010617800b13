import type { GradedCheck, GradedLesson, GradedSubmission, RunRecord } from '../../grade/types.ts';
import { blockedText, followThroughText, whyText } from './words.ts';

/** Checks of a lesson that do not pass for one and the same reason; mostly it is one check. */
export type Reason = [GradedCheck, ...GradedCheck[]];

/** What reports for people tell of a submission, in this order: what to repair first stands first. */
export interface Losses {
  /** Commands and scripts that ended badly: mostly the cause of what fails. */
  broken: RunRecord[];
  /** Lessons with checks that cost points, or may do so yet. */
  lost: { lesson: GradedLesson; reasons: Reason[] }[];
  /** Checks that failed only because of an earlier mistake. To read their evidence helps nobody. */
  free: { lesson: GradedLesson; check: GradedCheck }[];
}

export function lossesOf({ lessons, runs }: GradedSubmission): Losses {
  const free = lessons.flatMap((lesson) =>
    lesson.checks.filter(costNothing).map((check) => ({ lesson, check })),
  );
  const lost = lessons.map((lesson) => ({
    lesson,
    reasons: reasonsOf(lesson.checks.filter((check) => check.state !== 'passed' && !costNothing(check))),
  }));
  return {
    broken: runs.filter(({ exitCode }) => exitCode !== 0),
    lost: lost.filter(({ reasons }) => reasons.length > 0),
    free,
  };
}

/** Does not hold in the student's own work, and has its points all the same. */
export function costNothing({ state, followThrough, points, maxPoints }: GradedCheck): boolean {
  return state !== 'passed' && followThrough === 'passed' && points >= maxPoints;
}

/** One mistake (a compose file that is not YAML) makes all checks of a lesson say the same. */
function reasonsOf(checks: GradedCheck[]): Reason[] {
  const reasons = new Map<string, Reason>();
  for (const check of checks) {
    const { state, probe, saw, why, followThrough } = check;
    // What blocks a check is told with its place. Why it would matter to test it is another thing.
    const reason = state === 'blocked' ? [probe, saw] : [saw, why];
    const key = JSON.stringify([state, reason, followThrough]);
    const known = reasons.get(key);
    if (known) known.push(check);
    else reasons.set(key, [check]);
  }
  return [...reasons.values()];
}

/** What stands above a reason that several checks share: `All 14 checks of this lesson fail for the same reason`. */
export function sharedText([first, ...others]: Reason, lesson: GradedLesson): string {
  const count = others.length + 1;
  const all = count < lesson.checks.length ? '' : count === 2 ? 'Both' : `All ${count}`;
  const what = { passed: 'pass', failed: 'fail', blocked: 'could not be tested', error: "can't be asked" };
  return `${all || count} checks of this lesson ${what[first.state]} for the same reason`;
}

export interface Evidence {
  name: string;
  text: string;
  /** Words of the student's files and servers; else a sentence of ours. */
  quoted: boolean;
}

/** Why a check, or several for one reason, does not pass. What those do not share says nothing of the reason. */
export function evidenceOf([first, ...others]: Reason): Evidence[] {
  const second = followThroughText(first);
  const then = second ? [{ name: 'Then', text: second, quoted: false }] : [];
  if (first.state === 'blocked')
    return [{ name: 'Could not be tested, because', text: blockedText(first), quoted: true }, ...then];
  const shared = (field: 'probe' | 'wanted') => others.every((other) => other[field] === first[field]);
  return [
    ...(shared('probe') ? [{ name: 'Looked at', text: first.probe, quoted: true }] : []),
    { name: 'Saw', text: first.saw, quoted: true },
    ...(shared('wanted') ? [{ name: 'Wanted', text: first.wanted, quoted: true }] : []),
    { name: 'Why', text: whyText(first), quoted: false },
    ...then,
  ];
}

/** Where there is no mark, nothing has cost points yet. */
export function lostTitle({ score }: GradedSubmission): string {
  return score === null ? 'What failed so far' : 'What cost points';
}

export const FREE_TITLE = 'Failed only because of that, and cost nothing';
export const BROKEN_TITLE = 'Commands that did not end well';
