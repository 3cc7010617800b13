import { describe, expect, it } from 'vitest';
import type { FindingState } from '../../../src/check/finding.ts';
import type { Lesson } from '../../../src/course/types.ts';
import { startWalk } from '../../../src/learn/reduce.ts';
import {
  checkState,
  everPassed,
  lastingChecks,
  lessonState,
  openFindings,
  passedLessons,
  taskPassed,
  unmetNeeds,
} from '../../../src/learn/select.ts';
import type { TaskRecord, WalkState } from '../../../src/learn/state.ts';
import { finding, TINY } from '../../helpers/tiny-course.ts';

type Known = Record<string, FindingState>;

function stateWith(known: Known, records: Record<string, TaskRecord> = {}): WalkState {
  const findings = Object.fromEntries(Object.entries(known).map(([id, state]) => [id, finding(id, state)]));
  return { ...startWalk(TINY, { records }).state, findings };
}

const [FILES, SERVER, PROOF] = TINY.lessons as [Lesson, Lesson, Lesson];
const START = SERVER.tasks[0] as Lesson['tasks'][number];
const USER = SERVER.tasks[1] as Lesson['tasks'][number];
const LOOK = SERVER.tasks[2] as Lesson['tasks'][number];
const FILES_HOLD: Known = { 'files/conf': 'passed' };

describe('the state of a lesson', () => {
  it.each<[string, Known, string]>([
    ['open while nothing is known of it', FILES_HOLD, 'open'],
    [
      'passed when all lasting checks hold',
      { ...FILES_HOLD, 'server/role': 'passed', 'server/login': 'passed' },
      'passed',
    ],
    [
      'passed although a check that had to hold once does not',
      { ...FILES_HOLD, 'server/role': 'passed', 'server/login': 'passed', 'server/both-ready': 'failed' },
      'passed',
    ],
    [
      'open when part of it holds and the rest was not looked at',
      { ...FILES_HOLD, 'server/role': 'passed' },
      'open',
    ],
    [
      'failed when one check fails',
      { ...FILES_HOLD, 'server/role': 'passed', 'server/login': 'failed' },
      'failed',
    ],
    [
      'failed when one check fails and the rest was not looked at',
      { ...FILES_HOLD, 'server/role': 'failed' },
      'failed',
    ],
    [
      'failed when one check fails and the other waits for it',
      { ...FILES_HOLD, 'server/role': 'failed', 'server/login': 'blocked' },
      'failed',
    ],
    [
      'blocked when what does not hold can not be asked yet',
      { ...FILES_HOLD, 'server/role': 'passed', 'server/login': 'blocked' },
      'blocked',
    ],
    [
      'blocked when a lesson that it needs fails too',
      { 'files/conf': 'failed', 'server/role': 'failed', 'server/login': 'failed' },
      'blocked',
    ],
    [
      'passed although a lesson that it needs fails',
      { 'files/conf': 'failed', 'server/role': 'passed', 'server/login': 'passed' },
      'passed',
    ],
    [
      'error when one check can not be asked at all',
      { ...FILES_HOLD, 'server/role': 'failed', 'server/login': 'error' },
      'error',
    ],
    [
      'error also when a lesson that it needs fails',
      { 'files/conf': 'failed', 'server/role': 'error', 'server/login': 'passed' },
      'error',
    ],
  ])('is %s', (_, known, state) => {
    expect(lessonState(stateWith(known), SERVER)).toBe(state);
  });

  it('names the lessons that are in the way, only the nearest ones', () => {
    const state = stateWith({ 'files/conf': 'failed', 'server/role': 'failed' });
    expect(unmetNeeds(state, PROOF).map((lesson) => lesson.id)).toEqual(['server']);
    expect(unmetNeeds(state, FILES)).toEqual([]);
  });

  it('is counted only where it holds', () => {
    expect(passedLessons(stateWith({}))).toBe(0);
    expect(passedLessons(stateWith({ ...FILES_HOLD, 'proof/rows': 'passed', 'server/role': 'passed' }))).toBe(
      2,
    );
  });
});

describe('a check that had to hold once', () => {
  const check = START.checks[0] as (typeof START.checks)[number];
  const ever: Record<string, TaskRecord> = { 'server/start': { everPassed: 'x', provenance: 'learner' } };

  it.each<[string, Known, Record<string, TaskRecord>, string]>([
    ['is unknown before anybody looked', {}, {}, 'unknown'],
    ['says what it says until its task was passed', { 'server/both-ready': 'failed' }, {}, 'failed'],
    ['is passed for ever afterwards', { 'server/both-ready': 'failed' }, ever, 'passed'],
    ['is passed afterwards although nobody looked again', {}, ever, 'passed'],
  ])('%s', (_, known, records, state) => {
    expect(checkState(stateWith(known, records), START, check)).toBe(state);
  });

  it('is no part of the proof of its lesson', () => {
    expect(lastingChecks(SERVER).map((one) => one.id)).toEqual(['server/role', 'server/login']);
  });

  it('is no open finding once it held', () => {
    const known: Known = { 'server/both-ready': 'failed' };
    expect(openFindings(stateWith(known), START).map((one) => one.id)).toEqual(['server/both-ready']);
    expect(openFindings(stateWith(known, ever), START)).toEqual([]);
  });
});

describe('a lasting check', () => {
  it('says what it says now, although its task was passed', () => {
    const records: Record<string, TaskRecord> = { 'server/user': { everPassed: 'x', provenance: 'learner' } };
    const state = stateWith({ 'server/role': 'passed', 'server/login': 'failed' }, records);
    expect(taskPassed(state, USER)).toBe(false);
    expect(openFindings(state, USER).map((one) => one.id)).toEqual(['server/login']);
  });
});

describe('a task without checks', () => {
  it('is passed once it was done', () => {
    expect(taskPassed(stateWith({}), LOOK)).toBe(false);
    expect(taskPassed(stateWith({}, { 'server/look': { provenance: 'none', skipped: true } }), LOOK)).toBe(
      false,
    );
    expect(taskPassed(stateWith({}, { 'server/look': { everPassed: 'x', provenance: 'auto' } }), LOOK)).toBe(
      true,
    );
  });
});

describe('a lesson that was done', () => {
  it('is one whose every task was passed once', () => {
    const some = { 'files/read': { everPassed: 'x', provenance: 'learner' as const } };
    expect(everPassed(stateWith({}, some), FILES)).toBe(false);
    const all = { ...some, 'files/write': { everPassed: 'y', provenance: 'auto' as const } };
    expect(everPassed(stateWith({ 'files/conf': 'failed' }, all), FILES)).toBe(true);
  });
});
