import type { Press } from '../press.ts';
import type { EditorAction } from './state.ts';

const CTRL: Record<string, EditorAction> = {
  a: { kind: 'start' },
  e: { kind: 'end' },
  b: { kind: 'move', by: -1 },
  f: { kind: 'move', by: 1 },
  d: { kind: 'delete' },
  h: { kind: 'backspace' },
  u: { kind: 'cut-start' },
  k: { kind: 'cut-end' },
  w: { kind: 'cut-word' },
  y: { kind: 'put' },
  p: { kind: 'recall', by: -1 },
  n: { kind: 'recall', by: 1 },
};

/** What a press means to the editor. */
export function editorKey(press: Press): EditorAction | 'submit' | 'cancel' | null {
  if (press.kind === 'char' || press.kind === 'paste') return { kind: 'insert', text: press.text };
  if (press.kind === 'ctrl') return CTRL[press.letter] ?? null;
  switch (press.name) {
    case 'enter':
      return 'submit';
    case 'escape':
      return 'cancel';
    case 'left':
      return { kind: 'move', by: -1 };
    case 'right':
      return { kind: 'move', by: 1 };
    case 'up':
      return { kind: 'recall', by: -1 };
    case 'down':
      return { kind: 'recall', by: 1 };
    case 'home':
      return { kind: 'start' };
    case 'end':
      return { kind: 'end' };
    case 'backspace':
      return { kind: 'backspace' };
    case 'delete':
      return { kind: 'delete' };
    default:
      return null;
  }
}
