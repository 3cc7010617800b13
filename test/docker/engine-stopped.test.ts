import { execFileSync } from 'node:child_process';
import { cp, mkdir, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from '../../src/errors.ts';
import type { GradedSubmission, Grades } from '../../src/grade/types.ts';
import { freshDist, openFolder, startCli } from '../helpers/cli.ts';
import { noOwnEngine, type OwnEngine, openOwnEngine } from '../helpers/own-engine.ts';

const REFERENCE = fileURLToPath(new URL('../../assets/solutions', import.meta.url));
const NAMES = ['anna', 'ben', 'chloe'];

const impossible = noOwnEngine();
// Where containers are required, this is, too: then it fails in beforeAll, and says why.
const skip = impossible !== null && process.env.WALKTHROUGH_REQUIRE_DOCKER !== '1';
if (skip) console.error(`\n!!! TESTS OF A STOPPED ENGINE SKIPPED: ${impossible}. !!!\n`);

describe.skipIf(skip)('an engine that is stopped in the middle of a batch', () => {
  let engine: OwnEngine;
  beforeAll(async () => {
    await freshDist();
    engine = await openOwnEngine('postgres:14');
  });
  afterAll(() => engine?.close());

  async function aClass() {
    await engine.start();
    const root = await openFolder();
    for (const name of NAMES) await cp(REFERENCE, path.join(root, 'class', name), { recursive: true });
    const tmp = path.join(root, 'tmp');
    await mkdir(tmp);
    const start = (...words: string[]) =>
      startCli(['grade', 'class', '--lab', 'docker', '--jobs', '2', ...words], {
        cwd: root,
        env: { ...engine.env, TMPDIR: tmp },
        before: engine.inside,
      });
    return { root, tmp, start };
  }

  const gradesIn = async (root: string): Promise<Grades> =>
    JSON.parse(await readFile(path.join(root, 'grades/grades.json'), 'utf8')) as Grades;

  /** Of each submission, as its own file has it. All of them must parse. */
  async function marksIn(root: string): Promise<Map<string, number | null>> {
    const folder = path.join(root, 'grades/submissions');
    const records = await Promise.all(
      (await readdir(folder))
        .filter((name) => name.endsWith('.json'))
        .map(async (name) => JSON.parse(await readFile(path.join(folder, name), 'utf8')) as GradedSubmission),
    );
    return new Map(records.map(({ name, score }) => [name, score]));
  }

  /** Who has a mark, and who has none because of the engine; nobody has anything else. */
  async function fairlyIn(root: string): Promise<{ marked: GradedSubmission[]; others: GradedSubmission[] }> {
    const { submissions } = await gradesIn(root);
    expect(submissions.map(({ name }) => name)).toEqual(NAMES);
    const marked = submissions.filter(({ outcome }) => outcome === 'graded');
    const others = submissions.filter(({ outcome }) => outcome !== 'graded');
    expect(marked.map(({ score }) => score)).toEqual(marked.map(() => 100));
    expect(others.map(({ outcome, score, problem }) => [outcome, score, problem?.message])).toEqual(
      others.map(() => ['unusable', null, expect.stringMatching(/^The Docker engine/)]),
    );
    return { marked, others };
  }

  const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

  it.each(['SIGTERM', 'SIGKILL'] as const)(
    '%s: no 0 and no lost mark; --resume gives the rest theirs, also after the grader was killed',
    async (signal) => {
      const { root, tmp, start } = await aClass();
      const first = start();
      await first.until(/100 of 100/, 120_000);
      await wait(2000);
      await engine.stop(signal);
      const { exitCode, stdout } = await first.done;
      expect([exitCode, stdout]).toEqual([EXIT.unusable, expect.stringContaining('no mark')]);
      const { marked, others } = await fairlyIn(root);
      expect(marked.length).toBeGreaterThan(0);
      expect(others.length).toBeGreaterThan(0);

      await engine.start();
      const second = start('--resume');
      await wait(8000);
      second.child.kill('SIGKILL');
      await second.done;
      const now = await marksIn(root);
      for (const { name } of marked) expect([name, now.get(name)]).toEqual([name, 100]);

      const last = await start('--resume').done;
      expect([last.exitCode, last.stderr]).toEqual([EXIT.passed, expect.any(String)]);
      expect([...(await marksIn(root)).values()]).toEqual(NAMES.map(() => 100));
      // Of the killed engine, of the killed grader, and of the last one.
      expect(engine.docker('ps', '-aq')).toBe('');
      expect(engine.docker('volume', 'ls', '-q')).toBe('');
      expect(engine.docker('network', 'ls', '--format', '{{.Name}}').split('\n').sort()).toEqual([
        'host',
        'none',
      ]);
      expect(await readdir(tmp)).toEqual([]);
      const left = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8', maxBuffer: 1e8 }).split('\n');
      expect(left.filter((line) => line.includes(tmp))).toEqual([]);
    },
  );

  it('an engine that is back at once: no mark for what was at work, and the rest goes on', async () => {
    const { root, start } = await aClass();
    const batch = start();
    await batch.until(/100 of 100/, 120_000);
    await wait(1500);
    await engine.stop('SIGTERM');
    await engine.start();
    expect((await batch.done).exitCode).toBe(EXIT.unusable);
    expect((await fairlyIn(root)).others.length).toBeGreaterThan(0);

    expect((await start('--resume').done).exitCode).toBe(EXIT.passed);
    expect((await fairlyIn(root)).marked.length).toBe(NAMES.length);
    expect(engine.docker('ps', '-aq')).toBe('');
  });
});
