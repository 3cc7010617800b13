import { KINDS } from '../check/registry.ts';
import { enterPlace, nextPlace } from './move.ts';
import { lastingChecks, lessonAt, recordOf } from './select.ts';
import type { Effect, Place, Report, Step, TaskRecord, WalkState } from './state.ts';
import { feed, SAVE, say, withFindings, withRecord } from './step.ts';

// Whoever arrives at a lesson that holds already may count it as done: a pair that was built before, or by hand.

/** Goes to a task. At the first one of a lesson, what holds of that lesson is looked at where it is worth asking. */
export function arrive(state: WalkState, place: Place): Step {
  const entered = enterPlace(state, place);
  if (place.task !== 0 || !mayTestOut(entered.state)) return entered;
  return {
    state: { ...entered.state, activity: { kind: 'checking', scope: 'lesson', stopping: false } },
    effects: [...entered.effects, { kind: 'appraise' }],
  };
}

/** Goes on from the task one is in: to the next one, or to the end of the walk. */
export function goOn(state: WalkState): Step {
  const next = nextPlace(state);
  if (next) {
    const arrived = arrive(state, next);
    return { state: arrived.state, effects: [SAVE, ...arrived.effects] };
  }
  const survey: Effect[] = state.unattended ? [] : [{ kind: 'survey' }];
  return {
    state: { ...state, mode: { kind: 'done' } },
    effects: [SAVE, ...survey, feed({ kind: 'done', flags: state.flags })],
  };
}

/**
 * Whether the lesson may be counted as done if all of it holds: there is something to do in it, nobody has done any
 * of that in this folder, and not all of its checks follow from the lessons before. A lesson of such checks alone is
 * there to be seen, and holds for everybody who comes to it.
 */
function mayTestOut(state: WalkState): boolean {
  const lesson = lessonAt(state);
  const work = lesson.tasks.filter((task) => task.action.kind !== 'read');
  return (
    !state.unattended &&
    !state.declined.includes(lesson.id) &&
    work.length > 0 &&
    work.every((task) => recordOf(state, task).everPassed === undefined) &&
    lastingChecks(lesson).some(({ kind }) => !KINDS[kind]?.follows)
  );
}

/** What holds of the lesson is known: the keys work again, and the offer is made where all of it does. */
export function onAppraised(state: WalkState, event: Extract<Report, { kind: 'appraised' }>): Step {
  const { activity } = state;
  // Something else has ended the look meanwhile.
  if (activity.kind !== 'checking' || activity.scope !== 'lesson') return { state, effects: [] };
  const known = withFindings({ ...state, activity: { kind: 'idle' } }, event.findings, event.observation);
  // Only what was looked at just now counts: an older finding may be true no more.
  const passed = new Set(event.findings.filter((one) => one.state === 'passed').map((one) => one.id));
  if (!lastingChecks(lessonAt(known)).every((check) => passed.has(check.id)))
    return { state: known, effects: [] };
  return { state: { ...known, mode: { kind: 'test-out', under: known.mode } }, effects: [] };
}

/** The offer is declined: what it lay over is given back, and it is not made again. */
export function walkThrough(state: WalkState): Step {
  if (state.mode.kind !== 'test-out') return { state, effects: [] };
  const declined = [...state.declined, lessonAt(state).id];
  return { state: { ...state, mode: state.mode.under, declined }, effects: [] };
}

/** Counts the lesson as done, by nobody here, and goes on to the next one. */
export function countAsDone(state: WalkState): Step {
  const lesson = lessonAt(state);
  const at = state.observation?.at ?? '';
  const held = lesson.tasks.reduce((sum, task) => {
    const { skipped: _, ...record } = recordOf(sum, task);
    const now: TaskRecord = { ...record, everPassed: at, provenance: 'held' };
    return record.everPassed === undefined ? withRecord(sum, task, now) : sum;
  }, state);
  const last = { lesson: state.place.lesson, task: lesson.tasks.length - 1 };
  const left = goOn({ ...held, place: last, mode: { kind: 'task' } });
  return {
    state: left.state,
    effects: [
      say(`Step ${lesson.step} (${lesson.title}) held already, so it counts as done.`, 'good'),
      ...left.effects,
    ],
  };
}
