import { describe, expect, it } from 'vitest';
import { nextMove } from '../../../src/learn/autopilot.ts';
import type { StartOptions } from '../../../src/learn/reduce.ts';
import { CANCELLED, OK, Walk } from './walk.ts';

interface World {
  /** Checks that do not hold whatever is done. */
  fails?: string[];
  writeProblems?: string[];
  cancels?: string;
  /** The lab never says which form of the command fits. */
  neverAdapts?: boolean;
}

interface Outcome {
  end: 'stop' | 'waits' | number | 'endless';
  task: string;
  /** Commands and writes, in order. */
  acts: string[];
  walk: Walk;
}

/** Presses the keys of an unattended walk and answers its effects, for at most 100 moves. */
function unattended(world: World = {}, options: StartOptions = {}): Outcome {
  const walk = new Walk({ unattended: true, ...options }).open();
  const acts: string[] = [];
  for (let move = 0; move < 100; move++) {
    for (let queue = walk.effects.slice(); queue.length > 0; ) {
      const effect = queue.shift();
      if (effect?.kind === 'exit') return { end: effect.code, task: walk.task, acts, walk };
      if (effect?.kind === 'adapt' && !world.neverAdapts) {
        walk.send({
          kind: 'adapted',
          taskId: effect.taskId,
          adaptation: { command: effect.command, reasons: [] },
        });
      } else if (effect?.kind === 'run') {
        acts.push(effect.command);
        walk.ended(world.cancels === effect.command ? CANCELLED : OK);
      } else if (effect?.kind === 'write') {
        acts.push('write');
        walk.send({ kind: 'wrote', problems: world.writeProblems ?? [] });
      } else if (effect?.kind === 'judge') {
        walk.judged(world.fails);
      } else continue;
      queue = [...queue, ...walk.effects];
    }
    const next = nextMove(walk.state);
    if (next === 'stop') return { end: 'stop', task: walk.task, acts, walk };
    if (next === null) return { end: 'waits', task: walk.task, acts, walk };
    walk.send(next);
  }
  return { end: 'endless', task: walk.task, acts, walk };
}

const ALL = [
  'write',
  'docker compose up -d',
  'docker exec -it leader psql -c "CREATE USER"',
  'docker compose ps',
];

describe('an unattended walk', () => {
  it('does every action once and ends with 0, all of it by the tool', () => {
    const { end, acts, walk } = unattended();
    expect(end).toBe(0);
    expect(acts).toEqual(ALL);
    expect(Object.values(walk.state.records).map((record) => record.provenance)).toEqual(
      Array(6).fill('auto'),
    );
  });

  it('does again what was passed in an earlier session', () => {
    const records = { 'server/start': { everPassed: 'x', provenance: 'learner' as const } };
    expect(unattended({}, { records }).acts).toEqual(ALL);
  });

  it.each([
    ['files/conf', 'files/write', 1],
    ['server/both-ready', 'server/start', 2],
    ['server/login', 'server/user', 3],
    ['proof/rows', 'proof/rows', 4],
  ])('stops at the first check that does not hold: %s', (check, task, acts) => {
    const outcome = unattended({ fails: [check] });
    expect([outcome.end, outcome.task, outcome.acts]).toEqual(['stop', task, ALL.slice(0, acts)]);
  });

  it('stops when files can not be written, after one try', () => {
    const { end, task, acts } = unattended({ writeProblems: ['no.'] });
    expect([end, task, acts]).toEqual(['stop', 'files/write', ['write']]);
  });

  it.each(['docker compose up -d', 'docker compose ps'])(
    'stops when its command was cancelled: %s',
    (cancels) => {
      const { end, acts } = unattended({ cancels });
      expect([end, acts.at(-1)]).toEqual(['stop', cancels]);
      expect(acts.filter((one) => one === cancels)).toHaveLength(1);
    },
  );

  it('does not wait for the form of the command that fits this machine: it is found when the command runs', () => {
    const { end, acts } = unattended({ neverAdapts: true });
    expect([end, acts]).toEqual([0, ALL]);
  });

  it.each([
    ['opening', { kind: 'opening' }],
    ['running', { kind: 'running', command: 'x', own: false, stopping: false }],
    ['writing', { kind: 'writing' }],
    ['checking', { kind: 'checking', scope: 'task', stopping: false }],
  ] as const)('presses nothing while %s', (_, activity) => {
    const walk = Walk.at('server/start', { unattended: true });
    expect(nextMove({ ...walk.state, activity })).toBeNull();
  });

  it('walks only the lessons that were asked for', () => {
    const { end, acts } = unattended({}, { firstLesson: 1, lastLesson: 1 });
    expect([end, acts]).toEqual([0, ALL.slice(1)]);
  });
});
