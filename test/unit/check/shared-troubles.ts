import type { FindingState } from '../../../src/check/finding.ts';
import type { NodeName, Observation } from '../../../src/observe/types.ts';
import type { TroubleCase } from './describe-kind.ts';
import { absent, containerOf, first, OTHER_ID, probeOf, up, withLogs } from './healthy.ts';

type Troubles = Record<string, TroubleCase>;

const engineDown = (observation: Observation) => {
  observation.engine = {
    state: 'down',
    problem:
      'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
    next: 'Start Docker.',
  };
};

export const NO_ENGINE: Troubles = {
  'no engine answers': { change: engineDown, state: 'error', mistake: 'no-engine', saw: /Cannot connect/ },
};

/** The container runs, its server does not answer. */
export function silence(observation: Observation, node: NodeName, ...logs: string[]): void {
  observation.nodes[node].server = { state: 'down', reason: 'connect ECONNREFUSED 127.0.0.1:5433', logs };
}

/** The container starts and stops again and again. */
function loop(observation: Observation, node: NodeName, ...logs: string[]): void {
  Object.assign(containerOf(observation, node), { state: 'restarting', exitCode: 1, restartCount: 4 });
  silence(observation, node, ...logs);
}

/** Everything that keeps a server from answering, with the log lines of PostgreSQL 14 to 18. */
export function serverTroubles(node: NodeName, state: Exclude<FindingState, 'passed'>): Troubles {
  const looping = (mistake: TroubleCase['mistake'], ...logs: string[]): TroubleCase => ({
    state,
    mistake,
    change: (observation) => loop(observation, node, ...logs),
    saw: /4 restarts, exit code 1\): \S/,
  });
  const said = (mistake: TroubleCase['mistake'], line: string): TroubleCase => ({
    state,
    mistake,
    change: (observation) => silence(observation, node, line),
  });
  return {
    'the container belongs to something else': {
      state,
      mistake: 'foreign-container',
      saw: /other-app/,
      change: (observation) => {
        observation.nodes[node].container = {
          state: 'foreign',
          name: node,
          owner: 'the compose project "other-app" in /srv',
        };
      },
    },
    'there is no container': {
      state,
      mistake: 'containers-not-running',
      saw: /no such container/,
      change: (observation) => Object.assign(observation.nodes[node], absent()),
    },
    'the container was stopped, long after a mended error': {
      state,
      mistake: 'containers-not-running',
      saw: /stopped \(exit code 0\)/,
      change: (observation) => {
        containerOf(observation, node).state = 'exited';
        silence(observation, node, 'FATAL:  could not load /var/lib/postgresql/data/pg_hba.conf');
      },
    },
    'the container ended with an error that the log names': {
      state,
      mistake: 'disk-full',
      saw: /exit code 1\): .*No space left/,
      change: (observation) => {
        Object.assign(containerOf(observation, node), { state: 'exited', exitCode: 1 });
        silence(
          observation,
          node,
          'PANIC:  could not write to file "pg_wal/xlogtemp.31": No space left on device',
        );
      },
    },
    'it restarts without a line that we know': looping('container-restarting', 'FATAL:  something new'),
    'it runs for a moment between two restarts': {
      state,
      mistake: 'container-restarting',
      change: (observation) => {
        loop(observation, node);
        Object.assign(containerOf(observation, node), {
          state: 'running',
          startedAt: '2026-11-25T07:59:58Z',
        });
      },
    },
    'it ended once, and was started again just now': {
      state,
      mistake: 'container-restarting',
      saw: /^it ended and is started again \(exit code 1\)/,
      change: (observation) => {
        loop(observation, node);
        Object.assign(containerOf(observation, node), { restartCount: 1 });
      },
    },
    'its data folder is gone, long after it was started again once': {
      state,
      mistake: 'data-gone',
      saw: /^no answer: FATAL: could not open file "global\/pg_filenode\.map"/,
      change: (observation) => {
        const gone = 'FATAL:  could not open file "global/pg_filenode.map": No such file or directory';
        Object.assign(containerOf(observation, node), { exitCode: 137, restartCount: 1 });
        silence(observation, node, 'LOG:  database system is ready to accept connections', gone);
      },
    },
    'a typing error in postgresql.conf': looping(
      'conf-broken',
      'LOG:  unrecognized configuration parameter "wal_levl" in file "/etc/postgresql/postgresql.conf" line 6',
      'FATAL:  configuration file "/etc/postgresql/postgresql.conf" contains errors',
    ),
    'a postgresql.conf that only says that it has errors': looping(
      'conf-broken',
      'FATAL:  configuration file "/etc/postgresql/postgresql.conf" contains errors',
    ),
    'wal_level is minimal': looping(
      'conf-broken',
      'FATAL:  WAL streaming (max_wal_senders > 0) requires wal_level "replica" or "logical"',
    ),
    'the mounted file is a folder': looping(
      'file-is-folder',
      'LOG:  input in flex scanner failed at file "/etc/postgresql/postgresql.conf" line 1',
      'FATAL:  configuration file "/etc/postgresql/postgresql.conf" contains errors',
    ),
    'pg_hba.conf can not be loaded': looping(
      'hba-broken',
      'FATAL:  could not load /var/lib/postgresql/data/pg_hba.conf',
    ),
    'pg_hba.conf belongs to root': looping(
      'hba-broken',
      'LOG:  could not open configuration file "/var/lib/postgresql/data/pg_hba.conf": Permission denied',
    ),
    'the follower is set lower than the leader': {
      ...looping(
        'follower-too-small',
        'FATAL:  recovery aborted because of insufficient parameter settings',
        'DETAIL:  max_connections = 50 is a lower setting than on the primary server, where its value was 100.',
      ),
      saw: /max_connections = 50/,
    },
    'another user owns the data folder': looping(
      'data-ownership',
      'FATAL:  data directory "/var/lib/postgresql/data" has wrong ownership',
    ),
    'the data folder was given away under the running server': said(
      'data-ownership',
      'FATAL:  could not open file "global/pg_filenode.map": Permission denied',
    ),
    'the data folder was emptied under the running server': said(
      'data-gone',
      'FATAL:  could not open file "global/pg_filenode.map": No such file or directory',
    ),
    'the files are of another version': looping(
      'version-differs',
      'FATAL:  database files are incompatible with server',
      'DETAIL:  The data directory was initialized by PostgreSQL version 14, which is not compatible with this version 15.18.',
    ),
    'the image misses its password': looping(
      'compose-property',
      'Error: Database is uninitialized and superuser password is not specified.',
    ),
    'hot_standby is off': said('hot-standby-off', 'DETAIL:  Hot standby mode is disabled.'),
    'the server is still starting': {
      ...said('server-down', 'FATAL:  the database system is starting up'),
      saw: /ECONNREFUSED/,
    },
  };
}

export function reachTroubles(...nodes: NodeName[]): Troubles {
  const troubles = nodes.map((node) => {
    const named = Object.entries(serverTroubles(node, 'blocked'));
    return named.map(([name, trouble]) => [`${node}: ${name}`, trouble]);
  });
  return { ...NO_ENGINE, ...Object.fromEntries(troubles.flat()) };
}

/** The follower is none, for checks that need it up. */
export const STANDING_TROUBLES: Troubles = {
  'the leader is itself a standby': {
    mistake: 'leader-is-standby',
    change: (observation) => {
      probeOf(observation, 'leader').inRecovery = true;
    },
  },
  'the follower made a cluster of its own, with the same rows': {
    mistake: 'follower-own-cluster',
    saw: new RegExp(OTHER_ID),
    change: (observation) => {
      Object.assign(probeOf(observation, 'follower'), {
        systemId: OTHER_ID,
        inRecovery: false,
        receiver: null,
      });
      probeOf(observation, 'leader').senders = [];
    },
  },
  'the follower was restored from a dump and got a standby.signal': {
    mistake: 'follower-own-cluster',
    change: (observation) => {
      Object.assign(probeOf(observation, 'follower'), { systemId: OTHER_ID, receiver: null });
      probeOf(observation, 'leader').senders = [];
    },
  },
  'the follower is a second primary': {
    mistake: 'follower-is-primary',
    change: (observation) => {
      Object.assign(probeOf(observation, 'follower'), { inRecovery: false, receiver: null });
      probeOf(observation, 'leader').senders = [];
    },
  },
};

export const PREV_LINK = 'LOG:  record with incorrect prev-link 0/30001F0 at 0/3027988';
const END_OF_WAL = 'LOG:  invalid record length at 0/3027988: wanted 24, got 0';

export function late(observation: Observation, followerLsn = '0/3027988'): void {
  observation.experiments.nonce = {
    state: 'late',
    lsn: '0/3029000',
    waitedMs: 1500,
    leaderLsn: '0/3029000',
    followerLsn,
  };
}

/** A former primary with a standby.signal: it streams, and replays nothing. */
export const DIVERGED_TROUBLES: Troubles = {
  'diverged: it is ahead, seen by a negative lag': {
    mistake: 'follower-diverged',
    saw: /155928 bytes ahead/,
    change: (observation) => {
      first(probeOf(observation, 'leader').senders).lagBytes = -155928;
    },
  },
  'diverged: it is ahead of the test record': {
    mistake: 'follower-diverged',
    change: (observation) => {
      observation.experiments.nonce = {
        state: 'ahead',
        lsn: '0/3029000',
        aheadBytes: 4096,
        leaderLsn: '0/3029000',
        followerLsn: '0/302A000',
      };
    },
  },
  'diverged: the leader has out-written it, and the log shows WAL that does not fit': {
    mistake: 'follower-diverged',
    saw: /prev-link/,
    change: (observation) => {
      first(probeOf(observation, 'leader').senders).lagBytes = 5752;
      late(observation);
      withLogs(observation, 'follower', 'LOG:  entering standby mode', PREV_LINK);
    },
  },
  'diverged: it reads the same end of WAL again and again': {
    mistake: 'follower-diverged',
    change: (observation) => {
      late(observation);
      withLogs(observation, 'follower', END_OF_WAL, 'LOG:  entering standby mode', END_OF_WAL, END_OF_WAL);
    },
  },
  'diverged: the leader has out-written it, and just now it is not connected': {
    mistake: 'follower-diverged',
    change: (observation) => {
      unplug(observation);
      const hangUp = 'FATAL:  terminating walreceiver process due to administrator command';
      withLogs(observation, 'follower', 'LOG:  entering standby mode', PREV_LINK, hangUp, PREV_LINK);
    },
  },
  'diverged: it is on another timeline': {
    mistake: 'follower-diverged',
    saw: /timeline 2/,
    change: (observation) => {
      const { receiver } = probeOf(observation, 'follower');
      if (receiver) receiver.timeline = 2;
    },
  },
  'diverged: its history forked off': {
    mistake: 'follower-diverged',
    saw: /forked off/,
    change: (observation) => {
      unplug(observation);
      withLogs(
        observation,
        'follower',
        'LOG:  new timeline 2 forked off current database system timeline 1 before current recovery point 0/30001F0',
      );
    },
  },
};

/** The follower is in recovery, but nothing streams. */
export function unplug(observation: Observation): void {
  probeOf(observation, 'follower').receiver = null;
  const leader = probeOf(observation, 'leader');
  leader.senders = [];
  Object.assign(first(leader.slots), { active: false, activePid: null });
  late(observation);
}

const unplugged = (mistake: TroubleCase['mistake'], ...logs: string[]): TroubleCase => ({
  mistake,
  change: (observation) => {
    unplug(observation);
    withLogs(observation, 'follower', ...logs);
  },
});

const refused = (message: string) =>
  `FATAL:  could not connect to the primary server: connection to server at "leader" (172.18.0.2), port 5432 failed: FATAL:  ${message}`;

const NO_ENTRY =
  'no pg_hba.conf entry for replication connection from host "172.18.0.3", user "replicator", no encryption';

/** Troubles of a follower that is in recovery and is of this leader. */
export const FOLLOW_TROUBLES: Troubles = {
  'it knows no leader': {
    mistake: 'backup-without-conninfo',
    change: (observation) => {
      unplug(observation);
      Object.assign(probeOf(observation, 'follower').settings.primary_conninfo ?? {}, { value: '' });
    },
  },
  'it asks another host': {
    mistake: 'conninfo-wrong',
    saw: /host=lead user=replicator/,
    change: (observation) => {
      unplug(observation);
      Object.assign(probeOf(observation, 'follower').settings.primary_conninfo ?? {}, {
        value: "host='lead' user=replicator password=replicatorpass",
      });
    },
  },
  'nothing streams, and nobody knows why': { ...unplugged('follower-not-streaming'), saw: /no row/ },
  'nothing streams, and the log has an unknown error': {
    ...unplugged('follower-not-streaming', 'FATAL:  could not frob the walreceiver'),
    saw: /frob/,
  },
  'nothing streams, and the log is about positions that it has passed': unplugged(
    'follower-not-streaming',
    'LOG:  record with incorrect prev-link 4001/5 at 0/3012170',
    'LOG:  record with incorrect prev-link 4001/5 at 0/3012170',
    END_OF_WAL,
  ),
  'the receiver waits': {
    mistake: 'follower-not-streaming',
    saw: /status waiting, no sender/,
    change: (observation) => {
      const { receiver } = probeOf(observation, 'follower');
      unplug(observation);
      probeOf(observation, 'follower').receiver = receiver && { ...receiver, status: 'waiting' };
    },
  },
  'a stranger streams, the follower does not': {
    mistake: 'follower-not-streaming',
    change: (observation) => {
      first(probeOf(observation, 'leader').senders).address = '172.18.0.99';
    },
  },
  'only a backup streams': {
    mistake: 'follower-not-streaming',
    change: (observation) => {
      first(probeOf(observation, 'leader').senders).application = 'pg_basebackup';
    },
  },
  'only a backup streams, from an unknown address': {
    mistake: 'follower-not-streaming',
    change: (observation) => {
      Object.assign(first(probeOf(observation, 'leader').senders), {
        application: 'pg_basebackup',
        address: null,
      });
    },
  },
  'the WAL is gone': unplugged(
    'wal-removed',
    'FATAL:  could not receive data from WAL stream: ERROR:  requested WAL segment 000000010000000000000003 has already been removed',
  ),
  'the slot is lost, as 18 says it': unplugged(
    'slot-lost',
    'FATAL:  could not start WAL streaming: ERROR:  can no longer access replication slot "follower_slot"',
  ),
  'the slot is gone, as the log says': unplugged(
    'slot-missing',
    'FATAL:  could not start WAL streaming: ERROR:  replication slot "follower_slot" does not exist',
  ),
  'the log says that the identifier differs': unplugged(
    'follower-own-cluster',
    'FATAL:  database system identifier differs between the primary and standby',
  ),
  'no rule lets it in': {
    mistake: 'hba-missing',
    change: (observation) => {
      unplugged(null, refused(NO_ENTRY)).change?.(observation);
      up(observation, 'leader').hba = { state: 'read', rules: [], errors: [] };
    },
  },
  'the rule is not loaded': unplugged('hba-not-reloaded', refused(NO_ENTRY)),
  'the rule is glued to another': {
    mistake: 'hba-broken',
    change: (observation) => {
      unplugged(null, refused(NO_ENTRY)).change?.(observation);
      const error = 'invalid authentication method "replication"';
      up(observation, 'leader').hba = { state: 'read', rules: [], errors: [{ line: 98, error }] };
    },
  },
  'its password is wrong': unplugged(
    'wrong-password',
    refused('password authentication failed for user "replicator"'),
  ),
  'its role is gone': {
    mistake: 'role-missing',
    change: (observation) => {
      unplugged(null, refused('password authentication failed for user "replicator"')).change?.(observation);
      probeOf(observation, 'leader').roles = [];
    },
  },
  'its role may not replicate, as 14 says it': unplugged(
    'role-cannot-replicate',
    refused('must be superuser or replication role to start walsender'),
  ),
  'the leader can not be found, as 18 says it': unplugged(
    'leader-unreachable',
    'FATAL:  streaming replication receiver "walreceiver" could not connect to the primary server: could not translate host name "leader" to address: Name or service not known',
  ),
  'replay is paused': {
    mistake: 'replay-paused',
    change: (observation) => {
      probeOf(observation, 'follower').replayPause = 'paused';
      late(observation);
    },
  },
  'replay is paused, because the follower allows less': {
    mistake: 'follower-too-small',
    saw: /max_connections is 50, on leader 100/,
    change: (observation) => {
      probeOf(observation, 'follower').replayPause = 'paused';
      Object.assign(probeOf(observation, 'follower').settings.max_connections ?? {}, { value: '50' });
    },
  },
  'replay is paused, because the follower allows less, as its log says': {
    mistake: 'follower-too-small',
    change: (observation) => {
      probeOf(observation, 'follower').replayPause = 'paused';
      const line = 'WARNING:  hot standby is not possible because of insufficient parameter settings';
      withLogs(observation, 'follower', line);
    },
  },
  'the follower still catches up': {
    mistake: 'replay-behind',
    change: (observation) => {
      first(probeOf(observation, 'leader').senders).state = 'catchup';
    },
  },
  'the test record is late, and nothing tells why': {
    mistake: 'replay-behind',
    change: (observation) => {
      late(observation);
      // Every healthy standby writes this line once, where its own WAL ends.
      withLogs(observation, 'follower', 'LOG:  entering standby mode', END_OF_WAL);
    },
  },
  'replay goes on, only slowly': {
    mistake: 'replay-behind',
    change: (observation) => {
      late(observation, '0/3028000');
      withLogs(observation, 'follower', PREV_LINK);
    },
  },
  'the test record could not be written': {
    mistake: null,
    state: 'error',
    change: (observation) => {
      observation.experiments.nonce = { state: 'not-tried', reason: 'the session was lost' };
    },
  },
};

/** Troubles that show only where the slot and the user are asked for. */
export const SLOT_TROUBLES: Troubles = {
  'it streams without the slot': {
    mistake: 'slot-unused',
    saw: /not active; follower uses no slot/,
    change: (observation) => {
      Object.assign(first(probeOf(observation, 'leader').slots), { active: false, activePid: null });
      Object.assign(probeOf(observation, 'follower').receiver ?? {}, { slot: null });
    },
  },
  'it streams through another slot': {
    mistake: 'slot-unused',
    saw: /uses slot other_slot/,
    change: (observation) => {
      Object.assign(first(probeOf(observation, 'leader').slots), { active: true, activePid: 4 });
      Object.assign(probeOf(observation, 'follower').receiver ?? {}, { slot: 'other_slot' });
    },
  },
  'the slot was dropped under it': {
    mistake: 'slot-missing',
    change: (observation) => {
      unplug(observation);
      probeOf(observation, 'leader').slots = [];
    },
  },
  'it streams, and there is no such slot': {
    mistake: 'slot-missing',
    change: (observation) => {
      probeOf(observation, 'leader').slots = [];
    },
  },
  'the slot is lost': {
    mistake: 'slot-lost',
    change: (observation) => {
      unplug(observation);
      first(probeOf(observation, 'leader').slots).walStatus = 'lost';
    },
  },
  'the slot is a logical one': {
    mistake: 'slot-wrong-type',
    change: (observation) => {
      first(probeOf(observation, 'leader').slots).type = 'logical';
    },
  },
  'it streams as superuser': {
    mistake: 'conninfo-wrong',
    saw: /as user postgres/,
    change: (observation) => {
      first(probeOf(observation, 'leader').senders).user = 'postgres';
    },
  },
};
