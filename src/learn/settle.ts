import type { Task } from '../course/types.ts';
import { wayOutOf, wrongNow } from './pages.ts';
import {
  answerTold,
  lessonAt,
  lessonState,
  openFindings,
  recordOf,
  taskAt,
  taskPassed,
  unmetNeeds,
} from './select.ts';
import type { Effect, Place, Step, TaskRecord, WalkState } from './state.ts';
import { feed, SAVE, say, withRecord } from './step.ts';

/** Looks at the task's checks once they are known: passed for the first time, or still open. */
export function settleTask(state: WalkState, now: string, cause: 'acted' | 'looked'): Step {
  const task = taskAt(state);
  const record = recordOf(state, task);
  const provenance = state.unattended || state.visit.auto ? 'auto' : record.hints ? 'hinted' : 'learner';
  // Without a check, nothing but the exit code can tell whether it worked.
  const worked =
    task.checks.length === 0 &&
    cause === 'acted' &&
    state.visit.acted &&
    (state.visit.lastResult?.exitCode ?? 0) === 0;
  if (worked || taskPassed(state, task)) {
    const { skipped: _, ...rest } = record;
    const kept = { ...rest, ...(cause === 'acted' ? madeBy(state, record) : {}) };
    const first = record.everPassed === undefined;
    const passed = withRecord(
      { ...state, visit: { ...state.visit, auto: false } },
      task,
      first ? { ...kept, everPassed: now, provenance } : kept,
    );
    // A task that is only read has had its verdict with the answer.
    const told = first && task.action.kind !== 'read' ? verdictOnPrediction(passed, task) : [];
    const effects = [...told, ...passedFeed(passed, task), SAVE];
    const asked = passed.mode.kind === 'predict' && answerTold(passed, task);
    return { state: asked ? { ...passed, mode: { kind: 'task' } } : passed, effects };
  }
  if (cause === 'looked') return { state, effects: [] };
  return {
    state: { ...state, visit: { ...state.visit, auto: false } },
    effects: [...openFeed(state, task), SAVE],
  };
}

/** The command of this visit as the one that made the task's checks hold. The first one stays. */
function madeBy(state: WalkState, record: TaskRecord): Pick<TaskRecord, 'heldAfter'> {
  const { ran } = state.visit;
  return ran?.wasOpen && record.heldAfter === undefined ? { heldAfter: ran.at } : {};
}

/** What does not hold, and where that may come from. */
function openFeed(state: WalkState, task: Task): Effect[] {
  const effects: Effect[] = [];
  const open = openFindings(state, task);
  if (open.length > 0) effects.push(feed({ kind: 'findings', findings: open }));
  else if (state.visit.lastResult) {
    effects.push(say('No check can tell whether that did its work. Run it again, or skip it.', 'warn'));
  }
  for (const lesson of unmetNeeds(state, lessonAt(state))) {
    // A lesson that nobody has looked at may hold well.
    if (lessonState(state, lesson) === 'open') continue;
    const { step, title } = lesson;
    effects.push(
      say(`Step ${step} (${title}) does not hold, and this step needs it. Mend that one first.`, 'warn'),
    );
  }
  if (state.visit.auto) {
    const text = `The tool did what this task asks, and that does not help. ${whatHelps(state)}`;
    effects.push(say(text, 'warn'));
  }
  return effects;
}

/** What to do where the task's own action does not help: mend the cause, else the earlier task that is open. */
function whatHelps(state: WalkState): string {
  for (const { mistake } of wrongNow(state)) {
    const wayOut = wayOutOf(mistake);
    if (wayOut !== null) return wayOut;
  }
  const at = earlierOpen(state);
  if (at === null) return 'What is missing is made by an earlier task.';
  const { step, title } = lessonAt(state, at.lesson);
  const task = `task ${at.task + 1} of lesson ${step} (${title}), "${taskAt(state, at).title}"`;
  return `What is missing is made by an earlier task. One of them does not hold: ${task}.`;
}

/** The first task before this one that does not hold, of this lesson and of those that it needs; null: none known. */
function earlierOpen(state: WalkState): Place | null {
  const { place, course } = state;
  const { needs } = lessonAt(state);
  for (const [lesson, { id, tasks }] of course.lessons.slice(0, place.lesson + 1).entries()) {
    if (lesson !== place.lesson && !needs.includes(id)) continue;
    const before = lesson === place.lesson ? tasks.slice(0, place.task) : tasks;
    const task = before.findIndex((one) => openFindings(state, one).length > 0);
    if (task >= 0) return { lesson, task };
  }
  return null;
}

function passedFeed(state: WalkState, task: Task): Effect[] {
  const findings = task.checks.flatMap((check) => state.findings[check.id] ?? []);
  const shown = findings.filter((finding) => finding.state === 'passed');
  return shown.length > 0 ? [feed({ kind: 'findings', findings: shown })] : [];
}

/**
 * Who was right. Said after the act to everybody who was asked: whoever passed the question over wants to know too.
 */
export function verdictOnPrediction(state: WalkState, task: Task): Effect[] {
  const { prediction } = task;
  if (!prediction || state.unattended) return [];
  const { predicted } = recordOf(state, task);
  const answer = prediction.options[prediction.answer] ?? '';
  const right = predicted === prediction.answer;
  const said = predicted === undefined ? '' : `You said "${prediction.options[predicted]}". `;
  const opening = right ? `You said "${answer}", and that is right.` : `${said}The answer is "${answer}".`;
  return [say(`${opening} ${prediction.because}`, right ? 'good' : 'plain')];
}
