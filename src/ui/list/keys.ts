import type { Press } from '../press.ts';
import type { ListAction, SearchEdit } from './state.ts';

/**
 * What a press means to a list; `choose` and `close` are for whoever opened it. Letters search. Digits choose by
 * number until something is searched for; then Esc ends the search first.
 * @param searching Something is searched for.
 */
export function listKey(
  press: Press,
  searching: boolean,
): ListAction | SearchEdit | 'choose' | 'close' | null {
  if (press.kind === 'paste') return { kind: 'type', text: press.text };
  if (press.kind === 'char') {
    if (/^\d$/.test(press.text) && !searching) return { kind: 'digit', digit: press.text };
    return /^[\p{L}\p{N} ._-]$/u.test(press.text) ? { kind: 'type', text: press.text } : null;
  }
  if (press.kind !== 'key') return null;
  switch (press.name) {
    case 'down':
      return { kind: 'move', by: 1 };
    case 'up':
      return { kind: 'move', by: -1 };
    case 'pagedown':
      return { kind: 'move', by: 5 };
    case 'pageup':
      return { kind: 'move', by: -5 };
    case 'home':
      return { kind: 'first' };
    case 'end':
      return { kind: 'last' };
    case 'enter':
      return 'choose';
    case 'backspace':
      return { kind: 'erase' };
    case 'escape':
      return searching ? { kind: 'clear' } : 'close';
    default:
      return null;
  }
}
