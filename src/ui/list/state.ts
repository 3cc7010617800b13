/** A list to choose from: which row, and the number being typed. */
export interface ListState {
  length: number;
  index: number;
  /** Digits typed so far: `1` may become `12`. '' after any other key. */
  digits: string;
}

export type ListAction =
  | { kind: 'move'; by: number }
  | { kind: 'first' }
  | { kind: 'last' }
  | { kind: 'digit'; digit: string };

export function startList(length: number, index: number): ListState {
  return { length, index, digits: '' };
}

export function reduceList(state: ListState, action: ListAction): ListState {
  const at = (index: number, digits = ''): ListState => ({
    ...state,
    index: Math.max(0, Math.min(state.length - 1, index)),
    digits,
  });
  switch (action.kind) {
    case 'move':
      return at(state.index + action.by);
    case 'first':
      return at(0);
    case 'last':
      return at(state.length - 1);
    case 'digit': {
      const both = Number(state.digits + action.digit);
      if (both >= 1 && both <= state.length) return at(both - 1, state.digits + action.digit);
      const one = Number(action.digit);
      return one >= 1 && one <= state.length ? at(one - 1, action.digit) : state;
    }
  }
}

/** First row to show so that `index` is in sight, with the list scrolled as little as can be from the top. */
export function scrollTop(index: number, length: number, rows: number): number {
  if (length <= rows) return 0;
  return Math.max(0, Math.min(length - rows, index - Math.floor(rows / 2)));
}
