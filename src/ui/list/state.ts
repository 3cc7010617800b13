import { graphemes } from '../../terminal/wrap.ts';

/** A list to choose from: which row, the number being typed, and the words that rows are searched by. */
export interface ListState {
  /** Indexes of the rows in sight: all, or those that the search has found. */
  shown: readonly number[];
  /** Index of the chosen row, which is in sight unless no row is. */
  index: number;
  /** Digits typed so far: `1` may become `12`. '' after any other key. */
  digits: string;
  /** What is searched for; '' while all rows are in sight. */
  filter: string;
}

export type ListAction =
  | { kind: 'move'; by: number }
  | { kind: 'first' }
  | { kind: 'last' }
  | { kind: 'digit'; digit: string }
  /** Another search, and what it has found. */
  | { kind: 'filter'; filter: string; found: readonly number[] };

/** What a key does to the words of a search. */
export type SearchEdit = { kind: 'type'; text: string } | { kind: 'erase' } | { kind: 'clear' };

export function startList(length: number, index: number): ListState {
  return { shown: Array.from({ length }, (_, at) => at), index, digits: '', filter: '' };
}

export function reduceList(state: ListState, action: ListAction): ListState {
  const { shown } = state;
  const at = (place: number, digits = ''): ListState => ({
    ...state,
    index: shown[Math.max(0, Math.min(shown.length - 1, place))] ?? state.index,
    digits,
  });
  switch (action.kind) {
    case 'move':
      return at(shown.indexOf(state.index) + action.by);
    case 'first':
      return at(0);
    case 'last':
      return at(shown.length - 1);
    case 'digit': {
      const both = Number(state.digits + action.digit);
      if (both >= 1 && both <= shown.length) return at(both - 1, state.digits + action.digit);
      const one = Number(action.digit);
      return one >= 1 && one <= shown.length ? at(one - 1, action.digit) : state;
    }
    case 'filter': {
      const { filter, found } = action;
      const index = found.includes(state.index) ? state.index : (found[0] ?? state.index);
      return { shown: found, index, digits: '', filter };
    }
  }
}

/** The words of a search after a key. */
export function editSearch(filter: string, edit: SearchEdit): string {
  switch (edit.kind) {
    case 'type':
      return `${filter}${edit.text}`.trimStart();
    case 'erase':
      return graphemes(filter).slice(0, -1).join('').trimStart();
    case 'clear':
      return '';
  }
}

/** First row to show so that `index` is in sight, with the list scrolled as little as can be from the top. */
export function scrollTop(index: number, length: number, rows: number): number {
  if (length <= rows) return 0;
  return Math.max(0, Math.min(length - rows, index - Math.floor(rows / 2)));
}
