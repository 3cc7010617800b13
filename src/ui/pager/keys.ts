import type { Press } from '../press.ts';
import type { PagerAction } from './state.ts';

/** What a press means to the pages; `rows` are in sight. */
export function pagerKey(press: Press, rows: number): PagerAction | 'close' | null {
  const most = Math.max(1, rows - 1);
  if (press.kind === 'char') {
    if (press.text === ' ') return { kind: 'scroll', by: most };
    if (press.text === 'b') return { kind: 'scroll', by: -most };
    if (press.text === 'j') return { kind: 'scroll', by: 1 };
    if (press.text === 'k') return { kind: 'scroll', by: -1 };
    if (/^[1-9]$/.test(press.text)) return { kind: 'page', page: Number(press.text) - 1 };
    return press.text === 'q' || press.text === '?' ? 'close' : null;
  }
  if (press.kind !== 'key') return null;
  switch (press.name) {
    case 'escape':
      return 'close';
    case 'enter':
    case 'pagedown':
      return { kind: 'scroll', by: most };
    case 'pageup':
      return { kind: 'scroll', by: -most };
    case 'down':
      return { kind: 'scroll', by: 1 };
    case 'up':
      return { kind: 'scroll', by: -1 };
    case 'right':
    case 'tab':
      return { kind: 'turn', by: 1 };
    case 'left':
      return { kind: 'turn', by: -1 };
    default:
      return null;
  }
}
