import type { FindingState } from '../../src/check/finding.ts';
import type { MistakeId } from '../../src/check/mistakes.ts';
import type {
  GradedCheck,
  GradedLesson,
  GradedSubmission,
  Grades,
  Remark,
  RunRecord,
} from '../../src/grade/types.ts';

/** The lessons of the built-in course: their points add up to 100. */
const LESSONS: readonly [id: string, title: string, maxPoints: number][] = [
  ['workspace', 'Make the folders', 4],
  ['docker', 'Check Docker and get the image', 4],
  ['compose-file', 'Describe both servers in one file', 12],
  ['leader-conf', 'Set up the leader', 8],
  ['follower-conf', 'Set up the follower', 4],
  ['dataset', 'Write the example data', 4],
  ['start-leader', 'Start the leader', 10],
  ['prepare-leader', 'Prepare the leader for replication', 18],
  ['base-backup', 'Copy the leader', 16],
  ['start-follower', 'Start the follower', 8],
  ['inventory', 'Fill the table on the leader', 6],
  ['verify', 'Read from the follower', 6],
];

/** Checks that a class has trouble with have a real title. */
const TITLES: Record<string, string> = {
  'compose-file/first': 'The leader can be reached from the machine',
  'start-leader/first': 'The leader answers',
  'prepare-leader/second': 'The slot follower_slot exists on the leader',
  'verify/second': 'The follower has all rows',
};

function gradedCheck(id: string, state: FindingState, more: Partial<GradedCheck> = {}): GradedCheck {
  return {
    id,
    title: TITLES[id] ?? `title of ${id}`,
    state,
    probe: `probe of ${id}`,
    saw: `saw of ${id}`,
    wanted: `wanted of ${id}`,
    why: `why of ${id}`,
    ms: 3,
    followThrough: null,
    points: state === 'passed' ? 2 : 0,
    maxPoints: 2,
    ...more,
  };
}

/** A lesson with one check for each half of its points. `states` are of those two. */
export function gradedLesson(
  step: number,
  states: [FindingState, FindingState],
  more: Partial<GradedCheck> = {},
): GradedLesson {
  const [id, title, maxPoints] = LESSONS[step - 1] ?? ['more', 'More', 0];
  const checks = states.map((state, at) =>
    gradedCheck(`${id}/${at === 0 ? 'first' : 'second'}`, state, {
      points: state === 'passed' ? maxPoints / 2 : 0,
      maxPoints: maxPoints / 2,
      ...(state === 'passed' ? {} : more),
    }),
  );
  const worst = (['error', 'failed', 'blocked'] as const).find((state) => states.includes(state)) ?? 'passed';
  const points = checks.reduce((sum, check) => sum + check.points, 0);
  return { step, id, title, state: worst, followThrough: null, points, maxPoints, checks };
}

/** A submission in which all lessons pass but those named. */
export function graded(
  name: string,
  lessons: Record<number, GradedLesson> = {},
  more: Partial<GradedSubmission> = {},
): GradedSubmission {
  const all = LESSONS.map((_, at) => lessons[at + 1] ?? gradedLesson(at + 1, ['passed', 'passed']));
  return {
    name,
    outcome: 'graded',
    score: all.reduce((sum, lesson) => sum + lesson.points, 0),
    maxScore: 100,
    startedAt: '2026-11-27T21:00:00.000Z',
    ms: 61_500,
    problem: null,
    lessons: all,
    remarks: [],
    runs: [],
    ...more,
  };
}

/** One that the machine could not grade. */
export function unusable(name: string): GradedSubmission {
  const problem = {
    message: 'The Docker engine does not answer any more.',
    next: 'Start it, and grade again.',
  };
  return graded(name, {}, { outcome: 'unusable', score: null, problem, lessons: [] });
}

/** One of which nothing was graded: it has a mark, which is 0. */
export function refused(name: string, id = 'empty-submission'): GradedSubmission {
  const whole = graded(name);
  const lessons = whole.lessons.map((one) => ({ ...one, state: 'skipped' as const, points: 0, checks: [] }));
  const remarks = [remark({ kind: 'intake', id, where: name, message: 'It is empty.' })];
  return { ...whole, score: 0, lessons, remarks };
}

/** One whose grading was cut short after two lessons. */
export function partial(name: string): GradedSubmission {
  const whole = graded(name);
  return { ...whole, outcome: 'partial', score: null, lessons: whole.lessons.slice(0, 2) };
}

export function failedWith(mistake: MistakeId, saw: string): Partial<GradedCheck> {
  return { mistake, saw };
}

export function remark(more: Partial<Remark> = {}): Remark {
  const message = 'The service asks for all rights of the machine. It was not started.';
  return { kind: 'policy', id: 'privileged', where: 'docker-compose.yml:9', message, ...more };
}

export function run(command: string, more: Partial<RunRecord> = {}): RunRecord {
  const output = { text: '', bytes: 0, cut: 0 };
  return { command, exitCode: 0, timedOut: false, ms: 1200, output, ...more };
}

export function gradesOf(submissions: GradedSubmission[], more: Partial<Grades> = {}): Grades {
  return {
    schema: 'walkthrough/grades/v1',
    tool: 'pg-walkthrough 0.1.0',
    course: {
      id: 'leader-follower',
      version: '1.0.0',
      title: 'PostgreSQL leader-follower replication with Docker',
    },
    lab: 'sandbox',
    startedAt: '2026-11-27T21:00:00.000Z',
    endedAt: '2026-11-27T21:20:00.000Z',
    maxScore: 100,
    submissions,
    ...more,
  };
}
