import type { WalkState } from '../../learn/state.ts';
import type { NodeName, Observation } from '../../observe/types.ts';
import type { Glyphs } from '../../terminal/glyphs.ts';
import { cutLine, GUTTER, type Line, lineWidth, type Span, span } from '../line.ts';
import { distanceSpans, labelSpans, type Pair, pairOf, roleOf, slotSpans } from './servers.ts';

/** From this width on the two servers stand side by side with ports and positions. */
const WIDE = 88;

/** Column in which the right half begins, while the left one leaves room. */
const HALF = 44;

/** Two rows: the servers with the WAL between them, and the slot with how far the follower is. */
export function clusterLines(state: WalkState, width: number, glyphs: Glyphs): Line[] {
  const { observation } = state;
  if (!observation) return [[span('   '), span(`looking at the lab ${glyphs.ellipsis}`, 'dim')]];
  if (observation.engine.state === 'down') {
    return [
      cutLine([span(` ${glyphs.error} `, 'bad'), span(observation.engine.problem)], width, glyphs.ellipsis),
    ];
  }
  const pair = pairOf(observation, state.course.names);
  const flow = pair.streams ? span(glyphs.streams, 'good') : span(glyphs.still, 'dim');
  const rows =
    width >= WIDE
      ? wideRows(state, observation, pair, flow, glyphs)
      : narrowRows(observation, pair, flow, glyphs);
  return rows.map((row) => cutLine(row, width, glyphs.ellipsis));
}

/** Two columns; the marks of each stand under one another. */
function wideRows(
  state: WalkState,
  observation: Observation,
  pair: Pair,
  flow: Span,
  glyphs: Glyphs,
): Line[] {
  const leader = labelSpans(observation, 'leader', true);
  const slot = [span(pair.slot?.name ?? state.course.names.slot ?? 'slot', 'strong')];
  const follower = labelSpans(observation, 'follower', true);
  const distance = distanceSpans(pair, glyphs);
  const role = roleOf(observation, 'follower', true, glyphs);
  const marks = Math.max(lineWidth(leader), lineWidth(slot)) + 1;
  const left = [
    [span(' '.repeat(GUTTER)), ...pad(leader, marks), ...roleOf(observation, 'leader', true, glyphs)],
    [span(' '.repeat(GUTTER)), ...pad(slot, marks), ...slotSpans(pair, glyphs)],
  ];
  const half = Math.max(HALF, ...left.map((row) => lineWidth(row) + 2));
  const right = lineWidth(follower) + 1;
  return [
    [...pad(left[0] ?? [], half), flow, span('  '), ...pad(follower, right), ...role],
    [
      ...pad(left[1] ?? [], half),
      span('     '),
      ...(distance.length > 0 ? [...pad([span('lag', 'strong')], right), ...distance] : []),
    ],
  ];
}

function narrowRows(observation: Observation, pair: Pair, flow: Span, glyphs: Glyphs): Line[] {
  const node = (name: NodeName) => [
    ...labelSpans(observation, name, false),
    span(' '),
    ...roleOf(observation, name, false, glyphs),
  ];
  const distance = distanceSpans(pair, glyphs);
  return [
    [span('   '), ...node('leader'), span(' '), flow, span(' '), ...node('follower')],
    [
      span('   '),
      span('slot', 'strong'),
      span(' '),
      ...slotSpans(pair, glyphs),
      ...(distance.length > 0 ? [span('  '), span('lag', 'strong'), span(' '), ...distance] : []),
    ],
  ];
}

function pad(line: Line, width: number): Line {
  return [...line, span(' '.repeat(Math.max(1, width - lineWidth(line))))];
}
