import type { Finding } from '../../src/check/finding.ts';
import { describePlace } from '../../src/course/place.ts';
import type { Course } from '../../src/course/types.ts';
import { runInTerminal } from '../../src/lab/run-in-terminal.ts';
import type { Driver, Lend } from '../../src/learn/driver-types.ts';
import type { LiveAnswer } from '../../src/learn/live-answer.ts';
import { OutputBuffer } from '../../src/learn/output.ts';
import { reduce, type StartOptions, startWalk } from '../../src/learn/reduce.ts';
import { lastingChecks, lessonAt } from '../../src/learn/select.ts';
import type { Effect, FeedItem, WalkEvent, WalkState } from '../../src/learn/state.ts';
import type { Observation } from '../../src/observe/types.ts';
import { EMPTY_LAB } from './observations.ts';
import { SMALL_COURSE } from './small-course.ts';

const NOW = '2026-12-01T10:00:00Z';

export interface FakeOptions extends StartOptions {
  course?: Course;
  observation?: Observation;
  /** Ids of checks that pass from the start. */
  holds?: string[];
  /** What a command prints before it ends; it never ends by itself when this gives null. */
  run?(command: string): string[] | null;
  /** Checks that pass once the command has run. */
  proves?(command: string): string[];
  /** How long a command takes, in milliseconds; 0 ends it in the same turn. */
  runMs?: number;
  adapt?(command: string): { command: string; reasons: string[] };
  /** A running command prints ten megabytes, a chunk every few milliseconds, and goes on. */
  flood?: boolean;
  /** What a server says to the query of a concept; null: not before `report` is called. */
  answer?(concept: string): LiveAnswer | null;
  /** Answer `open` only when `report` is called. */
  stayOpening?: boolean;
}

export interface FakeDriver extends Driver {
  report(event: WalkEvent): void;
  print(...lines: string[]): void;
  observe(observation: Observation): void;
  readonly sent: WalkEvent['kind'][];
}

/** A driver without a lab: the real reducer, its effects answered from a script. */
export function fakeDriver(options: FakeOptions = {}): FakeDriver {
  const course = options.course ?? SMALL_COURSE;
  const listeners = new Set<() => void>();
  const feeders = new Set<(item: FeedItem) => void>();
  const items: FeedItem[] = [];
  const holds = new Set(options.holds ?? []);
  let observation = options.observation ?? EMPTY_LAB;
  let output = new OutputBuffer();
  let flooding: NodeJS.Timeout | null = null;
  let running: NodeJS.Timeout | null = null;
  let lend: Lend | null = null;
  let finish: (code: number) => void = () => {};
  const finished = new Promise<number>((resolve) => {
    finish = resolve;
  });
  const step = startWalk(course, options);
  let state: WalkState = step.state;
  const sent: WalkEvent['kind'][] = [];

  const notify = () => {
    for (const listener of listeners) listener();
  };
  const feed = (item: FeedItem) => {
    items.push(item);
    for (const feeder of feeders) feeder(item);
  };
  const apply = (event: WalkEvent) => {
    sent.push(event.kind);
    const next = reduce(state, event);
    state = next.state;
    for (const effect of next.effects) perform(effect);
    notify();
  };
  const judge = (): Finding[] =>
    course.lessons
      .flatMap((lesson) => lesson.tasks.flatMap((task) => task.checks))
      .map((check) => finding(check.id, check.title ?? check.id, holds.has(check.id)));
  /** Ten megabytes in chunks of 64 KiB, as a pipe gives them. */
  const flood = () => {
    let chunks = 0;
    return setInterval(() => {
      if (chunks++ > 160) return;
      output.add(`${'\x1b[33mflood\x1b[0m of output '.repeat(3)}${chunks}\n`.repeat(800));
      notify();
    }, 5);
  };
  const end = (exitCode: number | null, cancelled: boolean, durationMs: number) => {
    if (running) clearTimeout(running);
    running = null;
    if (flooding) clearInterval(flooding);
    flooding = null;
    if (output.text() !== '') feed({ kind: 'output', text: output.text() });
    output = new OutputBuffer();
    apply({ kind: 'ended', result: { exitCode, cancelled, durationMs }, now: NOW });
  };
  const perform = (effect: Effect) => {
    switch (effect.kind) {
      case 'open':
        if (!options.stayOpening) apply({ kind: 'opened', findings: judge(), observation, now: NOW });
        return;
      case 'adapt':
        apply({
          kind: 'adapted',
          taskId: effect.taskId,
          adaptation: options.adapt?.(effect.command) ?? { command: effect.command, reasons: [] },
        });
        return;
      case 'judge':
        apply({ kind: 'judged', scope: effect.scope, findings: judge(), observation, final: true, now: NOW });
        return;
      case 'shell': {
        const shell = { cwd: process.cwd(), env: { PATH: process.env.PATH, SHELL: '/bin/sh', PS1: 'own$ ' } };
        const opened = lend?.(() => runInTerminal(null, shell, new AbortController().signal));
        void (opened ?? Promise.resolve()).then(() => apply({ kind: 'returned' }));
        return;
      }
      case 'output':
        apply({ kind: 'returned' });
        return;
      case 'survey':
        apply({ kind: 'observed', findings: judge(), observation });
        return;
      case 'run': {
        feed({ kind: 'command', command: effect.command, place: describePlace(effect.command), reasons: [] });
        const printed = (options.run ?? (() => ['ok']))(effect.command);
        for (const line of printed ?? []) output.add(`${line}\n`);
        if (options.flood) flooding = flood();
        const proves = () => {
          for (const id of options.proves?.(effect.command) ?? []) holds.add(id);
        };
        const done = () => {
          proves();
          end(0, false, options.runMs ?? 0);
        };
        running = setTimeout(done, printed === null ? 3_600_000 : (options.runMs ?? 0));
        return;
      }
      case 'write':
        apply({ kind: 'wrote', problems: [] });
        return;
      case 'appraise': {
        const proof = new Set(lastingChecks(lessonAt(state)).map((check) => check.id));
        apply({ kind: 'appraised', findings: judge().filter((one) => proof.has(one.id)), observation });
        return;
      }
      case 'ask':
        for (const concept of effect.concepts) {
          const answer = (options.answer ?? notRunning)(concept);
          if (answer) apply({ kind: 'answered', concept, answer });
        }
        return;
      case 'stop':
        if (running) setImmediate(() => end(null, true, 1000));
        return;
      case 'feed':
        feed(effect.item);
        return;
      case 'exit':
        finish(effect.code);
        return;
      case 'save':
        return;
    }
  };
  for (const effect of step.effects) perform(effect);

  return {
    getState: () => state,
    liveOutput: () => output.last(200),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onFeed(listener) {
      for (const item of items) listener(item);
      feeders.add(listener);
      return () => feeders.delete(listener);
    },
    lendTerminal(how) {
      lend = how;
    },
    send: apply,
    finished,
    report: apply,
    print(...lines) {
      for (const line of lines) output.add(`${line}\n`);
      notify();
    },
    observe(next) {
      observation = next;
      apply({ kind: 'polled', taskId: '', findings: judge(), observation, now: NOW });
    },
    sent,
  };
}

const notRunning = (): LiveAnswer => ({
  state: 'unanswered',
  why: 'The leader is not running yet: lesson 7 starts it.',
});

function finding(id: string, title: string, passed: boolean): Finding {
  const shared = { id, title, probe: 'pg_replication_slots on leader', ms: 4 };
  if (passed) return { ...shared, state: 'passed', saw: 'it is there', wanted: '', why: '' };
  return {
    ...shared,
    state: 'failed',
    mistake: 'slot-missing',
    saw: 'no replication slot',
    wanted: 'one physical slot named follower_slot',
    why: 'Without it a follower that falls behind may have to start over.',
  };
}
