import type { UpServer } from '../../../src/check/needs.ts';
import type {
  ComposeService,
  ContainerState,
  ControlFile,
  DataFolder,
  FileState,
  NodeName,
  NodeState,
  Observation,
  Probe,
  Setting,
} from '../../../src/observe/types.ts';

/** Stages of the course, in order. Each holds all that the ones before it made. */
export const STAGES = [
  'nothing',
  'files',
  'leader-up',
  'prepared',
  'copied',
  'streaming',
  'finished',
] as const;
export type Stage = (typeof STAGES)[number];

export const WORKSPACE = '/home/ada/solutions';
const LEADER_ID = '7301234567890123456';
export const OTHER_ID = '7309999999999999999';

/** Passwords that are in the lab. No text of a finding may hold one. */
export const SECRETS = ['replicatorpass', 'leaderpass'];

export const LEADER_CONF = [
  '# WALkthrough leader',
  "listen_addresses = '*'",
  'wal_level = replica',
  'max_wal_senders = 10',
  'wal_keep_size = 256MB',
  'hot_standby = on',
  '',
].join('\n');

export const INVENTORY_SQL = `CREATE TABLE inventory (
  productId INT PRIMARY KEY, productName VARCHAR(255) NOT NULL, quantity INT, lastUpdated TIMESTAMP
);
INSERT INTO inventory (productId, productName, quantity, lastUpdated) VALUES
  (101, 'QuantumWidget', 100, NOW()), (102, 'HyperSpanner', 75, NOW()), (103, 'FluxCapacitor', 50, NOW());
`;

export function textFile(text: string, extra: Partial<Extract<FileState, { kind: 'file' }>> = {}): FileState {
  return { kind: 'file', uid: 1000, mode: 0o644, bytes: Buffer.byteLength(text), text, ...extra };
}

export const aFolder = (entries: number | null = 0, uid = 1000): FileState => ({
  kind: 'folder',
  uid,
  mode: 0o755,
  entries,
});

/** A recorded observation of a lab in which everything went right, up to the stage. */
export function healthy(stage: Stage): Observation {
  const at = STAGES.indexOf(stage);
  const reached = (wanted: Stage) => at >= STAGES.indexOf(wanted);
  const observation: Observation = {
    at: '2026-11-25T08:00:00.000Z',
    lab: 'docker',
    workspace: WORKSPACE,
    project: 'solutions',
    engine: {
      state: 'up',
      version: '28.2.2',
      os: 'linux',
      arch: 'x86_64',
      rootless: false,
      compose: '2.26.1-4',
      foundBy: 'the default socket',
      endpoint: '/var/run/docker.sock',
    },
    image: { state: 'present', reference: 'postgres:14', id: 'sha256:14', arch: 'amd64', major: 14 },
    files: reached('files') ? files() : { 'docker-compose.yml': { kind: 'missing' } },
    compose: reached('files')
      ? {
          state: 'ok',
          config: {
            name: 'solutions',
            services: { leader: composeService('leader'), follower: composeService('follower') },
            networks: { 'replication-net': { name: 'solutions_replication-net', driver: 'bridge' } },
          },
        }
      : { state: 'missing' },
    nodes: { leader: absent(), follower: absent() },
    experiments: {},
  };
  if (reached('leader-up')) observation.nodes.leader = running('leader');
  if (reached('prepared')) prepare(observation);
  if (reached('copied')) copyData(observation);
  if (reached('streaming')) stream(observation);
  if (reached('finished')) fill(observation);
  return observation;
}

/** The node's server, for a test that changes it. */
export function up(observation: Observation, node: NodeName): UpServer {
  const { server } = observation.nodes[node];
  if (server.state !== 'up') throw new Error(`${node} is not up at this stage`);
  return server;
}

export function probeOf(observation: Observation, node: NodeName): Probe {
  return up(observation, node).probe;
}

export type OwnContainer = Exclude<ContainerState, { state: 'absent' | 'foreign' }>;

export function containerOf(observation: Observation, node: NodeName): OwnContainer {
  const { container } = observation.nodes[node];
  if (!('mounts' in container)) throw new Error(`${node} has no container at this stage`);
  return container;
}

export function folderOf(
  observation: Observation,
): Extract<DataFolder, { state: 'read' }> & { control: ControlFile } {
  const { data } = observation.nodes.follower;
  if (data?.state !== 'read' || !data.control) throw new Error('no data folder at this stage');
  return data as Extract<DataFolder, { state: 'read' }> & { control: ControlFile };
}

/** The first one, which must be there. */
export function first<T>(list: readonly T[] | undefined): T {
  const found = list?.[0];
  if (found === undefined) throw new Error('the list is empty at this stage');
  return found;
}

/** Puts the last lines of its log beside a server, up or down. */
export function withLogs(observation: Observation, node: NodeName, ...logs: string[]): void {
  Object.assign(observation.nodes[node].server, { logs });
}

export function fromFile(value: string, unit: string | null = null): Setting {
  return {
    value,
    unit,
    source: 'configuration file',
    file: '/etc/postgresql/postgresql.conf',
    line: 2,
    pendingRestart: false,
  };
}

export function byDefault(value: string, unit: string | null = null): Setting {
  return { value, unit, source: 'default', file: null, line: null, pendingRestart: false };
}

function files(): Record<string, FileState> {
  const script = textFile('#!/bin/bash\nset -e\ndocker exec -i leader psql -U postgres -c "SELECT 1"\n', {
    syntax: '',
  });
  return {
    '.': aFolder(6),
    'docker-compose.yml': textFile('services: {}\n'),
    'leader/postgresql.conf': textFile(LEADER_CONF),
    'follower/postgresql.conf': textFile("listen_addresses = '*'\nhot_standby = on\n"),
    'leader/setup-leader.sh': script,
    'inventory.sql': textFile(INVENTORY_SQL),
    leader: aFolder(2),
    'leader-data': aFolder(),
    'follower-data': aFolder(),
  };
}

function composeService(node: NodeName): ComposeService {
  return {
    image: 'postgres:14',
    container_name: node,
    hostname: node,
    restart: 'always',
    command: ['postgres', '-c', 'config_file=/etc/postgresql/postgresql.conf'],
    environment: { POSTGRES_USER: 'postgres', POSTGRES_PASSWORD: 'leaderpass', POSTGRES_DB: 'appdb' },
    ports: [{ target: 5432, published: node === 'leader' ? '5433' : '5434', protocol: 'tcp' }],
    volumes: [
      {
        type: 'bind',
        source: `${WORKSPACE}/${node}/postgresql.conf`,
        target: '/etc/postgresql/postgresql.conf',
      },
      { type: 'bind', source: `${WORKSPACE}/${node}-data`, target: '/var/lib/postgresql/data' },
    ],
    networks: { 'replication-net': null },
    ...(node === 'follower' && { depends_on: { leader: { condition: 'service_started' } } }),
  };
}

export function absent(): NodeState {
  return {
    container: { state: 'absent' },
    server: { state: 'down', reason: 'its container is not running', logs: [] },
  };
}

function running(node: NodeName): NodeState {
  return {
    container: {
      state: 'running',
      id: `${node}-id`,
      name: node,
      image: 'postgres:14',
      imageId: 'sha256:14',
      exitCode: 0,
      restartCount: 0,
      startedAt: '2026-11-25T07:50:00Z',
      addresses: [node === 'leader' ? '172.18.0.2' : '172.18.0.3'],
      networks: ['solutions_replication-net'],
      port: node === 'leader' ? 5433 : 5434,
      env: { POSTGRES_PASSWORD: 'leaderpass' },
      command: ['postgres', '-c', 'config_file=/etc/postgresql/postgresql.conf'],
      mounts: [
        {
          type: 'bind',
          source: `${WORKSPACE}/${node}/postgresql.conf`,
          target: '/etc/postgresql/postgresql.conf',
        },
      ],
    },
    server: { state: 'up', probe: primaryProbe(), hba: { state: 'read', rules: [], errors: [] } },
  };
}

function primaryProbe(): Probe {
  return {
    version: 140023,
    systemId: LEADER_ID,
    inRecovery: false,
    timeline: 1,
    lsn: '0/3027988',
    receivedLsn: null,
    replayPause: null,
    startedAt: '2026-11-25T07:50:01Z',
    confLoadedAt: '2026-11-25T07:50:01Z',
    hbaChangedSinceLoad: false,
    settings: {
      listen_addresses: fromFile('*'),
      wal_level: fromFile('replica'),
      max_wal_senders: fromFile('10'),
      wal_keep_size: fromFile('256', 'MB'),
      hot_standby: fromFile('on'),
      max_connections: byDefault('100'),
      data_directory: { ...byDefault('/var/lib/postgresql/data'), source: 'override' },
      primary_conninfo: byDefault(''),
      primary_slot_name: byDefault(''),
    },
    confErrors: [],
    slots: [],
    senders: [],
    receiver: null,
    roles: [{ name: 'postgres', login: true, replication: true, superuser: true, password: 'scram' }],
    databases: ['appdb', 'postgres'],
    signals: [],
    walBytes: 33554432,
    table: null,
    tableInPostgres: false,
  };
}

/** The rule, the role and the slot of step 8. */
function prepare(observation: Observation): void {
  const { probe } = up(observation, 'leader');
  probe.roles.push({
    name: 'replicator',
    login: true,
    replication: true,
    superuser: false,
    password: 'scram',
  });
  probe.slots.push({
    name: 'follower_slot',
    type: 'physical',
    active: false,
    activePid: null,
    temporary: false,
    restartLsn: null,
    walStatus: null,
    heldBytes: null,
  });
  up(observation, 'leader').hba = { state: 'read', rules: [hbaRule()], errors: [] };
  observation.experiments['replication-login'] = {
    state: 'accepted',
    systemId: LEADER_ID,
    timeline: 1,
    from: 'a container on solutions_replication-net',
  };
}

export const hbaRule = () => ({
  line: 99,
  type: 'host',
  database: ['replication'],
  user: ['replicator'],
  address: 'all' as string | null,
  method: 'md5',
});

/** The base backup of step 9, not started yet. */
function copyData(observation: Observation): void {
  observation.nodes.follower.data = {
    state: 'read',
    empty: false,
    version: '14',
    present: [
      'PG_VERSION',
      'standby.signal',
      'backup_label',
      'backup_manifest',
      'postgresql.auto.conf',
      'global/pg_control',
    ],
    control: { systemId: LEADER_ID, state: 'in production', checkpoint: '0/2000060', timeline: 1 },
    autoConf: {
      primary_conninfo:
        "user=replicator password=*** channel_binding=prefer host=leader port=5432 sslmode='prefer'",
      primary_slot_name: 'follower_slot',
    },
  };
  Object.assign(first(probeOf(observation, 'leader').slots), {
    restartLsn: '0/2000000',
    walStatus: 'reserved',
    heldBytes: 162184,
  });
  observation.experiments.nonce = { state: 'not-tried', reason: 'the follower can not be asked' };
}

function stream(observation: Observation): void {
  const leader = probeOf(observation, 'leader');
  const folder = folderOf(observation);
  folder.present = folder.present.filter((name) => name !== 'backup_label');
  folder.control.state = 'in archive recovery';
  observation.nodes.follower = { ...running('follower'), data: folder };
  Object.assign(probeOf(observation, 'follower'), {
    inRecovery: true,
    receivedLsn: '0/3027988',
    replayPause: 'not paused',
    signals: ['standby.signal'],
    receiver: {
      pid: 31,
      status: 'streaming',
      slot: 'follower_slot',
      host: 'leader',
      port: 5432,
      timeline: 1,
      writtenLsn: '0/3027988',
      flushedLsn: '0/3027988',
    },
    roles: structuredClone(leader.roles),
  });
  const { settings } = probeOf(observation, 'follower');
  for (const [name, value] of Object.entries(folder.autoConf)) settings[name] = fromFile(value);
  Object.assign(first(leader.slots), { active: true, activePid: 77, restartLsn: '0/3027988', heldBytes: 0 });
  leader.senders.push({
    pid: 77,
    user: 'replicator',
    application: 'walreceiver',
    address: '172.18.0.3',
    state: 'streaming',
    sentLsn: '0/3027988',
    flushLsn: '0/3027988',
    replayLsn: '0/3027988',
    lagBytes: 0,
    lagSeconds: null,
    syncState: 'async',
  });
  observation.experiments.nonce = {
    state: 'arrived',
    lsn: '0/3027A10',
    ms: 26,
    leaderLsn: '0/3027A10',
    followerLsn: '0/3027A10',
  };
  observation.experiments['write-on-follower'] = {
    state: 'refused',
    code: '25006',
    message: 'cannot execute CREATE TABLE in a read-only transaction',
  };
}

function fill(observation: Observation): void {
  for (const node of ['leader', 'follower'] as const) {
    probeOf(observation, node).table = {
      columns: [
        { name: 'productid', type: 'integer', maxLength: null, nullable: false },
        { name: 'productname', type: 'character varying', maxLength: 255, nullable: false },
        { name: 'quantity', type: 'integer', maxLength: null, nullable: true },
        { name: 'lastupdated', type: 'timestamp without time zone', maxLength: null, nullable: true },
      ],
      primaryKey: ['productid'],
      rowCount: 3,
      rows: [
        ['101', 'QuantumWidget', '100', '2026-11-25T08:00:00'],
        ['102', 'HyperSpanner', '75', '2026-11-25T08:00:00'],
        ['103', 'FluxCapacitor', '50', '2026-11-25T08:00:00'],
      ],
      hash: 'c0ffee',
    };
  }
}
