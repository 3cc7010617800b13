import type { Key } from 'ink';
import { graphemes } from '../terminal/wrap.ts';

/** One thing the learner did on the keyboard. */
export type Press =
  | { kind: 'key'; name: KeyPressName }
  /** Ctrl with a letter. */
  | { kind: 'ctrl'; letter: string }
  /** One printable character. */
  | { kind: 'char'; text: string }
  /** Several characters at once, from the clipboard. */
  | { kind: 'paste'; text: string };

type KeyPressName =
  | 'enter'
  | 'escape'
  | 'up'
  | 'down'
  | 'left'
  | 'right'
  | 'home'
  | 'end'
  | 'pageup'
  | 'pagedown'
  | 'backspace'
  | 'delete'
  | 'tab';

/** Up to so many characters in one chunk were typed fast; more are a paste, which must not work as keys. */
const TYPED_AT_ONCE = 3;

/** Ink's two ways to say a key, made one. A chunk of several characters becomes several presses, or one paste. */
export function pressesOf(input: string, key: Key): Press[] {
  const name = nameOf(key);
  // Some terminals send 0x7f for Backspace, which Ink calls Delete; few have a key for the other.
  if (name) return [{ kind: 'key', name }];
  if (key.ctrl) return /^[a-z]$/.test(input) ? [{ kind: 'ctrl', letter: input }] : [];
  if (key.meta || input === '') return [];
  return input.split(CONTROL).flatMap((part) => (part.length === 1 ? [single(part)] : run(part)));
}

/** Keys that were typed between other text: they keep their meaning. Line ends belong to the text. */
const CONTROL = /([\x00-\x09\x0b\x0c\x0e-\x1f\x7f])/;

/** Text without control keys: typed if it is short or one key held down, else pasted. */
function run(text: string): Press[] {
  const characters = graphemes(text);
  const typed = characters.length <= TYPED_AT_ONCE || characters.every((one) => one === characters[0]);
  return typed ? characters.map(single) : pasted(text);
}

/** A paste that ends in one Enter was typed ahead: the Enter counts. Other line ends become spaces. */
function pasted(input: string): Press[] {
  const body = input.replace(/\r\n|[\r\n]/g, '\n');
  const submits = body.endsWith('\n') && body.indexOf('\n') === body.length - 1;
  const text = body.replace(/\n+$/, '').replace(/\\?\n\s*/g, ' ');
  return submits
    ? [
        { kind: 'paste', text },
        { kind: 'key', name: 'enter' },
      ]
    : [{ kind: 'paste', text }];
}

function single(character: string): Press {
  if (character === '\r' || character === '\n') return { kind: 'key', name: 'enter' };
  if (character === '\t') return { kind: 'key', name: 'tab' };
  if (character === '\x7f' || character === '\b') return { kind: 'key', name: 'backspace' };
  const code = character.charCodeAt(0);
  if (code < 32) return { kind: 'ctrl', letter: String.fromCharCode(code + 96) };
  return { kind: 'char', text: character };
}

function nameOf(key: Key): KeyPressName | null {
  if (key.return) return 'enter';
  if (key.escape) return 'escape';
  if (key.upArrow) return 'up';
  if (key.downArrow) return 'down';
  if (key.leftArrow) return 'left';
  if (key.rightArrow) return 'right';
  if (key.home) return 'home';
  if (key.end) return 'end';
  if (key.pageUp) return 'pageup';
  if (key.pageDown) return 'pagedown';
  if (key.backspace || key.delete) return 'backspace';
  if (key.tab) return 'tab';
  return null;
}
