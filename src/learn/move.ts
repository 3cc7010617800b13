import type { Task } from '../course/types.ts';
import { lessonAt, recordOf, taskAt } from './select.ts';
import type { Effect, Place, Step, WalkState } from './state.ts';

/** The place after this one; null at the end of the walk. */
export function nextPlace(state: WalkState): Place | null {
  const { lesson, task } = state.place;
  if (task + 1 < lessonAt(state).tasks.length) return { lesson, task: task + 1 };
  return lesson + 1 <= state.lastLesson ? { lesson: lesson + 1, task: 0 } : null;
}

/** The place before this one; the very first has none and stays. */
export function previousPlace(state: WalkState): Place {
  const { lesson, task } = state.place;
  if (task > 0) return { lesson, task: task - 1 };
  if (lesson === 0) return state.place;
  return { lesson: lesson - 1, task: lessonAt(state, lesson - 1).tasks.length - 1 };
}

/** Nothing has happened with the task yet. */
export const NEW_VISIT: WalkState['visit'] = {
  acted: false,
  lastResult: null,
  ran: null,
  judged: false,
  sawOpen: false,
  arrivedWith: null,
  auto: false,
  adaptation: null,
};

/** Opens a task: its heading and prose go to the transcript, its prediction is asked, its checks are looked at. */
export function enterPlace(state: WalkState, place: Place): Step {
  const lesson = lessonAt(state, place.lesson);
  const task = taskAt(state, place);
  const asks = task.prediction && recordOf(state, task).predicted === undefined && !state.unattended;
  const entered: WalkState = {
    ...state,
    place,
    visit: NEW_VISIT,
    findings: withoutOnce(state.findings, task),
    mode: asks && recordOf(state, task).everPassed === undefined ? { kind: 'predict' } : { kind: 'task' },
  };
  const effects: Effect[] = [];
  if (place.task === 0)
    effects.push({ kind: 'feed', item: { kind: 'lesson', lesson, total: state.course.lessons.length } });
  effects.push({
    kind: 'feed',
    item: { kind: 'task', task, number: place.task + 1, total: lesson.tasks.length },
  });
  if (task.action.kind === 'command')
    effects.push({ kind: 'adapt', taskId: task.id, command: task.action.command });
  return { state: entered, effects };
}

/** What held once may be undone by now: it is looked at again before anything is said of it. */
function withoutOnce(findings: WalkState['findings'], task: Task): WalkState['findings'] {
  const once = new Set(task.checks.filter((check) => check.once).map((check) => check.id));
  return Object.fromEntries(Object.entries(findings).filter(([id]) => !once.has(id)));
}
