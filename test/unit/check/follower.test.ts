import { readOnly } from '../../../src/check/kinds/read-only.ts';
import { replicated } from '../../../src/check/kinds/replicated.ts';
import { streaming } from '../../../src/check/kinds/streaming.ts';
import type { Experiments, Observation } from '../../../src/observe/types.ts';
import { describeKind } from './describe-kind.ts';
import { first, probeOf, withLogs } from './healthy.ts';
import {
  DIVERGED_TROUBLES,
  FOLLOW_TROUBLES,
  PREV_LINK,
  reachTroubles,
  SLOT_TROUBLES,
  STANDING_TROUBLES,
  silence,
} from './shared-troubles.ts';

/** Lines of troubles that are long mended. */
const oldTroubles = (observation: Observation) =>
  withLogs(
    observation,
    'follower',
    'LOG:  new timeline 2 forked off current database system timeline 1 before current recovery point 0/30001F0',
    'FATAL:  database system identifier differs between the primary and standby',
    PREV_LINK,
    'FATAL:  could not load /var/lib/postgresql/data/pg_hba.conf',
  );

const address = (sender: string | null, ...container: string[]) => ({
  change: (observation: Observation) => {
    first(probeOf(observation, 'leader').senders).address = sender;
    Object.assign(observation.nodes.follower.container, { addresses: container });
  },
});

describeKind(streaming, {
  raw: { streaming: 'follower', of: 'leader', slot: 'follower_slot', user: 'replicator' },
  stage: 'streaming',
  passes: {
    'through its slot': {},
    'old lines in its log': { change: oldTroubles },
    'on a busy leader, a little behind': {
      change: (observation) => {
        first(probeOf(observation, 'leader').senders).lagBytes = 40960;
      },
    },
    'by the address instead of the name': {
      change: (observation) => {
        Object.assign(probeOf(observation, 'follower').settings.primary_conninfo ?? {}, {
          value: 'host=172.18.0.2 user=replicator',
        });
      },
    },
    'beside a backup and another standby': {
      change: (observation) => {
        const { senders } = probeOf(observation, 'leader');
        const own = first(senders);
        senders.unshift(
          { ...own, pid: 5, application: 'pg_basebackup', state: 'backup' },
          { ...own, pid: 6, address: '172.18.0.9', lagBytes: -1 },
        );
      },
    },
    'in a sandbox, over the loopback address': address('127.0.0.1/32', '127.0.0.1'),
    'over IPv6, while only the IPv4 address is known': address('fd00::3', '172.18.0.3'),
    'over IPv4 in IPv6': address('::ffff:172.18.0.3', '172.18.0.3'),
    'over a socket': address(null, '172.18.0.3'),
    'where no address is known': address('172.18.0.3'),
    'a slot that is not asked for': {
      raw: { streaming: 'follower' },
      change: SLOT_TROUBLES['it streams without the slot']?.change ?? (() => {}),
    },
  },
  troubles: {
    ...reachTroubles('leader', 'follower'),
    ...STANDING_TROUBLES,
    ...DIVERGED_TROUBLES,
    ...FOLLOW_TROUBLES,
    ...SLOT_TROUBLES,
  },
});

const table = (node: 'leader' | 'follower', change: object) => ({
  change: (observation: Observation) => {
    Object.assign(probeOf(observation, node).table ?? {}, change);
  },
});

const both = (change: object) => ({
  change: (observation: Observation) => {
    table('leader', change).change(observation);
    table('follower', change).change(observation);
  },
});

describeKind(replicated, {
  raw: { replicated: 'inventory', from: 'leader', to: 'follower' },
  stage: 'finished',
  passes: {
    'the same rows': {},
    'no hash, but the same rows': both({ hash: null }),
    'old lines in its log': { change: oldTroubles },
    'without the slot, which is for another check': {
      change: SLOT_TROUBLES['it streams without the slot']?.change ?? (() => {}),
    },
  },
  troubles: {
    ...reachTroubles('leader', 'follower'),
    ...STANDING_TROUBLES,
    ...DIVERGED_TROUBLES,
    ...FOLLOW_TROUBLES,
    'the slot is lost, as the leader says': {
      ...SLOT_TROUBLES['the slot is lost'],
      mistake: 'follower-not-streaming',
    },
    'no table': { stage: 'streaming', mistake: 'table-missing' },
    'the table is in the database postgres': {
      stage: 'streaming',
      mistake: 'table-in-wrong-database',
      change: (observation) => {
        probeOf(observation, 'leader').tableInPostgres = true;
      },
    },
    'an empty table': { ...both({ rowCount: 0, rows: [], hash: null }), mistake: 'rows-differ' },
    'no table on the follower': {
      mistake: 'content-differs',
      saw: /no table inventory on follower/,
      change: (observation) => {
        probeOf(observation, 'follower').table = null;
      },
    },
    'another hash': {
      ...table('follower', { hash: 'bad' }),
      mistake: 'content-differs',
      saw: /3 rows on leader, 3 rows on follower/,
    },
    'fewer rows': {
      ...table('follower', { rowCount: 1 }),
      mistake: 'content-differs',
      saw: /1 row on follower/,
    },
    'no hash, and other rows': {
      change: (observation) => {
        both({ hash: null }).change(observation);
        table('follower', { rows: [['1'], ['2'], ['3']] }).change(observation);
      },
      mistake: 'content-differs',
    },
    'no hash, and more rows than were read': {
      ...both({ hash: null, rowCount: 200 }),
      mistake: 'content-differs',
    },
  },
});

const write = (tried: NonNullable<Experiments['write-on-follower']>) => ({
  change: (observation: Observation) => {
    observation.experiments['write-on-follower'] = tried;
  },
});

describeKind(readOnly, {
  raw: { 'read-only': 'follower' },
  stage: 'streaming',
  passes: {
    'a standby refuses': {},
    'its leader is away': { change: (observation) => silence(observation, 'leader') },
  },
  troubles: {
    ...reachTroubles('follower'),
    ...STANDING_TROUBLES,
    'a primary that refuses because of default_transaction_read_only': {
      mistake: 'follower-is-primary',
      saw: /not in recovery/,
      change: (observation) => {
        probeOf(observation, 'follower').inRecovery = false;
      },
    },
    'it takes the write': {
      ...write({ state: 'accepted' }),
      mistake: 'follower-is-primary',
      saw: /accepted/,
    },
    'it refuses for another reason': {
      ...write({ state: 'refused', code: '42501', message: 'permission denied for schema public' }),
      mistake: null,
      saw: /42501/,
    },
    'it was not tried': {
      ...write({ state: 'not-tried', reason: 'the session was lost' }),
      state: 'error',
      mistake: null,
    },
    'nobody asked': {
      state: 'error',
      mistake: null,
      change: (observation) => {
        observation.experiments = {};
      },
    },
  },
});
