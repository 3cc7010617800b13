import type { Course } from '../course/types.ts';
import type { Driver } from '../learn/driver-types.ts';
import { findLessons } from '../learn/find-lessons.ts';
import type { Intent, WalkState } from '../learn/state.ts';
import type { Glyphs } from '../terminal/glyphs.ts';
import { contentWidth } from '../terminal/size.ts';
import { editorKey } from './editor/keys.ts';
import { reduceEditor, textOfEditor } from './editor/state.ts';
import { overlayRows } from './frame.ts';
import { keysNow, situationOf } from './key-lookup.ts';
import type { Situation } from './keys.ts';
import { listKey } from './list/keys.ts';
import { editSearch, type ListAction, type ListState, reduceList, type SearchEdit } from './list/state.ts';
import { pagerKey } from './pager/keys.ts';
import { reducePager } from './pager/state.ts';
import { pageRows, pagesOf } from './pager/view.ts';
import type { Press } from './press.ts';
import type { Store } from './store.ts';

export interface Hands {
  driver: Driver;
  store: Store;
  glyphs: Glyphs;
  /** Draws the window again, with the task. */
  redraw(): void;
  /** Draws the window as it was before a list, a page or a question covered it. */
  uncover(): void;
}

/** What makes the frame so high that the text above it leaves the window. */
const COVERS: readonly Situation[] = ['lessons', 'concepts', 'leaving'];

export const isCovered = (state: WalkState): boolean => COVERS.includes(situationOf(state));

/** Answers one press, by what is open now. State is read anew for each: several presses may come in one chunk. */
export function handlePress(press: Press, hands: Hands): void {
  if (press.kind === 'ctrl' && press.letter === 'l') {
    hands.redraw();
    return;
  }
  const intent = intentOf(press, hands);
  if (!intent) return;
  const before = hands.driver.getState();
  hands.driver.send(intent);
  const after = hands.driver.getState();
  // Another task brings its own text.
  if (isCovered(before) && !isCovered(after) && after.place === before.place) hands.uncover();
}

function intentOf(press: Press, hands: Hands): Intent | null {
  if (press.kind === 'ctrl' && press.letter === 'c') return { kind: 'interrupt' };
  switch (situationOf(hands.driver.getState())) {
    case 'edit':
      return toEditor(press, hands);
    case 'lessons':
      return toList(press, hands);
    case 'concepts':
      return toPager(press, hands);
    default:
      return toWalk(press, hands.driver);
  }
}

function toWalk(press: Press, driver: Driver): Intent | null {
  const digit = press.kind === 'char' && /^[1-9]$/.test(press.text) ? Number(press.text) : null;
  const typed = press.kind === 'char' ? press.text : press.kind === 'key' ? press.name : '';
  const name = digit === null ? typed : 'digit';
  const binding = keysNow(driver.getState()).find((one) => one.key === name);
  if (!binding) return null;
  return digit === null ? binding.intent : { kind: 'choose', option: digit - 1 };
}

function toEditor(press: Press, { store }: Hands): Intent | null {
  const { editor } = store.widgets();
  const action = editorKey(press);
  if (action === 'cancel') return { kind: 'close' };
  if (action === 'submit') {
    const command = textOfEditor(editor).trim();
    return command === '' ? { kind: 'close' } : { kind: 'submit', command };
  }
  if (action) store.setWidgets({ editor: reduceEditor(editor, action) });
  return null;
}

function toList(press: Press, { driver, store }: Hands): Intent | null {
  const { list } = store.widgets();
  const action = listKey(press, list.filter !== '');
  if (action === null) return null;
  if (action === 'close') return { kind: 'close' };
  if (action === 'choose')
    return list.shown.includes(list.index) ? { kind: 'goto', lesson: list.index } : null;
  store.setWidgets({ list: reduceList(list, asListAction(action, list, driver.getState().course)) });
  return null;
}

/** A key of the search as what it finds. */
function asListAction(action: ListAction | SearchEdit, list: ListState, course: Course): ListAction {
  if (action.kind !== 'type' && action.kind !== 'erase' && action.kind !== 'clear') return action;
  const filter = editSearch(list.filter, action);
  return { kind: 'filter', filter, found: findLessons(course, filter).map(({ index }) => index) };
}

function toPager(press: Press, { driver, store, glyphs }: Hands): Intent | null {
  const { size } = store.getSnapshot();
  const rows = pageRows(overlayRows(size));
  const action = pagerKey(press, rows);
  if (action === 'close') return { kind: 'close' };
  if (action === null) return null;
  const pages = pagesOf(driver.getState(), contentWidth(size.columns), glyphs);
  const heights = pages.map((page) => page.lines.length);
  store.setWidgets({ pager: reducePager(store.widgets().pager, action, { heights, rows }) });
  return null;
}
