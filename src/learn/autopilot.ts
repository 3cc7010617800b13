import { taskAt, taskPassed } from './select.ts';
import type { Intent, WalkState } from './state.ts';

/**
 * What an unattended walk does next: every action once, every check once, on to the next task when all hold.
 * `stop`: a check does not hold after its action; null: something is going on, wait.
 */
export function nextMove(state: WalkState): Intent | 'stop' | null {
  if (state.activity.kind !== 'idle') return null;
  if (state.mode.kind === 'done') return { kind: 'enter' };
  const task = taskAt(state);
  const { acted, judged, lastResult } = state.visit;
  if (lastResult?.cancelled) return 'stop';
  if (task.action.kind !== 'read' && !acted) {
    // Judged without having acted: the files could not be written, or something broke.
    if (judged) return 'stop';
    return { kind: 'again' };
  }
  if (task.checks.length > 0 && !judged) return { kind: 'again' };
  const read = task.checks.length === 0 && task.action.kind === 'read';
  return read || taskPassed(state, task) ? { kind: 'enter' } : 'stop';
}
