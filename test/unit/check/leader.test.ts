import { expect, it } from 'vitest';
import { replicationLogin } from '../../../src/check/kinds/replication-login.ts';
import { role } from '../../../src/check/kinds/role.ts';
import { slot } from '../../../src/check/kinds/slot.ts';
import type { HbaState, Observation } from '../../../src/observe/types.ts';
import { describeKind } from './describe-kind.ts';
import { first, hbaRule, OTHER_ID, probeOf, up } from './healthy.ts';
import { reachTroubles } from './shared-troubles.ts';

const changeRole = (change: object) => ({
  change: (observation: Observation) => {
    const found = probeOf(observation, 'leader').roles.find(({ name }) => name === 'replicator');
    Object.assign(found ?? {}, change);
  },
});

describeKind(role, {
  raw: { role: 'replicator', on: 'leader', wants: ['login', 'replication'] },
  stage: 'prepared',
  passes: {
    'as documented': {},
    'an MD5 password': changeRole({ password: 'md5' }),
    'on the follower, once it has copied it': {
      raw: { role: 'replicator', on: 'follower' },
      stage: 'streaming',
    },
    'only one right is asked for': {
      raw: { role: 'replicator', wants: 'login' },
      ...changeRole({ replication: false }),
    },
  },
  troubles: {
    ...reachTroubles('leader'),
    'it does not exist': { stage: 'leader-up', mistake: 'role-missing' },
    'CREATE ROLE without LOGIN': {
      ...changeRole({ login: false }),
      mistake: 'role-cannot-replicate',
      saw: /NOLOGIN/,
    },
    'without REPLICATION': {
      ...changeRole({ replication: false }),
      mistake: 'role-cannot-replicate',
      saw: /NOREPLICATION/,
    },
    'a superuser': { ...changeRole({ superuser: true }), mistake: 'role-is-superuser' },
  },
});

it('role refuses a right that it does not know', () => {
  expect(() => role.parse({ role: 'replicator', wants: ['createdb'] })).toThrow(
    expect.objectContaining({ name: 'ArgumentError', key: 'wants' }),
  );
});

const changeSlot = (change: object) => ({
  change: (observation: Observation) => Object.assign(first(probeOf(observation, 'leader').slots), change),
});
const reserved = { slot: 'follower_slot', on: 'leader', wants: 'reserved' };

describeKind(slot, {
  raw: { slot: 'follower_slot', on: 'leader', wants: 'exists' },
  stage: 'prepared',
  passes: {
    'a new slot keeps nothing yet': {},
    'something has streamed through it': { raw: reserved, stage: 'copied' },
    'made with immediate reservation': { raw: reserved, ...changeSlot({ restartLsn: '0/1000000' }) },
  },
  troubles: {
    ...reachTroubles('leader'),
    'it does not exist': { stage: 'leader-up', mistake: 'slot-missing', saw: /no replication slot/ },
    'another one exists': {
      ...changeSlot({ name: 'folower_slot' }),
      mistake: 'slot-missing',
      saw: /only folower_slot/,
    },
    'a logical one': { ...changeSlot({ type: 'logical' }), mistake: 'slot-wrong-type' },
    'a temporary one': { ...changeSlot({ temporary: true }), mistake: 'slot-wrong-type', saw: /temporary/ },
    'it is lost': { ...changeSlot({ walStatus: 'lost', restartLsn: null }), mistake: 'slot-lost' },
    'nothing has streamed through it': { raw: reserved, mistake: 'slot-unused' },
  },
});

const NO_ENTRY =
  'FATAL:  no pg_hba.conf entry for replication connection from host "172.18.0.4", user "replicator", no encryption';
const BAD_PASSWORD = 'FATAL:  password authentication failed for user "replicator"';

/** The leader refuses the login; `hba` is its file as it is, `more` changes the rest. */
const refused = (message: string, hba?: HbaState, more: (observation: Observation) => void = () => {}) => ({
  change: (observation: Observation) => {
    observation.experiments['replication-login'] = { state: 'refused', message, from: 'container follower' };
    if (hba) up(observation, 'leader').hba = hba;
    more(observation);
  },
});
const rules = (...changes: Partial<ReturnType<typeof hbaRule>>[]): HbaState => ({
  state: 'read',
  rules: changes.map((change) => ({ ...hbaRule(), ...change })),
  errors: [],
});
const glued: HbaState = {
  state: 'read',
  rules: [],
  errors: [{ line: 98, error: 'invalid authentication method "replication"' }],
};
const forget = (observation: Observation) => {
  probeOf(observation, 'leader').roles = [];
};

describeKind(replicationLogin, {
  raw: { 'replication-login': 'replicator', on: 'leader' },
  stage: 'prepared',
  passes: {
    'the documented md5 rule': {},
    'a scram rule, whose file was touched since': {
      change: (observation) => {
        up(observation, 'leader').hba = rules({ method: 'scram-sha-256' }, { line: 100 });
        probeOf(observation, 'leader').hbaChangedSinceLoad = true;
      },
    },
  },
  troubles: {
    ...reachTroubles('leader'),
    'it was not tried': {
      stage: 'leader-up',
      state: 'error',
      mistake: null,
      saw: /nobody asked/,
    },
    'it could not be tried': {
      state: 'error',
      mistake: null,
      saw: /no image/,
      change: (observation) => {
        observation.experiments['replication-login'] = {
          state: 'not-tried',
          reason: 'no image for a helper',
        };
      },
    },
    'no rule': { ...refused(NO_ENTRY, rules()), mistake: 'hba-missing' },
    'only a rule for another user': {
      ...refused(NO_ENTRY, rules({ user: ['follower'] })),
      mistake: 'hba-missing',
    },
    'only a local rule': { ...refused(NO_ENTRY, rules({ type: 'local' })), mistake: 'hba-missing' },
    'a rule for another address, reloaded': {
      ...refused(NO_ENTRY, rules({ address: '10.0.0.0' })),
      mistake: 'hba-missing',
    },
    'a reject rule before it': {
      ...refused(
        'FATAL:  pg_hba.conf rejects replication connection for host "172.18.0.4"',
        rules({ method: 'reject' }, {}),
      ),
      mistake: 'hba-missing',
    },
    'the rule is there, but not loaded': {
      ...refused(NO_ENTRY),
      mistake: 'hba-not-reloaded',
      saw: /line 99/,
    },
    "the image's own rule for the container itself is none of the others, loaded or not": {
      ...refused(NO_ENTRY, rules({ address: '127.0.0.1', user: ['all'] }), (observation) => {
        probeOf(observation, 'leader').hbaChangedSinceLoad = true;
      }),
      mistake: 'hba-missing',
    },
    'a narrow rule, not loaded': {
      ...refused(NO_ENTRY, rules({ address: '172.18.0.0', user: ['all'] }), (observation) => {
        probeOf(observation, 'leader').hbaChangedSinceLoad = true;
      }),
      mistake: 'hba-not-reloaded',
    },
    'the line is glued to the one before': {
      ...refused(NO_ENTRY, glued),
      mistake: 'hba-broken',
      saw: /line 98/,
    },
    'it is let in by the old rules, but the file is broken now': {
      change: (observation) => {
        up(observation, 'leader').hba = glued;
      },
      mistake: 'hba-broken',
    },
    'the file belongs to root': {
      change: (observation) => {
        up(observation, 'leader').hba = {
          state: 'unreadable',
          message: 'could not open file: Permission denied',
        };
      },
      mistake: 'hba-broken',
      saw: /Permission denied/,
    },
    'a wrong password': { ...refused(BAD_PASSWORD), mistake: 'wrong-password' },
    'a role without a password': {
      ...refused(BAD_PASSWORD, undefined, (observation) => {
        changeRole({ password: 'none' }).change(observation);
      }),
      mistake: 'wrong-password',
      saw: /has no password/,
    },
    'no password given': { ...refused('fe_sendauth: no password supplied'), mistake: 'wrong-password' },
    'an MD5 password under a scram rule': {
      ...refused(BAD_PASSWORD, rules({ method: 'scram-sha-256' }), (observation) => {
        changeRole({ password: 'md5' }).change(observation);
      }),
      mistake: 'wrong-password',
      why: /SCRAM/,
    },
    'no such role, which PostgreSQL does not tell': {
      ...refused(BAD_PASSWORD, undefined, forget),
      mistake: 'role-missing',
    },
    'no such role, under trust': {
      ...refused('FATAL:  role "replicator" does not exist'),
      mistake: 'role-missing',
    },
    'no REPLICATION, as 14 says it': {
      ...refused('FATAL:  must be superuser or replication role to start walsender'),
      mistake: 'role-cannot-replicate',
    },
    'no REPLICATION, as 18 says it': {
      ...refused('FATAL:  permission denied to start WAL sender'),
      mistake: 'role-cannot-replicate',
    },
    'no LOGIN': {
      ...refused('FATAL:  role "replicator" is not permitted to log in'),
      mistake: 'role-cannot-replicate',
    },
    'the name is not known on that network': {
      ...refused('could not translate host name "leader" to address: Name or service not known'),
      mistake: 'leader-unreachable',
    },
    'the leader listens on localhost only': {
      ...refused('connection to server at "leader" (172.18.0.2), port 5432 failed: Connection refused'),
      mistake: 'leader-unreachable',
    },
    'another server answered': {
      change: (observation) => {
        observation.experiments['replication-login'] = {
          state: 'accepted',
          systemId: OTHER_ID,
          timeline: 1,
          from: 'container follower',
        };
      },
      mistake: 'leader-unreachable',
      saw: /another server/,
    },
    'all WAL senders are taken': {
      ...refused('FATAL:  number of requested standby connections exceeds max_wal_senders (currently 1)'),
      mistake: null,
      saw: /max_wal_senders/,
    },
    'a message with a password in it': {
      ...refused("psql: error: password = 'replicatorpass' host=leader: odd"),
      mistake: null,
      saw: /\*\*\*/,
    },
  },
});
