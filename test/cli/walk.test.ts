import { spawn } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { CLI, type CliRun, freshDist, openFolder, runCli, startCli } from '../helpers/cli.ts';
import { type FakeEngine, fakeEngine } from '../helpers/fake-engine.ts';
import { type OwnCourse, ownCourse } from '../helpers/own-course.ts';
import { Pty } from '../helpers/pty.ts';

let own: OwnCourse;
/**
 * The fake engine has no image: left to choose, the tool would take the sandbox. The course has ports of its own,
 * because a learner's pair may be running.
 */
const DOCKER: string[] = [];

let engine: FakeEngine;
beforeAll(async () => {
  await freshDist();
  engine = await fakeEngine();
  own = await ownCourse();
  await chmod(path.dirname(own.course), 0o755);
  DOCKER.push('--lab', 'docker', '--course', own.course);
});
afterAll(async () => {
  await engine.close();
  await own.remove();
});

/** The course, whose first command waits after it has said who it is. Its folder, and a workspace. */
async function slowCourse(): Promise<{ args: string[]; dir: string; quick: string[] }> {
  const root = await openFolder();
  const course = path.join(root, 'course');
  const dir = path.join(root, 'solutions');
  await cp(own.course, course, { recursive: true });
  const file = path.join(course, '01-workspace.md');
  const documented = 'mkdir -p leader follower leader-data follower-data\n';
  const text = await readFile(file, 'utf8');
  const slow = `${documented.trim()}; echo "child $BASHPID"; sleep 60; echo never\n`;
  await writeFile(file, text.replace(documented, slow));
  return {
    args: ['--lab', 'docker', '--to', '1', '--course', course, '--dir', dir],
    dir,
    quick: ['--to', '1', '--dir', dir],
  };
}

/** Starts `run`, and waits until its first command runs. Returns the process id of that command's shell. */
async function startSlow(args: string[]): Promise<{ run: CliRun; shell: number }> {
  const run = startCli(['run', ...args], { env: engine.env });
  await run.until(/^child \d+$/m);
  const shell = Number(/^child (\d+)$/m.exec(run.output.stdout + run.output.stderr)?.[1]);
  onTestFinished(() => {
    if (alive(-shell)) process.kill(-shell, 'SIGKILL');
  });
  return { run, shell };
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

const locked = async (dir: string) => (await readdir(path.join(dir, '.walkthrough'))).includes('lock');

describe('run, ended while a command runs', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    '%s: exit code 130, no child left, the place saved, the folder free, the way to go on told',
    async (signal) => {
      const { args, dir } = await slowCourse();
      const { run, shell } = await startSlow(args);
      run.child.kill(signal);
      const { exitCode, stdout, stderr } = await run.done;
      expect({ exitCode, stderr }).toEqual({ exitCode: 130, stderr: '' });
      expect(alive(-shell)).toBe(false);
      expect(stdout).toMatch(
        /\nStopped at step 1, "The four folders"\. To go on from there: npx walkthrough run --from 1 --dir .*\n$/,
      );
      expect(JSON.parse(await readFile(path.join(dir, '.walkthrough/progress.json'), 'utf8'))).toMatchObject({
        at: 'workspace/the-four-folders',
      });
      expect(await locked(dir)).toBe(false);
    },
  );

  it('Ctrl-C twice does not leave children behind either', async () => {
    const { args, dir } = await slowCourse();
    const { run, shell } = await startSlow(args);
    run.child.kill('SIGINT');
    run.child.kill('SIGINT');
    expect((await run.done).exitCode).toBe(130);
    expect(alive(-shell)).toBe(false);
    expect(await locked(dir)).toBe(false);
  });

  it('with --json there is still one document', async () => {
    const { args } = await slowCourse();
    const { run } = await startSlow(['--json', ...args]);
    run.child.kill('SIGINT');
    const { exitCode, stdout } = await run.done;
    expect(exitCode).toBe(130);
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 'walkthrough/result/v1',
      outcome: 'partial',
      total: 1,
    });
  });

  it('kill -9: the next walk takes the folder over', async () => {
    const { args, dir, quick } = await slowCourse();
    const { run } = await startSlow(args);
    run.child.kill('SIGKILL');
    await run.done;
    expect(await locked(dir)).toBe(true);
    const status = await runCli([...DOCKER, 'status', '--dir', dir], { env: engine.env });
    expect(status.stdout).toContain('You are at step 1');
    const again = await runCli([...DOCKER, 'run', ...quick], { env: engine.env });
    expect(again.exitCode, again.stdout + again.stderr).toBe(0);
    expect(await locked(dir)).toBe(false);
  });

  it('its folder is removed meanwhile: the step fails, in words', async () => {
    const { args, dir } = await slowCourse();
    const { run, shell } = await startSlow(args);
    await rm(dir, { recursive: true });
    process.kill(-shell, 'SIGTERM');
    const { exitCode, stdout, stderr } = await run.done;
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: '' });
    expect(stdout).toContain('no folder leader');
  });
});

describe('a second walk in the same folder', () => {
  it('is refused with the process that is there; the first goes on', async () => {
    const { args, dir } = await slowCourse();
    const { run } = await startSlow(args);
    const second = await runCli([...DOCKER, 'run', '--to', '1', '--dir', dir], { env: engine.env });
    expect({ exitCode: second.exitCode, stderr: second.stderr }).toEqual({
      exitCode: 3,
      stderr: `Another walk (process ${run.child.pid}) is in the folder ${dir}.\nEnd it first, or choose another folder with --dir.\n`,
    });
    const reset = await runCli([...DOCKER, 'reset', '--yes', '--json', '--dir', dir], { env: engine.env });
    expect(reset.exitCode).toBe(3);
    expect(JSON.parse(reset.stdout).message).toBe(
      `A walk (process ${run.child.pid}) is in the folder ${dir}.`,
    );
    expect(run.child.exitCode).toBeNull();
    // Looking is always allowed.
    expect((await runCli([...DOCKER, 'status', '--dir', dir], { env: engine.env })).exitCode).toBe(0);
    run.child.kill('SIGINT');
    expect((await run.done).exitCode).toBe(130);
  });
});

/** Runs a line with bash; `$W` is the command. */
function shell(
  line: string,
  env: Record<string, string> = {},
): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn('bash', ['-c', line], {
    env: { ...process.env, ...engine.env, W: `${process.execPath} ${CLI}`, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => (out += chunk));
  child.stderr.on('data', (chunk) => (err += chunk));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out, err })));
}

describe('output', () => {
  it('whose reader goes away is no error, and the exit code is still true', async () => {
    const dir = await openFolder();
    const { out, err } = await shell(
      `for verb in "check 1" status concepts doctor; do $W $verb ${DOCKER.join(' ')} --dir ${dir} | head -1 >/dev/null; echo "\${PIPESTATUS[0]}"; done`,
    );
    expect({ out, err }).toEqual({ out: '1\n0\n0\n0\n', err: '' });
  });

  it('whose reader goes away ends run, with no child left', async () => {
    const { args, dir } = await slowCourse();
    const { out, err } = await shell(`$W run ${args.join(' ')} | head -1; echo "\${PIPESTATUS[0]}"`);
    expect(out).toMatch(/^pg-walkthrough .*\n130\n$/);
    expect(err).toBe('');
    expect(await locked(dir)).toBe(false);
  });

  it.skipIf(process.platform !== 'linux')('to a full disk is said once, exit code 3', async () => {
    const { code, err } = await shell('$W concepts >/dev/full');
    expect(code).toBe(3);
    expect(err).toBe("The output can't be written: the disk is full.\nMend that, then try again.\n");
  });

  it('has no escape sequences in a pipe, whatever CI, NO_COLOR, TERM and FORCE_COLOR say', async () => {
    const folder = await openFolder();
    const settings: Record<string, string>[] = [
      {},
      { CI: '1', NO_COLOR: '1', TERM: 'dumb' },
      { FORCE_COLOR: '3' },
    ];
    const walks = settings.map((env, index) =>
      runCli([...DOCKER, 'run', '--to', '1', '--dir', path.join(folder, `s${index}`)], {
        env: { ...engine.env, ...env },
      }),
    );
    for (const { exitCode, stdout, stderr } of await Promise.all(walks)) {
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
      expect(stdout).not.toContain('\x1b');
      expect(stdout).toMatch(/\n1 of 1 steps hold\.\n$/);
    }
  });

  it.each([
    [['run', '--to', '1'], 'walkthrough/result/v1', 0],
    [['check', '1'], 'walkthrough/result/v1', 1],
    [['status'], 'walkthrough/result/v1', 0],
    [['doctor'], 'walkthrough/doctor/v1', 0],
    [['reset', '--yes'], 'walkthrough/reset/v1', 0],
    [['lint'], 'walkthrough/lint/v1', 0],
    [['concepts'], 'walkthrough/concepts/v1', 0],
  ] as [string[], string, number][])('of %j --json is one document', async (args, schema, exitCode) => {
    const dir = path.join(await openFolder(), 'solutions');
    const result = await runCli([...DOCKER, ...args, '--json', '--dir', dir], { env: engine.env });
    expect(JSON.parse(result.stdout)).toMatchObject({ schema });
    expect(result.exitCode).toBe(exitCode);
  });

  it('of the walk without a terminal on stdin: its first line says so, and the exit code is that of run', async () => {
    const dir = await openFolder();
    const { exitCode, stdout } = await runCli([...DOCKER, '--dir', dir], { env: engine.env });
    expect(stdout).toMatch(/^There is no terminal on stdin, so the walk runs unattended\.\npg-walkthrough /);
    // The fake engine has no image and can't pull one.
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/\nStopped at step 2, /);
  });
});

describe('reset in a terminal', () => {
  let made: string;
  beforeAll(async () => {
    made = await mkdtemp(path.join(tmpdir(), 'wt-cli-'));
    await new Promise((resolve) =>
      spawn(process.execPath, [CLI, ...DOCKER, 'run', '--to', '1', '--dir', made], {
        env: { ...process.env, ...engine.env },
        stdio: 'ignore',
      }).on('close', resolve),
    );
  });
  afterAll(() => rm(made, { recursive: true, force: true }));

  it.each<[string, string, number, boolean]>([
    ['yes', 'y\r', 0, true],
    ['no', 'n\r', 0, false],
    ['Ctrl-C', '\x03', 130, false],
    ['Ctrl-D', '\x04', 130, false],
  ])('asks; the answer is %s', async (_, keys, code, removes) => {
    const dir = path.join(await openFolder(), 'solutions');
    await cp(made, dir, { recursive: true });
    const pty = new Pty([CLI, ...DOCKER, 'reset', '--dir', dir], { env: engine.env });
    onTestFinished(() => pty.close());
    await pty.until('Go on? (y/n)');
    pty.type(keys);
    expect((await pty.exit).code).toBe(code);
    await pty.until(removes ? 'Removed file leader/setup-leader.sh.' : 'Nothing was removed.');
    const left = await readdir(path.join(dir, 'leader')).catch(() => []);
    expect(left).toEqual(removes ? [] : ['setup-leader.sh']);
  });
});

it('a path of the lock that was left by a process with our own number is taken over', async () => {
  const dir = await openFolder();
  await mkdir(path.join(dir, '.walkthrough'));
  // The number lives, but it was started at another time.
  await writeFile(path.join(dir, '.walkthrough/lock'), `${process.pid} 1\n`);
  const { exitCode, stderr } = await runCli([...DOCKER, 'run', '--to', '1', '--dir', dir], {
    env: engine.env,
  });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
});
