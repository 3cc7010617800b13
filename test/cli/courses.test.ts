import { cp, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { freshDist, openFolder, runCli } from '../helpers/cli.ts';

beforeAll(freshDist);

const FIXTURES = fileURLToPath(new URL('../fixtures/courses', import.meta.url));

/** A fixture course: the valid one with the files of a broken one laid over it. */
async function course(name: string): Promise<string> {
  const folder = path.join(await openFolder(), 'course');
  await cp(path.join(FIXTURES, 'valid'), folder, { recursive: true });
  await cp(path.join(FIXTURES, name), folder, { recursive: true });
  return folder;
}

describe('a course that can not be used: every problem with its file and line, and exit code 2', () => {
  it.each<[string, RegExp]>([
    ['yaml-error', /\.(md|yaml):\d+: /],
    ['yaml-error-in-front-matter', /\.md:\d+: /],
    ['unknown-key-in-course', /course\.yaml:2: unknown key "titel" in course\.yaml\. Known keys: /],
    ['unknown-key-in-check', /\.md:\d+: .*unknown/i],
    ['duplicate-lesson', /\.md:\d+: .*(twice|already|same|also)/],
    ['duplicate-task', /\.md:\d+: .*(twice|already|same|also)/],
    ['needs-ring', /\.md:\d+: lessons need each other in a ring: /],
  ])('%s', async (name, words) => {
    const { exitCode, stdout } = await runCli(['lint', '--json', await course(name)]);
    expect(exitCode).toBe(2);
    const { problems } = JSON.parse(stdout);
    const lines = problems.map(
      ({ file, line, message }: Record<string, unknown>) => `${file}:${line}: ${message}`,
    );
    expect(lines.join('\n')).toMatch(words);
  });

  it('lint, run and check print the same lines; no folder is made', async () => {
    const folder = await course('yaml-error');
    const cwd = await openFolder();
    const lint = await runCli(['lint', folder], { cwd });
    expect({ exitCode: lint.exitCode, stderr: lint.stderr }).toEqual({ exitCode: 2, stderr: '' });
    const lines = lint.stdout.split('\n').slice(0, -2).join('\n');
    for (const verb of ['run', 'check']) {
      const { exitCode, stderr } = await runCli([verb, '--course', folder], { cwd });
      expect(exitCode).toBe(2);
      expect(stderr).toBe(`${lines}\nMend these, then look again: npx walkthrough lint FOLDER\n`);
    }
    expect(await readdir(cwd)).toEqual([]);
  });

  it('a good course has no problems', async () => {
    const folder = await course('valid');
    const { exitCode, stdout } = await runCli(['lint', folder]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: `No problems in ${folder}.\n` });
  });
});

describe('a course that is not there', () => {
  it('no such folder, a file, and a folder with no course in it', async () => {
    const folder = await openFolder();
    const file = path.join(folder, 'course.yaml.txt');
    await writeFile(file, '');
    const cases: [string, RegExp][] = [
      ['/nowhere', /^There is no course folder \/nowhere\.\nGive the folder that holds course\.yaml\.\n$/],
      [file, /is a file, not a course folder\.\nGive the folder that holds course\.yaml\.\n$/],
      [folder, /course\.yaml:1: missing: not a course folder\nMend these/],
    ];
    for (const [where, words] of cases) {
      const { exitCode, stderr } = await runCli(['check', '--course', where]);
      expect(exitCode).toBe(2);
      expect(stderr).toMatch(words);
    }
  });
});
