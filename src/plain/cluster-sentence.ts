import { bytes } from '../check/bytes.ts';
import { type Replication, replicationOf, silenceOf } from '../check/replication.ts';
import type { NodeName, Observation } from '../observe/types.ts';

/**
 * How the pair stands, in one sentence: what the panel of the live screen shows.
 * @param names The course's names; `slot` is the one that is looked for.
 */
export function clusterSentence(observation: Observation, names: Record<string, string>): string {
  const { engine, nodes } = observation;
  if (engine.state === 'down') return `Now: the servers can not be looked at. ${engine.problem}`;
  const replication = replicationOf(observation, names.slot);
  const following = followingWords(replication);
  if (following !== null) return `Now: ${following}.`;
  if (nodes.leader.container.state === 'absent' && nodes.follower.container.state === 'absent')
    return 'Now: neither server has a container.';
  const [leader, follower] = (['leader', 'follower'] as const).map(
    (name) => `the ${name} ${nodeWords(observation, name, replication)}`,
  );
  return `Now: ${leader}, and ${follower}${slotWords(replication)}.`;
}

/**
 * The sentence without its numbers. Said again only when this is another one: bytes and positions move all the time.
 */
export const withoutNumbers = (sentence: string): string =>
  sentence.replace(/\d[\d.]* (?:bytes?|[kMGT]B)\b|\d+/g, '#');

/** How a standby follows; null while nothing comes from the leader and nothing is known to be wrong with that. */
function followingWords({ streams, diverged, lagBytes, follower, sender, slot }: Replication): string | null {
  if (diverged) {
    const ahead = lagBytes !== null && lagBytes < 0 ? `: it is ${amount(-lagBytes)} ahead` : '';
    return `the follower has diverged from the leader${ahead}`;
  }
  if (!streams) return null;
  const behind = lagBytes === null ? '' : `, ${amount(lagBytes)} behind`;
  if (!follower) return `the follower takes no queries, but it receives WAL from the leader${behind}`;
  if (follower.replayPause !== null && follower.replayPause !== 'not paused')
    return `the follower receives WAL from the leader, but its replay is paused${behind}`;
  const name = follower.receiver?.slot ?? (slot?.active ? slot.name : null);
  const through = name === null ? 'without a slot' : `through ${name}`;
  const does = sender?.state === 'catchup' ? 'fetches old WAL' : 'streams';
  return `the follower ${does} from the leader ${through}${behind}`;
}

function nodeWords(observation: Observation, name: NodeName, replication: Replication): string {
  const probe = replication[name];
  if (!probe) return containerWords(observation, name);
  if (name === 'leader') return probe.inRecovery ? 'is a standby, not a primary' : 'is a primary';
  if (!probe.inRecovery) return 'is a primary of its own';
  const { lagBytes } = replication;
  const behind = lagBytes === null ? '' : `, ${amount(lagBytes)} behind`;
  return `is a standby that receives nothing${behind}`;
}

const SILENCE = {
  starting: 'is starting',
  stops: 'is shutting down',
  'takes no queries': 'takes no queries',
  'does not answer': 'does not answer',
};

function containerWords(observation: Observation, name: NodeName): string {
  const { container } = observation.nodes[name];
  switch (container.state) {
    case 'absent':
      return 'has no container';
    case 'foreign':
      return `has no container, because the name belongs to ${container.owner}`;
    case 'running':
      return SILENCE[silenceOf(observation, name)];
    case 'restarting':
      return 'keeps restarting';
    case 'paused':
      return 'has a container that is paused';
    case 'created':
      return 'has a container that was never started';
    case 'exited':
    case 'dead':
      return `has stopped with exit code ${container.exitCode}`;
  }
}

/** A slot that waits for its follower, and what it keeps for that. */
function slotWords({ slot }: Replication): string {
  if (!slot || slot.active) return '';
  if (slot.walStatus === 'lost') return `; WAL that ${slot.name} should keep is gone`;
  return slot.heldBytes === null
    ? `; nobody uses ${slot.name}`
    : `; nobody uses ${slot.name}, which keeps ${amount(slot.heldBytes)} of WAL`;
}

/** `0 bytes`, `1 byte`, `1.5 kB`: few are said whole. */
function amount(count: number): string {
  if (count >= 1024) return bytes(count);
  return `${count} byte${count === 1 ? '' : 's'}`;
}
