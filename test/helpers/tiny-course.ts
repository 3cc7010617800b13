import type { Finding } from '../../src/check/finding.ts';
import type { CheckSpec, Course } from '../../src/course/types.ts';

const check = (id: string, once = false): CheckSpec => ({
  id,
  kind: 'file',
  args: { file: id },
  title: `title of ${id}`,
  once,
});

/** Three lessons with one task of every sort. Nothing in it is read from a file, so a test can change a copy. */
export const TINY: Course = {
  id: 'tiny',
  title: 'A tiny course',
  version: '1.0.0',
  names: {
    leader: 'leader',
    superuser: 'postgres',
    superuser_password: 'postgres',
    replicator: 'replicator',
    replicator_password: 'replicatorpass',
  },
  grading: { followThrough: 100, optional: [], checks: {} },
  lessons: [
    {
      id: 'files',
      step: 1,
      title: 'Files',
      minutes: 1,
      points: 40,
      needs: [],
      concepts: ['wal'],
      intro: [],
      tasks: [
        { id: 'files/read', title: 'Read this', prose: [], action: { kind: 'read' }, checks: [], hints: [] },
        {
          id: 'files/write',
          title: 'Write it',
          prose: [],
          action: { kind: 'write', files: [{ path: 'leader/postgresql.conf', from: 'leader.conf' }] },
          checks: [check('files/conf')],
          hints: ['Where is it?', 'It is a file.'],
        },
      ],
    },
    {
      id: 'server',
      step: 2,
      title: 'Server',
      minutes: 2,
      points: 40,
      needs: ['files'],
      concepts: [],
      intro: [],
      tasks: [
        {
          id: 'server/start',
          title: 'Start both',
          prose: [],
          action: { kind: 'command', command: 'docker compose up -d' },
          checks: [check('server/both-ready', true)],
          hints: ['Which containers run?', 'Both must.'],
        },
        {
          id: 'server/user',
          title: 'Make a user',
          prose: [],
          prediction: {
            question: 'Can it read tables?',
            options: ['Yes', 'No'],
            answer: 1,
            because: 'It may only stream.',
          },
          action: { kind: 'command', command: 'docker exec -it leader psql -c "CREATE USER"' },
          checks: [check('server/role'), check('server/login')],
          hints: ['Which users are there?', 'It needs two attributes.'],
        },
        {
          id: 'server/look',
          title: 'Look at it',
          prose: [],
          action: { kind: 'command', command: 'docker compose ps' },
          checks: [],
          hints: ['What is listed?', 'Two lines.'],
        },
      ],
    },
    {
      id: 'proof',
      step: 3,
      title: 'Proof',
      minutes: 1,
      points: 20,
      needs: ['server'],
      concepts: [],
      intro: [],
      tasks: [
        {
          id: 'proof/rows',
          title: 'The rows are there',
          prose: [],
          action: { kind: 'read' },
          checks: [check('proof/rows')],
          hints: ['Look at the table.', 'Count.'],
        },
      ],
    },
  ],
  concepts: [{ id: 'wal', title: 'WAL', prose: [] }],
  mistakes: [],
  files: { 'leader.conf': 'wal_level = replica\n', 'setup.sh': '#!/usr/bin/env bash\n' },
};

/** Ids of all checks of a course, in its order. */
export const checkIds = (course: Course): string[] =>
  course.lessons.flatMap((lesson) => lesson.tasks.flatMap((task) => task.checks.map((one) => one.id)));

/** What a check of the tiny course says; all four texts differ, so that a report shows which one it printed. */
export function finding(id: string, state: Finding['state'], more: Partial<Finding> = {}): Finding {
  return {
    id,
    title: `title of ${id}`,
    state,
    probe: `probe of ${id}`,
    saw: `saw of ${id}`,
    wanted: `wanted of ${id}`,
    why: `why of ${id}`,
    ms: 1,
    ...more,
  };
}
