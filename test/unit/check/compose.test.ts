import { expect, it } from 'vitest';
import { compose } from '../../../src/check/kinds/compose.ts';
import { service } from '../../../src/check/kinds/service.ts';
import type { ComposeService, Observation } from '../../../src/observe/types.ts';
import { describeKind, type TroubleCase } from './describe-kind.ts';
import { WORKSPACE } from './healthy.ts';
import { NO_ENGINE } from './shared-troubles.ts';

const state = (compose: Observation['compose']) => ({
  change: (observation: Observation) => {
    observation.compose = compose;
  },
});

const edit = (change: (leader: ComposeService, all: Record<string, ComposeService>) => void) => ({
  change: ({ compose }: Observation) => {
    if (compose.state !== 'ok') throw new Error('no compose file at this stage');
    change(compose.config.services.leader ?? {}, compose.config.services);
  },
});

const COMPOSED: Record<string, TroubleCase> = {
  'the engine that should resolve it is down': {
    mistake: 'no-engine',
    state: 'error',
    change: (observation) => {
      NO_ENGINE['no engine answers']?.change?.(observation);
      observation.compose = { state: 'unknown', message: 'Cannot connect to the Docker daemon' };
    },
  },
  'Compose gives no answer': {
    ...state({ state: 'unknown', message: 'timeout' }),
    state: 'error',
    mistake: null,
  },
  'there is no file': { ...state({ state: 'missing' }), mistake: 'compose-file-missing' },
  'it is no valid file': {
    ...state({ state: 'invalid', message: 'yaml: line 4: did not find expected key' }),
    mistake: 'compose-file-invalid',
    saw: /line 4/,
  },
  'the service has another name': {
    ...edit((leader, all) => {
      all.primary = leader;
      delete all.leader;
    }),
    mistake: 'service-missing',
    saw: /no service leader, only follower and primary/,
  },
};

describeKind(compose, {
  raw: { compose: ['leader', 'follower'] },
  stage: 'files',
  passes: {
    'both services': {},
    'one more service': edit((leader, all) => Object.assign(all, { web: leader })),
  },
  troubles: COMPOSED,
});

const ALL = {
  service: 'leader',
  image: 'postgres:14',
  'container-name': 'leader',
  hostname: 'leader',
  restart: 'always',
  port: '5433:5432',
  mount: [
    './leader/postgresql.conf:/etc/postgresql/postgresql.conf',
    './leader-data:/var/lib/postgresql/data',
  ],
  command: ['postgres', '-c', 'config_file=/etc/postgresql/postgresql.conf'],
  environment: { POSTGRES_USER: 'postgres', POSTGRES_PASSWORD: 'leaderpass', POSTGRES_DB: 'appdb' },
  network: 'replication-net',
};

const wrong = (
  saw: RegExp,
  change: Parameters<typeof edit>[0],
  raw?: Record<string, unknown>,
): TroubleCase => ({
  ...edit(change),
  mistake: 'compose-property',
  saw,
  ...(raw && { raw }),
});

describeKind(service, {
  raw: ALL,
  stage: 'files',
  passes: {
    'as documented': {},
    'the network by its full name': { raw: { service: 'leader', network: 'solutions_replication-net' } },
    'a command as one text': edit((leader) => {
      leader.command = 'postgres -c  config_file=/etc/postgresql/postgresql.conf';
    }),
    'the long option, and postgres left to the image': edit((leader) => {
      leader.command = ['--config-file=/etc/postgresql/postgresql.conf'];
    }),
    'more options, ports, variables and mounts': edit((leader) => {
      leader.command = [
        'postgres',
        '-c',
        'shared_buffers=1GB',
        '-c',
        'config_file=/etc/postgresql/postgresql.conf',
      ];
      leader.ports?.unshift({ target: 9000, published: '9000' });
      Object.assign(leader.environment ?? {}, { TZ: 'UTC' });
    }),
    'another host port, because the documented one is taken': edit((leader) => {
      leader.ports = [{ target: 5432, published: '5500' }];
    }),
    'the image by its full name': edit((leader) => {
      leader.image = 'docker.io/library/postgres:14';
    }),
    'the workspace through a symbolic link': edit((leader) => {
      for (const volume of leader.volumes ?? []) volume.source = `/private${volume.source}`;
    }),
    'the follower depends on the leader': {
      raw: { service: 'follower', 'depends-on': 'leader', port: '5434:5432' },
    },
  },
  troubles: {
    ...COMPOSED,
    'another image': wrong(/image is postgres:15/, (leader) => {
      leader.image = 'postgres:15';
    }),
    'no container name and no restart rule': wrong(
      /container_name is not set; restart is not set/,
      (leader) => {
        delete leader.container_name;
        delete leader.restart;
      },
    ),
    'another host name': wrong(/hostname is db/, (leader) => {
      leader.hostname = 'db';
    }),
    'no network': wrong(/networks: default/, (leader) => {
      leader.networks = { default: null };
    }),
    'no port': wrong(/no ports/, (leader) => {
      delete leader.ports;
    }),
    'a host port that changes at every start': wrong(/ports: :5432/, (leader) => {
      leader.ports = [{ target: 5432 }];
    }),
    'nothing mounted': wrong(/nothing mounted on \/etc/, (leader) => {
      delete leader.volumes;
    }),
    'a named volume, which the lesson can not look into': wrong(/is a volume named leader-data/, (leader) => {
      leader.volumes = [
        {
          type: 'bind',
          source: `${WORKSPACE}/leader/postgresql.conf`,
          target: '/etc/postgresql/postgresql.conf',
        },
        { type: 'volume', source: 'leader-data', target: '/var/lib/postgresql/data' },
      ];
    }),
    'the other node’s file': wrong(/follower\/postgresql\.conf is mounted/, (leader) => {
      const volume = leader.volumes?.[0];
      if (volume) volume.source = `${WORKSPACE}/follower/postgresql.conf`;
    }),
    'no command': wrong(/no command/, (leader) => {
      leader.command = null;
    }),
    'another configuration file': wrong(/config_file=\/etc\/other/, (leader) => {
      leader.command = ['postgres', '-c', 'config_file=/etc/other.conf'];
    }),
    'another database, and a password that is not shown': wrong(
      /POSTGRES_PASSWORD is another value; POSTGRES_DB is postgres/,
      (leader) => {
        Object.assign(leader.environment ?? {}, {
          POSTGRES_PASSWORD: 'replicatorpass',
          POSTGRES_DB: 'postgres',
        });
      },
    ),
    'no environment': wrong(/no POSTGRES_USER/, (leader) => {
      delete leader.environment;
    }),
    'no dependency': wrong(/does not depend on leader/, () => {}, {
      service: 'leader',
      'depends-on': ['leader'],
    }),
    'the port of the other one': wrong(/leader and follower both use port 5434 of your machine/, (leader) => {
      leader.ports = [{ target: 5432, published: '5434' }];
    }),
    'the port of the host also inside the container': {
      ...edit((leader) => {
        leader.ports = [{ target: 5433, published: '5433' }];
      }),
      mistake: 'wrong-container-port',
      saw: /5433:5433/,
    },
  },
});

it.each([
  ['port', { service: 'leader', port: '5432' }],
  ['mount', { service: 'leader', mount: 'leader-data:/data' }],
  ['environment', { service: 'leader', environment: ['A=b'] }],
  ['service', { service: 'leader' }],
  ['service', { service: 'primary', image: 'postgres:14' }],
])('service refuses a wrong "%s"', (key, raw) => {
  expect(() => service.parse(raw)).toThrow(expect.objectContaining({ name: 'ArgumentError', key }));
});
