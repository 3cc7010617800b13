import { bytes } from '../../check/bytes.ts';
import { type Positions, type Replication, silenceOf } from '../../check/replication.ts';
import { movesNow, type Sample } from '../../learn/history.ts';
import type { NodeName, NodeState, Observation, Probe } from '../../observe/types.ts';
import type { Glyphs } from '../../terminal/glyphs.ts';
import { type Span, span } from '../line.ts';

/** The node's name, and the port of this machine that leads to it. */
export function labelSpans(observation: Observation, name: NodeName): Span[] {
  const port = portOf(observation.nodes[name]);
  return [span(name, 'strong'), ...(port === null ? [] : [span(` :${port}`, 'dim')])];
}

function portOf({ container }: NodeState): number | null {
  return container.state === 'absent' || container.state === 'foreign' ? null : container.port;
}

/** What the node is now: its part in the pair, or the state of its container. */
export function roleSpans(
  observation: Observation,
  name: NodeName,
  replication: Replication,
  wide: boolean,
  glyphs: Glyphs,
): Span[] {
  const probe = replication[name];
  const [mark, words] = probe
    ? roleWords(name, probe, replication, wide, glyphs)
    : containerWords(observation, name, wide, glyphs);
  return [mark, span(` ${words}`, mark.tone === 'dim' ? 'dim' : 'plain')];
}

function roleWords(
  name: NodeName,
  { inRecovery, replayPause }: Probe,
  { streams, sender, diverged }: Replication,
  wide: boolean,
  glyphs: Glyphs,
): [Span, string] {
  const bad = span(glyphs.error, 'bad');
  if (name === 'leader') return inRecovery ? [bad, 'standby'] : [span(glyphs.up, 'good'), 'primary'];
  // A follower that is a primary is no follower: both would take writes.
  if (!inRecovery) return [bad, wide ? 'primary, alone' : 'primary'];
  if (diverged) return [bad, wide ? 'standby, diverged' : 'diverged'];
  if (replayPause !== null && replayPause !== 'not paused')
    return [span(glyphs.down, 'warn'), wide ? 'standby, replay paused' : 'replay paused'];
  if (!streams) return [span(glyphs.down, 'warn'), wide ? 'standby, not streaming' : 'not streaming'];
  if (sender?.state === 'catchup') return [span(glyphs.up, 'good'), 'standby, catches up'];
  return [span(glyphs.up, 'good'), wide ? 'standby, streaming' : 'standby'];
}

function containerWords(
  observation: Observation,
  name: NodeName,
  wide: boolean,
  glyphs: Glyphs,
): [Span, string] {
  const { container } = observation.nodes[name];
  switch (container.state) {
    case 'absent':
      return [span(glyphs.down, 'dim'), 'not started'];
    case 'foreign':
      return [span(glyphs.error, 'bad'), wide ? `not ours (${container.owner})` : 'not ours'];
    case 'running':
      return [span(glyphs.down, 'warn'), silenceOf(observation, name)];
    case 'restarting':
      return [span(glyphs.error, 'bad'), 'keeps restarting'];
    case 'paused':
      return [span(glyphs.down, 'warn'), 'container paused'];
    case 'exited':
    case 'dead':
      return [
        span(glyphs.down, container.exitCode === 0 ? 'dim' : 'bad'),
        wide ? `stopped, exit code ${container.exitCode}` : `exited (${container.exitCode})`,
      ];
    default:
      return [span(glyphs.down, 'dim'), container.state];
  }
}

/** The way from the leader to the follower. Its heads go one cell on each time that WAL has moved, and rest else. */
export function flowSpan(
  { streams, diverged }: Replication,
  history: readonly Sample[],
  width: number,
  { way, head, noWay }: Glyphs,
): Span {
  if (!streams) return span(noWay.repeat(width), 'dim');
  const phase = (history.at(-1)?.moves ?? 0) % 3;
  const cells = movesNow(history)
    ? Array.from({ length: width }, (_, cell) => (cell % 3 === phase ? head : way)).join('')
    : `${way.repeat(width - 1)}${head}`;
  return span(cells, diverged ? 'bad' : 'good');
}

/** What the slot does, and how much WAL it keeps for that. */
export function slotSpans({ leader, slot }: Replication, glyphs: Glyphs): Span[] {
  if (!slot) return [span(glyphs.down, 'dim'), span(leader ? ' not there' : ' not known', 'dim')];
  const held = slot.heldBytes === null ? 'holds nothing' : `holds ${bytes(slot.heldBytes)}`;
  if (slot.walStatus === 'lost') return [span(glyphs.error, 'bad'), span(' lost: WAL it needs is gone')];
  return [
    span(slot.active ? glyphs.up : glyphs.down, slot.active ? 'good' : 'dim'),
    span(slot.active ? ' active' : ' inactive'),
    span(`, ${held}`, 'dim'),
  ];
}

/** How far the follower is behind; none when that can't be told. */
export function lagSpans({ lagBytes, streams, sender, diverged }: Replication, glyphs: Glyphs): Span[] {
  if (lagBytes === null) return [];
  // The follower can't be ahead of what it copies, unless it wrote WAL of its own.
  if (lagBytes < 0)
    return [span(glyphs.error, 'bad'), span(' diverged', 'bad'), span(` by ${bytes(-lagBytes)}`)];
  if (diverged) return [span(glyphs.error, 'bad'), span(' diverged', 'bad')];
  if (lagBytes === 0) return [span(glyphs.up, 'good'), span(' 0 B')];
  const time = streams && sender?.lagSeconds ? `, ${seconds(sender.lagSeconds)}` : '';
  return [span(glyphs.down, 'warn'), span(` ${bytes(lagBytes)}${time}`)];
}

/** The lag of the last observations as heights, newest last; '' while the follower was never behind. */
export function trace(history: readonly Sample[], width: number, { heights }: Glyphs): string {
  const lags = history.slice(-width).map(({ lagBytes }) => lagBytes);
  const most = Math.max(0, ...lags.map((lag) => lag ?? 0));
  if (most === 0) return '';
  const top = heights.length - 1;
  // What could not be told leaves a hole; the least lag still stands out from none.
  return lags
    .map((lag) => (lag === null || lag < 0 ? ' ' : heights.charAt(Math.ceil((lag / most) * top))))
    .join('');
}

/** A position of WAL with what it is one of. */
export function positionSpans(what: keyof Positions, positions: Positions | null): Span[] {
  const lsn = positions?.[what] ?? null;
  return lsn === null ? [] : [span(`${what} `, 'dim'), span(lsn)];
}

/** `0.3 s`, `12 s`, `3 min`. */
function seconds(count: number): string {
  if (count < 10) return `${count.toFixed(1)} s`;
  return count < 120 ? `${Math.round(count)} s` : `${Math.floor(count / 60)} min`;
}
