import type { Finding } from '../check/finding.ts';
import type { Course, Task } from '../course/types.ts';
import { enterPlace, nextPlace, previousPlace } from './move.ts';
import { everPassed, lessonAt, lessonState, openFindings, recordOf, taskAt, taskPassed } from './select.ts';
import type {
  Effect,
  FeedItem,
  Intent,
  Report,
  Step,
  TaskRecord,
  Tone,
  WalkEvent,
  WalkState,
} from './state.ts';

const feed = (item: FeedItem): Effect => ({ kind: 'feed', item });
const say = (text: string, tone: Tone = 'plain'): Effect => feed({ kind: 'say', tone, text });
const SAVE: Effect = { kind: 'save' };

export interface StartOptions {
  records?: Record<string, TaskRecord>;
  /** Task id to open at; unknown or absent: the first. */
  at?: string | undefined;
  unattended?: boolean;
  firstLesson?: number;
  lastLesson?: number;
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
      visit: { acted: false, lastResult: null, judged: false, auto: false, adaptation: null },
      records: options.records ?? {},
      findings: {},
      observation: null,
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
  'ended',
  'wrote',
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
      return { state: { ...state, observation: event.observation }, effects: [] };
    case 'polled': {
      if (state.activity.kind !== 'idle') return { state, effects: [] };
      const before = taskPassed(state, taskAt(state));
      const known = withFindings(state, event.findings, event.observation);
      if (before || taskAt(known).id !== event.taskId || taskAt(known).checks.length === 0) {
        return { state: known, effects: [] };
      }
      return settleTask(known, event.now, 'looked');
    }
    case 'judged': {
      const known = withFindings(state, event.findings, event.observation);
      if (!event.final) return { state: known, effects: [] };
      return settleTask(
        { ...known, activity: { kind: 'idle' }, visit: { ...known.visit, judged: true } },
        event.now,
        'acted',
      );
    }
    case 'ended': {
      const acted = { ...state, visit: { ...state.visit, acted: true, lastResult: event.result } };
      const ended = feed({ kind: 'ended', result: event.result });
      if (event.result.cancelled) {
        return { state: { ...acted, activity: { kind: 'idle' } }, effects: [ended, say('Stopped.', 'warn')] };
      }
      return afterAction(acted, [ended]);
    }
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

/** Settled, if not as hoped: keys work again, and an unattended walk does not try for ever. */
function broke(state: WalkState, message: string): Step {
  const visit = { ...state.visit, judged: true, auto: false };
  return { state: { ...state, activity: { kind: 'idle' }, visit }, effects: [say(message, 'bad')] };
}

function onIntent(state: WalkState, intent: Intent): Step {
  if (intent.kind === 'quit') return { state, effects: [{ kind: 'stop' }, SAVE, { kind: 'exit', code: 0 }] };
  if (intent.kind === 'interrupt') {
    if (state.activity.kind === 'running' && !state.activity.stopping) {
      return {
        state: { ...state, activity: { ...state.activity, stopping: true } },
        effects: [{ kind: 'stop' }],
      };
    }
    return { state, effects: [{ kind: 'stop' }, SAVE, { kind: 'exit', code: 130 }] };
  }
  if (state.activity.kind !== 'idle') return { state, effects: [] };
  const task = taskAt(state);
  const to = (mode: WalkState['mode']): Step => ({ state: { ...state, mode }, effects: [] });

  switch (intent.kind) {
    case 'close':
      return to(modeUnder(state));
    case 'lessons':
      return to(
        state.mode.kind === 'lessons' ? modeUnder(state) : { kind: 'lessons', under: modeUnder(state) },
      );
    case 'concepts':
      return to(
        state.mode.kind === 'concepts' ? modeUnder(state) : { kind: 'concepts', under: modeUnder(state) },
      );
    case 'goto':
      return enterPlace(state, { lesson: intent.lesson, task: 0 });
    case 'back':
      return enterPlace(state, previousPlace(state));
    case 'choose':
      return choose(state, intent.option);
    case 'hint':
      return hint(state, task);
    case 'edit':
      if (task.action.kind !== 'command') return { state, effects: [] };
      return to({ kind: 'edit', initial: state.visit.adaptation?.command ?? task.action.command });
    case 'submit':
      return act({ ...state, mode: { kind: 'task' } }, intent.command);
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

/** What closing the open overlay or question gives back. */
function modeUnder({ mode }: WalkState): WalkState['mode'] {
  if (mode.kind === 'lessons' || mode.kind === 'concepts') return mode.under;
  return mode.kind === 'predict' || mode.kind === 'done' ? mode : { kind: 'task' };
}

function enter(state: WalkState, task: Task): Step {
  switch (state.mode.kind) {
    case 'predict':
      return { state: { ...state, mode: { kind: 'task' } }, effects: [] };
    case 'lessons':
    case 'concepts':
    case 'edit':
    case 'skip':
      return { state: { ...state, mode: modeUnder(state) }, effects: [] };
    case 'done':
      return { state, effects: [SAVE, { kind: 'exit', code: 0 }] };
    case 'task':
      if (taskPassed(state, task)) return leaveTask(state);
      if (task.action.kind !== 'read') return act(state);
      if (task.checks.length > 0) return judge(state, false);
      return leaveTask(state);
  }
}

/** Carries out the task's action, or `command` in its place. */
function act(state: WalkState, command?: string): Step {
  const { action } = taskAt(state);
  if (command !== undefined || action.kind === 'command') {
    const text = command ?? state.visit.adaptation?.command ?? (action as { command: string }).command;
    return {
      state: { ...state, activity: { kind: 'running', command: text, startedAt: 0, stopping: false } },
      effects: [{ kind: 'run', command: text }],
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

function afterAction(state: WalkState, effects: Effect[]): Step {
  const judged = judge(state, true);
  return { state: judged.state, effects: [...effects, ...judged.effects] };
}

function judge(state: WalkState, patient: boolean): Step {
  return {
    state: { ...state, activity: { kind: 'checking', scope: 'task' } },
    effects: [{ kind: 'judge', scope: 'task', patient }],
  };
}

/** Looks at the task's checks once they are known: passed for the first time, or still open. */
function settleTask(state: WalkState, now: string, cause: 'acted' | 'looked'): Step {
  const task = taskAt(state);
  const record = recordOf(state, task);
  const provenance = state.unattended || state.visit.auto ? 'auto' : record.hints ? 'hinted' : 'learner';
  const passes =
    task.checks.length === 0
      ? cause === 'acted' && state.visit.acted
      : task.checks.every((check) => state.findings[check.id]?.state === 'passed');
  if (passes || taskPassed(state, task)) {
    const { skipped: _, ...kept } = record;
    const first = record.everPassed === undefined;
    const passed = withRecord(
      { ...state, visit: { ...state.visit, auto: false } },
      task,
      first ? { ...kept, everPassed: now, provenance } : kept,
    );
    const effects = [...verdictOnPrediction(passed, task, cause), ...passedFeed(passed, task), SAVE];
    return { state: passed, effects };
  }
  if (cause === 'looked') return { state, effects: [] };
  const open = openFindings(state, task);
  return {
    state: { ...state, visit: { ...state.visit, auto: false } },
    effects: open.length > 0 ? [feed({ kind: 'findings', findings: open }), SAVE] : [SAVE],
  };
}

function passedFeed(state: WalkState, task: Task): Effect[] {
  const findings = task.checks.flatMap((check) => state.findings[check.id] ?? []);
  const shown = findings.filter((finding) => finding.state === 'passed');
  return shown.length > 0 ? [feed({ kind: 'findings', findings: shown })] : [];
}

function verdictOnPrediction(state: WalkState, task: Task, cause: 'acted' | 'looked'): Effect[] {
  const { prediction } = task;
  const { predicted } = recordOf(state, task);
  if (!prediction || predicted === undefined || cause === 'looked') return [];
  const answer = prediction.options[prediction.answer] ?? '';
  const right = predicted === prediction.answer;
  const opening = right ? `You said "${answer}", and that is right.` : `The answer is "${answer}".`;
  return [say(`${opening} ${prediction.because}`, right ? 'good' : 'plain')];
}

function choose(state: WalkState, option: number): Step {
  const task = taskAt(state);
  if (state.mode.kind === 'predict' && task.prediction && option < task.prediction.options.length) {
    const answered = withRecord(state, task, { ...recordOf(state, task), predicted: option });
    const chosen = task.prediction.options[option] ?? '';
    const reading: Effect[] =
      task.action.kind === 'read'
        ? verdictOnPrediction(answered, task, 'acted')
        : [say(`You say: ${chosen}. Now see.`)];
    return { state: { ...answered, mode: { kind: 'task' } }, effects: [...reading, SAVE] };
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

/** The next level of the ladder: where to look, the idea, the action itself. */
function hint(state: WalkState, task: Task): Step {
  if (task.hints.length === 0)
    return { state, effects: [say('This task has no hints: there is nothing to do but to read.')] };
  const record = recordOf(state, task);
  const level = Math.min((record.hints ?? 0) + 1, 3);
  const last =
    task.action.kind === 'command'
      ? `Run this: ${task.action.command}`
      : task.action.kind === 'write'
        ? `Press Enter: it writes ${task.action.files.map((file) => file.path).join(' and ')}.`
        : 'Look at what the check saw, and at the task that made it.';
  const text = task.hints[level - 1] ?? last;
  const next = withRecord(state, task, { ...record, hints: level });
  return { state: next, effects: [say(`Hint ${level} of 3: ${text}`), SAVE] };
}

/** Goes on to the next task; one that was only read is passed by that. */
function leaveTask(state: WalkState): Step {
  const task = taskAt(state);
  const record = recordOf(state, task);
  const read = task.checks.length === 0 && task.action.kind === 'read' && record.everPassed === undefined;
  const left = read
    ? withRecord(state, task, {
        ...record,
        everPassed: state.observation?.at ?? '',
        provenance: state.unattended ? 'auto' : 'learner',
      })
    : state;
  const next = nextPlace(left);
  if (next) {
    const entered = enterPlace(left, next);
    return { state: entered.state, effects: [SAVE, ...entered.effects] };
  }
  return { state: { ...left, mode: { kind: 'done' } }, effects: [SAVE, feed({ kind: 'done' })] };
}

function withFindings(
  state: WalkState,
  findings: Finding[],
  observation: WalkState['observation'],
): WalkState {
  const next = { ...state.findings };
  for (const finding of findings) next[finding.id] = finding;
  return { ...state, findings: next, observation };
}

function withRecord(state: WalkState, task: Task, record: TaskRecord): WalkState {
  return { ...state, records: { ...state.records, [task.id]: record } };
}

function lostSentence(state: WalkState, step: number): string {
  const lesson = lessonAt(state, step - 1);
  const open = lesson.tasks.flatMap((task) => openFindings(state, task));
  const first = open[0];
  const now = first ? ` Now: ${first.title}, no longer: ${first.saw}.` : '';
  return `Step ${step} (${lesson.title}) was done and does not hold any more.${now}`;
}
