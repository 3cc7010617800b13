import { expect, it } from 'vitest';
import type { Finding } from '../../../src/check/finding.ts';
import { patienceFor } from '../../../src/learn/patience.ts';
import type { ContainerState, NodeState, Observation } from '../../../src/observe/types.ts';
import { EMPTY_LAB } from '../../helpers/observations.ts';
import { finding } from '../../helpers/tiny-course.ts';

const failed = (mistake?: Finding['mistake']) => finding('a/b', 'failed', mistake ? { mistake } : {});
const blocked = (mistake?: Finding['mistake']) => finding('a/c', 'blocked', mistake ? { mistake } : {});

it.each<[string, Finding[], number]>([
  ['nothing is asked', [], 0],
  ['all holds', [finding('a/b', 'passed')], 0],
  ['a server starts', [failed('server-down')], 60_000],
  ['a server starts and others wait for it', [failed('server-down'), blocked('server-down')], 60_000],
  ['a standby reconnects', [finding('a/a', 'passed'), failed('follower-not-streaming')], 15_000],
  ['two causes heal: the longer one', [failed('slot-unused'), failed('replay-behind')], 15_000],
  ['a cause stays until somebody acts', [failed('slot-missing')], 0],
  ['the cause is not known', [failed()], 0],
  ['one cause heals and one stays', [failed('server-down'), failed('slot-missing')], 0],
  ['one cause heals and one is not known', [failed(), failed('server-down')], 0],
  ['all wait for a server that starts', [blocked('server-down')], 60_000],
  ['all wait for something that stays', [blocked('slot-missing')], 0],
  ['the environment can not be asked', [finding('a/b', 'error', { mistake: 'no-engine' })], 0],
])('when %s', (_, findings, ms) => {
  expect(patienceFor(findings, withLeader('running'))).toBe(ms);
});

it('does not wait for the server of a container that has stopped, nor of one that is not there', () => {
  for (const container of ['exited', 'absent'] as const) {
    expect(patienceFor([failed('server-down')], withLeader(container))).toBe(0);
    expect(patienceFor([blocked('server-down')], withLeader(container))).toBe(0);
  }
});

/** A lab whose leader has a container in this state, and no server that answers. */
function withLeader(state: 'running' | 'exited' | 'absent'): Observation {
  const container = { state } as ContainerState;
  const leader: NodeState = { container, server: { state: 'down', reason: 'starting', logs: [] } };
  return { ...EMPTY_LAB, nodes: { ...EMPTY_LAB.nodes, leader } };
}
