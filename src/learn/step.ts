import type { Finding } from '../check/finding.ts';
import type { Task } from '../course/types.ts';
import { taskAt } from './select.ts';
import type { Effect, FeedItem, Step, TaskRecord, Tone, WalkState } from './state.ts';

// Small moves that reports and intents share.

export const SAVE: Effect = { kind: 'save' };
export const feed = (item: FeedItem): Effect => ({ kind: 'feed', item });
export const say = (text: string, tone: Tone = 'plain'): Effect => feed({ kind: 'say', tone, text });

export function withFindings(
  state: WalkState,
  findings: Finding[],
  observation: WalkState['observation'],
): WalkState {
  const next = { ...state.findings };
  for (const finding of findings) next[finding.id] = finding;
  return { ...state, findings: next, observation };
}

export function withRecord(state: WalkState, task: Task, record: TaskRecord): WalkState {
  return { ...state, records: { ...state.records, [task.id]: record } };
}

const HISTORY = 200;

/** The history with a command put at its end, unless it stands there already. */
function remember(history: readonly string[], command: string): readonly string[] {
  return history.at(-1) === command ? history : [...history, command].slice(-HISTORY);
}

/** Runs a command that is no task's action. */
export function runOwn(state: WalkState, command: string): Step {
  return {
    state: {
      ...state,
      history: remember(state.history, command),
      activity: { kind: 'running', command, own: true, stopping: false },
    },
    effects: [{ kind: 'run', command, adapt: false, own: true }],
  };
}

/** Carries out the task's action, or `command` in its place. */
export function act(state: WalkState, command?: string): Step {
  const { action } = taskAt(state);
  if (command !== undefined || action.kind === 'command') {
    const text = command ?? state.visit.adaptation?.command ?? (action as { command: string }).command;
    const adapt = command === undefined && state.visit.adaptation === null;
    return {
      state: {
        ...state,
        history: remember(state.history, text),
        activity: { kind: 'running', command: text, own: false, stopping: false },
      },
      effects: [{ kind: 'run', command: text, adapt, own: false }],
    };
  }
  if (action.kind === 'write') {
    return {
      state: { ...state, activity: { kind: 'writing' } },
      effects: [{ kind: 'write', files: action.files }],
    };
  }
  return judge(state, false);
}

/** Looks at the checks after an action, as patiently as what was started needs. */
export function afterAction(state: WalkState, effects: Effect[]): Step {
  const judged = judge(state, true);
  return { state: judged.state, effects: [...effects, ...judged.effects] };
}

/** Looks at the task's checks. */
export function judge(state: WalkState, patient: boolean): Step {
  return {
    state: { ...state, activity: { kind: 'checking', scope: 'task', stopping: false } },
    effects: [{ kind: 'judge', scope: 'task', patient }],
  };
}
