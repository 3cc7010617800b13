import { asksToLeave } from '../learn/select.ts';
import type { WalkState } from '../learn/state.ts';
import { KEYS, type KeyBinding, type Situation } from './keys.ts';

/** What is in front of the learner now. */
export function situationOf(state: WalkState): Situation {
  if (state.activity.kind === 'idle') return state.mode.kind;
  return asksToLeave(state) ? 'leaving' : 'busy';
}

/** The keys that do something now. */
export function keysNow(state: WalkState): KeyBinding[] {
  const situation = situationOf(state);
  return KEYS.filter((binding) => binding.when.includes(situation) && (binding.only?.(state) ?? true));
}

/** How a key is written in the legend now. */
export function shownOf(binding: KeyBinding, state: WalkState): string {
  return typeof binding.shown === 'string' ? binding.shown : binding.shown(state);
}

/** What a key does now, in a word or two. */
export function labelOf(binding: KeyBinding, state: WalkState): string {
  return typeof binding.label === 'string' ? binding.label : binding.label(state);
}

/** `key  what it does` for the help: every key once. */
export function helpRows(): [string, string][] {
  return [
    ...KEYS.flatMap((one): [string, string][] =>
      one.help && typeof one.shown === 'string' ? [[one.shown, one.help]] : [],
    ),
    ['1-9', 'answer a question'],
    ['Ctrl-L', 'draw the window again, with the task'],
  ];
}
