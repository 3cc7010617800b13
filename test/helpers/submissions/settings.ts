import {
  all,
  append,
  crlf,
  edit,
  FOLLOWER_CONF,
  INVENTORY,
  LEADER_CONF,
  remove,
  type Submission,
} from './change.ts';
import { leaderConfLost } from './lost.ts';

const AFTER_LEADER_CONF = [
  'start-leader',
  'prepare-leader',
  'base-backup',
  'start-follower',
  'inventory',
  'verify',
];

/** Mistakes in the settings. Most of them keep a server from starting, and cost no more than their own line. */
export const IN_SETTINGS: readonly Submission[] = [
  {
    // With WAL senders and this level the leader refuses to start.
    name: 'conf-wal-level-minimal',
    change: edit(LEADER_CONF, 'wal_level = replica', 'wal_level = minimal'),
    score: 98,
    lost: { 'leader-conf/leader-wal-level': [2, 'setting-wrong'] },
    givenBack: AFTER_LEADER_CONF,
  },
  {
    // The leader starts, and nobody may copy it.
    name: 'conf-no-wal-senders',
    change: edit(LEADER_CONF, 'max_wal_senders = 10', 'max_wal_senders = 0'),
    score: 99,
    lost: { 'leader-conf/leader-wal-senders': [1, 'setting-wrong'] },
    givenBack: ['prepare-leader', 'base-backup', 'start-follower', 'verify'],
  },
  {
    // The leader answers itself, and no other container.
    name: 'conf-localhost',
    change: edit(LEADER_CONF, "listen_addresses = '*'", "listen_addresses = 'localhost'"),
    score: 98,
    lost: { 'leader-conf/leader-listens': [2, 'setting-wrong'] },
    givenBack: ['prepare-leader', 'base-backup', 'start-follower', 'verify'],
  },
  {
    // A letter too few: the leader does not start, but only one line of the file is wrong.
    name: 'conf-misspelt',
    change: edit(LEADER_CONF, 'wal_keep_size', 'wal_keep_siz'),
    score: 99,
    lost: { 'leader-conf/leader-wal-keep-size': [1, 'setting-missing'] },
    givenBack: AFTER_LEADER_CONF,
  },
  {
    // PostgreSQL does not mind the line ends, so only the file itself loses.
    name: 'conf-crlf',
    change: crlf(LEADER_CONF),
    score: 99,
    lost: { 'leader-conf/leader-conf-file': [1, 'crlf-lines'] },
  },
  {
    // The file was forgotten. Docker makes a folder of the name that is mounted, and the leader can't read it.
    name: 'conf-missing',
    change: remove(LEADER_CONF),
    score: 92,
    lost: leaderConfLost('file-missing'),
    givenBack: AFTER_LEADER_CONF,
  },
  {
    // It copies everything and lets nobody in.
    name: 'conf-no-hot-standby',
    change: edit(FOLLOWER_CONF, 'hot_standby = on', 'hot_standby = off'),
    score: 98,
    lost: { 'follower-conf/follower-hot-standby': [2, 'setting-wrong'] },
    givenBack: ['start-follower', 'verify'],
  },
  {
    // No line of the lesson is wrong. The follower stops all the same: the leader has more connections.
    name: 'conf-follower-too-small',
    change: append(FOLLOWER_CONF, 'max_connections = 50\n'),
    score: 97,
    lost: { 'start-follower/follower-streams': [3, 'follower-too-small'] },
    givenBack: ['verify'],
  },
];

/** Mistakes in the data. The table is made from the same file, so it is right once the file is. */
export const IN_DATA: readonly Submission[] = [
  {
    // Two digits of a quantity are the wrong way round.
    name: 'data-wrong-row',
    change: edit(INVENTORY, "'HyperSpanner', 75", "'HyperSpanner', 57"),
    score: 96,
    lost: { 'dataset/inventory-file': [4, 'dataset-incomplete'] },
    givenBack: ['inventory'],
  },
  {
    // There is no column for the quantity.
    name: 'data-missing-column',
    change: all(
      edit(INVENTORY, '    quantity INT,\n', ''),
      edit(INVENTORY, ', quantity,', ','),
      edit(INVENTORY, /, \d+, NOW/g, ', NOW'),
    ),
    score: 96,
    lost: { 'dataset/inventory-file': [4, 'dataset-incomplete'] },
    givenBack: ['inventory'],
  },
];
