import type { MistakeId } from '../../../src/check/mistakes.ts';
import type { Loss } from './change.ts';

/** All checks of a lesson that are lost by the same mistake. */
function lesson(id: string, points: Record<string, number>, mistake: MistakeId): Record<string, Loss> {
  return Object.fromEntries(
    Object.entries(points).map(([name, lost]): [string, Loss] => [`${id}/${name}`, [lost, mistake]]),
  );
}

const COMPOSE_CHECKS = {
  'services-resolve': 1,
  'leader-image': 1,
  'leader-names': 1,
  'leader-restart': 1,
  'leader-port': 1,
  'leader-config-mount': 1,
  'leader-data-mount': 1,
  'leader-command': 1,
  'leader-environment': 1,
  'leader-network': 1,
  'follower-basics': 1,
  'follower-mounts': 1,
  'follower-start': 1,
  'follower-order': 1,
};
const LEADER_CONF_CHECKS = {
  'leader-conf-file': 1,
  'leader-listens': 2,
  'leader-wal-level': 2,
  'leader-wal-senders': 1,
  'leader-wal-keep-size': 1,
  'leader-hot-standby': 1,
};
const FOLLOWER_CONF_CHECKS = { 'follower-conf-file': 1, 'follower-listens': 1, 'follower-hot-standby': 2 };

export const composeLost = (mistake: MistakeId) => lesson('compose-file', COMPOSE_CHECKS, mistake);
export const leaderConfLost = (mistake: MistakeId) => lesson('leader-conf', LEADER_CONF_CHECKS, mistake);
export const followerConfLost = (mistake: MistakeId) =>
  lesson('follower-conf', FOLLOWER_CONF_CHECKS, mistake);

/** Nothing of the leader's script was done. */
export const LEADER_UNPREPARED: Record<string, Loss> = {
  'prepare-leader/replicator-exists': [6, 'role-missing'],
  'prepare-leader/slot-exists': [5, 'slot-missing'],
  'prepare-leader/replicator-can-log-in': [5, 'hba-missing'],
};
