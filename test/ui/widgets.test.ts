import type { Key } from 'ink';
import { describe, expect, test } from 'vitest';
import { glyphsFor } from '../../src/terminal/glyphs.ts';
import { type EditorAction, reduceEditor, startEditor, textOfEditor } from '../../src/ui/editor/state.ts';
import { editorLines } from '../../src/ui/editor/view.ts';
import { textOf } from '../../src/ui/line.ts';
import { listKey } from '../../src/ui/list/keys.ts';
import { editSearch, type ListAction, reduceList, scrollTop, startList } from '../../src/ui/list/state.ts';
import { type PagerAction, reducePager, START_PAGER } from '../../src/ui/pager/state.ts';
import { type Press, pressesOf } from '../../src/ui/press.ts';

const GLYPHS = glyphsFor({ LANG: 'C.UTF-8' }, 'linux');

describe('the editor', () => {
  const after = (text: string, ...actions: EditorAction[]) => actions.reduce(reduceEditor, startEditor(text));

  test('brings back earlier commands, and what was being typed', () => {
    const older: EditorAction = { kind: 'recall', by: -1 };
    const newer: EditorAction = { kind: 'recall', by: 1 };
    const start = reduceEditor(startEditor('', ['docker ps', 'ls']), { kind: 'insert', text: 'ec' });
    const see = (...actions: EditorAction[]) => textOfEditor(actions.reduce(reduceEditor, start));
    expect(see(older)).toBe('ls');
    expect(see(older, older)).toBe('docker ps');
    expect(see(older, older, older)).toBe('docker ps');
    expect(see(older, newer)).toBe('ec');
    expect(see(newer)).toBe('ec');
    expect(see(older, { kind: 'insert', text: ' -l' })).toBe('ls -l');
  });

  test.each<[string, string, EditorAction[], string, number]>([
    [
      'inserts at the cursor',
      'ac',
      [
        { kind: 'move', by: -1 },
        { kind: 'insert', text: 'b' },
      ],
      'abc',
      2,
    ],
    ['takes a paste', '', [{ kind: 'insert', text: 'docker ps' }], 'docker ps', 9],
    ['deletes a wide character as one', '日本', [{ kind: 'backspace' }], '日', 1],
    ['joins a combining mark', 'e', [{ kind: 'insert', text: '\u0301' }], 'e\u0301', 1],
    [
      'stops at the start',
      'ab',
      [{ kind: 'start' }, { kind: 'backspace' }, { kind: 'move', by: -3 }],
      'ab',
      0,
    ],
    ['deletes under the cursor', 'abc', [{ kind: 'start' }, { kind: 'delete' }], 'bc', 0],
    ['cuts to the start', 'one two', [{ kind: 'move', by: -3 }, { kind: 'cut-start' }], 'two', 0],
    [
      'cuts to the end',
      'one two',
      [{ kind: 'start' }, { kind: 'move', by: 3 }, { kind: 'cut-end' }],
      'one',
      3,
    ],
    ['cuts a word', 'one two ', [{ kind: 'cut-word' }], 'one ', 4],
    [
      'puts back what it cut',
      'one two',
      [{ kind: 'cut-word' }, { kind: 'start' }, { kind: 'put' }],
      'twoone ',
      3,
    ],
  ])('%s', (_name, text, actions, wanted, cursor) => {
    const state = after(text, ...actions);
    expect(textOfEditor(state)).toBe(wanted);
    expect(state.cursor).toBe(cursor);
  });

  test('breaks between words and keeps the row of the cursor in sight', () => {
    const state = startEditor('docker compose up --detach --wait leader follower');
    expect(textOf(editorLines(state, 24, 9, GLYPHS))).toBe(
      [' ❯ docker compose up', '   --detach --wait', '   leader follower'].join('\n'),
    );
    expect(textOf(editorLines(state, 24, 1, GLYPHS))).toBe('   leader follower');
    expect(textOf(editorLines({ ...state, cursor: 0 }, 24, 1, GLYPHS))).toBe(' ❯ docker compose up');
  });

  test('shows the cursor on every place, also past the end', () => {
    for (const text of ['', 'a', 'a b', 'x'.repeat(60), '日本語'.repeat(12)]) {
      const state = startEditor(text);
      for (let cursor = 0; cursor <= state.characters.length; cursor++) {
        const lines = editorLines({ ...state, cursor }, 24, 3, GLYPHS);
        const inverse = lines.flat().filter((one) => one.tone === 'inverse');
        expect(inverse, `${text} at ${cursor}`).toHaveLength(1);
      }
    }
  });
});

describe('the list', () => {
  const listAfter = (...actions: ListAction[]) => actions.reduce(reduceList, startList(12, 7));
  test.each<[ListAction[], number]>([
    [[{ kind: 'move', by: 1 }], 8],
    [[{ kind: 'move', by: 99 }], 11],
    [[{ kind: 'move', by: -99 }], 0],
    [[{ kind: 'digit', digit: '3' }], 2],
    [
      [
        { kind: 'digit', digit: '1' },
        { kind: 'digit', digit: '2' },
      ],
      11,
    ],
    [
      [
        { kind: 'digit', digit: '2' },
        { kind: 'digit', digit: '5' },
      ],
      4,
    ],
    [[{ kind: 'digit', digit: '0' }], 7],
    [
      [
        { kind: 'digit', digit: '1' },
        { kind: 'move', by: 1 },
        { kind: 'digit', digit: '2' },
      ],
      1,
    ],
  ])('%j leads to row %i', (actions, index) => {
    expect(listAfter(...actions).index).toBe(index);
  });

  const found = (filter: string, rows: number[]): ListAction => ({ kind: 'filter', filter, found: rows });
  test.each<[string, ListAction[], { index: number; shown: number[] }]>([
    ['keeps the chosen row where the search has it', [found('a', [3, 7, 9])], { index: 7, shown: [3, 7, 9] }],
    ['takes the first one where it has not', [found('a', [3, 9])], { index: 3, shown: [3, 9] }],
    [
      'moves among what was found',
      [found('a', [3, 9]), { kind: 'move', by: 1 }],
      { index: 9, shown: [3, 9] },
    ],
    [
      'stops at its ends',
      [found('a', [3, 9]), { kind: 'last' }, { kind: 'move', by: 5 }],
      { index: 9, shown: [3, 9] },
    ],
    [
      'keeps the row where nothing is found',
      [found('a', []), { kind: 'move', by: 1 }, { kind: 'first' }],
      { index: 7, shown: [] },
    ],
  ])('a search %s', (_name, actions, wanted) => {
    const { index, shown } = listAfter(...actions);
    expect({ index, shown }).toEqual(wanted);
  });

  test('all rows are back after a search, with the chosen one', () => {
    const all = Array.from({ length: 12 }, (_, at) => at);
    expect(listAfter(found('a', [3]), found('', all))).toEqual({ ...startList(12, 3) });
  });

  test.each<[string, Press, boolean, ReturnType<typeof listKey>]>([
    ['a digit chooses by number', { kind: 'char', text: '3' }, false, { kind: 'digit', digit: '3' }],
    ['a digit belongs to the search', { kind: 'char', text: '3' }, true, { kind: 'type', text: '3' }],
    ['a letter searches', { kind: 'char', text: 'q' }, false, { kind: 'type', text: 'q' }],
    ['a letter of any alphabet', { kind: 'char', text: 'é' }, true, { kind: 'type', text: 'é' }],
    ['other characters do nothing', { kind: 'char', text: '?' }, true, null],
    [
      'a paste searches',
      { kind: 'paste', text: 'hot standby' },
      false,
      { kind: 'type', text: 'hot standby' },
    ],
    ['Backspace takes away', { kind: 'key', name: 'backspace' }, true, { kind: 'erase' }],
    ['Esc ends the search first', { kind: 'key', name: 'escape' }, true, { kind: 'clear' }],
    ['Esc closes second', { kind: 'key', name: 'escape' }, false, 'close'],
    ['Enter chooses', { kind: 'key', name: 'enter' }, true, 'choose'],
  ])('%s', (_name, press, searching, wanted) => {
    expect(listKey(press, searching)).toEqual(wanted);
  });

  test('the words of a search are typed, erased and cleared', () => {
    const typed = editSearch(editSearch('', { kind: 'type', text: ' ' }), { kind: 'type', text: 'hot s' });
    expect(typed).toBe('hot s');
    expect(editSearch(typed, { kind: 'erase' })).toBe('hot ');
    expect(editSearch('', { kind: 'erase' })).toBe('');
    expect(editSearch('e\u0301', { kind: 'erase' })).toBe('');
    expect(editSearch(typed, { kind: 'clear' })).toBe('');
  });

  test('the chosen row is always in sight', () => {
    for (let index = 0; index < 12; index++) {
      const top = scrollTop(index, 12, 5);
      expect(index).toBeGreaterThanOrEqual(top);
      expect(index).toBeLessThan(top + 5);
    }
  });
});

describe('the pages', () => {
  const extent = { heights: [3, 20, 5], rows: 8 };
  const after = (...actions: PagerAction[]) =>
    actions.reduce((state, action) => reducePager(state, action, extent), START_PAGER);
  const on: PagerAction = { kind: 'scroll', by: 7 };
  const back: PagerAction = { kind: 'scroll', by: -7 };
  test.each<[string, PagerAction[], { page: number; top: number }]>([
    ['space goes on to the next page when this one is read', [on], { page: 1, top: 0 }],
    ['it scrolls within a long page', [on, on], { page: 1, top: 7 }],
    ['and stops at its end before it goes on', [on, on, on], { page: 1, top: 12 }],
    ['then goes on', [on, on, on, on], { page: 2, top: 0 }],
    ['b goes back to the end of the page before', [{ kind: 'page', page: 2 }, back], { page: 1, top: 12 }],
    ['there is nothing before the first page', [back], { page: 0, top: 0 }],
    ['a number that is no page does nothing', [{ kind: 'page', page: 7 }], { page: 0, top: 0 }],
  ])('%s', (_name, actions, wanted) => {
    expect(after(...actions)).toEqual(wanted);
  });
});

describe('keys', () => {
  const none = { ctrl: false, meta: false } as Key;
  test.each([
    ['r', [{ kind: 'char', text: 'r' }]],
    [
      'l3\r',
      [
        { kind: 'char', text: 'l' },
        { kind: 'char', text: '3' },
        { kind: 'key', name: 'enter' },
      ],
    ],
    ['jjjjj', Array.from({ length: 5 }, () => ({ kind: 'char', text: 'j' }))],
    ['docker ps', [{ kind: 'paste', text: 'docker ps' }]],
    [
      'docker ps\r',
      [
        { kind: 'paste', text: 'docker ps' },
        { kind: 'key', name: 'enter' },
      ],
    ],
    ['docker \\\n  ps -a\nls', [{ kind: 'paste', text: 'docker  ps -a ls' }]],
    [
      '\x15echo it',
      [
        { kind: 'ctrl', letter: 'u' },
        { kind: 'paste', text: 'echo it' },
      ],
    ],
    ['日', [{ kind: 'char', text: '日' }]],
  ])('%j', (input, presses) => {
    expect(pressesOf(input, none)).toEqual(presses);
  });

  test('Ctrl-C and Backspace are what they are', () => {
    expect(pressesOf('c', { ...none, ctrl: true })).toEqual([{ kind: 'ctrl', letter: 'c' }]);
    expect(pressesOf('', { ...none, delete: true })).toEqual([{ kind: 'key', name: 'backspace' }]);
  });
});
