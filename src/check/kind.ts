import type { ExperimentName, NodeName, Observation, Part } from '../observe/types.ts';
import type { Verdict } from './finding.ts';
import type { MistakeId } from './mistakes.ts';

/** What a check looks at. The parts are those of an observation; files are paths in the workspace. */
interface Reads {
  parts?: Part[];
  files?: string[];
  experiments?: ExperimentName[];
  data?: NodeName[];
}

/**
 * One kind of question about the state of the lab. A lesson's check names its kind by that kind's own key
 * (`slot: follower_slot`); the other keys are its arguments. Everything here is pure.
 */
export interface CheckKind<Args> {
  /** Own key in the lesson, and name of the kind. */
  readonly kind: string;
  /** Keys that it takes beside its own. They may be the names of other kinds (`server: leader, role: primary`). */
  readonly accepts: readonly string[];
  /**
   * Validates the arguments as the lesson has them (own key included, `title`, `why` and `once` taken out).
   * Throws ArgumentError.
   */
  parse(raw: Record<string, unknown>): Args;
  /** What holds when it passes, a short sentence part in the present: `follower_slot exists on the leader`. */
  title(args: Args): string;
  /** Why it matters, in one or two short sentences. A failed verdict may know a better one for its cause. */
  why(args: Args): string;
  /** What the observation must contain for this check. */
  reads(args: Args): Reads;
  judge(observation: Observation, args: Args): Verdict;
  /** Every mistake that this kind can name. */
  readonly mistakes: readonly MistakeId[];
  /**
   * It follows from what other checks want: no work of its own makes it hold. A lesson asks it to have it seen.
   */
  readonly follows?: true;
}

/** An argument that a kind can't use. `key` is the argument's name, so that the reader can tell the line. */
export class ArgumentError extends Error {
  readonly key: string;
  constructor(key: string, message: string) {
    super(message);
    this.name = 'ArgumentError';
    this.key = key;
  }
}
