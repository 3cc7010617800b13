import type { MistakeId } from './mistakes.ts';

/**
 * What a judge says of an observation.
 * - `passed`: it holds.
 * - `failed`: it does not hold, and `mistake` names the cause where we know it.
 * - `blocked`: it can't be asked yet, because something before it does not hold (the server is not running).
 * - `error`: the environment can't be asked (no engine). Never the learner's fault, never costs points.
 */
export type Verdict =
  | { state: 'passed'; probe: string; saw: string }
  | {
      state: 'failed' | 'blocked' | 'error';
      mistake?: MistakeId;
      /** What was looked at, in words the learner can repeat: `pg_replication_slots on leader`. */
      probe: string;
      saw: string;
      wanted: string;
      /** Why it matters. */
      why: string;
    };

export type FindingState = Verdict['state'];

/** A verdict, bound to the check that asked. All four texts are always there, also when it passed. */
export interface Finding {
  /** `lesson-id/check-name` */
  id: string;
  title: string;
  state: FindingState;
  mistake?: MistakeId;
  probe: string;
  saw: string;
  wanted: string;
  why: string;
  /** Milliseconds from asking to answer, the share of the observation not counted. */
  ms: number;
}
