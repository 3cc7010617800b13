import type { Finding, FindingState } from '../check/finding.ts';
import type { Course, Lesson } from '../course/types.ts';
import { lastingChecks } from '../learn/select.ts';
import type { Provenance, TaskRecord } from '../learn/state.ts';
import type { Observation } from '../observe/types.ts';

export type Outcome = 'passed' | 'failed' | 'partial' | 'unusable';

/** What `run`, `check` and `status` say with --json. The field names are a contract: schema `walkthrough/result/v1`. */
export interface Result {
  schema: 'walkthrough/result/v1';
  tool: string;
  course: { id: string; version: string };
  lab: string;
  environment: {
    os: string;
    arch: string;
    node: string;
    docker: string | null;
    compose: string | null;
    postgres: string | null;
  };
  outcome: Outcome;
  passed: number;
  total: number;
  /** Milliseconds from the first look to the last answer. */
  ms: number;
  lessons: LessonResult[];
}

export interface LessonResult {
  step: number;
  id: string;
  title: string;
  state: FindingState | 'skipped';
  provenance: Provenance;
  checks: Finding[];
}

export interface ResultInput {
  tool: string;
  course: Course;
  /** Lessons that were asked for; the others are left out. */
  lessons: Lesson[];
  findings: Finding[];
  observation: Observation;
  records: Record<string, TaskRecord>;
  ms: number;
  /** The time ran out, or the user stopped it. */
  cutShort?: boolean;
}

/** Puts findings together into the record that every report is made from. */
export function makeResult(input: ResultInput): Result {
  const { course, observation } = input;
  const byId = new Map(input.findings.map((finding) => [finding.id, finding]));
  const states = new Map(course.lessons.map((lesson) => [lesson.id, rawState(lesson, byId)]));
  const lessons = input.lessons.map((lesson): LessonResult => {
    const checks = lastingChecks(lesson).flatMap((check) => byId.get(check.id) ?? []);
    return {
      step: lesson.step,
      id: lesson.id,
      title: lesson.title,
      state: withNeeds(lesson, states),
      provenance: provenanceOf(lesson, input.records),
      checks,
    };
  });
  const passed = lessons.filter((lesson) => lesson.state === 'passed').length;
  const { engine, nodes } = observation;
  const server = nodes.leader.server.state === 'up' ? nodes.leader.server : nodes.follower.server;
  return {
    schema: 'walkthrough/result/v1',
    tool: input.tool,
    course: { id: course.id, version: course.version },
    lab: observation.lab,
    environment: {
      os: process.platform,
      arch: process.arch,
      node: process.versions.node,
      docker: engine.state === 'up' ? engine.version : null,
      compose: engine.state === 'up' ? engine.compose : null,
      postgres: server.state === 'up' ? postgresVersion(server.probe.version) : null,
    },
    outcome: outcomeOf(lessons, input.cutShort ?? false),
    passed,
    total: lessons.length,
    ms: Math.round(input.ms),
    lessons,
  };
}

function rawState(lesson: Lesson, byId: Map<string, Finding>): LessonResult['state'] {
  const states = lastingChecks(lesson).map((check) => byId.get(check.id)?.state);
  if (states.includes('error')) return 'error';
  if (states.includes('failed')) return 'failed';
  if (states.includes('blocked')) return 'blocked';
  return states.every((state) => state === 'passed') ? 'passed' : 'skipped';
}

/** A lesson that fails while one that it needs fails too is blocked: the earlier one is where to begin. */
function withNeeds(lesson: Lesson, states: Map<string, LessonResult['state']>): LessonResult['state'] {
  const own = states.get(lesson.id) ?? 'skipped';
  if (own !== 'failed') return own;
  const unmet = lesson.needs.some((id) => {
    const state = states.get(id);
    return state === 'failed' || state === 'blocked';
  });
  return unmet ? 'blocked' : 'failed';
}

/** The least of what its tasks say: one task done by the tool makes the lesson `auto`, one that held `held`. */
function provenanceOf(lesson: Lesson, records: Record<string, TaskRecord>): Provenance {
  const all = lesson.tasks.map((task) => records[task.id]?.provenance ?? 'none');
  for (const provenance of ['auto', 'held', 'hinted', 'learner'] as const)
    if (all.includes(provenance)) return provenance;
  return 'none';
}

function outcomeOf(lessons: LessonResult[], cutShort: boolean): Outcome {
  if (lessons.every((lesson) => lesson.state === 'passed')) return 'passed';
  if (lessons.some((lesson) => lesson.state === 'error')) return 'unusable';
  return cutShort ? 'partial' : 'failed';
}

/** `140023` is 14.23: since version 10 the major number, then four digits for the minor one. */
export function postgresVersion(number: number): string {
  return `${Math.floor(number / 10_000)}.${number % 10_000}`;
}

export const EXIT_OF: Record<Outcome, number> = { passed: 0, failed: 1, unusable: 3, partial: 4 };
