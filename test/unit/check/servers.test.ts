import { expect, it } from 'vitest';
import { containers } from '../../../src/check/kinds/containers.ts';
import { server } from '../../../src/check/kinds/server.ts';
import { describeKind, find } from './describe-kind.ts';
import { containerOf, probeOf } from './healthy.ts';
import { NO_ENGINE, STANDING_TROUBLES, serverTroubles, silence } from './shared-troubles.ts';

const gone = { containers: ['leader', 'follower'], are: 'gone' };
const stopped = { containers: ['follower'], are: 'stopped' };

describeKind(containers, {
  raw: { containers: ['leader', 'follower'], are: 'running', ready: true },
  stage: 'streaming',
  passes: {
    'both answer': {},
    'it runs, and need not answer yet': {
      raw: { containers: ['follower'] },
      change: (observation) => silence(observation, 'follower'),
    },
    'both are gone': { raw: gone, stage: 'files' },
    'the follower has never been started': { raw: stopped, stage: 'prepared' },
    'the follower is stopped': {
      raw: stopped,
      change: (observation) => {
        containerOf(observation, 'follower').state = 'exited';
      },
    },
    'the follower is made, but was not started': {
      raw: stopped,
      change: (observation) => {
        containerOf(observation, 'follower').state = 'created';
      },
    },
  },
  troubles: {
    ...NO_ENGINE,
    ...serverTroubles('follower', 'failed'),
    'the follower is paused': {
      mistake: 'containers-not-running',
      saw: /it is paused/,
      change: (observation) => {
        containerOf(observation, 'follower').state = 'paused';
      },
    },
    'it restarts, and need not answer': {
      raw: { containers: ['leader'] },
      mistake: 'container-restarting',
      change: (observation) => {
        Object.assign(containerOf(observation, 'leader'), { state: 'restarting', restartCount: 2 });
        silence(observation, 'leader');
      },
    },
    'a stopped container is not gone': {
      raw: gone,
      stage: 'leader-up',
      mistake: 'containers-still-there',
      saw: /leader has stopped/,
      change: (observation) => {
        containerOf(observation, 'leader').state = 'exited';
      },
    },
    'a stranger has the name': {
      raw: gone,
      stage: 'files',
      mistake: 'foreign-container',
      change: (observation) => {
        observation.nodes.leader.container = {
          state: 'foreign',
          name: 'leader',
          owner: 'no compose project',
        };
      },
    },
    'the follower still runs': { raw: stopped, mistake: 'follower-running' },
    'the follower comes back again and again': {
      raw: stopped,
      mistake: 'follower-running',
      change: (observation) => {
        containerOf(observation, 'follower').state = 'restarting';
      },
    },
    'the leader still runs': {
      raw: { containers: ['leader'], are: 'stopped' },
      mistake: 'containers-still-there',
    },
  },
});

it('containers refuses "ready" for containers that do not run', () => {
  expect(() => containers.parse({ ...gone, ready: true })).toThrow(/are: running/);
});

const follower = { server: 'follower', role: 'standby' };
const { 'the leader is itself a standby': leaderIsStandby, ...followerIsNone } = STANDING_TROUBLES;

describeKind(server, {
  raw: { server: 'leader', role: 'primary', database: 'appdb' },
  stage: 'leader-up',
  passes: {
    'the leader is a primary': {},
    'the role follows from the node': { raw: { server: 'follower' }, stage: 'streaming' },
    'a standby whose leader is away': {
      raw: follower,
      stage: 'streaming',
      change: (observation) => silence(observation, 'leader'),
    },
  },
  troubles: {
    ...NO_ENGINE,
    ...serverTroubles('leader', 'failed'),
    ...Object.fromEntries(
      Object.entries(followerIsNone).map(([name, trouble]) => [
        name,
        { ...trouble, raw: follower, stage: 'streaming' },
      ]),
    ),
    'the leader is a standby': { ...leaderIsStandby, mistake: 'leader-is-standby', stage: 'streaming' },
    'the follower should be a primary (after a failover)': {
      raw: { server: 'follower', role: 'primary' },
      stage: 'streaming',
      mistake: null,
    },
    'an old data folder has no such database': {
      mistake: 'database-missing',
      saw: /only postgres/,
      change: (observation) => {
        probeOf(observation, 'leader').databases = ['postgres'];
      },
    },
  },
});

it('server never takes the answer of a stranger for ours', () => {
  const tests = { raw: { server: 'leader' }, stage: 'leader-up' as const };
  const finding = find(server, tests, {
    change: (observation) => {
      observation.nodes.leader.container = {
        state: 'foreign',
        name: 'leader',
        owner: 'the compose project "x"',
      };
    },
  });
  expect(finding).toMatchObject({ state: 'failed', mistake: 'foreign-container' });
});
