import type { Finding, FindingState } from '../check/finding.ts';
import type { CheckSpec, Lesson, Task } from '../course/types.ts';
import type { Place, TaskRecord, WalkState } from './state.ts';

export function lessonAt(state: WalkState, index = state.place.lesson): Lesson {
  const lesson = state.course.lessons[index];
  if (!lesson) throw new Error(`no lesson at index ${index}`);
  return lesson;
}

export function taskAt(state: WalkState, place: Place = state.place): Task {
  const task = lessonAt(state, place.lesson).tasks[place.task];
  if (!task) throw new Error(`no task at ${place.lesson}/${place.task}`);
  return task;
}

export function recordOf(state: WalkState, task: Task): TaskRecord {
  return state.records[task.id] ?? { provenance: 'none' };
}

/** The checks that prove a lesson at any later time: all but those that held once. */
export function lastingChecks(lesson: Lesson): CheckSpec[] {
  return lesson.tasks.flatMap((task) => task.checks.filter((check) => !check.once));
}

/**
 * What a check says now. One that had to hold once counts as passed after its task was passed, because later tasks
 * undo it on purpose; but not for the task one is in: who comes back to it wants to know, and may have to do it again.
 */
export function checkState(state: WalkState, task: Task, check: CheckSpec): FindingState | 'unknown' {
  const here = taskAt(state).id === task.id;
  if (check.once && !here && recordOf(state, task).everPassed) return 'passed';
  return state.findings[check.id]?.state ?? 'unknown';
}

/** True when the task's checks all hold, or, if it has none, when its action was carried out (or it was read). */
export function taskPassed(state: WalkState, task: Task): boolean {
  if (task.checks.length === 0) return recordOf(state, task).everPassed !== undefined;
  return task.checks.every((check) => checkState(state, task, check) === 'passed');
}

/** True once the answer to a task's prediction was told. Of a task that is only read it is told by the answering. */
export function answerTold(state: WalkState, task: Task): boolean {
  return task.action.kind !== 'read' && recordOf(state, task).everPassed !== undefined;
}

/**
 * What Enter does with the task one is in: carry out its action, look at its checks, or go on. A command that nobody
 * has run yet is run even where its checks hold already: to see it is the point.
 */
export function enterDoes(state: WalkState): 'act' | 'look' | 'next' {
  const task = taskAt(state);
  const done = state.visit.acted || recordOf(state, task).everPassed !== undefined;
  if (task.action.kind !== 'read' && !done) return 'act';
  if (taskPassed(state, task)) return 'next';
  if (task.action.kind !== 'read') return 'act';
  return task.checks.length > 0 ? 'look' : 'next';
}

/** True while the learner is asked whether to quit although a command runs. */
export function asksToLeave({ activity }: WalkState): boolean {
  return activity.kind === 'running' && !activity.stopping && activity.leaving === true;
}

export type LessonState = 'passed' | 'failed' | 'blocked' | 'error' | 'open';

/**
 * What holds of a lesson now.
 * - `open`: nothing is known of it yet, or of a part of it, and the rest holds.
 * - `blocked`: it does not hold, and a lesson that it needs does not hold either.
 */
export function lessonState(state: WalkState, lesson: Lesson): LessonState {
  const states = lastingChecks(lesson).map((check) => state.findings[check.id]?.state ?? 'unknown');
  if (states.every((one) => one === 'passed')) return 'passed';
  if (states.every((one) => one === 'unknown')) return 'open';
  if (states.includes('error')) return 'error';
  if (states.includes('failed')) return unmetNeeds(state, lesson).length > 0 ? 'blocked' : 'failed';
  return states.includes('blocked') ? 'blocked' : 'open';
}

/** Lessons that this one needs and that do not hold now. */
export function unmetNeeds(state: WalkState, lesson: Lesson): Lesson[] {
  return state.course.lessons.filter(
    (other) => lesson.needs.includes(other.id) && lessonState(state, other) !== 'passed',
  );
}

/** True when the learner has passed every task of the lesson once. */
export function everPassed(state: WalkState, lesson: Lesson): boolean {
  return lesson.tasks.every((task) => recordOf(state, task).everPassed !== undefined);
}

/** Findings of a task's checks that do not pass, in the order of the lesson. */
export function openFindings(state: WalkState, task: Task): Finding[] {
  return task.checks.flatMap((check) => {
    const finding = state.findings[check.id];
    return finding && checkState(state, task, check) !== 'passed' ? [finding] : [];
  });
}

/** How many of the course's lessons hold now. */
export function passedLessons(state: WalkState): number {
  return state.course.lessons.filter((lesson) => lessonState(state, lesson) === 'passed').length;
}
