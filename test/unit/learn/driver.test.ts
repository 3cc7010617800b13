import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { Course } from '../../../src/course/types.ts';
import type { Lab, LabNode } from '../../../src/lab/lab.ts';
import { nextMove } from '../../../src/learn/autopilot.ts';
import { type DriverOptions, startDriver } from '../../../src/learn/driver.ts';
import type { FeedItem } from '../../../src/learn/state.ts';
import type { NodeName } from '../../../src/observe/types.ts';
import { LEADER_UP } from '../../helpers/observations.ts';
import { TINY } from '../../helpers/tiny-course.ts';
import { temporaryFolder } from './temp-folder.ts';
import { OK } from './walk.ts';

/** One lesson: write the file and look at it, then one command without a check. No server is asked for anything. */
const COURSE: Course = {
  ...TINY,
  lessons: TINY.lessons.slice(0, 2).map((lesson) => ({
    ...lesson,
    tasks: lesson.tasks
      .filter((task) => ['files/read', 'files/write', 'server/look'].includes(task.id))
      .map((task) => ({
        ...task,
        checks: task.checks.map((check) => ({ ...check, args: { file: 'leader/postgresql.conf' } })),
      })),
  })),
};

/** A lab without servers: a workspace, and commands that end at once. A part that is not stubbed throws when used. */
function stubLab(workspace: string, parts: Partial<Lab> = {}): Lab {
  const unused = () => Promise.reject(new Error('not stubbed'));
  return {
    kind: 'docker',
    workspace,
    project: 'solutions',
    shell: { cwd: workspace, env: {} },
    ready: async () => [],
    engine: unused,
    image: unused,
    compose: unused,
    node: () => {
      throw new Error('not stubbed');
    },
    replicationLogin: unused,
    adapt: async (command) => ({ command, reasons: [] }),
    run: async () => OK,
    clear: async () => [],
    close: async () => {},
    ...parts,
  };
}

interface Ran {
  code: number | 'stop' | 'stuck';
  feed: FeedItem[];
}

/** Presses the keys of an unattended walk as `run` does, for at most `moves`, and at most for two seconds. */
async function unattended(lab: Lab, moves = 50, options: Partial<DriverOptions> = {}): Promise<Ran> {
  const driver = startDriver({
    course: COURSE,
    lab,
    startedAt: 'x',
    unattended: true,
    streamOutput: true,
    poll: false,
    ...options,
  });
  const feed: FeedItem[] = [];
  driver.onFeed((item) => feed.push(item));
  const stopped = new Promise<'stop' | 'stuck'>((resolve) => {
    let left = moves;
    let over = false;
    const end = (how: 'stop' | 'stuck') => {
      over = true;
      resolve(how);
    };
    const advance = () => {
      if (over) return;
      const move = nextMove(driver.getState());
      if (move === 'stop') return end('stop');
      if (move === null) return;
      if (left-- === 0) return end('stuck');
      driver.send(move);
    };
    driver.subscribe(() => setImmediate(advance));
    setImmediate(advance);
    setTimeout(() => end('stuck'), 2000).unref();
  });
  const code = await Promise.race([driver.finished, stopped]);
  // What is still being saved must not meet the removal of the folder.
  driver.send({ kind: 'quit' });
  await driver.finished;
  return { code, feed };
}

const said = (feed: FeedItem[]) => feed.flatMap((item) => (item.kind === 'say' ? [item.text] : []));

describe('the driver of an unattended walk', () => {
  it('writes, runs, checks and ends with 0', async () => {
    const ran: string[] = [];
    const run: Lab['run'] = async (command, { onOutput }) => {
      ran.push(command);
      onOutput('one\ntwo');
      return OK;
    };
    const { code, feed } = await unattended(stubLab(await temporaryFolder(), { run }));
    expect(code).toBe(0);
    expect(ran).toEqual(['docker compose ps']);
    expect(said(feed)).toContain('Wrote leader/postgresql.conf.');
    expect(feed.flatMap((item) => (item.kind === 'output' ? item.text.split('\n') : []))).toEqual([
      'one',
      'two',
    ]);
    expect(feed.at(-1)).toEqual({ kind: 'done', flags: '' });
  });

  it('puts the same time into the transcript and into the record of the task', async () => {
    const workspace = await temporaryFolder();
    await unattended(stubLab(workspace));
    const read = async (name: string) =>
      JSON.parse(await readFile(path.join(workspace, '.walkthrough', name), 'utf8'));
    const { at, task } = await read('transcript.ndjson');
    expect((await read('progress.json')).tasks[task].heldAfter).toBe(at);
  });

  it.each<[string, Partial<Lab>]>([
    ['a command can not be started', { run: () => Promise.reject(new Error('bash is not there')) }],
    [
      'the form of a command can not be found',
      { adapt: () => Promise.reject(new Error('bash is not there')) },
    ],
  ])('ends, and says why, when %s', async (_, parts) => {
    const { code, feed } = await unattended(stubLab(await temporaryFolder(), parts));
    expect(said(feed)).toContain('bash is not there');
    expect(code).not.toBe('stuck');
    expect(code).not.toBe(0);
  });

  it('tries a command once, when it can not be started', async () => {
    let runs = 0;
    const run = () => {
      runs++;
      return Promise.reject(new Error('bash is not there'));
    };
    await unattended(stubLab(await temporaryFolder(), { run }), 5);
    expect(runs).toBe(1);
  });
});

describe('a command that was adapted', () => {
  it('is shown as documented, with the other form and the reason under it', async () => {
    const adapt: Lab['adapt'] = async () => ({ command: 'docker ps', reasons: ['It is shorter.'] });
    const { feed } = await unattended(stubLab(await temporaryFolder(), { adapt }));
    expect(feed.find((item) => item.kind === 'command')).toMatchObject({
      command: 'docker compose ps',
      adapted: 'docker ps',
      reasons: ['It is shorter.'],
    });
  });
});

describe('the queries of the pages of `?`', () => {
  it('are asked of the lab, each for itself', async () => {
    const course: Course = {
      ...COURSE,
      concepts: [
        { id: 'wal', title: 'WAL', prose: [], query: { on: 'leader', sql: 'SELECT 1' } },
        { id: 'lag', title: 'Lag', prose: [], query: { on: 'follower', sql: 'SELECT 2' } },
      ],
      lessons: COURSE.lessons.map((lesson) => ({ ...lesson, concepts: ['lag', 'wal'] })),
    };
    const asked: string[] = [];
    const node = (name: NodeName): LabNode => ({
      name,
      inspect: async () => (name === 'leader' ? LEADER_UP.nodes.leader.container : { state: 'absent' }),
      session: (use) =>
        use(async (sql) => {
          asked.push(sql);
          return { columns: ['one'], rows: ['(1)'], total: 1 };
        }),
      logs: async () => [],
      readData: () => Promise.reject(new Error('not stubbed')),
    });
    const lab = stubLab(await temporaryFolder(), { node });
    const driver = startDriver({ course, lab, startedAt: 'x', streamOutput: true, poll: false });
    await expect.poll(() => driver.getState().activity.kind).toBe('idle');
    driver.send({ kind: 'concepts' });
    await expect.poll(() => Object.keys(driver.getState().answers).sort()).toEqual(['lag', 'wal']);
    expect(driver.getState().answers).toMatchObject({
      wal: { state: 'answered', rows: [['1']] },
      lag: { state: 'unanswered', why: 'The follower is not running yet.' },
    });
    expect(asked).toHaveLength(1);
    driver.send({ kind: 'quit' });
    await driver.finished;
  });
});

describe('the look on arrival at a lesson', () => {
  it('ends at once when the learner does not want to wait for an engine that hangs', async () => {
    const course: Course = {
      ...COURSE,
      lessons: COURSE.lessons.map((lesson) => ({
        ...lesson,
        tasks: lesson.tasks.map((task) => ({
          ...task,
          checks: [{ id: `${task.id}-engine`, kind: 'engine', args: { engine: 'docker' }, once: false }],
        })),
      })),
    };
    let hangs = false;
    const engine: Lab['engine'] = () => (hangs ? new Promise(() => {}) : Promise.resolve(LEADER_UP.engine));
    const node = () => ({ inspect: async () => ({ state: 'absent' }) }) as unknown as LabNode;
    const lab = stubLab(await temporaryFolder(), { engine, node });
    const driver = startDriver({ course, lab, startedAt: 'x', streamOutput: true, poll: false });
    await expect.poll(() => driver.getState().activity.kind).toBe('idle');
    driver.send({ kind: 'goto', lesson: 1 });
    await expect.poll(() => driver.getState().mode.kind).toBe('test-out');
    hangs = true;
    driver.send({ kind: 'goto', lesson: 0 });
    expect(driver.getState().activity).toMatchObject({ kind: 'checking', scope: 'lesson' });
    driver.send({ kind: 'interrupt' });
    await expect.poll(() => driver.getState().activity.kind).toBe('idle');
    expect(driver.getState().mode.kind).toBe('task');
    driver.send({ kind: 'quit' });
    await driver.finished;
  });
});

describe('what keeps the lab from being used', () => {
  it('is said at the opening, with a line of its own for each line of its next step', async () => {
    const next = 'Remove it:\nnpx walkthrough reset --dir /first\nOr take another port.';
    const lab = stubLab(await temporaryFolder(), {
      ready: async () => [{ id: 'port-taken', message: 'Port 6001 is taken.', next }],
    });
    const driver = startDriver({ course: COURSE, lab, startedAt: 'x', streamOutput: true, poll: false });
    const said: string[] = [];
    driver.onFeed((item) => item.kind === 'say' && said.push(item.text));
    await vi.waitFor(() => expect(said).toEqual([`Port 6001 is taken.\n${next}`]));
    driver.send({ kind: 'quit' });
    await driver.finished;
  });
});

describe('the pace of the looks', () => {
  it('is one a second, every other second after a minute at rest, and one a second again after a key', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
    try {
      let looks = 0;
      const engine: Lab['engine'] = async () => {
        looks += 1;
        return LEADER_UP.engine;
      };
      const node = () => ({ inspect: async () => ({ state: 'absent' }) }) as unknown as LabNode;
      const lab = stubLab(await temporaryFolder(), { engine, node });
      const driver = startDriver({ course: COURSE, lab, startedAt: 'x', streamOutput: true, poll: true });
      await vi.waitFor(() => expect(driver.getState().activity.kind).toBe('idle'));
      const looksIn = async (seconds: number): Promise<number> => {
        const before = looks;
        for (let second = 0; second < seconds; second += 1) {
          vi.advanceTimersByTime(1000);
          // A look reads files: real time must pass, or the next tick finds it under way and is left out.
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
        return looks - before;
      };
      await looksIn(2);
      expect(await looksIn(20)).toBe(20);
      await looksIn(45);
      expect(await looksIn(20)).toBe(10);
      driver.send({ kind: 'hint' });
      expect(await looksIn(20)).toBe(20);
      driver.send({ kind: 'quit' });
      await driver.finished;
    } finally {
      vi.useRealTimers();
    }
  });
});
