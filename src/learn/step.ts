import type { Finding } from '../check/finding.ts';
import type { Task } from '../course/types.ts';
import { tellsOfServers } from '../observe/observe.ts';
import type { Observation } from '../observe/types.ts';
import { remember } from './history.ts';
import { taskAt } from './select.ts';
import type { Effect, FeedItem, Step, TaskRecord, Tone, WalkState } from './state.ts';

// Small moves that reports and intents share.

export const SAVE: Effect = { kind: 'save' };
export const feed = (item: FeedItem): Effect => ({ kind: 'feed', item });
export const say = (text: string, tone: Tone = 'plain'): Effect => feed({ kind: 'say', tone, text });

/** What was looked at last. A look at files only (or null) leaves what was seen of the servers before. */
export function withFindings(
  state: WalkState,
  findings: Finding[],
  observation: Observation | null,
): WalkState {
  const next = { ...state.findings };
  for (const finding of findings) next[finding.id] = finding;
  if (observation === null) return { ...state, findings: next };
  if (!tellsOfServers(observation)) {
    const { engine, nodes } = state.observation ?? observation;
    return { ...state, findings: next, observation: { ...observation, engine, nodes } };
  }
  const history = remember(state.history, observation, state.course.names.slot);
  return { ...state, findings: next, observation, history };
}

export function withRecord(state: WalkState, task: Task, record: TaskRecord): WalkState {
  return { ...state, records: { ...state.records, [task.id]: record } };
}

const HISTORY = 200;

/** The commands with one put at their end, unless it stands there already. */
function withCommand(commands: readonly string[], command: string): readonly string[] {
  return commands.at(-1) === command ? commands : [...commands, command].slice(-HISTORY);
}

/** Runs a command that is no task's action. */
export function runOwn(state: WalkState, command: string): Step {
  return {
    state: {
      ...state,
      commands: withCommand(state.commands, command),
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
        commands: withCommand(state.commands, text),
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
