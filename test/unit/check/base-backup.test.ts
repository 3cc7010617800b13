import { baseBackup } from '../../../src/check/kinds/base-backup.ts';
import type { Observation } from '../../../src/observe/types.ts';
import { describeKind, type TroubleCase } from './describe-kind.ts';
import { containerOf, first, folderOf, OTHER_ID, probeOf, withLogs } from './healthy.ts';
import {
  DIVERGED_TROUBLES,
  FOLLOW_TROUBLES,
  late,
  PREV_LINK,
  reachTroubles,
  SLOT_TROUBLES,
  STANDING_TROUBLES,
  silence,
  unplug,
} from './shared-troubles.ts';

type Folder = ReturnType<typeof folderOf>;

const folder = (change: (data: Folder, observation: Observation) => void) => ({
  change: (observation: Observation) => change(folderOf(observation), observation),
});

const without = (data: Folder, ...names: string[]) => {
  data.present = data.present.filter((name) => !names.includes(name));
};

/** The same troubles, of a follower that runs. */
const running = (troubles: Record<string, TroubleCase>, ...names: string[]): Record<string, TroubleCase> =>
  Object.fromEntries(
    Object.entries(troubles)
      .filter(([name]) => names.length === 0 || names.includes(name))
      .map(([name, trouble]) => [`running: ${name}`, { ...trouble, stage: 'streaming' }]),
  );

/** The follower ran and was stopped. */
const stopped = (change: (data: Folder, observation: Observation) => void = () => {}) => ({
  stage: 'streaming' as const,
  ...folder((data, observation) => {
    containerOf(observation, 'follower').state = 'exited';
    silence(observation, 'follower', 'LOG:  entering standby mode');
    Object.assign(first(probeOf(observation, 'leader').slots), { active: false, activePid: null });
    data.control.state = 'shut down in recovery';
    change(data, observation);
  }),
});

describeKind(baseBackup, {
  raw: { 'base-backup': 'follower', of: 'leader', slot: 'follower_slot', user: 'replicator' },
  stage: 'copied',
  passes: {
    'a fresh copy': {},
    'made with --no-manifest': folder((data) => without(data, 'backup_manifest')),
    'set up by hand: a URI, and its options': folder((data) => {
      data.autoConf.primary_conninfo = 'postgresql://replicator:***@leader:5432/?sslmode=prefer';
    }),
    'the address of the leader for its name': folder((data) => {
      data.autoConf.primary_conninfo = 'user = replicator  host = 172.18.0.2';
    }),
    'two hosts, one of them the leader': folder((data) => {
      data.autoConf.primary_conninfo = "host='other,leader' user='replicator' password='a \\'b'";
    }),
    'it streams': { stage: 'streaming' },
    'the slot was set by ALTER SYSTEM, and the receiver uses it': {
      stage: 'streaming',
      change: (observation) => {
        delete probeOf(observation, 'follower').settings.primary_slot_name;
      },
    },
    'it runs, and its leader can not be reached just now': {
      stage: 'streaming',
      change: (observation) => {
        unplug(observation);
        withLogs(
          observation,
          'follower',
          'FATAL:  could not connect to the primary server: Connection refused',
        );
      },
    },
    'it runs, and replay is paused': {
      stage: 'streaming',
      change: (observation) => {
        FOLLOW_TROUBLES['replay is paused']?.change?.(observation);
        withLogs(observation, 'follower', 'LOG:  entering standby mode');
      },
    },
    'it ran as a standby and was stopped': stopped(),
    'it ran as a standby and was killed': stopped((data) => {
      data.control.state = 'in archive recovery';
    }),
    'it ran, was stopped, and its log has one line about the end of recycled WAL': stopped(
      (_, observation) => {
        withLogs(observation, 'follower', PREV_LINK, PREV_LINK, 'LOG:  entering standby mode', PREV_LINK);
      },
    ),
    'it ran, lost its leader now and then, and read on each time': stopped((_, observation) => {
      const earlier = PREV_LINK.replace('at 0/3027988', 'at 0/3011100');
      withLogs(observation, 'follower', 'LOG:  entering standby mode', earlier, PREV_LINK);
    }),
    'pg_rewind made it anew: it has a label again': folder((data) => {
      data.control.state = 'in archive recovery';
    }),
    'it starts right now, and the leader already feeds it': {
      stage: 'streaming',
      change: (observation) => silence(observation, 'follower'),
    },
  },
  troubles: {
    ...reachTroubles('leader'),
    ...running(STANDING_TROUBLES),
    ...running(DIVERGED_TROUBLES),
    ...running(
      FOLLOW_TROUBLES,
      'it knows no leader',
      'it asks another host',
      'the test record could not be written',
    ),
    ...running(
      SLOT_TROUBLES,
      'the slot was dropped under it',
      'the slot is lost',
      'the slot is a logical one',
      'it streams as superuser',
    ),
    'running: no slot is set': {
      stage: 'streaming',
      mistake: 'backup-without-slot',
      change: (observation) => {
        Object.assign(probeOf(observation, 'follower').receiver ?? {}, { slot: null });
        Object.assign(probeOf(observation, 'follower').settings.primary_slot_name ?? {}, { value: '' });
      },
    },
    'running: nothing has ever gone through the slot': {
      stage: 'streaming',
      mistake: 'backup-without-slot',
      change: (observation) => {
        unplug(observation);
        withLogs(observation, 'follower', 'LOG:  entering standby mode');
        first(probeOf(observation, 'leader').slots).restartLsn = null;
      },
    },
    'running: nothing is replayed, and nobody read the log that would tell why': {
      stage: 'streaming',
      state: 'error',
      mistake: null,
      saw: /no row/,
      change: unplug,
    },
    'the folder is not there': {
      mistake: 'no-base-backup',
      change: (observation) => {
        observation.nodes.follower.data = { state: 'missing' };
      },
    },
    'the folder is empty (the backup went into the leader’s container)': {
      mistake: 'no-base-backup',
      saw: /an empty folder/,
      ...folder((data, observation) => {
        observation.nodes.follower.data = {
          ...data,
          empty: true,
          version: null,
          control: null,
          present: [],
          autoConf: {},
        };
      }),
    },
    'the backup is still being written': {
      mistake: 'no-base-backup',
      saw: /no complete database/,
      ...folder((data, observation) => {
        observation.nodes.follower.data = { ...data, control: null };
      }),
    },
    'the folder can not be read': {
      state: 'error',
      mistake: null,
      saw: /no helper/,
      change: (observation) => {
        observation.nodes.follower.data = { state: 'unreadable', message: 'no helper container' };
      },
    },
    'nobody looked into the folder': {
      state: 'error',
      mistake: null,
      change: (observation) => {
        delete observation.nodes.follower.data;
      },
    },
    'the follower was started too early and made its own cluster': {
      mistake: 'follower-own-cluster',
      ...folder((data) => {
        data.control.systemId = OTHER_ID;
      }),
    },
    'another version made it': {
      mistake: 'version-differs',
      saw: /PG_VERSION 15/,
      ...folder((data) => {
        data.version = '15';
      }),
    },
    'pg_basebackup without -R': {
      mistake: 'backup-without-signal',
      ...folder((data) => without(data, 'standby.signal')),
    },
    'without -R, and started: it ran as a primary': {
      mistake: 'follower-is-primary',
      saw: /"shut down"/,
      ...folder((data) => {
        without(data, 'standby.signal', 'backup_label');
        data.control.state = 'shut down';
      }),
    },
    'without -R, started, killed': {
      mistake: 'follower-is-primary',
      ...folder((data) => without(data, 'standby.signal', 'backup_label')),
    },
    'it ran as a primary, and then got a standby.signal': {
      mistake: 'follower-diverged',
      saw: /ran as a primary/,
      ...folder((data) => {
        without(data, 'backup_label');
        data.control.state = 'shut down';
      }),
    },
    'it diverged, ran as a standby, and is ahead of the leader': {
      mistake: 'follower-diverged',
      saw: /checkpoint is 0\/4000060/,
      ...stopped((data) => {
        data.control.checkpoint = '0/4000060';
      }),
    },
    'it was promoted once': {
      mistake: 'follower-diverged',
      saw: /timeline 2/,
      ...stopped((data) => {
        data.control.timeline = 2;
      }),
    },
    'it diverged, ran as a standby, and the leader has out-written it': {
      mistake: 'follower-diverged',
      saw: /prev-link/,
      ...stopped((_, observation) => {
        withLogs(observation, 'follower', 'LOG:  entering standby mode', PREV_LINK, PREV_LINK);
      }),
    },
    'no connection in it': {
      mistake: 'backup-without-conninfo',
      ...folder((data) => {
        delete data.autoConf.primary_conninfo;
      }),
    },
    'it would ask itself': {
      mistake: 'conninfo-wrong',
      saw: /host=localhost user=replicator/,
      ...folder((data) => {
        data.autoConf.primary_conninfo = "user=replicator password='replicatorpass' host=localhost";
      }),
    },
    'it would ask as superuser': {
      mistake: 'conninfo-wrong',
      saw: /user=postgres/,
      ...folder((data) => {
        data.autoConf.primary_conninfo = 'user=postgres password=replicatorpass host=leader';
      }),
    },
    'it would ask nobody at all': {
      mistake: 'conninfo-wrong',
      saw: /host=\(none\) user=\(none\)/,
      ...folder((data) => {
        data.autoConf.primary_conninfo = 'password=replicatorpass';
      }),
    },
    'pg_basebackup without --slot': {
      mistake: 'backup-without-slot',
      saw: /it is not set/,
      ...folder((data) => {
        delete data.autoConf.primary_slot_name;
      }),
    },
    'another slot': {
      mistake: 'backup-without-slot',
      saw: /other_slot/,
      ...folder((data) => {
        data.autoConf.primary_slot_name = 'other_slot';
      }),
    },
    'the slot name was written in by hand, and nothing went through the slot': {
      mistake: 'backup-without-slot',
      saw: /no restart_lsn/,
      change: (observation) => {
        first(probeOf(observation, 'leader').slots).restartLsn = null;
      },
    },
    'the slot was dropped since': {
      mistake: 'slot-missing',
      change: (observation) => {
        probeOf(observation, 'leader').slots = [];
      },
    },
    'somebody still reads through the slot': {
      mistake: null,
      saw: /process 55/,
      change: (observation) => {
        Object.assign(first(probeOf(observation, 'leader').slots), { active: true, activePid: 55 });
      },
    },
    'running: the same WAL again and again, while the record is late': {
      stage: 'streaming',
      mistake: 'follower-diverged',
      change: (observation) => {
        late(observation);
        withLogs(observation, 'follower', PREV_LINK);
      },
    },
  },
});
