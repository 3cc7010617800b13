import type { Driver } from '../learn/driver-types.ts';
import type { FeedItem, WalkState } from '../learn/state.ts';
import type { Size } from '../terminal/size.ts';
import { type EditorState, startEditor } from './editor/state.ts';
import { type ListState, startList } from './list/state.ts';
import { type PagerState, START_PAGER } from './pager/state.ts';
import type { Piece } from './transcript/again.ts';

/** Draws at most so often: a flood of output must not take the time that keys need. */
const PUBLISH_MS = 50;

/** State of the widgets that answer keys themselves, made new whenever their mode is entered. */
interface Widgets {
  list: ListState;
  pager: PagerState;
  editor: EditorState;
}

/** An item of the transcript as it was drawn. `again`: it had been drawn before, in a window that was cleared. */
interface Entry extends Piece {
  id: number;
  again?: true;
}

/** Everything that a frame is drawn from. */
export interface Snapshot {
  state: WalkState;
  live: readonly string[];
  /** The transcript; it only grows. */
  feed: readonly Entry[];
  widgets: Widgets;
  size: Size;
  /** When the present activity began; null while idle. */
  busySince: number | null;
  /** The last frame, after the walk has ended. */
  ended: boolean;
  /** Something else has the terminal: nothing of ours is drawn. */
  away: boolean;
}

/** The one store of the interface: the driver's state, what came to the transcript, and the widgets. */
export interface Store {
  subscribe(listener: () => void): () => void;
  getSnapshot(): Snapshot;
  /** The widgets as they are now, also between two frames. */
  widgets(): Widgets;
  setWidgets(change: Partial<Widgets>): void;
  resize(size: Size): void;
  /** Draws what has changed now, and not at the next turn: a key has been answered. */
  flush(): void;
  /** Draws a part of the transcript once more, for a window that was cleared; `choose` gets all of it. */
  repeat(choose: (items: readonly FeedItem[]) => Piece[]): void;
  /** Takes the frame off the screen, or puts it back. */
  setAway(away: boolean): void;
  /** Shows the last frame at once. */
  end(): void;
  close(): void;
}

export function createStore(driver: Driver, size: Size): Store {
  const listeners = new Set<() => void>();
  let mode = driver.getState().mode;
  let busy = driver.getState().activity.kind;
  let pending: FeedItem[] = [];
  let nextId = 0;
  let timer: NodeJS.Timeout | null = null;
  let last = 0;
  let snapshot: Snapshot = {
    state: driver.getState(),
    live: driver.liveOutput(),
    feed: [],
    widgets: widgetsFor(driver.getState()),
    size,
    busySince: busy === 'idle' ? null : Date.now(),
    ended: false,
    away: false,
  };

  const publish = (change: Partial<Snapshot> = {}) => {
    if (timer) clearTimeout(timer);
    timer = null;
    last = Date.now();
    syncWidgets();
    const state = driver.getState();
    const added = pending.map((item) => ({ id: nextId++, item }));
    pending = [];
    if (state.activity.kind !== busy) {
      busy = state.activity.kind;
      snapshot = { ...snapshot, busySince: busy === 'idle' ? null : Date.now() };
    }
    const feed = added.length > 0 ? [...snapshot.feed, ...added] : snapshot.feed;
    snapshot = { ...snapshot, state, live: [...driver.liveOutput()], feed, ...change };
    for (const listener of listeners) listener();
  };
  // The first change after a pause is drawn at once, so that a key is answered; the rest wait for their turn.
  const soon = () => {
    timer ??= setTimeout(publish, Math.max(0, last + PUBLISH_MS - Date.now()));
  };
  const syncWidgets = () => {
    const now = driver.getState();
    if (now.mode === mode) return;
    // Moving between overlays of one kind keeps the object, so a new one means that it was opened anew.
    mode = now.mode;
    snapshot = { ...snapshot, widgets: widgetsFor(now) };
  };

  const stopFeed = driver.onFeed((item) => {
    pending.push(item);
    soon();
  });
  const stopState = driver.subscribe(soon);

  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    getSnapshot: () => snapshot,
    widgets() {
      syncWidgets();
      return snapshot.widgets;
    },
    setWidgets(change) {
      snapshot = { ...snapshot, widgets: { ...snapshot.widgets, ...change } };
      soon();
    },
    resize(next) {
      // Nothing but the size: what came to the transcript meanwhile must not be drawn while writes are held back.
      snapshot = { ...snapshot, size: next };
      for (const listener of listeners) listener();
    },
    flush() {
      if (timer) publish();
    },
    repeat(choose) {
      publish();
      const items = snapshot.feed.filter(({ again }) => !again).map(({ item }) => item);
      const repeated = choose(items).map((piece): Entry => ({ ...piece, id: nextId++, again: true }));
      publish({ feed: [...snapshot.feed, ...repeated] });
    },
    setAway: (away) => publish({ away }),
    end: () => publish({ ended: true }),
    close() {
      if (timer) clearTimeout(timer);
      stopFeed();
      stopState();
    },
  };
}

function widgetsFor(state: WalkState): Widgets {
  return {
    list: startList(state.course.lessons.length, state.place.lesson),
    pager: START_PAGER,
    editor: startEditor(state.mode.kind === 'edit' ? state.mode.initial : '', state.commands),
  };
}
