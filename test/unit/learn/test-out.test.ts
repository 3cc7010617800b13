import { describe, expect, it } from 'vitest';
import type { Course, Lesson } from '../../../src/course/types.ts';
import type { TaskRecord } from '../../../src/learn/state.ts';
import { EMPTY_LAB } from '../../helpers/observations.ts';
import { finding, TINY } from '../../helpers/tiny-course.ts';
import { NOW, Walk } from './walk.ts';

const PASSED: TaskRecord = { everPassed: '2026-11-30T10:00:00.000Z', provenance: 'learner' };
const HELD: TaskRecord = { everPassed: EMPTY_LAB.at, provenance: 'held' };
const APPRAISING = { kind: 'checking', scope: 'lesson', stopping: false };

/** The walk has just arrived at the second lesson, by Enter. */
const arrived = (records: Record<string, TaskRecord> = {}, course = TINY, options = {}) =>
  Walk.at(
    'files/write',
    { records: { 'files/write': PASSED, ...records }, ...options },
    [finding('files/conf', 'passed')],
    course,
  ).enter();

const changed = (change: (lesson: Lesson) => Partial<Lesson>): Course => ({
  ...TINY,
  lessons: TINY.lessons.map((lesson) => (lesson.id === 'server' ? { ...lesson, ...change(lesson) } : lesson)),
});

describe('arriving at a lesson', () => {
  it('looks at all that proves it, and holds the keys until it has', () => {
    const walk = arrived();
    expect([walk.task, walk.state.activity]).toEqual(['server/start', APPRAISING]);
    expect(walk.effects.at(-1)).toEqual({ kind: 'appraise' });
    const before = walk.state;
    expect(walk.enter().choose(1).state).toBe(before);
  });

  it('looks also after goto, and not after going back', () => {
    expect(Walk.at('files/read').send({ kind: 'goto', lesson: 1 }).did).toContain('appraise');
    const back = Walk.at('server/user').send({ kind: 'back' });
    expect([back.task, back.did.includes('appraise')]).toEqual(['server/start', false]);
  });

  it('looks not at the place where the walk is opened, nor at other tasks than the first', () => {
    expect(Walk.at('server/start').did).not.toContain('appraise');
    expect(Walk.at('server/start').enter().ended().judged().enter().did).not.toContain('appraise');
  });

  it.each<[string, Walk]>([
    ['a task of it was done before', arrived({ 'server/look': PASSED })],
    ['nobody is there to be asked', arrived({}, TINY, { unattended: true })],
    ['it asks to read only', Walk.at('files/read').send({ kind: 'goto', lesson: 2 })],
    [
      'all of its checks follow from the lessons before',
      arrived(
        {},
        changed(({ tasks }) => ({
          tasks: tasks.map((task) => ({
            ...task,
            checks: task.checks.map((check) => ({ ...check, kind: 'read-only', once: false })),
          })),
        })),
      ),
    ],
  ])('does not look where %s', (_, walk) => {
    expect(walk.did).not.toContain('appraise');
    expect(walk.state.activity).toEqual({ kind: 'idle' });
  });

  it('looks where only a task to read was passed before', () => {
    const course = changed(({ tasks }) => ({
      tasks: [{ ...(tasks[0] as Lesson['tasks'][number]), action: { kind: 'read' } }, ...tasks.slice(1)],
    }));
    expect(arrived({ 'server/start': PASSED }, course).did).toContain('appraise');
  });
});

describe('what the look has found', () => {
  it('is an offer where all holds', () => {
    const walk = arrived().appraised(true);
    expect(walk.state.activity).toEqual({ kind: 'idle' });
    expect(walk.state.mode).toEqual({ kind: 'test-out', under: { kind: 'task' } });
    expect(walk.state.records['server/start']).toBeUndefined();
  });

  it('is no offer where something does not hold', () => {
    const walk = arrived().appraised(false);
    expect([walk.state.activity, walk.state.mode]).toEqual([{ kind: 'idle' }, { kind: 'task' }]);
    expect(walk.state.findings['server/role']?.state).toBe('failed');
  });

  it('counts only if it is new: what was seen before may hold no more', () => {
    const walk = arrived();
    walk.state = { ...walk.state, findings: { 'server/login': finding('server/login', 'passed') } };
    walk.send({ kind: 'appraised', findings: [finding('server/role', 'passed')], observation: null });
    expect(walk.state.mode).toEqual({ kind: 'task' });
    expect(walk.state.observation).toEqual(EMPTY_LAB);
  });

  it('is nothing where the learner did not want to wait', () => {
    const walk = arrived().send({ kind: 'interrupt' });
    expect(walk.effects).toEqual([{ kind: 'stop' }]);
    walk.send({ kind: 'appraised', findings: [], observation: null });
    expect([walk.state.activity, walk.state.mode]).toEqual([{ kind: 'idle' }, { kind: 'task' }]);
  });

  it('is nothing when it comes too late', () => {
    const walk = Walk.at('server/start');
    const before = walk.state;
    expect(walk.appraised(true).state).toBe(before);
  });
});

describe('the offer', () => {
  it.each<[string, (walk: Walk) => Walk]>([
    ['1', (walk) => walk.choose(0)],
    ['Enter', (walk) => walk.enter()],
    ['Esc', (walk) => walk.send({ kind: 'close' })],
  ])('%s walks through it, and it is not made again', (_, press) => {
    const walk = press(arrived().appraised(true));
    expect([walk.state.mode, walk.effects, walk.task]).toEqual([{ kind: 'task' }, [], 'server/start']);
    expect(walk.send({ kind: 'goto', lesson: 1 }).did).not.toContain('appraise');
    expect(walk.enter().did).toEqual(['run']);
    expect(walk.ended().judged().record).toEqual({ everPassed: NOW, heldAfter: NOW, provenance: 'learner' });
  });

  it('2 counts it as done by nobody, and goes on to the next lesson', () => {
    const skipped: TaskRecord = { provenance: 'none', skipped: true, hints: 2 };
    const walk = arrived({ 'server/user': skipped }).appraised(true).choose(1);
    expect(walk.task).toBe('proof/rows');
    expect(walk.state.records).toEqual({
      'files/write': PASSED,
      'server/start': HELD,
      'server/user': { ...HELD, hints: 2 },
      'server/look': HELD,
    });
    expect(walk.did).toEqual(['feed say', 'save', 'feed lesson', 'feed task']);
    expect(walk.said('good')).toEqual(['Step 2 (Server) held already, so it counts as done.']);
  });

  it('2 keeps what the learner did', () => {
    const course = changed(({ tasks }) => ({
      tasks: [{ ...(tasks[0] as Lesson['tasks'][number]), action: { kind: 'read' } }, ...tasks.slice(1)],
    }));
    const walk = arrived({ 'server/start': PASSED }, course).appraised(true).choose(1);
    expect(walk.state.records['server/start']).toEqual(PASSED);
    expect(walk.state.records['server/user']).toEqual(HELD);
  });

  it('2 ends the walk after the last lesson', () => {
    const walk = arrived({}, TINY, { lastLesson: 1 }).appraised(true).choose(1);
    expect(walk.state.mode).toEqual({ kind: 'done' });
    expect(walk.did).toEqual(['feed say', 'save', 'survey', 'feed done']);
  });

  it('has no third answer', () => {
    const walk = arrived().appraised(true);
    const before = walk.state;
    expect(walk.choose(2).state).toBe(before);
  });

  it('lies over the prediction of the first task, and gives it back', () => {
    const course = changed(({ tasks }) => ({ tasks: tasks.slice(1) }));
    const walk = arrived({}, course).appraised(true);
    expect(walk.state.mode).toEqual({ kind: 'test-out', under: { kind: 'predict' } });
    expect(walk.enter().state.mode).toEqual({ kind: 'predict' });
  });

  it('a lesson that was counted as done and holds no more is told in honest words', () => {
    const records = { 'files/read': HELD, 'files/write': HELD };
    const walk = Walk.at('server/start', { records }, [finding('files/conf', 'failed')]);
    expect(walk.said('warn')[0]).toMatch(/^Step 1 \(Files\) held, but it does not hold any more\./);
  });
});
