import { setting } from '../../../src/check/kinds/setting.ts';
import type { Observation, Setting } from '../../../src/observe/types.ts';
import { describeKind } from './describe-kind.ts';
import { aFolder, byDefault, containerOf, fromFile, LEADER_CONF, probeOf, textFile } from './healthy.ts';
import { silence } from './shared-troubles.ts';

const conf = (text: string) => ({
  stage: 'files' as const,
  change: (observation: Observation) => {
    observation.files['leader/postgresql.conf'] = textFile(text);
  },
});

const live = (
  value: Setting | null,
  text = LEADER_CONF,
  more: (observation: Observation) => void = () => {},
) => ({
  change: (observation: Observation) => {
    const { settings } = probeOf(observation, 'leader');
    if (value) settings.wal_level = value;
    else delete settings.wal_level;
    observation.files['leader/postgresql.conf'] = textFile(text);
    more(observation);
  },
});

const size = { setting: 'wal_keep_size', on: 'leader', is: '256MB', in: 'leader/postgresql.conf' };
const own = { ...fromFile('replica'), file: '/var/lib/postgresql/data/postgresql.conf' };
const WITHOUT = '# nothing\n';

describeKind(setting, {
  raw: { setting: 'wal_level', on: 'leader', is: 'replica', in: 'leader/postgresql.conf' },
  stage: 'leader-up',
  passes: {
    'the server has it from the mounted file': {},
    'the server has it by ALTER SYSTEM': live(
      { ...fromFile('replica'), file: '/var/lib/postgresql/data/postgresql.auto.conf' },
      WITHOUT,
    ),
    'the file is mounted over that of the data folder': live(own, LEADER_CONF, (observation) => {
      containerOf(observation, 'leader').mounts.push({ type: 'bind', source: '/x', target: own.file });
    }),
    'an earlier line for it in the same file, which does not count': live(
      null,
      LEADER_CONF,
      (observation) => {
        const { settings, confErrors } = probeOf(observation, 'leader');
        settings.wal_level = fromFile('replica');
        confErrors.push({ file: own.file, line: 3, name: 'wal_level', error: null });
      },
    ),
    'another parameter waits for a restart': live(fromFile('replica'), LEADER_CONF, (observation) => {
      probeOf(observation, 'leader').confErrors.push({
        file: '/etc/postgresql/postgresql.conf',
        line: 9,
        name: 'max_connections',
        error: 'setting could not be applied',
      });
    }),
    'a size, in the unit of pg_settings': { raw: size },
    'before the start, the file sets it': { stage: 'files' },
    'the server is down, the file sets it': { change: (observation) => silence(observation, 'leader') },
    'without =, in capitals, with a comment': conf('WAL_LEVEL   REPLICA # as it should be\r\n'),
    'in quotes, the last one wins': conf("wal_level = minimal\nwal_level='replica'"),
    'a size in another unit': { ...conf("wal_keep_size = '262144 kB'"), raw: size },
    'a size without a unit': { ...conf('wal_keep_size = 256'), raw: size },
    'a boolean in another word': {
      ...conf('hot_standby = yes'),
      raw: { setting: 'hot_standby', on: 'leader', is: 'on' },
    },
    'a text in quotes': {
      ...conf("listen_addresses = '*'"),
      raw: { setting: 'listen_addresses', on: 'leader', is: '*' },
    },
  },
  troubles: {
    'no file': {
      stage: 'nothing',
      mistake: 'file-missing',
    },
    'a folder in its place': {
      stage: 'files',
      change: (observation) => {
        observation.files['leader/postgresql.conf'] = aFolder();
      },
      mistake: 'file-is-folder',
    },
    'a file that can not be read': {
      stage: 'files',
      change: (observation) => {
        observation.files['leader/postgresql.conf'] = textFile('', { text: null });
      },
      state: 'error',
      mistake: null,
    },
    'the file does not set it': { ...conf('# wal_level = replica\n'), mistake: 'setting-missing' },
    'the file sets another value': {
      ...conf('wal_level = replica\nwal_level = logical\n'),
      mistake: 'setting-wrong',
      saw: /line 2: wal_level = logical/,
    },
    'the file sets a smaller size': { ...conf('wal_keep_size = 256kB'), raw: size, mistake: 'setting-wrong' },
    'a star without quotes': {
      ...conf('listen_addresses = *'),
      mistake: 'conf-broken',
      saw: /line 1: listen_addresses = \*/,
    },
    'a byte order mark': {
      ...conf('\ufeffwal_level = replica'),
      mistake: 'conf-broken',
      saw: /byte order mark/,
    },
    'the value is only the default': {
      ...live(byDefault('replica'), WITHOUT),
      mistake: 'setting-missing',
      saw: /does not set wal_level; the server has replica, source default/,
    },
    'the value is the default, and the file is not mounted': {
      ...live(byDefault('replica')),
      mistake: 'setting-not-applied',
    },
    'the server runs with the file that initdb wrote': {
      ...live(own),
      mistake: 'setting-not-applied',
      saw: /data\/postgresql\.conf/,
    },
    'the value comes from the command line': {
      ...live({ ...fromFile('replica'), source: 'command line', file: null }),
      mistake: 'setting-not-applied',
    },
    'the edit is not seen by the server': {
      ...live(fromFile('minimal')),
      mistake: 'setting-not-applied',
      why: /mounted/,
    },
    'file and server have another value': {
      ...live(fromFile('logical'), 'wal_level = logical'),
      mistake: 'setting-wrong',
    },
    'a restart is pending': {
      ...live({ ...fromFile('replica'), pendingRestart: true }),
      mistake: 'setting-not-applied',
      saw: /restart pending/,
    },
    'a restart is due, as pg_file_settings says': {
      ...live(fromFile('replica'), LEADER_CONF, (observation) => {
        probeOf(observation, 'leader').confErrors.push({
          file: null,
          line: 3,
          name: 'wal_level',
          error: 'setting could not be applied',
        });
      }),
      mistake: 'setting-not-applied',
    },
    'the file was broken after the start': {
      ...live(fromFile('replica'), LEADER_CONF, (observation) => {
        probeOf(observation, 'leader').confErrors.push({
          file: '/etc/postgresql/postgresql.conf',
          line: 6,
          name: 'wal_levl',
          error: 'unrecognized configuration parameter',
        });
      }),
      mistake: 'conf-broken',
      saw: /line 6 .*wal_levl unrecognized/,
    },
    'the file was broken, and nobody knows where': {
      ...live(fromFile('replica'), LEADER_CONF, (observation) => {
        probeOf(observation, 'leader').confErrors.push({
          file: null,
          line: null,
          name: null,
          error: 'syntax error',
        });
      }),
      mistake: 'conf-broken',
    },
    'there is no such parameter': { ...live(null), mistake: 'setting-not-applied', saw: /no such setting/ },
    'the server has another value, and the file can not be read': {
      ...live(fromFile('logical'), LEADER_CONF, (observation) => {
        observation.files['leader/postgresql.conf'] = textFile('', { text: null });
      }),
      mistake: 'setting-wrong',
    },
  },
});
