import { describe, expect, it } from 'vitest';
import type { FindingState } from '../../../src/check/finding.ts';
import type { TaskRecord } from '../../../src/learn/state.ts';
import {
  EXIT_OF,
  makeResult,
  type Outcome,
  postgresVersion,
  type ResultInput,
} from '../../../src/report/result.ts';
import { EMPTY_LAB, LEADER_UP } from '../../helpers/observations.ts';
import { finding, TINY } from '../../helpers/tiny-course.ts';

type Known = Record<string, FindingState>;

const ALL: Known = {
  'files/conf': 'passed',
  'server/role': 'passed',
  'server/login': 'passed',
  'proof/rows': 'passed',
};

function resultOf(known: Known, more: Partial<ResultInput> = {}) {
  return makeResult({
    tool: 'pg-walkthrough 0.1.0',
    course: TINY,
    lessons: TINY.lessons,
    findings: Object.entries(known).map(([id, state]) => finding(id, state)),
    observation: EMPTY_LAB,
    records: {},
    ms: 12.6,
    ...more,
  });
}

const statesOf = (known: Known) => resultOf(known).lessons.map((lesson) => lesson.state);

describe('the state of a lesson', () => {
  it.each<[string, Known, string[]]>([
    ['is passed when all its lasting checks are', ALL, ['passed', 'passed', 'passed']],
    [
      'does not hang on a check that had to hold once',
      { ...ALL, 'server/both-ready': 'failed' },
      ['passed', 'passed', 'passed'],
    ],
    ['is failed when one check is', { ...ALL, 'server/login': 'failed' }, ['passed', 'failed', 'passed']],
    [
      'is failed when one check is and the other waits',
      { ...ALL, 'server/role': 'failed', 'server/login': 'blocked' },
      ['passed', 'failed', 'passed'],
    ],
    [
      'is blocked when its checks can not be asked yet',
      { ...ALL, 'server/role': 'blocked', 'server/login': 'blocked' },
      ['passed', 'blocked', 'passed'],
    ],
    [
      'is blocked when it fails after one that it needs',
      { ...ALL, 'files/conf': 'failed', 'server/role': 'failed' },
      ['failed', 'blocked', 'passed'],
    ],
    [
      'is blocked when it fails after one that is blocked',
      { ...ALL, 'server/role': 'blocked', 'proof/rows': 'failed' },
      ['passed', 'blocked', 'blocked'],
    ],
    [
      'is blocked all the way down',
      { 'files/conf': 'failed', 'server/role': 'failed', 'server/login': 'failed', 'proof/rows': 'failed' },
      ['failed', 'blocked', 'blocked'],
    ],
    [
      'is passed whatever it needs, when it holds',
      { ...ALL, 'files/conf': 'failed' },
      ['failed', 'passed', 'passed'],
    ],
    [
      'is error when one check can not be asked at all',
      { ...ALL, 'server/role': 'failed', 'server/login': 'error' },
      ['passed', 'error', 'passed'],
    ],
    [
      'is failed, not blocked, after one that can not be asked',
      { ...ALL, 'files/conf': 'error', 'server/role': 'failed' },
      ['error', 'failed', 'passed'],
    ],
    ['is skipped when nobody looked', { 'files/conf': 'passed' }, ['passed', 'skipped', 'skipped']],
    [
      'is skipped when nobody looked at all of it',
      { ...ALL, 'server/login': undefined as never },
      ['passed', 'skipped', 'passed'],
    ],
  ])('%s', (_, known, states) => {
    const asked = Object.fromEntries(Object.entries(known).filter(([, state]) => state !== undefined));
    expect(statesOf(asked)).toEqual(states);
  });
});

describe('the outcome', () => {
  it.each<[string, Known, boolean, Outcome, number]>([
    ['all hold', ALL, false, 'passed', 3],
    ['all hold, although the time ran out', ALL, true, 'passed', 3],
    ['one fails', { ...ALL, 'proof/rows': 'failed' }, false, 'failed', 2],
    ['one is blocked', { ...ALL, 'proof/rows': 'blocked' }, false, 'failed', 2],
    ['one was not looked at', { 'files/conf': 'passed' }, false, 'failed', 1],
    ['one fails and the time ran out', { ...ALL, 'proof/rows': 'failed' }, true, 'partial', 2],
    ['one can not be asked', { ...ALL, 'proof/rows': 'error' }, false, 'unusable', 2],
    [
      'one can not be asked and one fails',
      { ...ALL, 'files/conf': 'failed', 'proof/rows': 'error' },
      false,
      'unusable',
      1,
    ],
    ['one can not be asked and the time ran out', { ...ALL, 'proof/rows': 'error' }, true, 'unusable', 2],
  ])('when %s', (_, known, cutShort, outcome, passed) => {
    expect(resultOf(known, { cutShort })).toMatchObject({ outcome, passed, total: 3 });
  });

  it('has the exit code that is documented', () => {
    expect(EXIT_OF).toEqual({ passed: 0, failed: 1, unusable: 3, partial: 4 });
  });

  it('is that of the lessons that were asked for', () => {
    const result = resultOf({ ...ALL, 'files/conf': 'failed' }, { lessons: TINY.lessons.slice(1) });
    expect(result).toMatchObject({ outcome: 'passed', passed: 2, total: 2 });
    expect(result.lessons.map((lesson) => lesson.step)).toEqual([2, 3]);
  });

  it('knows of a lesson that was not asked for that it is in the way', () => {
    const result = resultOf(
      { ...ALL, 'files/conf': 'failed', 'server/role': 'failed' },
      { lessons: TINY.lessons.slice(1, 2) },
    );
    expect(result.lessons.map((lesson) => lesson.state)).toEqual(['blocked']);
  });
});

describe('the checks of a lesson', () => {
  it('are its lasting ones, in its order, with all that was found', () => {
    const known: Known = { 'server/login': 'failed', 'server/both-ready': 'failed', 'server/role': 'passed' };
    expect(resultOf(known).lessons[1]?.checks).toEqual([
      finding('server/role', 'passed'),
      finding('server/login', 'failed'),
    ]);
  });
});

describe('the provenance of a lesson', () => {
  const tasks = (...all: (TaskRecord['provenance'] | null)[]): Record<string, TaskRecord> =>
    Object.fromEntries(
      (TINY.lessons[1]?.tasks ?? []).flatMap((task, i) => {
        const provenance = all[i];
        return provenance ? [[task.id, { provenance }]] : [];
      }),
    );

  it.each<[Record<string, TaskRecord>, string]>([
    [{}, 'none'],
    [tasks('learner', 'learner', 'learner'), 'learner'],
    [tasks('learner', 'hinted', 'learner'), 'hinted'],
    [tasks('learner', 'hinted', 'auto'), 'auto'],
    [tasks('auto', null, 'learner'), 'auto'],
    [tasks('learner', null, 'none'), 'learner'],
    [tasks('held', 'held', 'held'), 'held'],
    [tasks('learner', 'hinted', 'held'), 'held'],
    [tasks('held', 'auto', 'learner'), 'auto'],
    [tasks('none', 'none', null), 'none'],
  ])('%o is %s', (records, provenance) => {
    expect(resultOf(ALL, { records }).lessons[1]?.provenance).toBe(provenance);
  });
});

describe('the environment', () => {
  it('names engine, Compose and server where they answer', () => {
    expect(resultOf(ALL, { observation: LEADER_UP })).toMatchObject({
      schema: 'walkthrough/result/v1',
      tool: 'pg-walkthrough 0.1.0',
      course: { id: 'tiny', version: '1.0.0' },
      lab: 'docker',
      ms: 13,
      environment: {
        os: process.platform,
        arch: process.arch,
        node: process.versions.node,
        docker: '28.2.2',
        compose: '2.26.1',
        postgres: '14.23',
      },
    });
  });

  it('takes the version of the follower when the leader is down', () => {
    const { leader, follower } = LEADER_UP.nodes;
    const observation = { ...LEADER_UP, nodes: { leader: follower, follower: leader } };
    expect(resultOf(ALL, { observation }).environment.postgres).toBe('14.23');
  });

  it('is null where nothing answers', () => {
    const observation = { ...EMPTY_LAB, engine: { state: 'down', problem: 'x', next: 'y' } as const };
    expect(resultOf(ALL, { observation }).environment).toMatchObject({
      docker: null,
      compose: null,
      postgres: null,
    });
  });

  it.each([
    [140023, '14.23'],
    [140000, '14.0'],
    [160004, '16.4'],
    [180001, '18.1'],
  ])('writes server version %i as %s', (number, version) => {
    expect(postgresVersion(number)).toBe(version);
  });
});

it('a result survives JSON', () => {
  const result = resultOf({ ...ALL, 'server/login': 'failed' });
  expect(JSON.parse(JSON.stringify(result))).toEqual(result);
});
