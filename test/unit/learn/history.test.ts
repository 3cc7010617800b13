import { describe, expect, it } from 'vitest';
import { movesNow, remember, SAMPLES_KEPT, type Sample } from '../../../src/learn/history.ts';
import type { Observation } from '../../../src/observe/types.ts';
import { EMPTY_LAB, LEADER_UP, later, pairStreams } from '../../helpers/observations.ts';
import { NOW, Walk } from './walk.ts';

const past = (...seen: Observation[]) =>
  seen.reduce<readonly Sample[]>((history, one) => remember(history, one, 'follower_slot'), []);
const at = (second: number, lag = 0, leaderLsn = 0x3000000) => later(pairStreams(lag, leaderLsn), second);

describe('the history', () => {
  it('keeps time, lag and position of each observation', () => {
    expect(past(at(0, 56), at(1, 0, 0x3000100))).toEqual([
      { at: '2026-12-01T10:00:00.000Z', lagBytes: 56, leaderLsn: '0/3000000', moves: 0 },
      { at: '2026-12-01T10:00:01.000Z', lagBytes: 0, leaderLsn: '0/3000100', moves: 1 },
    ]);
  });

  it('is bounded', () => {
    const long = past(...Array.from({ length: 100 }, (_, second) => at(second, second, 0x3000000 + second)));
    expect(long).toHaveLength(SAMPLES_KEPT);
    expect(long.at(-1)).toMatchObject({ lagBytes: 99, moves: 99 });
  });

  it('takes what was seen within half a second for one, and goes on with time all the same', () => {
    const fast = past(...[0, 0.15, 0.3, 0.45, 0.6, 0.75].map((second) => at(second, second * 100)));
    expect(fast.map(({ lagBytes }) => lagBytes)).toEqual([45, 75]);
  });

  it('knows nothing of a lab without servers', () => {
    expect(past(EMPTY_LAB)).toMatchObject([{ lagBytes: null, leaderLsn: null, moves: 0 }]);
  });
});

describe('WAL moves', () => {
  it('when the position of the leader has changed and the follower receives', () => {
    expect(movesNow(past(at(0), at(1, 0, 0x3000100)))).toBe(true);
    expect(movesNow(past(at(0), at(1)))).toBe(false);
    expect(movesNow(past(at(0)))).toBe(false);
    expect(movesNow([])).toBe(false);
  });

  it('not to a follower that does not receive', () => {
    expect(movesNow(past(later(pairStreams(0, 0x3000000), 0), later(LEADER_UP, 1)))).toBe(false);
  });

  it('not by a leader that comes back', () => {
    expect(movesNow(past(later(EMPTY_LAB, 0), at(1)))).toBe(false);
  });
});

describe('the reducer', () => {
  it('remembers each kind of look', () => {
    const walk = Walk.at('server/look');
    const [one, two, three] = [at(1, 10), at(2, 20), at(3, 30)];
    walk.send({ kind: 'observed', findings: [], observation: one });
    walk.send({ kind: 'polled', taskId: walk.task, findings: [], observation: two, now: NOW });
    walk.enter();
    walk.send({
      kind: 'judged',
      scope: 'task',
      findings: [],
      observation: three,
      final: true,
      now: NOW,
    });
    expect(walk.state.history.map(({ lagBytes }) => lagBytes)).toEqual([null, 10, 20, 30]);
  });
});
