import type { FeedItem, Intent, WalkState } from './state.ts';

/** The walk in motion, as a front end sees it: state to draw, a transcript to append, keys to pass on. */
export interface Driver {
  getState(): WalkState;
  /** Complete lines of the running command's output, newest last; at most 200, empty when nothing runs. */
  liveOutput(): readonly string[];
  /** Called after every change of state or live output. Returns the function that stops it. */
  subscribe(listener: () => void): () => void;
  /** Called for every item of the transcript, in order; items that came before are replayed at once. */
  onFeed(listener: (item: FeedItem) => void): () => void;
  send(intent: Intent): void;
  /**
   * Tells how the terminal is let go while something else has it. Without a lender, commands that want the terminal
   * run like any other, and there is no own shell.
   */
  lendTerminal(lend: Lend): void;
  /** Resolves with the exit code once the walk ends. Never rejects for a learner's mistake. */
  readonly finished: Promise<number>;
}

/** Lets go of the terminal while `use` runs, and takes it back. */
export type Lend = <T>(use: () => Promise<T>) => Promise<T>;

/** What the front end says about where it runs: `docker · PostgreSQL 14`. */
export interface LabLabel {
  kind: 'docker' | 'sandbox';
  text: string;
}
