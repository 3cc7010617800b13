import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  courseIn,
  loadProgress,
  lockWorkspace,
  type Progress,
  saveProgress,
  toProgress,
} from '../../../src/learn/progress.ts';
import { TINY } from '../../helpers/tiny-course.ts';
import { temporaryFolder } from './temp-folder.ts';
import { Walk } from './walk.ts';

const GOOD: Progress = {
  schema: 'walkthrough/progress/v1',
  course: { id: 'tiny', version: '1.0.0' },
  startedAt: '2026-12-01T09:00:00.000Z',
  savedAt: '2026-12-01T10:00:00.000Z',
  at: 'server/user',
  tasks: {
    'files/read': { everPassed: '2026-12-01T09:30:00.000Z', provenance: 'learner', hints: 1, predicted: 0 },
  },
};

const fileOf = (workspace: string) => path.join(workspace, '.walkthrough/progress.json');

async function workspaceWith(text: string): Promise<string> {
  const workspace = await temporaryFolder();
  await mkdir(path.join(workspace, '.walkthrough'));
  await writeFile(fileOf(workspace), text);
  return workspace;
}

describe('progress', () => {
  it('comes back as it was saved, over any number of saves', async () => {
    const workspace = await temporaryFolder();
    await saveProgress(workspace, { ...GOOD, at: 'files/read' });
    await saveProgress(workspace, GOOD);
    expect(await loadProgress(workspace, TINY)).toEqual({ progress: GOOD, notice: null });
    expect(await readdir(path.join(workspace, '.walkthrough'))).toEqual(['progress.json']);
  });

  it('keeps that a task held already', async () => {
    const tasks = { 'files/write': { everPassed: '2026-12-01T09:30:00.000Z', provenance: 'held' as const } };
    const workspace = await workspaceWith(JSON.stringify({ ...GOOD, tasks }));
    expect((await loadProgress(workspace, TINY)).progress?.tasks).toEqual(tasks);
  });

  it('is none, and nothing is said, in a new folder', async () => {
    expect(await loadProgress(await temporaryFolder(), TINY)).toEqual({ progress: null, notice: null });
  });

  it.each([
    [JSON.stringify(GOOD), 'tiny'],
    [JSON.stringify({ ...GOOD, course: { id: 'other' } }), 'other'],
    [JSON.stringify({ ...GOOD, course: { id: 7 } }), null],
    ['null', null],
    ['{', null],
  ])('tells which course was walked, whichever it was: %s', async (text, id) => {
    expect(await courseIn(await workspaceWith(text))).toBe(id);
  });

  it('of another release of the same course is used: task ids are stable', async () => {
    const workspace = await workspaceWith(
      JSON.stringify({ ...GOOD, course: { id: 'tiny', version: '0.9.0' } }),
    );
    expect((await loadProgress(workspace, TINY)).progress?.at).toBe('server/user');
  });

  it('has the place, the records and the times of the walk', () => {
    const walk = Walk.at('server/start').enter().ended().judged();
    expect(toProgress(walk.state, 'sandbox', 'begun', 'now')).toEqual({
      schema: 'walkthrough/progress/v1',
      course: { id: 'tiny', version: '1.0.0' },
      startedAt: 'begun',
      savedAt: 'now',
      lab: 'sandbox',
      at: 'server/start',
      tasks: walk.state.records,
    });
  });

  it.each<[string, string, string]>([
    ['is cut short', JSON.stringify(GOOD).slice(0, 60), 'is cut short or is not JSON'],
    ['is empty', '', 'is cut short or is not JSON'],
    [
      'is of another version',
      JSON.stringify({ ...GOOD, schema: 'walkthrough/progress/v2' }),
      'is of another version',
    ],
    ['is null', 'null', 'is of another version'],
    ['is a list', '[1]', 'is of another version'],
    [
      'is of another course',
      JSON.stringify({ ...GOOD, course: { id: 'other', version: '1' } }),
      'belongs to another course (other)',
    ],
    [
      'names no course',
      JSON.stringify({ ...GOOD, course: undefined }),
      'belongs to another course (unknown)',
    ],
    ['has no place', JSON.stringify({ ...GOOD, at: undefined }), 'is damaged'],
    ['has no tasks', JSON.stringify({ ...GOOD, tasks: undefined }), 'is damaged'],
    ['has a list of tasks', JSON.stringify({ ...GOOD, tasks: [] }), 'is damaged'],
    ['has an empty record', JSON.stringify({ ...GOOD, tasks: { 'files/read': null } }), 'is damaged'],
    [
      'has a provenance that is none',
      JSON.stringify({ ...GOOD, tasks: { 'files/read': { provenance: 'robot' } } }),
      'is damaged',
    ],
  ])('that %s is put aside, whole, and that is said', async (_, text, problem) => {
    const workspace = await workspaceWith(text);
    const { progress, notice } = await loadProgress(workspace, TINY);
    expect(progress).toBeNull();
    expect(notice).toContain(problem);
    const [aside, ...others] = await readdir(path.join(workspace, '.walkthrough'));
    expect(others).toEqual([]);
    expect(notice).toContain(`kept as ${aside}`);
    expect(await readFile(path.join(workspace, '.walkthrough', aside ?? ''), 'utf8')).toBe(text);
    expect(await loadProgress(workspace, TINY)).toEqual({ progress: null, notice: null });
  });
});

describe('a save that is killed', () => {
  let folder = '';
  let program = '';
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'wt-saver-'));
    program = path.join(folder, 'saver.mjs');
    await build({
      entryPoints: [fileURLToPath(new URL('saver.ts', import.meta.url))],
      outfile: program,
      bundle: true,
      platform: 'node',
      format: 'esm',
      // write-file-atomic is CommonJS: it requires what Node has built in, and makes names from its own
      banner: {
        js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url); const __filename = 'saver';",
      },
    });
  }, 30_000);
  afterAll(() => rm(folder, { recursive: true }));

  async function killedAfter(ms: number): Promise<string> {
    const workspace = await mkdtemp(path.join(folder, 'workspace-'));
    const child = spawn(process.execPath, [program, workspace], { stdio: ['ignore', 'pipe', 'inherit'] });
    const exited = once(child, 'exit');
    await Promise.race([once(child.stdout, 'data'), exited]);
    expect(child.exitCode, 'the child ended before it was killed').toBeNull();
    await new Promise((resolve) => setTimeout(resolve, ms));
    child.kill('SIGKILL');
    await exited;
    return workspace;
  }

  it('leaves a whole file at whatever moment: 20 times', { timeout: 30_000 }, async () => {
    const saves: number[] = [];
    for (let round = 0; round < 5; round++) {
      const workspaces = await Promise.all(Array.from({ length: 4 }, () => killedAfter(Math.random() * 40)));
      for (const workspace of workspaces) {
        const text = await readFile(fileOf(workspace), 'utf8');
        const { progress, notice } = await loadProgress(workspace, TINY);
        expect(notice, text.slice(-200)).toBeNull();
        saves.push(Number(progress?.savedAt));
      }
    }
    expect(saves).toHaveLength(20);
    expect(Math.max(...saves), 'no child got beyond its first save').toBeGreaterThan(0);
  });
});

describe('the lock of a workspace', () => {
  const lockOf = (workspace: string) => path.join(workspace, '.walkthrough/lock');
  async function startTimeOf(pid: number | string): Promise<string> {
    const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    return text === '' ? '-' : (text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? '-');
  }
  async function workspaceLockedBy(line: string): Promise<string> {
    const workspace = await temporaryFolder();
    await mkdir(path.join(workspace, '.walkthrough'));
    await writeFile(lockOf(workspace), line);
    return workspace;
  }

  it('is given once; the second is told who has it', async () => {
    const workspace = await temporaryFolder();
    const release = await lockWorkspace(workspace);
    expect(release).toBeTypeOf('function');
    expect(await lockWorkspace(workspace)).toEqual({ pid: process.pid });
    if (typeof release === 'function') await release();
    expect(await lockWorkspace(workspace)).toBeTypeOf('function');
  });

  it('held by another process tells its number', async () => {
    const child = spawn('sleep', ['60'], { stdio: 'ignore' });
    try {
      const workspace = await workspaceLockedBy(`${child.pid} ${await startTimeOf(child.pid ?? 0)}\n`);
      expect(await lockWorkspace(workspace)).toEqual({ pid: child.pid });
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('of a process that is gone is taken over', async () => {
    const child = spawn('true', { stdio: 'ignore' });
    await once(child, 'exit');
    const workspace = await workspaceLockedBy(`${child.pid} 12345\n`);
    expect(await lockWorkspace(workspace)).toBeTypeOf('function');
    expect(await readFile(lockOf(workspace), 'utf8')).toBe(`${process.pid} ${await startTimeOf('self')}\n`);
  });

  it.runIf(process.platform === 'linux')(
    'of a number that another process has by now is taken over',
    async () => {
      const child = spawn('sleep', ['60'], { stdio: 'ignore' });
      try {
        const workspace = await workspaceLockedBy(`${child.pid} 1\n`);
        expect(await lockWorkspace(workspace)).toBeTypeOf('function');
      } finally {
        child.kill('SIGKILL');
      }
    },
  );

  it.each([
    ['empty', ''],
    ['no number', 'hello\n'],
    ['binary', '\u0000\u0001'],
  ])('that is damaged (%s) is taken over', async (_, line) => {
    expect(await lockWorkspace(await workspaceLockedBy(line))).toBeTypeOf('function');
  });

  it('is given once, also to many who ask in the same moment', async () => {
    for (let round = 0; round < 10; round++) {
      const workspace = await temporaryFolder();
      const answers = await Promise.all(Array.from({ length: 8 }, () => lockWorkspace(workspace)));
      expect(answers.filter((answer) => typeof answer === 'function')).toHaveLength(1);
    }
  });

  it('leaves nothing but the folder when it is given back', async () => {
    const workspace = await temporaryFolder();
    const release = await lockWorkspace(workspace);
    if (typeof release === 'function') await release();
    expect(await readdir(path.join(workspace, '.walkthrough'))).toEqual([]);
    expect((await stat(workspace)).isDirectory()).toBe(true);
  });
});
