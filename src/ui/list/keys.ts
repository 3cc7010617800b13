import type { Press } from '../press.ts';
import type { ListAction } from './state.ts';

/** What a press means to a list; `choose` and `close` are for whoever opened it. */
export function listKey(press: Press): ListAction | 'choose' | 'close' | null {
  if (press.kind === 'char') {
    if (/^\d$/.test(press.text)) return { kind: 'digit', digit: press.text };
    if (press.text === 'j') return { kind: 'move', by: 1 };
    if (press.text === 'k') return { kind: 'move', by: -1 };
    return press.text === 'q' || press.text === 'l' ? 'close' : null;
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
    case 'escape':
      return 'close';
    default:
      return null;
  }
}
