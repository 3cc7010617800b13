import { describe, expect, test } from 'vitest';
import type { ContainerState, NodeName, Observation } from '../../src/observe/types.ts';
import { clusterSentence, withoutNumbers } from '../../src/plain/cluster-sentence.ts';
import { changed, EMPTY_LAB, LEADER_UP, pairStreams, probeOf } from '../helpers/observations.ts';

const say = (seen: Observation) => clusterSentence(seen, { slot: 'follower_slot' });

const down = (
  seen: Observation,
  name: NodeName,
  container: Partial<Extract<ContainerState, { id: string }>>,
  reason = '',
) =>
  changed(seen, (copy) => {
    Object.assign(copy.nodes[name].container, container);
    copy.nodes[name].server = { state: 'down', reason, logs: [] };
  });

const unused = (seen: Observation) =>
  changed(seen, (copy) => {
    const leader = probeOf(copy, 'leader');
    leader.senders = [];
    for (const slot of leader.slots) slot.active = false;
  });

const follower = (seen: Observation, change: object) =>
  changed(seen, (copy) => {
    Object.assign(probeOf(copy, 'follower'), change);
  });

const STATES: [string, Observation][] = [
  ['neither server has a container', EMPTY_LAB],
  ['the leader is a primary, and the follower has no container; nobody uses follower_slot', LEADER_UP],
  ['the follower streams from the leader through follower_slot, 0 bytes behind', pairStreams(0)],
  ['the follower streams from the leader through follower_slot, 2.0 kB behind', pairStreams(2048)],
  [
    'the follower streams from the leader without a slot, 1 byte behind',
    changed(pairStreams(1), (copy) => {
      for (const slot of probeOf(copy, 'leader').slots) slot.active = false;
      Object.assign(probeOf(copy, 'follower').receiver ?? {}, { slot: null });
    }),
  ],
  [
    'the follower fetches old WAL from the leader through follower_slot, 64 kB behind',
    changed(pairStreams(65536), (copy) => {
      for (const sender of probeOf(copy, 'leader').senders) sender.state = 'catchup';
    }),
  ],
  [
    'the follower receives WAL from the leader, but its replay is paused, 56 bytes behind',
    follower(pairStreams(56), { replayPause: 'paused' }),
  ],
  ['the follower has diverged from the leader: it is 4.0 kB ahead', pairStreams(-4096)],
  [
    'the follower has diverged from the leader',
    changed(pairStreams(0), (copy) => {
      probeOf(copy, 'leader').timeline = 2;
    }),
  ],
  [
    'the leader is a primary, and the follower is a standby that receives nothing, 4.0 kB behind; nobody uses follower_slot, which keeps 1.5 kB of WAL',
    follower(unused(pairStreams(4096)), { receiver: null }),
  ],
  [
    'the leader is a primary, and the follower is a primary of its own; nobody uses follower_slot, which keeps 1.5 kB of WAL',
    follower(unused(pairStreams(0)), { receiver: null, inRecovery: false }),
  ],
  [
    'the leader keeps restarting, and the follower is a standby that receives nothing',
    down(pairStreams(0), 'leader', { state: 'restarting' }),
  ],
  [
    'the leader has stopped with exit code 1, and the follower is a standby that receives nothing',
    down(pairStreams(0), 'leader', { state: 'exited', exitCode: 1 }),
  ],
  [
    'the leader is starting, and the follower has no container',
    down(LEADER_UP, 'leader', {}, 'the database system is starting up'),
  ],
  [
    'the follower takes no queries, but it receives WAL from the leader, 0 bytes behind',
    down(pairStreams(0), 'follower', {}, 'Hot standby mode is disabled'),
  ],
  [
    'the leader has no container, because the name belongs to the compose project "shop" in /shop, and the follower has no container',
    changed(EMPTY_LAB, ({ nodes }) => {
      nodes.leader = {
        container: { state: 'foreign', name: 'leader', owner: 'the compose project "shop" in /shop' },
        server: { state: 'down', reason: '', logs: [] },
      };
    }),
  ],
];

test.each(STATES)('Now: %s.', (sentence, seen) => {
  expect(say(seen)).toBe(`Now: ${sentence}.`);
});

test('an engine that does not answer comes before all', () => {
  const engine = { state: 'down', problem: 'No Docker engine answers.', next: '' } as const;
  expect(say({ ...EMPTY_LAB, engine })).toBe(
    'Now: the servers can not be looked at. No Docker engine answers.',
  );
});

describe('without its numbers a sentence', () => {
  const shape = (seen: Observation) => withoutNumbers(say(seen));

  test('is the same, however many bytes there are', () => {
    const shapes = [0, 1, 56, 2048, 3_000_000].map((lag) => shape(pairStreams(lag)));
    expect(new Set(shapes).size).toBe(1);
  });

  test('is another one in each other state', () => {
    // The second of those that stream differs in bytes only.
    expect(new Set(STATES.map(([, seen]) => shape(seen))).size).toBe(STATES.length - 1);
  });
});
