import type { NodeName, Observation, Probe, Sender, Slot } from '../../observe/types.ts';
import type { Glyphs } from '../../terminal/glyphs.ts';
import { type Span, span } from '../line.ts';

export interface Pair {
  leader: Probe | null;
  follower: Probe | null;
  slot: Slot | null;
  sender: Sender | null;
  streams: boolean;
}

/** What the two servers say of each other. */
export function pairOf(observation: Observation, names: Record<string, string>): Pair {
  const { leader, follower } = observation.nodes;
  const leaderProbe = leader.server.state === 'up' ? leader.server.probe : null;
  const followerProbe = follower.server.state === 'up' ? follower.server.probe : null;
  const sender = leaderProbe?.senders.find((one) => one.state === 'streaming') ?? null;
  return {
    leader: leaderProbe,
    follower: followerProbe,
    slot: leaderProbe?.slots.find((one) => one.name === names.slot) ?? leaderProbe?.slots[0] ?? null,
    sender,
    streams: sender !== null && followerProbe?.receiver?.status === 'streaming',
  };
}

export function labelSpans(observation: Observation, name: NodeName, wide: boolean): Span[] {
  const { container } = observation.nodes[name];
  const port = container.state === 'absent' || container.state === 'foreign' || !wide ? null : container.port;
  return [span(name, 'strong'), ...(port === null ? [] : [span(` :${port}`, 'dim')])];
}

/** What the node is now: its part in the pair and its position, or the state of its container. */
export function roleOf(observation: Observation, name: NodeName, wide: boolean, glyphs: Glyphs): Span[] {
  const { container, server } = observation.nodes[name];
  if (server.state === 'up') {
    const { lsn } = server.probe;
    // The narrow form has room for one position only.
    const position = lsn && (wide || name === 'leader') ? [span(`${wide ? '  ' : ' '}${lsn}`, 'dim')] : [];
    return [...roleSpans(name, server.probe, wide, glyphs), ...position];
  }
  const [mark, words] = containerWords(container, glyphs);
  return [mark, span(` ${words}`, mark.tone === 'dim' ? 'dim' : 'plain')];
}

function roleSpans(name: NodeName, probe: Probe, wide: boolean, glyphs: Glyphs): Span[] {
  if (!probe.inRecovery) {
    // A follower that is a primary is no follower: both would take writes.
    const right = name === 'leader';
    return [
      span(right ? glyphs.up : glyphs.error, right ? 'good' : 'bad'),
      span(right ? ' primary' : ' primary, alone'),
    ];
  }
  if (name === 'leader') return [span(glyphs.error, 'bad'), span(' standby')];
  const streams = probe.receiver?.status === 'streaming';
  const words = streams
    ? wide
      ? ' standby, streaming'
      : ' standby'
    : wide
      ? ' standby, not streaming'
      : ' standby, waits';
  return [span(streams ? glyphs.up : glyphs.down, streams ? 'good' : 'warn'), span(words)];
}

type Container = Observation['nodes'][NodeName]['container'];

function containerWords(container: Container, glyphs: Glyphs): [Span, string] {
  switch (container.state) {
    case 'absent':
      return [span(glyphs.down, 'dim'), 'not started'];
    case 'foreign':
      return [span(glyphs.error, 'bad'), `not ours (${container.owner})`];
    case 'running':
      return [span(glyphs.down, 'warn'), 'starting'];
    case 'restarting':
      return [span(glyphs.error, 'bad'), 'restarts again and again'];
    case 'exited':
    case 'dead':
      return [
        span(glyphs.down, container.exitCode === 0 ? 'dim' : 'bad'),
        `stopped, exit code ${container.exitCode}`,
      ];
    default:
      return [span(glyphs.down, 'dim'), container.state];
  }
}

export function slotSpans({ slot }: Pair, glyphs: Glyphs): Span[] {
  if (!slot) return [span(glyphs.down, 'dim'), span(' not there', 'dim')];
  const held = slot.heldBytes === null ? 'holds nothing' : `holds ${bytes(slot.heldBytes)}`;
  if (slot.walStatus === 'lost') return [span(glyphs.error, 'bad'), span(' lost: WAL it needs is gone')];
  return [
    span(slot.active ? glyphs.up : glyphs.down, slot.active ? 'good' : 'dim'),
    span(slot.active ? ' active' : ' inactive'),
    span(`, ${held}`, 'dim'),
  ];
}

export function distanceSpans(pair: Pair, glyphs: Glyphs): Span[] {
  const lag = pair.sender?.lagBytes;
  if (lag === undefined || lag === null) return [];
  // The follower can't be ahead of what it copies, unless it wrote WAL of its own.
  if (lag < 0) return [span(glyphs.error, 'bad'), span(' diverged', 'bad'), span(` by ${bytes(-lag)}`)];
  return [span(lag === 0 ? glyphs.up : glyphs.down, lag === 0 ? 'good' : 'warn'), span(` ${bytes(lag)}`)];
}

/** `0 B`, `56 B`, `1.2 kB`, `16 MB`: units of 1024, as PostgreSQL counts. */
export function bytes(count: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = count;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 || value >= 10 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}
