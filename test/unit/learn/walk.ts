import type { Finding } from '../../../src/check/finding.ts';
import type { CommandResult } from '../../../src/lab/lab.ts';
import { reduce, type StartOptions, startWalk } from '../../../src/learn/reduce.ts';
import { lastingChecks, lessonAt } from '../../../src/learn/select.ts';
import type { Effect, Tone, WalkEvent, WalkState } from '../../../src/learn/state.ts';
import { EMPTY_LAB } from '../../helpers/observations.ts';
import { finding, TINY } from '../../helpers/tiny-course.ts';

export const NOW = '2026-12-01T10:00:00.000Z';
export const LATER = '2026-12-01T11:00:00.000Z';
export const OK: CommandResult = { exitCode: 0, cancelled: false, durationMs: 5 };
export const CANCELLED: CommandResult = { exitCode: null, cancelled: true, durationMs: 5 };

/** The reducer with a memory: each call sends one event, `effects` are those of the last. */
export class Walk {
  state: WalkState;
  effects: Effect[];

  constructor(options: StartOptions = {}, course = TINY) {
    const step = startWalk(course, options);
    this.state = step.state;
    this.effects = step.effects;
  }

  /** A walk that has looked at the lab and waits for a key. */
  static at(task: string, options: StartOptions = {}, findings: Finding[] = [], course = TINY): Walk {
    return new Walk({ at: task, ...options }, course).open(findings);
  }

  send(event: WalkEvent): this {
    const step = reduce(this.state, event);
    this.state = step.state;
    this.effects = step.effects;
    return this;
  }

  open(findings: Finding[] = []): this {
    return this.send({ kind: 'opened', findings, observation: EMPTY_LAB, now: NOW });
  }

  enter(): this {
    return this.send({ kind: 'enter' });
  }

  choose(option: number): this {
    return this.send({ kind: 'choose', option });
  }

  ended(result: CommandResult = OK): this {
    return this.send({ kind: 'ended', result, now: NOW });
  }

  /** The task's checks were looked at; those named fail, the others pass. */
  judged(failing: string[] = [], now = NOW, final = true): this {
    const findings = this.ids().map((id) => finding(id, failing.includes(id) ? 'failed' : 'passed'));
    return this.send({ kind: 'judged', scope: 'task', findings, observation: EMPTY_LAB, final, now });
  }

  /** What proves the lesson was looked at; all of it holds, or its first check does not. */
  appraised(holds: boolean): this {
    const specs = lastingChecks(lessonAt(this.state)).slice(0, holds ? undefined : 1);
    const findings = specs.map(({ id }) => finding(id, holds ? 'passed' : 'failed'));
    return this.send({ kind: 'appraised', findings, observation: EMPTY_LAB });
  }

  polled(failing: string[] = [], taskId = this.task): this {
    const findings = this.ids().map((id) => finding(id, failing.includes(id) ? 'failed' : 'passed'));
    return this.send({ kind: 'polled', taskId, findings, observation: EMPTY_LAB, now: NOW });
  }

  get task(): string {
    const { lesson, task } = this.state.place;
    return this.state.course.lessons[lesson]?.tasks[task]?.id ?? `nothing at ${lesson}/${task}`;
  }

  get record() {
    return this.state.records[this.task];
  }

  /** Kinds of the last effects; of a transcript item also its own kind. */
  get did(): string[] {
    return this.effects.map((effect) => (effect.kind === 'feed' ? `feed ${effect.item.kind}` : effect.kind));
  }

  /** Sentences of the last effects. */
  said(tone?: Tone): string[] {
    return this.effects.flatMap((effect) =>
      effect.kind === 'feed' &&
      effect.item.kind === 'say' &&
      (tone === undefined || effect.item.tone === tone)
        ? [effect.item.text]
        : [],
    );
  }

  private ids(): string[] {
    const { lesson, task } = this.state.place;
    return (this.state.course.lessons[lesson]?.tasks[task]?.checks ?? []).map((check) => check.id);
  }
}
