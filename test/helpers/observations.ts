import type { NodeState, Observation, Probe } from '../../src/observe/types.ts';

const probe = (change: Partial<Probe>): Probe => ({
  version: 140023,
  systemId: '1',
  inRecovery: false,
  timeline: 1,
  lsn: '0/3027988',
  receivedLsn: null,
  replayPause: null,
  startedAt: '',
  confLoadedAt: '',
  hbaChangedSinceLoad: null,
  settings: {},
  confErrors: [],
  slots: [],
  senders: [],
  receiver: null,
  roles: [],
  databases: ['appdb'],
  signals: [],
  walBytes: 16777216,
  table: null,
  tableInPostgres: false,
  ...change,
});

const node = (name: string, port: number, server: Probe): NodeState => ({
  container: {
    state: 'running',
    id: name,
    name,
    image: 'postgres:14',
    imageId: '',
    exitCode: 0,
    restartCount: 0,
    startedAt: '',
    addresses: [],
    networks: [],
    port,
    env: {},
    command: [],
    mounts: [],
  },
  server: { state: 'up', probe: server, hba: { state: 'unreadable', message: '' } },
});

const absent: NodeState = {
  container: { state: 'absent' },
  server: { state: 'down', reason: 'no container', logs: [] },
};

/** The lab before anything runs. */
export const EMPTY_LAB: Observation = {
  at: '2026-12-01T10:00:00Z',
  lab: 'docker',
  workspace: '/home/you/solutions',
  project: 'solutions',
  engine: {
    state: 'up',
    version: '28.2.2',
    os: 'linux',
    arch: 'x64',
    rootless: false,
    compose: '2.26.1',
    foundBy: '',
    endpoint: '',
  },
  image: { state: 'present', reference: 'postgres:14', id: '', arch: 'amd64', major: 14 },
  files: {},
  compose: { state: 'missing' },
  nodes: { leader: absent, follower: absent },
  experiments: {},
};

/** The leader runs, the slot is there, nobody uses it. */
export const LEADER_UP: Observation = {
  ...EMPTY_LAB,
  nodes: { leader: node('leader', 5433, probe({ slots: [slot(false, null)] })), follower: absent },
};

/**
 * The pair streams, `lag` bytes behind (negative: it diverged). All that was written has been received; half of what
 * is to be replayed is on the follower's disk.
 */
export function pairStreams(lag: number, leaderLsn = 0x3027988): Observation {
  const sender = {
    pid: 1,
    user: 'replicator',
    application: 'walreceiver',
    address: null,
    state: 'streaming',
    sentLsn: lsn(leaderLsn),
    flushLsn: lsn(leaderLsn - Math.max(0, lag / 2)),
    replayLsn: lsn(leaderLsn - lag),
    lagBytes: lag,
    lagSeconds: lag > 0 ? 3.1 : null,
    syncState: 'async',
  };
  const receiver = {
    pid: 1,
    status: 'streaming',
    slot: 'follower_slot',
    host: 'leader',
    port: 5432,
    timeline: 1,
    writtenLsn: lsn(leaderLsn),
    flushedLsn: lsn(leaderLsn - Math.max(0, lag / 2)),
  };
  return {
    ...EMPTY_LAB,
    nodes: {
      leader: node(
        'leader',
        5433,
        probe({ lsn: lsn(leaderLsn), slots: [slot(true, 1536)], senders: [sender] }),
      ),
      follower: node(
        'follower',
        5434,
        probe({ inRecovery: true, lsn: lsn(leaderLsn - lag), receivedLsn: receiver.flushedLsn, receiver }),
      ),
    },
  };
}

const lsn = (bytes: number) => `0/${Math.floor(bytes).toString(16).toUpperCase()}`;

/** The same, seen so many seconds later. */
export function later(observation: Observation, seconds: number): Observation {
  return { ...observation, at: new Date(Date.parse(EMPTY_LAB.at) + seconds * 1000).toISOString() };
}

/** A copy with something changed in it. */
export function changed(observation: Observation, change: (copy: Observation) => void): Observation {
  const copy = structuredClone(observation);
  change(copy);
  return copy;
}

/** What a server that can be asked says of itself. */
export function probeOf(observation: Observation, name: 'leader' | 'follower'): Probe {
  const { server } = observation.nodes[name];
  if (server.state !== 'up') throw new Error(`the ${name} can not be asked`);
  return server.probe;
}

function slot(active: boolean, heldBytes: number | null) {
  return {
    name: 'follower_slot',
    type: 'physical',
    active,
    activePid: null,
    temporary: false,
    restartLsn: null,
    walStatus: 'reserved',
    heldBytes,
  };
}
