import { type Replication, replicationOf } from '../../check/replication.ts';
import type { WalkState } from '../../learn/state.ts';
import { tellsOfServers } from '../../observe/observe.ts';
import type { Observation } from '../../observe/types.ts';
import type { Glyphs } from '../../terminal/glyphs.ts';
import { contentWidth, type Size } from '../../terminal/size.ts';
import { cutLine, GUTTER, type Line, lineWidth, type Span, span } from '../line.ts';
import { flowSpan, labelSpans, lagSpans, positionSpans, roleSpans, slotSpans, trace } from './servers.ts';

/** A window that has these rows and columns shows the pair as a picture of three rows, a smaller one two rows. */
const PICTURE: Size = { rows: 20, columns: 88 };

/** Cells of the way between the servers: in the picture at most, and in two rows. */
const FLOW = { most: 9, least: 3 };

/** Column in which the follower's half of the picture begins: where the window is wide enough, and at the least. */
const HALF = { wants: 58, least: 38 };

/** Cells of the trace, an observation each. */
const TRACE = { most: 20, least: 4 };

/** Everything that the panel is drawn from. */
interface Scene {
  state: WalkState;
  observation: Observation;
  replication: Replication;
  width: number;
  glyphs: Glyphs;
}

/** Whether a window of this size has the picture, which takes a row more. */
export function hasPicture({ rows, columns }: Size): boolean {
  return rows >= PICTURE.rows && columns >= PICTURE.columns;
}

/** The pair as it is now: both servers, the WAL between them, the lag, and the slot. */
export function clusterLines(state: WalkState, size: Size, glyphs: Glyphs): Line[] {
  const { observation } = state;
  const width = contentWidth(size.columns);
  if (!observation || !tellsOfServers(observation))
    return [[span('   '), span(`looking at the lab ${glyphs.ellipsis}`, 'dim')]];
  if (observation.engine.state === 'down') {
    return [
      cutLine([span(` ${glyphs.error} `, 'bad'), span(observation.engine.problem)], width, glyphs.ellipsis),
    ];
  }
  const replication = replicationOf(observation, state.course.names.slot);
  const scene = { state, observation, replication, width, glyphs };
  const rows = hasPicture(size) ? pictureRows(scene) : twoRows(scene);
  return rows.map((row) => cutLine(row, width, glyphs.ellipsis));
}

/** The leader's half and the follower's side by side. */
function pictureRows(scene: Scene): Line[] {
  const { state, observation, replication, width, glyphs } = scene;
  const { leader, follower, positions } = replication;
  const names = [
    labelSpans(observation, 'leader'),
    [span(replication.slot?.name ?? state.course.names.slot ?? 'slot', 'strong')],
  ];
  const marks = Math.max(...names.map(lineWidth)) + 1;
  const left = (name: Line, rest: Line): Line => [span(' '.repeat(GUTTER)), ...pad(name, marks), ...rest];
  const role = (node: 'leader' | 'follower') => roleSpans(observation, node, replication, true, glyphs);

  const leaderRow = left(names[0] ?? [], [...role('leader'), ...lsnSpans(leader?.lsn)]);
  const slotRow = left(names[1] ?? [], slotSpans(replication, glyphs));
  const lag = lagSpans(replication, glyphs);
  const lagRow = lag.length > 0 ? left([span('lag', 'strong')], lag) : [];

  const followerRow = [
    ...labelSpans(observation, 'follower'),
    span(' '),
    ...role('follower'),
    // Of a standby, each of its positions has a place below.
    ...(positions ? [] : lsnSpans(follower?.lsn)),
  ];
  const arrived = joined([positionSpans('received', positions), positionSpans('flushed', positions)]);
  const replayed = positionSpans('replayed', positions);

  const wants = Math.max(lineWidth(leaderRow) + 2 + FLOW.most, lineWidth(slotRow), lineWidth(lagRow)) + 2;
  const room = width - Math.max(...[followerRow, arrived, replayed].map(lineWidth));
  const column = Math.max(HALF.least, Math.min(Math.max(wants, HALF.wants), room));
  const leaderCut = cutLine(leaderRow, column - FLOW.least - 4, glyphs.ellipsis);
  const way = Math.min(FLOW.most, column - lineWidth(leaderCut) - 4);
  const flow = flowSpan(replication, state.history, way, glyphs);
  const rows: Line[] = [
    [...pad(leaderCut, column - way - 2), flow, span('  '), ...followerRow],
    [...pad(slotRow, column), ...arrived],
    [...pad(withTrace(lagRow, column - 2, scene), column), ...replayed],
  ];
  return lag.length + replayed.length > 0 ? rows : rows.slice(0, 2);
}

/** The same in two rows. What matters less is left out where there is no room for it. */
function twoRows(scene: Scene): Line[] {
  const { state, observation, replication, width, glyphs } = scene;
  const [leader, follower] = [labelSpans(observation, 'leader'), labelSpans(observation, 'follower')];
  const role = (node: 'leader' | 'follower') => roleSpans(observation, node, replication, false, glyphs);
  const lag = lagSpans(replication, glyphs);
  const { positions } = replication;
  return [
    packed(width, [
      [0, [span(' '.repeat(GUTTER)), ...leader.slice(0, 1)]],
      [3, leader.slice(1)],
      [0, [span(' '), ...role('leader')]],
      [1, lsnSpans(replication.leader?.lsn, ' ')],
      [0, [span(' '), flowSpan(replication, state.history, FLOW.least, glyphs), span(' ')]],
      [0, follower.slice(0, 1)],
      [4, follower.slice(1)],
      [0, [span(' '), ...role('follower')]],
      [2, lsnSpans(replication.follower?.lsn, ' ')],
    ]),
    withTrace(
      packed(width, [
        [0, [span(' '.repeat(GUTTER)), span('slot', 'strong'), span(' '), ...slotSpans(replication, glyphs)]],
        [0, lag.length > 0 ? [span('  '), span('lag', 'strong'), span(' '), ...lag] : []],
        [1, indented(joined([positionSpans('received', positions), positionSpans('flushed', positions)]))],
      ]),
      width,
      scene,
    ),
  ];
}

const lsnSpans = (lsn: string | null | undefined, before = '  '): Span[] =>
  lsn ? [span(`${before}${lsn}`, 'dim')] : [];

/** The row with the trace of the lag at its end, as long as there is room for. */
function withTrace(row: Line, width: number, { state, glyphs }: Scene): Line {
  const room = Math.min(TRACE.most, width - lineWidth(row) - 2);
  const heights = row.length > 0 && room >= TRACE.least ? trace(state.history, room, glyphs) : '';
  return heights === '' ? row : [...row, span('  '), span(heights, 'warn')];
}

/** The pieces beside each other; the one of the highest rank is left out first, one of rank 0 never. */
function packed(width: number, pieces: readonly (readonly [rank: number, piece: Line])[]): Line {
  const ranks = [...new Set(pieces.map(([rank]) => rank))].sort((a, b) => b - a);
  for (const most of ranks) {
    const row = pieces.flatMap(([rank, piece]) => (rank <= most ? piece : []));
    if (lineWidth(row) <= width || most === 0) return row;
  }
  return [];
}

/** Lines beside each other with two spaces between; empty ones take no room. */
function joined(lines: readonly Line[]): Line {
  return lines
    .filter((line) => line.length > 0)
    .flatMap((line, at) => (at === 0 ? [...line] : [span('  '), ...line]));
}

const indented = (line: Line): Line => (line.length > 0 ? [span('  '), ...line] : []);

function pad(line: Line, width: number): Line {
  return [...line, span(' '.repeat(Math.max(1, width - lineWidth(line))))];
}
