import { describe, expect, it } from 'vitest';
import type { FindingState } from '../../../src/check/finding.ts';
import { reduce, startWalk } from '../../../src/learn/reduce.ts';
import type { WalkEvent, WalkState } from '../../../src/learn/state.ts';
import { EMPTY_LAB } from '../../helpers/observations.ts';
import { checkIds, finding, TINY } from '../../helpers/tiny-course.ts';

/** mulberry32: a seed gives the same sequence everywhere, so that a failure can be repeated. */
function randomFrom(seed: number): (below: number) => number {
  let a = seed;
  return (below) => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

const TASKS = TINY.lessons.flatMap((lesson) => lesson.tasks.map((task) => task.id));
const CHECKS = checkIds(TINY);
const STATES: FindingState[] = ['passed', 'passed', 'failed', 'blocked', 'error'];

/** Any event at any time: front ends and drivers are slower than the state, so stale ones do come. */
function anyEvent(random: (below: number) => number, now: string): WalkEvent {
  const pick = <T>(list: readonly T[]): T => list[random(list.length)] as T;
  const findings = () => CHECKS.filter(() => random(3) > 0).map((id) => finding(id, pick(STATES)));
  const observation = EMPTY_LAB;
  const makers: (() => WalkEvent)[] = [
    () => ({ kind: 'enter' }),
    () => ({ kind: 'enter' }),
    () => ({ kind: 'again' }),
    () => ({ kind: 'skip' }),
    () => ({ kind: 'edit' }),
    () => ({ kind: 'submit', command: 'true' }),
    () => ({ kind: 'choose', option: random(5) }),
    () => ({ kind: 'hint' }),
    () => ({ kind: 'back' }),
    () => ({ kind: 'lessons' }),
    () => ({ kind: 'concepts' }),
    () => ({ kind: 'goto', lesson: random(TINY.lessons.length) }),
    () => ({ kind: 'close' }),
    () => ({ kind: 'interrupt' }),
    () => ({ kind: 'leave' }),
    () => ({ kind: 'quit' }),
    () => ({ kind: 'opened', findings: findings(), observation, now }),
    () => ({ kind: 'adapted', taskId: pick(TASKS), adaptation: { command: 'adapted', reasons: [] } }),
    () => ({ kind: 'observed', findings: findings(), observation }),
    () => ({ kind: 'polled', taskId: pick(TASKS), findings: findings(), observation, now }),
    () => ({
      kind: 'judged',
      scope: pick(['task', 'all'] as const),
      findings: findings(),
      observation,
      final: random(2) === 0,
      now,
    }),
    () => ({
      kind: 'judged',
      scope: 'task',
      findings: CHECKS.map((id) => finding(id, 'passed')),
      observation,
      final: true,
      now,
    }),
    () => ({
      kind: 'ended',
      result: { exitCode: random(2), cancelled: random(4) === 0, durationMs: 1 },
      now,
    }),
    () => ({ kind: 'appraised', findings: findings(), observation: random(2) === 0 ? observation : null }),
    () => ({
      kind: 'appraised',
      findings: CHECKS.map((id) => finding(id, 'passed')),
      observation,
    }),
    () => ({ kind: 'answered', concept: 'wal', answer: { state: 'unanswered', why: 'It is away.' } }),
    () => ({ kind: 'broke', message: 'It broke.' }),
    () => ({ kind: 'wrote', problems: random(2) === 0 ? [] : ['a problem.'] }),
  ];
  return pick(makers)();
}

function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const part of Object.values(value)) frozen(part);
  return Object.freeze(value);
}

/** What holds of every state, whatever came before it. */
function problemsOf(state: WalkState, before: WalkState): string[] {
  const problems: string[] = [];
  if (!TINY.lessons[state.place.lesson]?.tasks[state.place.task])
    problems.push(`place ${JSON.stringify(state.place)} is out of range`);
  for (const [id, record] of Object.entries(before.records)) {
    if (record.everPassed !== undefined && state.records[id]?.everPassed !== record.everPassed) {
      problems.push(`${id} was passed at ${record.everPassed}, now ${state.records[id]?.everPassed}`);
    }
  }
  for (const [id, record] of Object.entries(state.records)) {
    if (record.everPassed !== undefined && record.provenance === 'none')
      problems.push(`${id} was passed by nobody`);
    if ((record.hints ?? 0) > 3) problems.push(`${id} has ${record.hints} hints`);
  }
  return problems;
}

describe('any sequence of keys and reports', () => {
  it.each(Array.from({ length: 20 }, (_, seed) => [seed]))(
    'keeps the walk in one piece (seed %i)',
    (seed) => {
      const random = randomFrom(seed);
      const { state: first } = startWalk(TINY, {
        at: TASKS[random(TASKS.length)],
        unattended: random(3) === 0,
      });
      let state = first;
      let passed = 0;
      const trail: string[] = [];
      for (let i = 0; i < 1500; i++) {
        const event = anyEvent(random, new Date(i * 1000).toISOString());
        trail.push(event.kind);
        // The reducer is pure: a state that it is given can not be changed, or this throws.
        const before = frozen(state);
        let next: WalkState;
        try {
          next = reduce(before, event).state;
        } catch (error) {
          throw new Error(
            `after ${trail.slice(-10).join(', ')}: ${error instanceof Error ? error.message : error}`,
          );
        }
        const problems = problemsOf(next, before);
        if (problems.length > 0)
          throw new Error(`after ${trail.slice(-10).join(', ')}: ${problems.join('; ')}`);
        state = next;
        passed = Object.values(state.records).filter((record) => record.everPassed !== undefined).length;
      }
      expect(passed, 'the sequence never got anywhere, so it proves nothing').toBeGreaterThan(0);
    },
  );
});
