import { replicationOf } from '../check/replication.ts';
import type { Observation } from '../observe/types.ts';

/** What is kept of one observation, to tell what moves. */
export interface Sample {
  /** ISO time of the observation, of the first one where several were taken for one. */
  at: string;
  /** Bytes that the follower was behind; negative when it had diverged, null when that could not be told. */
  lagBytes: number | null;
  leaderLsn: string | null;
  /** How often, since the walk began, WAL had gone from the leader to the follower between two observations. */
  moves: number;
}

/** Samples that are kept: some twenty seconds, one observation a second. */
export const SAMPLES_KEPT = 20;

/** Observations that follow each other faster, as after a command, are taken for one. In milliseconds. */
const TOGETHER_MS = 500;

/** The samples with this observation's, oldest first, never more than SAMPLES_KEPT. */
export function remember(
  history: readonly Sample[],
  observation: Observation,
  slotName: string | undefined,
): readonly Sample[] {
  const { leader, streams, lagBytes } = replicationOf(observation, slotName);
  const last = history.at(-1);
  const leaderLsn = leader?.lsn ?? null;
  const moved = streams && last !== undefined && last.leaderLsn !== null && last.leaderLsn !== leaderLsn;
  const moves = (last?.moves ?? 0) + (moved ? 1 : 0);
  // The first one's time stays, or a long row of fast ones would never be more than one.
  const together = last && Date.parse(observation.at) - Date.parse(last.at) < TOGETHER_MS;
  const sample = { at: together ? last.at : observation.at, lagBytes, leaderLsn, moves };
  return [...(together ? history.slice(0, -1) : history), sample].slice(-SAMPLES_KEPT);
}

/** True when WAL went to the follower between the last two observations. */
export function movesNow(history: readonly Sample[]): boolean {
  const [before, last] = history.slice(-2);
  return before !== undefined && last !== undefined && last.moves > before.moves;
}
