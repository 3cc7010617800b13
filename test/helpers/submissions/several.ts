import { readFileSync } from 'node:fs';
import {
  ADDS_RULE,
  all,
  COMPOSE,
  CREATES_SLOT,
  edit,
  FOLLOWER_CONF,
  FOLLOWER_SCRIPT,
  INVENTORY,
  LEADER_CONF,
  LEADER_SCRIPT,
  type Loss,
  put,
  remove,
  type Submission,
} from './change.ts';
import { composeLost, followerConfLost, leaderConfLost } from './lost.ts';

const skeleton = (name: string): string => readFileSync(`lessons/files/skeleton/${name}`, 'utf8');

/** Two and three mistakes at once: each costs what it costs alone. */
export const SEVERAL: readonly Submission[] = [
  {
    // The first keeps the leader from starting, so the second shows only when that is mended.
    name: 'two-settings-and-slot',
    change: all(
      edit(COMPOSE, / +- \.\/leader\/postgresql\.conf.*\n/, ''),
      edit(LEADER_SCRIPT, CREATES_SLOT, ''),
    ),
    score: 94,
    lost: {
      'compose-file/leader-config-mount': [1, 'compose-property'],
      'prepare-leader/slot-exists': [5, 'conf-broken'],
    },
    givenBack: ['start-leader', 'base-backup', 'start-follower', 'inventory', 'verify'],
  },
  {
    // Each of them hides the next.
    name: 'three-conf-hba-backup',
    change: all(
      edit(LEADER_CONF, 'wal_level = replica', 'wal_level = minimal'),
      edit(LEADER_SCRIPT, ADDS_RULE, ''),
      edit(FOLLOWER_SCRIPT, ' -R ', ' '),
    ),
    score: 77,
    lost: {
      'leader-conf/leader-wal-level': [2, 'setting-wrong'],
      'prepare-leader/replicator-can-log-in': [5, 'conf-broken'],
      'base-backup/copy-complete': [16, 'conf-broken'],
    },
    givenBack: ['start-leader', 'start-follower', 'inventory', 'verify'],
  },
  {
    // Two that have nothing to do with each other.
    name: 'two-role-and-data',
    change: all(
      edit(LEADER_SCRIPT, 'WITH REPLICATION PASSWORD', 'WITH PASSWORD'),
      edit(INVENTORY, "'HyperSpanner', 75", "'HyperSpanner', 57"),
    ),
    score: 90,
    lost: {
      'dataset/inventory-file': [4, 'dataset-incomplete'],
      'prepare-leader/replicator-exists': [6, 'role-cannot-replicate'],
    },
    givenBack: ['base-backup', 'start-follower', 'inventory', 'verify'],
  },
  {
    // In one lesson, both of its own: the user can't replicate, and no rule would let it in.
    name: 'two-role-and-hba',
    change: all(
      edit(LEADER_SCRIPT, 'WITH REPLICATION PASSWORD', 'WITH PASSWORD'),
      edit(LEADER_SCRIPT, ADDS_RULE, ''),
    ),
    score: 89,
    lost: {
      'prepare-leader/replicator-exists': [6, 'role-cannot-replicate'],
      'prepare-leader/replicator-can-log-in': [5, 'hba-missing'],
    },
    givenBack: ['base-backup', 'start-follower', 'verify'],
  },
];

const ABSENT = 'containers-not-running';

/** No server was ever started, and none of the student's files could start one. */
const NO_SERVERS: Record<string, Loss> = {
  'start-leader/leader-running': [5, ABSENT],
  'start-leader/leader-is-primary': [5, ABSENT],
  'prepare-leader/replicator-exists': [6, ABSENT],
  'prepare-leader/slot-exists': [5, ABSENT],
  'prepare-leader/replicator-can-log-in': [5, ABSENT],
  'base-backup/copy-complete': [16, ABSENT],
  'start-follower/follower-streams': [3, ABSENT],
  'start-follower/slot-reserved': [3, ABSENT],
  'start-follower/catches-up': [2, null],
  'inventory/inventory-filled': [6, ABSENT],
  'verify/rows-arrived': [2, ABSENT],
  'verify/follower-refuses-writes': [2, ABSENT],
  'verify/after-restarts': [2, null],
};

/** Nobody gets points for what the reference does in their place. */
export const NEXT_TO_NOTHING: readonly Submission[] = [
  {
    // Lesson 1 and no more. The four points beside it are for the data, which need not be handed in.
    name: 'skeleton-only',
    change: all(
      remove(COMPOSE, LEADER_CONF, FOLLOWER_CONF, INVENTORY),
      put(LEADER_SCRIPT, skeleton('setup-leader.sh')),
      put(FOLLOWER_SCRIPT, skeleton('setup-follower.sh')),
    ),
    score: 8,
    lost: {
      ...composeLost('compose-file-missing'),
      ...leaderConfLost('file-missing'),
      ...followerConfLost('file-missing'),
      ...NO_SERVERS,
      'prepare-leader/leader-script': [2, 'script-empty'],
      'base-backup/follower-script': [2, 'script-empty'],
    },
    remarks: ['file-given', 'nothing-to-build-on'],
  },
  {
    name: 'empty-folder',
    change: (files) => files.clear(),
    score: 0,
    lost: {},
    remarks: ['empty-submission'],
  },
];
