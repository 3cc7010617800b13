import type { Course, Task } from '../course/types.ts';
import { onIntent } from './intents.ts';
import { enterPlace, NEW_VISIT } from './move.ts';
import { everPassed, lessonAt, lessonState, openFindings, recordOf, taskAt, taskPassed } from './select.ts';
import { settleTask } from './settle.ts';
import type { Report, Step, TaskRecord, WalkEvent, WalkState } from './state.ts';
import { afterAction, feed, say, withFindings } from './step.ts';
import { onAppraised } from './test-out.ts';

export interface StartOptions {
  records?: Record<string, TaskRecord>;
  /** Task id to open at; unknown or absent: the first. */
  at?: string | undefined;
  unattended?: boolean;
  firstLesson?: number;
  lastLesson?: number;
  /** Commands of earlier sessions, oldest first. */
  commands?: readonly string[];
  flags?: string;
}

/** The walk before anything was looked at, and the effect that looks. */
export function startWalk(course: Course, options: StartOptions = {}): Step {
  const first = options.firstLesson ?? 0;
  let place = { lesson: first, task: 0 };
  course.lessons.forEach((lesson, l) => {
    const t = lesson.tasks.findIndex((task) => task.id === options.at);
    if (t >= 0) place = { lesson: l, task: t };
  });
  return {
    state: {
      course,
      place,
      visit: NEW_VISIT,
      records: options.records ?? {},
      findings: {},
      commands: options.commands ?? [],
      flags: options.flags ?? '',
      answers: {},
      declined: [],
      observation: null,
      history: [],
      activity: { kind: 'opening' },
      mode: { kind: 'task' },
      unattended: options.unattended ?? false,
      lastLesson: options.lastLesson ?? course.lessons.length - 1,
    },
    effects: [{ kind: 'open' }],
  };
}

/** The whole walk as one pure function: what happened, and what is to be done about it. */
export function reduce(state: WalkState, event: WalkEvent): Step {
  return isReport(event) ? onReport(state, event) : onIntent(state, event);
}

const REPORTS = new Set<WalkEvent['kind']>([
  'opened',
  'adapted',
  'observed',
  'polled',
  'judged',
  'appraised',
  'ended',
  'returned',
  'wrote',
  'answered',
  'broke',
]);
function isReport(event: WalkEvent): event is Report {
  return REPORTS.has(event.kind);
}

function onReport(state: WalkState, event: Report): Step {
  switch (event.kind) {
    case 'opened': {
      const known = withFindings(state, event.findings, event.observation);
      const lost = known.course.lessons
        .filter((lesson) => everPassed(known, lesson) && lessonState(known, lesson) !== 'passed')
        .map((lesson) => say(lostSentence(known, lesson.step), 'warn'));
      const entered = enterPlace({ ...known, activity: { kind: 'idle' } }, known.place);
      return { state: entered.state, effects: [...lost, ...entered.effects] };
    }
    case 'adapted':
      if (taskAt(state).id !== event.taskId) return { state, effects: [] };
      return { state: { ...state, visit: { ...state.visit, adaptation: event.adaptation } }, effects: [] };
    case 'observed':
      return { state: withFindings(state, event.findings, event.observation), effects: [] };
    case 'polled': {
      if (state.activity.kind !== 'idle') return { state, effects: [] };
      const task = taskAt(state);
      const before = taskPassed(state, task) && recordOf(state, task).everPassed !== undefined;
      const looked = withFindings(state, event.findings, event.observation);
      const known = sawOpen(event.taskId === task.id ? arrivedWith(looked, task) : looked, task);
      // It held on arrival: nobody has done it here, so nothing is noted, and the question stays open.
      const arrived = !known.visit.sawOpen && !known.visit.acted && task.action.kind !== 'read';
      if (arrived && taskPassed(known, task)) return { state: known, effects: [] };
      if (before || taskAt(known).id !== event.taskId || taskAt(known).checks.length === 0) {
        return { state: known, effects: [] };
      }
      return settleTask(known, event.now, 'looked');
    }
    case 'judged': {
      const known = withFindings(state, event.findings, event.observation);
      if (!event.final) return { state: sawOpen(known, taskAt(known)), effects: [] };
      return settleTask(
        { ...known, activity: { kind: 'idle' }, visit: { ...known.visit, judged: true } },
        event.now,
        'acted',
      );
    }
    case 'appraised':
      return onAppraised(state, event);
    case 'ended': {
      // One's own command is no task's action; what it did is seen at the next look.
      if (state.activity.kind === 'running' && state.activity.own) {
        const ended = feed({ kind: 'ended', result: event.result });
        return { state: { ...state, activity: { kind: 'idle' } }, effects: [ended] };
      }
      const ran = {
        at: event.now,
        wasOpen: !taskPassed(state, taskAt(state)),
        asWritten: !event.result.cancelled && runsAsWritten(state, taskAt(state)),
      };
      const acted = { ...state, visit: { ...state.visit, acted: true, lastResult: event.result, ran } };
      const ended = feed({ kind: 'ended', result: event.result });
      if (event.result.cancelled) {
        const visit = { ...acted.visit, auto: false };
        return {
          state: { ...acted, visit, activity: { kind: 'idle' } },
          effects: [ended],
        };
      }
      return afterAction(acted, [ended]);
    }
    case 'returned':
      return { state: { ...state, activity: { kind: 'idle' } }, effects: [] };
    case 'answered':
      return {
        state: { ...state, answers: { ...state.answers, [event.concept]: event.answer } },
        effects: [],
      };
    case 'broke':
      return broke(state, event.message);
    case 'wrote': {
      if (event.problems.length === 0) {
        return afterAction({ ...state, visit: { ...state.visit, acted: true } }, []);
      }
      return {
        state: { ...state, activity: { kind: 'idle' }, visit: { ...state.visit, judged: true, auto: false } },
        effects: event.problems.map((problem) => say(problem, 'bad')),
      };
    }
  }
}

/** Whether what runs is the task's own command, as the lesson has it or in the form for this machine. */
function runsAsWritten({ activity, visit }: WalkState, { action }: Task): boolean {
  if (activity.kind !== 'running' || action.kind !== 'command') return false;
  return activity.command === action.command || activity.command === visit.adaptation?.command;
}

/** Notes that the task's checks do not hold during this visit. */
function sawOpen(state: WalkState, task: Task): WalkState {
  if (state.visit.sawOpen || taskPassed(state, task)) return state;
  return { ...state, visit: { ...state.visit, sawOpen: true } };
}

/** Notes what was wrong with the task before anybody did anything about it here. */
function arrivedWith(state: WalkState, task: Task): WalkState {
  if (state.visit.arrivedWith) return state;
  const causes = openFindings(state, task).map(({ id, mistake }) => [id, mistake]);
  return { ...state, visit: { ...state.visit, arrivedWith: Object.fromEntries(causes) } };
}

/** Settled, if not as hoped: keys work again, and an unattended walk does not try for ever. */
function broke(state: WalkState, message: string): Step {
  const visit = { ...state.visit, judged: true, auto: false };
  return { state: { ...state, activity: { kind: 'idle' }, visit }, effects: [say(message, 'bad')] };
}

function lostSentence(state: WalkState, step: number): string {
  const lesson = lessonAt(state, step - 1);
  const open = lesson.tasks.flatMap((task) => openFindings(state, task));
  const first = open[0];
  const now = first ? ` Wanted: ${first.wanted}. Seen now: ${first.saw}.` : '';
  const held = lesson.tasks.some((task) => recordOf(state, task).provenance === 'held');
  return `Step ${step} (${lesson.title}) ${held ? 'held' : 'was done'}, but it does not hold any more.${now}`;
}
