import type { MistakeId } from './mistakes.ts';
import type { UpServer } from './needs.ts';
import type { Pair } from './source.ts';
import { type Trouble, trouble } from './verdict.ts';

/** The ways in which a follower is none at all, worst first. */
export const STANDING_MISTAKES: readonly MistakeId[] = [
  'leader-is-standby',
  'follower-own-cluster',
  'follower-is-primary',
];

/** Whether the follower is a standby of this leader at all. */
export function standing(pair: Pair, standby: UpServer, primary: UpServer | null): Trouble | null {
  const { follower, leader } = pair;
  if (primary?.probe.inRecovery) {
    const question = { probe: `pg_is_in_recovery() on ${leader}`, wanted: `${leader} is a primary (false)` };
    const why =
      'The leader must take writes. It runs as a standby: there is a standby.signal in its data folder.';
    return trouble(question, 'leader-is-standby', `${leader} is in recovery (true)`, why);
  }
  if (primary && primary.probe.systemId !== standby.probe.systemId) {
    const question = {
      probe: `system_identifier of ${follower} and ${leader}`,
      wanted: `the identifier of ${leader}, ${primary.probe.systemId}`,
    };
    const why =
      'The follower is a database cluster of its own, not a copy of the leader. Equal rows do not make it one.';
    return trouble(question, 'follower-own-cluster', `${follower} has ${standby.probe.systemId}`, why);
  }
  if (!standby.probe.inRecovery) {
    const question = {
      probe: `pg_is_in_recovery() on ${follower}`,
      wanted: `${follower} is a standby (true)`,
    };
    const why =
      'It runs as a second primary, so it receives nothing from the leader. Either standby.signal was not in its data folder (`pg_basebackup -R` writes it), or it was promoted.';
    return trouble(question, 'follower-is-primary', `${follower} is not in recovery (false)`, why);
  }
  return null;
}

/** The follower has a history of its own. `saw` is what gave it away. */
export function diverged({ follower, leader }: Pair, saw: string): Trouble {
  const question = {
    probe: `WAL positions of ${follower} and ${leader}`,
    wanted: `one history, that of ${leader}`,
  };
  const why =
    'The follower has written WAL of its own, so the WAL of the leader no longer fits. It needs a new base backup.';
  return trouble(question, 'follower-diverged', saw, why);
}
