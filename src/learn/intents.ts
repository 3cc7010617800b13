import type { Task } from '../course/types.ts';
import { hint } from './hint.ts';
import { enterPlace, previousPlace } from './move.ts';
import { pagesNow } from './pages.ts';
import { answerTold, asksToLeave, enterDoes, recordOf, taskAt, taskPassed } from './select.ts';
import { verdictOnPrediction } from './settle.ts';
import type { Effect, Intent, Step, WalkState } from './state.ts';
import { act, judge, runOwn, SAVE, say, withRecord } from './step.ts';
import { arrive, countAsDone, goOn, walkThrough } from './test-out.ts';

/** What the learner wants. While something goes on, only stopping and quitting count. */
export function onIntent(state: WalkState, intent: Intent): Step {
  if (intent.kind === 'leave') return leave(state);
  if (intent.kind === 'quit') return { state, effects: QUIT };
  if (intent.kind === 'close' && asksToLeave(state)) return withLeaving(state, false);
  if (intent.kind === 'interrupt') {
    const { activity } = state;
    if ((activity.kind === 'running' || activity.kind === 'checking') && !activity.stopping) {
      return { state: { ...state, activity: { ...activity, stopping: true } }, effects: [{ kind: 'stop' }] };
    }
    return { state, effects: [{ kind: 'stop' }, SAVE, { kind: 'exit', code: 130 }] };
  }
  if (state.activity.kind !== 'idle') return { state, effects: [] };
  const task = taskAt(state);
  const to = (mode: WalkState['mode']): Step => ({ state: { ...state, mode }, effects: [] });

  switch (intent.kind) {
    case 'close':
      return state.mode.kind === 'test-out' ? walkThrough(state) : to(modeUnder(state));
    case 'lessons':
      if (state.mode.kind === 'lessons') return to(modeUnder(state));
      return {
        state: { ...state, mode: { kind: 'lessons', under: modeUnder(state) } },
        effects: [{ kind: 'survey' }],
      };
    case 'concepts':
      return state.mode.kind === 'concepts' ? to(modeUnder(state)) : openConcepts(state);
    case 'goto':
      return arrive(state, { lesson: intent.lesson, task: 0 });
    case 'back':
      return enterPlace(state, previousPlace(state));
    case 'choose':
      return choose(state, intent.option);
    case 'hint':
      return hint(state, task);
    case 'edit':
      if (task.action.kind !== 'command') return { state, effects: [] };
      return to({
        kind: 'edit',
        initial: state.visit.adaptation?.command ?? task.action.command,
        own: false,
        under: modeUnder(state),
      });
    case 'command':
      return to({ kind: 'edit', initial: '', own: true, under: modeUnder(state) });
    case 'submit': {
      const closed = { ...state, mode: modeUnder(state) };
      const own = state.mode.kind === 'edit' && state.mode.own;
      return own ? runOwn(closed, intent.command) : act(closed, intent.command);
    }
    case 'shell':
    case 'output':
      return {
        state: { ...state, activity: { kind: 'running', command: '', own: true, stopping: false } },
        effects: [{ kind: intent.kind }],
      };
    case 'again':
      return act(state);
    case 'skip': {
      if (taskPassed(state, task)) return leaveTask(state);
      if (task.checks.length > 0) return to({ kind: 'skip' });
      const skipped = { ...recordOf(state, task), skipped: true as const };
      return leaveTask(withRecord(state, task, skipped));
    }
    case 'enter':
      return enter(state, task);
  }
}

const QUIT: Effect[] = [{ kind: 'stop' }, SAVE, { kind: 'exit', code: 0 }];

/** A command that runs would be lost, and it may have run for minutes. One that is being stopped is lost already. */
function leave(state: WalkState): Step {
  const { activity } = state;
  if (activity.kind !== 'running' || activity.stopping) return { state, effects: QUIT };
  return withLeaving(state, true);
}

function withLeaving(state: WalkState, leaving: boolean): Step {
  const { activity } = state;
  if (activity.kind !== 'running') return { state, effects: [] };
  return { state: { ...state, activity: { ...activity, leaving } }, effects: [] };
}

/** Opens the pages of `?`. Their queries are asked anew each time: the servers have moved on meanwhile. */
function openConcepts(state: WalkState): Step {
  const opened: WalkState = { ...state, mode: { kind: 'concepts', under: modeUnder(state) }, answers: {} };
  const concepts = pagesNow(state).concepts.flatMap(({ id, query }) => (query ? [id] : []));
  return { state: opened, effects: concepts.length > 0 ? [{ kind: 'ask', concepts }] : [] };
}

/** What closing the open overlay or question gives back. */
function modeUnder(state: WalkState): WalkState['mode'] {
  const { mode } = state;
  const open = 'under' in mode ? mode.under : mode;
  // Work in another window may have brought the answer while the question was covered.
  if (open.kind === 'predict' && answerTold(state, taskAt(state))) return { kind: 'task' };
  if ('under' in mode) return open;
  return mode.kind === 'predict' || mode.kind === 'done' ? mode : { kind: 'task' };
}

function enter(state: WalkState, task: Task): Step {
  switch (state.mode.kind) {
    case 'predict': {
      // Nothing will be run that could show the answer, so it is told now.
      const told = task.action.kind === 'read' ? verdictOnPrediction(state, task) : [];
      return { state: { ...state, mode: { kind: 'task' } }, effects: told };
    }
    case 'test-out':
      return walkThrough(state);
    case 'lessons':
    case 'concepts':
    case 'edit':
    case 'skip':
      return { state: { ...state, mode: modeUnder(state) }, effects: [] };
    case 'done':
      return { state, effects: [SAVE, { kind: 'exit', code: 0 }] };
    case 'task':
      switch (enterDoes(state)) {
        case 'act':
          return act(state);
        case 'look':
          return judge(state, false);
        case 'next':
          return leaveTask(state);
      }
  }
}

function choose(state: WalkState, option: number): Step {
  const task = taskAt(state);
  if (state.mode.kind === 'predict' && task.prediction && option < task.prediction.options.length) {
    const answered = withRecord(state, task, { ...recordOf(state, task), predicted: option });
    const chosen = task.prediction.options[option] ?? '';
    const reading: Effect[] =
      task.action.kind === 'read'
        ? verdictOnPrediction(answered, task)
        : [say(`You say: ${chosen}. The answer comes with the command.`)];
    return { state: { ...answered, mode: { kind: 'task' } }, effects: [...reading, SAVE] };
  }
  if (state.mode.kind === 'test-out') {
    if (option === 0) return walkThrough(state);
    return option === 1 ? countAsDone(state) : { state, effects: [] };
  }
  if (state.mode.kind !== 'skip') return { state, effects: [] };
  if (option === 0) return { state: { ...state, mode: { kind: 'task' } }, effects: [] };
  if (option === 1) {
    return act({ ...state, mode: { kind: 'task' }, visit: { ...state.visit, auto: true } });
  }
  if (option === 2) {
    const skipped = withRecord(state, task, { ...recordOf(state, task), skipped: true });
    const left = leaveTask({ ...skipped, mode: { kind: 'task' } });
    return {
      state: left.state,
      effects: [say(`Skipped: ${task.title}. Steps that need it stay blocked.`, 'warn'), ...left.effects],
    };
  }
  return { state, effects: [] };
}

/**
 * Goes on to the next task. One that was only read is passed by that. One that held on arrival and was passed over
 * was done by nobody here: it counts as skipped, whatever holds.
 */
function leaveTask(state: WalkState): Step {
  const task = taskAt(state);
  const { skipped: _, ...record } = recordOf(state, task);
  const read = task.action.kind === 'read' && (task.checks.length === 0 || taskPassed(state, task));
  const provenance = state.unattended ? 'auto' : record.hints ? 'hinted' : 'learner';
  const left =
    record.everPassed !== undefined
      ? state
      : read
        ? withRecord(state, task, { ...record, everPassed: state.observation?.at ?? '', provenance })
        : withRecord(state, task, { ...record, skipped: true });
  return goOn(left);
}
