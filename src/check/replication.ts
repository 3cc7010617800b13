import type { NodeName, Observation, Probe, Sender, ServerState, Slot } from '../observe/types.ts';
import { bytesBetween } from './lsn.ts';
import { senderOf } from './source.ts';

/** How the pair stands, for those who tell of it without judging: the panel, plain lines, the trace of the lag. */
export interface Replication {
  /** What each server says; null while it can't be asked. */
  leader: Probe | null;
  follower: Probe | null;
  /** The course's slot on the leader, or any other one. */
  slot: Slot | null;
  sender: Sender | null;
  /** WAL can flow from the leader to the follower now, new or old. */
  streams: boolean;
  /** Bytes that the follower has still to replay; negative when it has WAL of its own. Null: can't be told. */
  lagBytes: number | null;
  /** The follower's history is not the leader's. */
  diverged: boolean;
  /** How far the WAL has come on the follower; null when it is no standby that can be asked. */
  positions: Positions | null;
}

/** Received by the follower, flushed to its disk, replayed in its data. */
export interface Positions {
  received: string | null;
  flushed: string | null;
  replayed: string | null;
}

/** What an observation tells of the pair. `slotName` is the slot that the course makes. */
export function replicationOf(observation: Observation, slotName: string | undefined): Replication {
  const [leaderServer, followerServer] = [serverOf(observation, 'leader'), serverOf(observation, 'follower')];
  const [leader, follower] = [leaderServer?.probe ?? null, followerServer?.probe ?? null];
  const sender = (leaderServer && senderOf(observation, 'follower', leaderServer)) ?? null;
  const sends = sender?.state === 'streaming' || sender?.state === 'catchup';
  // A follower that takes no queries (hot_standby = off) receives all the same; its leader knows.
  const receives = follower
    ? follower.receiver?.status === 'streaming'
    : observation.nodes.follower.container.state === 'running';
  const streams = sends && receives;
  const lagBytes = streams ? (sender.lagBytes ?? null) : distance(leader, follower);
  return {
    leader,
    follower,
    slot: leader?.slots.find((one) => one.name === slotName) ?? leader?.slots[0] ?? null,
    sender,
    streams,
    lagBytes,
    diverged: (lagBytes !== null && lagBytes < 0) || (streams && onOtherTimeline(leader, follower)),
    positions: follower?.inRecovery ? positionsOf(follower) : null,
  };
}

function serverOf(observation: Observation, node: NodeName): Extract<ServerState, { state: 'up' }> | null {
  const { server } = observation.nodes[node];
  return server.state === 'up' ? server : null;
}

/**
 * From the follower's position to the leader's, while nothing flows. Two servers are not asked at one moment: a
 * follower that receives would look diverged beside a leader that was asked a little earlier.
 */
function distance(leader: Probe | null, follower: Probe | null): number | null {
  if (!leader || leader.inRecovery || !follower?.inRecovery) return null;
  if (leader.systemId !== follower.systemId || follower.receiver?.status === 'streaming') return null;
  const bytes = bytesBetween(follower.lsn, leader.lsn);
  return bytes === null ? null : Number(bytes);
}

function onOtherTimeline(leader: Probe | null, follower: Probe | null): boolean {
  const [sent, received] = [leader?.timeline ?? null, follower?.receiver?.timeline ?? null];
  return sent !== null && received !== null && sent !== received;
}

/** What is replayed was on the disk before, and what is on the disk was received: also where nobody counted it. */
function positionsOf({ lsn, receivedLsn, receiver }: Probe): Positions {
  const flushed = later(later(receiver?.flushedLsn ?? null, receivedLsn), lsn);
  return { received: later(receiver?.writtenLsn ?? null, flushed), flushed, replayed: lsn };
}

/** The later one of two LSNs. */
function later(one: string | null, other: string | null): string | null {
  return (bytesBetween(one, other) ?? (one === null ? 1n : 0n)) > 0n ? other : one;
}

/** A server that does not answer is thought to be starting for so long. In milliseconds. */
const STARTING_MS = 30_000;

/** Why the server in a running container can't be asked. */
export function silenceOf(
  observation: Observation,
  name: NodeName,
): 'starting' | 'stops' | 'takes no queries' | 'does not answer' {
  const { container, server } = observation.nodes[name];
  const reason = server.state === 'down' ? server.reason : '';
  if (/not accepting connections|hot standby mode is disabled/i.test(reason)) return 'takes no queries';
  if (/shutting down/.test(reason)) return 'stops';
  if (/starting up|not yet accepting/.test(reason)) return 'starting';
  const age = 'startedAt' in container ? Date.parse(observation.at) - Date.parse(container.startedAt) : 0;
  // No age is told where the time of the start is not known.
  return age > STARTING_MS ? 'does not answer' : 'starting';
}
