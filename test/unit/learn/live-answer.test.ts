import { describe, expect, it } from 'vitest';
import type { Course } from '../../../src/course/types.ts';
import { type Lab, type LabNode, QueryError } from '../../../src/lab/lab.ts';
import { askLive, notStarted, type Question } from '../../../src/learn/live-answer.ts';
import type { ContainerState } from '../../../src/observe/types.ts';
import { LEADER_UP } from '../../helpers/observations.ts';
import { TINY } from '../../helpers/tiny-course.ts';

const SLOTS: Question = { on: 'leader', sql: 'SELECT slot_name FROM pg_replication_slots;' };
const RUNNING = LEADER_UP.nodes.leader.container;

/** The tiny course, whose second lesson starts the leader and whose third starts the follower. */
const course: Course = {
  ...TINY,
  lessons: TINY.lessons.map((lesson) => ({
    ...lesson,
    tasks: lesson.tasks.map((task) => ({
      ...task,
      checks: task.checks.map((check) => {
        if (check.id === 'server/both-ready')
          return { ...check, kind: 'containers', args: { containers: ['leader', 'follower'] } };
        if (check.id === 'server/role')
          return { ...check, kind: 'server', args: { server: 'leader', role: 'primary' } };
        if (check.id === 'proof/rows')
          return { ...check, kind: 'streaming', args: { streaming: 'follower', of: 'leader' } };
        return check;
      }),
    })),
  })),
};

const answer = (rows: string[], columns = ['slot_name']) => ({ columns, rows, total: rows.length });

/** A lab whose leader is in this state, and whose sessions do that. */
function lab(
  container: ContainerState | Error,
  query: (sql: string, database?: string) => unknown = () => answer([]),
  more: Partial<Lab> & { paths?: (text: string) => string } = {},
): Lab {
  const { paths, ...parts } = more;
  const node: LabNode = {
    name: 'leader',
    inspect: () => (container instanceof Error ? Promise.reject(container) : Promise.resolve(container)),
    session: (use, options) => use(async (sql) => query(sql, options?.database)),
    logs: async () => [],
    readData: () => Promise.reject(new Error('not stubbed')),
    ...(paths ? { pathsAsWritten: async () => paths } : {}),
  };
  const engine = async () => LEADER_UP.engine;
  return { kind: 'docker', node: () => node, engine, ...parts } as Lab;
}

const asked = (...args: Parameters<typeof lab>) => askLive(lab(...args), course, SLOTS);

describe('a server that answers', () => {
  it('gives its rows', async () => {
    expect(await asked(RUNNING, () => answer(['(follower_slot)']))).toEqual({
      state: 'answered',
      columns: ['slot_name'],
      rows: [['follower_slot']],
      total: 1,
      note: '',
    });
  });

  it('is asked in the database postgres where that of the course is missing', async () => {
    const query = (_sql: string, database?: string) => {
      if (database === 'postgres') return answer(['(follower_slot)']);
      throw new QueryError('database "appdb" does not exist', '3D000');
    };
    expect(await asked(RUNNING, query)).toMatchObject({ state: 'answered', total: 1 });
  });

  it('has the paths of a container in the sandbox, and that is said', async () => {
    const paths = (text: string) => text.replace('/cache/run/1', '');
    const told = await asked(RUNNING, () => answer(['(/cache/run/1/etc/postgresql.conf)', '()']), {
      kind: 'sandbox',
      paths,
    });
    expect(told).toMatchObject({ rows: [['/etc/postgresql.conf'], [null]] });
    expect(told).toMatchObject({ note: expect.stringContaining('The sandbox keeps the files elsewhere.') });
  });

  it('has the address 127.0.0.1 in the sandbox, and that is said', async () => {
    const local = () => answer(['(127.0.0.1)']);
    const note = (kind: Lab['kind']) => asked(RUNNING, local, { kind });
    expect(await note('sandbox')).toMatchObject({ note: expect.stringContaining('no network of its own') });
    expect(await note('docker')).toMatchObject({ note: '' });
  });
});

describe('one sentence says why a server can not be asked', () => {
  const one = (state: 'exited' | 'created' | 'restarting' | 'paused'): ContainerState =>
    ({ ...RUNNING, state }) as ContainerState;
  it.each<[ContainerState, string]>([
    [{ state: 'absent' }, 'The leader is not running yet: lesson 2 starts it.'],
    [one('exited'), 'The leader has stopped. Start it, then look again.'],
    [one('created'), 'The leader is made, but it was not started.'],
    [one('restarting'), 'The leader starts and ends again and again. Its log says why.'],
    [one('paused'), 'The leader is paused.'],
    [
      { state: 'foreign', name: 'leader', owner: 'project shop' },
      'The container leader belongs to something else (project shop), so it is not asked.',
    ],
  ])('%j', async (container, why) => {
    expect(await asked(container)).toEqual({ state: 'unanswered', why });
  });

  it.each([
    ['57P03', 'the database system is starting up', 'it takes no connections yet. Look again in a moment.'],
    ['ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:1', 'it takes no connections yet'],
    ['ENOCONTAINER', 'the container of the leader is not running', 'The leader has just stopped.'],
    ['57014', 'canceling statement due to statement timeout', 'The leader did not answer within 2 seconds.'],
    ['55000', 'recovery is in progress', 'The leader refuses the query: recovery is in progress.'],
    ['', 'timeout expired', 'The leader can not be asked: timeout expired.'],
  ])('%s %s', async (code, message, why) => {
    const fails = () => {
      throw new QueryError(message, code);
    };
    expect(await asked(RUNNING, fails)).toEqual({
      state: 'unanswered',
      why: expect.stringContaining(why),
    });
  });

  it('of an engine that is down, in the words of the engine', async () => {
    const engine = async () =>
      ({ state: 'down', problem: 'The Docker engine does not answer.', next: '' }) as const;
    expect(await asked(new Error('socket hang up'), undefined, { engine })).toEqual({
      state: 'unanswered',
      why: 'The Docker engine does not answer.',
    });
  });

  it('of an effect that breaks in another way', async () => {
    expect(await asked(new Error('out of files'))).toEqual({
      state: 'unanswered',
      why: 'The leader can not be asked: out of files.',
    });
  });
});

it('the lesson that starts a server is the first that proves that it runs, and goes on to', () => {
  // Both run once in lesson 2; the follower runs for good in lesson 3.
  expect(notStarted(course, 'leader')).toBe('The leader is not running yet: lesson 2 starts it.');
  expect(notStarted(course, 'follower')).toBe('The follower is not running yet: lesson 3 starts it.');
  expect(notStarted(TINY, 'leader')).toBe('The leader is not running yet.');
});
