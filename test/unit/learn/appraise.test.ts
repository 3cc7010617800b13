import { expect, it } from 'vitest';
import type { CheckSpec, Lesson } from '../../../src/course/types.ts';
import type { Lab } from '../../../src/lab/lab.ts';
import { appraiseLesson } from '../../../src/learn/appraise.ts';
import { EMPTY_LAB } from '../../helpers/observations.ts';
import { TINY } from '../../helpers/tiny-course.ts';
import { temporaryFolder } from './temp-folder.ts';

const FILE: CheckSpec = { id: 'a/file', kind: 'folder', args: { folder: 'made' }, once: false };
const ENGINE: CheckSpec = { id: 'a/engine', kind: 'engine', args: { engine: 'docker' }, once: false };
const LOGIN: CheckSpec = {
  id: 'a/login',
  kind: 'replication-login',
  args: { 'replication-login': 'replicator', on: 'leader' },
  once: false,
};

const lesson = (checks: CheckSpec[]): Lesson => ({
  ...(TINY.lessons[0] as Lesson),
  tasks: [{ ...(TINY.lessons[0]?.tasks[1] as Lesson['tasks'][number]), checks }],
});

/** A lab with an engine and nothing in it; `asked` has what was asked of it, in order. */
async function lab(): Promise<{ lab: Lab; asked: string[] }> {
  const asked: string[] = [];
  const node = (name: string) => ({
    name,
    inspect: async () => {
      asked.push(name);
      return { state: 'absent' };
    },
  });
  const engine = async () => {
    asked.push('engine');
    return EMPTY_LAB.engine;
  };
  const parts = { kind: 'docker', workspace: await temporaryFolder(), project: 'x', engine, node };
  return { lab: parts as unknown as Lab, asked };
}

it('files are looked at first, and where one does not hold nothing else is asked', async () => {
  const { lab: empty, asked } = await lab();
  const appraisal = await appraiseLesson(empty, TINY, lesson([LOGIN, ENGINE, FILE]));
  expect(appraisal.findings.map(({ id, state }) => [id, state])).toEqual([['a/file', 'failed']]);
  expect(appraisal.observation).toBeNull();
  expect(asked).toEqual([]);
});

it('then the servers, last what is an experiment; an observation has the servers in it', async () => {
  const { lab: empty, asked } = await lab();
  const appraisal = await appraiseLesson(empty, TINY, lesson([LOGIN, ENGINE]));
  expect(appraisal.findings.map(({ id, state }) => [id, state])).toEqual([
    ['a/engine', 'passed'],
    ['a/login', 'blocked'],
  ]);
  expect(appraisal.observation?.nodes.leader.container).toEqual({ state: 'absent' });
  expect(asked).toContain('leader');
});
