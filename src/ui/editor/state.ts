import { graphemes } from '../../terminal/wrap.ts';

/** A text being edited. The cursor counts graphemes, so that it never stands inside a character. */
export interface EditorState {
  characters: readonly string[];
  cursor: number;
  /** What Ctrl-U, Ctrl-K or Ctrl-W took away last; Ctrl-Y brings it back. */
  cut: readonly string[];
  /** Earlier commands, oldest first. */
  history: readonly string[];
  /** Which of them is in sight; `history.length`: none, the text is the learner's own. */
  at: number;
  /** The learner's own text, while an earlier command is in sight. */
  draft: string;
}

export type EditorAction =
  | { kind: 'insert'; text: string }
  | { kind: 'move'; by: number }
  | { kind: 'word'; by: 1 | -1 }
  | { kind: 'start' }
  | { kind: 'end' }
  | { kind: 'backspace' }
  | { kind: 'delete' }
  | { kind: 'cut-start' }
  | { kind: 'cut-end' }
  | { kind: 'cut-word' }
  | { kind: 'put' }
  /** An earlier or a later command of the history. */
  | { kind: 'recall'; by: 1 | -1 };

export function startEditor(text: string, history: readonly string[] = []): EditorState {
  const characters = graphemes(text);
  return { characters, cursor: characters.length, cut: [], history, at: history.length, draft: '' };
}

export function textOfEditor(state: EditorState): string {
  return state.characters.join('');
}

export function reduceEditor(state: EditorState, action: EditorAction): EditorState {
  const { characters, cursor } = state;
  const to = (place: number): EditorState => ({
    ...state,
    cursor: Math.max(0, Math.min(characters.length, place)),
  });
  switch (action.kind) {
    case 'insert':
      return insert(state, graphemes(action.text));
    case 'put':
      return insert(state, state.cut);
    case 'move':
      return to(cursor + action.by);
    case 'word':
      return to(wordEdge(characters, cursor, action.by));
    case 'start':
      return to(0);
    case 'end':
      return to(characters.length);
    case 'backspace':
      return cursor === 0 ? state : { ...remove(state, cursor - 1, cursor), cut: state.cut };
    case 'delete':
      return { ...remove(state, cursor, cursor + 1), cut: state.cut };
    case 'cut-start':
      return remove(state, 0, cursor);
    case 'cut-end':
      return remove(state, cursor, characters.length);
    case 'recall':
      return recall(state, state.at + action.by);
    case 'cut-word':
      return remove(state, wordEdge(characters, cursor, -1), cursor);
  }
}

/** Shows the command at a place of the history; past its end stands what the learner was typing. */
function recall(state: EditorState, at: number): EditorState {
  const { history } = state;
  if (at < 0 || at > history.length) return state;
  const draft = state.at === history.length ? textOfEditor(state) : state.draft;
  const characters = graphemes(history[at] ?? draft);
  return { ...state, characters, cursor: characters.length, at, draft };
}

function insert(state: EditorState, added: readonly string[]): EditorState {
  const characters = [
    ...state.characters.slice(0, state.cursor),
    ...added,
    ...state.characters.slice(state.cursor),
  ];
  // A combining mark joins the character before it: count again from the text.
  const joined = graphemes(characters.join(''));
  return {
    ...state,
    characters: joined,
    cursor: state.cursor + added.length - (characters.length - joined.length),
  };
}

function remove(state: EditorState, from: number, to: number): EditorState {
  const characters = [...state.characters.slice(0, from), ...state.characters.slice(to)];
  const cut = state.characters.slice(from, to);
  return { ...state, characters, cursor: from, cut: cut.length > 0 ? cut : state.cut };
}

function wordEdge(characters: readonly string[], from: number, by: 1 | -1): number {
  const blank = (place: number) => characters[by > 0 ? place : place - 1] === ' ';
  let place = from;
  const inside = () => (by > 0 ? place < characters.length : place > 0);
  while (inside() && blank(place)) place += by;
  while (inside() && !blank(place)) place += by;
  return place;
}
