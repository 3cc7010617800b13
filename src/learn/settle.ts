import type { Task } from '../course/types.ts';
import { lessonAt, openFindings, recordOf, taskAt, taskPassed, unmetNeeds } from './select.ts';
import type { Effect, Step, WalkState } from './state.ts';
import { feed, SAVE, say, withRecord } from './step.ts';

/** Looks at the task's checks once they are known: passed for the first time, or still open. */
export function settleTask(state: WalkState, now: string, cause: 'acted' | 'looked'): Step {
  const task = taskAt(state);
  const record = recordOf(state, task);
  const provenance = state.unattended || state.visit.auto ? 'auto' : record.hints ? 'hinted' : 'learner';
  const passes =
    task.checks.length === 0
      ? cause === 'acted' && state.visit.acted && (state.visit.lastResult?.exitCode ?? 0) === 0
      : task.checks.every((check) => state.findings[check.id]?.state === 'passed');
  if (passes || taskPassed(state, task)) {
    const { skipped: _, ...kept } = record;
    const first = record.everPassed === undefined;
    const passed = withRecord(
      { ...state, visit: { ...state.visit, auto: false } },
      task,
      first ? { ...kept, everPassed: now, provenance } : kept,
    );
    // A task that is only read has had its verdict with the answer.
    const told = first && task.action.kind !== 'read' ? verdictOnPrediction(passed, task) : [];
    const effects = [...told, ...passedFeed(passed, task), SAVE];
    return { state: passed, effects };
  }
  if (cause === 'looked') return { state, effects: [] };
  const open = openFindings(state, task);
  const failed = task.checks.length === 0 && state.visit.lastResult;
  return {
    state: { ...state, visit: { ...state.visit, auto: false } },
    effects: [
      ...(open.length > 0 ? [feed({ kind: 'findings', findings: open })] : []),
      // Nothing else can tell whether it worked, so its exit code counts.
      ...(failed
        ? [say('No check can tell whether that did its work. Run it again, or skip it.', 'warn')]
        : []),
      ...unmetNeeds(state, lessonAt(state)).map(({ step, title }) =>
        say(
          `Step ${step} (${title}) does not hold, and this step needs it. To go there: l, then ${step}.`,
          'warn',
        ),
      ),
      ...(state.visit.auto
        ? [
            say(
              'The tool did what this task asks, and that does not help. What is missing is made by an earlier task.',
              'warn',
            ),
          ]
        : []),
      SAVE,
    ],
  };
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
