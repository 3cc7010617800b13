import { execFileSync } from 'node:child_process';
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import type { GradedSubmission, Grades } from '../../src/grade/types.ts';
import { freshDist, openFolder, runCli, startCli } from '../helpers/cli.ts';

beforeAll(freshDist);

const REFERENCE = fileURLToPath(new URL('../../assets/solutions', import.meta.url));
const LAB = ['--lab', 'sandbox', '--trust-scripts'];

/** Processes of this machine that have something to do with a folder. */
const processesWith = (text: string): string[] =>
  execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8', maxBuffer: 1e8 })
    .split('\n')
    .filter((line) => line.includes(text) && !line.includes('ps -eo'));

/** A folder for submissions, results and copies, and a class of the reference's own files. */
async function aClass(names: string[]) {
  const root = await openFolder();
  for (const name of names) await cp(REFERENCE, path.join(root, 'class', name), { recursive: true });
  const tmp = path.join(root, 'tmp');
  await cp(path.join(REFERENCE, 'inventory.sql'), path.join(tmp, 'keep'));
  return { root, tmp, options: { cwd: root, env: { TMPDIR: tmp } } };
}

const parsed = async <T>(file: string): Promise<T> => JSON.parse(await readFile(file, 'utf8')) as T;

describe('grade', () => {
  it('without Docker runs nothing of a submission until it is told to trust it', async () => {
    const { root, options } = await aClass(['anna']);
    const { exitCode, stderr } = await runCli(['grade', 'class', '--lab', 'sandbox'], options);
    expect([exitCode, stderr]).toEqual([2, expect.stringMatching(/they run as you[\s\S]*--trust-scripts/)]);
    expect((await readdir(root)).sort()).toEqual(['class', 'tmp']);
  });

  it.each([
    [['grade'], /nothing to grade/],
    [['grade', 'nowhere'], /nowhere/],
    [['grade', 'class', '--jobs', 'many'], /--jobs needs .* not "many"/],
    [['grade', 'class', '--format', 'pdf'], /no format "pdf"/],
  ])('%j: one sentence and the next step', async (words, wanted) => {
    const { options } = await aClass(['anna']);
    const { exitCode, stdout, stderr } = await runCli([...words, ...LAB], options);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(wanted);
    expect(stderr.trim().split('\n').length).toBeLessThanOrEqual(3);
  });

  it('killed again and again, keeps every check that was finished, and goes on', async () => {
    const { root, tmp, options } = await aClass(['anna', 'ben', 'chloe']);
    const results = path.join(root, 'grades', 'submissions');
    const words = ['grade', 'class', ...LAB, '--jobs', '2', '--resume'];
    let finished = new Map<string, number>();
    for (const ms of [300, 1200, 2500, 4000, 5500, 7000]) {
      const { child, done } = startCli(words, options);
      await new Promise((resolve) => setTimeout(resolve, ms));
      child.kill('SIGKILL');
      await done;
      const now = new Map<string, number>();
      for (const file of await readdir(results).catch(() => [])) {
        if (!file.endsWith('.json')) continue;
        const record = await parsed<GradedSubmission>(path.join(results, file));
        now.set(record.name, record.outcome === 'graded' ? Number.POSITIVE_INFINITY : 0);
      }
      // What had a mark keeps it.
      for (const [name, count] of finished) expect(now.get(name), name).toBeGreaterThanOrEqual(count);
      finished = now;
    }
    const { exitCode, stderr } = await runCli(words, options);
    expect(exitCode, stderr).toBe(0);
    const grades = await parsed<Grades>(path.join(root, 'grades', 'grades.json'));
    expect(grades.submissions.map(({ name, score }) => [name, score])).toEqual([
      ['anna', 100],
      ['ben', 100],
      ['chloe', 100],
    ]);
    expect(processesWith(tmp)).toEqual([]);
    expect(await readdir(tmp)).toEqual(['keep']);
    // A second class must not be mixed in, nor anything be written over.
    const again = await runCli(['grade', 'class', ...LAB], options);
    expect([again.exitCode, again.stderr]).toEqual([
      2,
      expect.stringMatching(/holds results already[\s\S]*--resume/),
    ]);
  });

  it('Ctrl-C ends it at once: what is finished is kept, nothing runs on', async () => {
    const { root, tmp, options } = await aClass(['anna', 'ben']);
    const { child, until, done } = startCli(['grade', 'class', ...LAB, '--jobs', '1'], options);
    await until(/anna: 100 of 100/, 60_000);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    child.kill('SIGINT');
    // Somebody who presses it again must not lose what is being written.
    await new Promise((resolve) => setTimeout(resolve, 100));
    child.kill('SIGINT');
    const { exitCode, stderr } = await done;
    expect(exitCode).toBe(130);
    expect(stderr).toMatch(/^Stopping\. What is finished is kept\.$/m);
    expect(stderr.endsWith('1 of 2 is left. Go on with the same command and --resume.\n')).toBe(true);
    const { submissions, endedAt } = await parsed<Grades>(path.join(root, 'grades', 'grades.json'));
    expect([submissions.find(({ name }) => name === 'anna')?.score, endedAt]).toEqual([100, null]);
    expect(submissions.find(({ name }) => name === 'ben')?.outcome ?? 'partial').toBe('partial');
    expect(processesWith(tmp)).toEqual([]);
    expect(await readdir(tmp)).toEqual(['keep']);
  });

  it('of one submission writes nothing but the report, unless a format is asked for', async () => {
    const { root, options } = await aClass(['anna']);
    const { exitCode, stdout } = await runCli(['grade', 'class/anna', ...LAB, '--json'], options);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 'walkthrough/grades/v1',
      submissions: [{ score: 100 }],
    });
    expect((await readdir(root)).sort()).toEqual(['class', 'tmp']);
    const written = await runCli(['grade', 'class/anna', ...LAB, '--format', 'junit'], options);
    expect(written.exitCode, written.stderr).toBe(0);
    expect(await readFile(path.join(root, 'grades', 'grades.xml'), 'utf8')).toContain('anna');
    // One who comes late, among things that are no submission: nobody else is lost, and no report stays as it was.
    await mkdir(path.join(root, 'late', 'quinn'), { recursive: true });
    for (const file of ['quinn/essay.pdf', 'pia.rar', '.DS_Store'])
      await writeFile(path.join(root, 'late', file), '');
    const late = await runCli(['grade', 'late', ...LAB, '--resume'], options);
    expect([late.exitCode, late.stderr]).toEqual([
      1,
      expect.stringMatching(/^Not looked at, .*: pia\.rar$/m),
    ]);
    const { submissions, leftOut } = await parsed<Grades>(path.join(root, 'grades', 'grades.json'));
    expect(submissions.map(({ name, score }) => [name, score])).toEqual([
      ['anna', 100],
      ['quinn', 0],
    ]);
    expect(leftOut).toEqual(['pia.rar']);
    for (const report of ['grades.xml', 'grades.csv', 'grades.html'])
      expect(await readFile(path.join(root, 'grades', report), 'utf8')).toMatch(/anna[\s\S]*quinn/);
  });

  it('cut short before the first mark makes no report, and goes on from there', async () => {
    const { root, options } = await aClass(['anna', 'ben']);
    const { child, until, done } = startCli(['grade', 'class', ...LAB], options);
    await until(/Lab: sandbox/, 20_000);
    await new Promise((resolve) => setTimeout(resolve, 500));
    child.kill('SIGINT');
    const { exitCode, stdout, stderr } = await done;
    expect([exitCode, stdout]).toEqual([130, '']);
    expect(stderr).toContain('2 of 2 are left. Go on with the same command and --resume.');
    expect((await readdir(path.join(root, 'grades'))).sort()).toEqual(['grades.json', 'submissions']);
  });
});
