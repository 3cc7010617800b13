import { execFileSync } from 'node:child_process';
import { chmod, chown, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { freshDist, isRoot, openFolder, runCli } from '../helpers/cli.ts';
import { layFiles, openPair, type Pair } from '../helpers/lab-pair.ts';
import { type OwnCourse, ownCourse } from '../helpers/own-course.ts';

beforeAll(freshDist);

async function course(): Promise<OwnCourse> {
  const own = await ownCourse();
  onTestFinished(() => own.remove());
  return own;
}

describe('a machine for which there is no server', () => {
  /** A processor that this machine has not: of one there is no server at all, of the other no loader of glibc here. */
  const strange = process.arch === 'arm64' ? 'x64' : 'arm64';

  async function as(arch: string) {
    const file = path.join(await openFolder(), 'arch.cjs');
    await writeFile(file, `Object.defineProperty(process, 'arch', { value: '${arch}' });\n`);
    return { NODE_OPTIONS: `--require ${file}`, DOCKER_HOST: 'unix:///nowhere.sock' };
  }

  it.each([
    [
      's390x',
      'The sandbox has no PostgreSQL server for linux-s390x: it needs Linux or macOS on x64 or arm64.',
    ],
    [strange, 'The sandbox has no PostgreSQL server for a Linux without glibc (Alpine has musl).'],
  ])('%s: one sentence and the next step', async (arch, sentence) => {
    const cwd = await openFolder();
    const asked = await runCli(['run', '--lab', 'sandbox'], { cwd, env: await as(arch) });
    expect(asked).toMatchObject({
      exitCode: 3,
      stderr: `${sentence}\nUse the docker lab: start Docker, then --lab docker.\n`,
    });
    // Nobody asked for it, and there is no engine either: the docker lab says what to do, and why it is not the other.
    const fallen = await runCli(['doctor'], { cwd, env: await as(arch) });
    expect(fallen.exitCode).toBe(3);
    expect(fallen.stdout).toContain(
      `docker, because the sandbox can't run here: ${sentence.replace('The', 'the').slice(0, -1)}`,
    );
    expect(fallen.stdout).toContain('Start Docker Desktop');
  });
});

describe('a folder', () => {
  it.runIf(isRoot)('in which a plain user may not write', async () => {
    const home = await openFolder();
    const [uid = 0, gid = 0] = ['-u', '-g'].map((which) =>
      Number(execFileSync('id', [which, 'nobody'], { encoding: 'utf8' })),
    );
    const dir = path.join(home, 'solutions');
    await mkdir(dir);
    await chmod(home, 0o755);
    const env = { HOME: home, XDG_CACHE_HOME: undefined, WALKTHROUGH_CACHE: path.join(home, 'cache') };
    const options = { uid, gid, cwd: home, env };
    const { exitCode, stderr } = await runCli(['run', '--lab', 'sandbox', '--dir', dir], options);
    expect(exitCode).toBe(3);
    expect(stderr).toContain(dir);
    expect(stderr).not.toContain(' at ');
    expect(await readdir(dir)).toEqual([]);
  });

  it.runIf(isRoot)('that is full: the step fails, says so, and reset takes what there is', async () => {
    const own = await course();
    await mkdir(own.workspace);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', own.workspace]);
    const args = ['--lab', 'sandbox', '--course', own.course, '--dir', own.workspace];
    try {
      const doctor = await runCli(['doctor', ...args]);
      expect(doctor.stdout).toContain(' Make room, or choose another folder with --dir.\n');
      const { exitCode, stdout, stderr } = await runCli(['run', ...args]);
      expect(exitCode, stderr).toBe(1);
      expect(stdout).toMatch(/^Stopped at step 7/m);
      expect(stdout).toContain('No space left on device');
      const reset = await runCli(['reset', '--yes', ...args]);
      expect(reset.exitCode, reset.stderr).toBe(0);
      expect(await readdir(own.workspace)).toEqual([]);
    } finally {
      execFileSync('umount', [own.workspace]);
    }
  });

  it.runIf(isRoot)('that is full to the last page: commands say so, and reset makes room', async () => {
    const own = await course();
    await mkdir(own.workspace);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=110m', 'tmpfs', own.workspace]);
    const args = ['--lab', 'sandbox', '--course', own.course, '--dir', own.workspace];
    try {
      const { exitCode, stdout, stderr } = await runCli(['run', '--to', '7', ...args]);
      expect(exitCode, stdout + stderr).toBe(0);
      const fill = 'for size in 1M 4k; do dd if=/dev/zero bs=$size of=fill$size 2>/dev/null; done';
      const input = `${fill}; docker compose stop; ${fill}; docker compose up -d leader; ${fill}; docker ps -aq\n`;
      const shell = await runCli(['shell', ...args], { input, env: { SHELL: '/bin/bash' } });
      const said = shell.stdout + shell.stderr;
      expect(said).toMatch(/no space left on device|the disk is full/);
      expect(said).not.toContain('a mistake of the sandbox');
      const reset = await runCli(['reset', '--yes', ...args]);
      expect(reset.exitCode, reset.stderr).toBe(0);
      expect(await readdir(own.workspace)).toEqual(['fill1M', 'fill4k']);
      const left = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' });
      expect(left.split('\n').filter((line) => line.includes(own.workspace))).toEqual([]);
    } finally {
      execFileSync('umount', [own.workspace]);
    }
  });

  it('on whose ports another folder has its servers: that folder is named, and left alone', async () => {
    const own = await course();
    const other = path.join(await openFolder(), 'second');
    const base = ['--lab', 'sandbox', '--course', own.course];
    const first = await runCli(['run', '--to', '7', ...base, '--dir', own.workspace]);
    expect(first.exitCode, first.stdout + first.stderr).toBe(0);

    const second = await runCli(['run', ...base, '--dir', other]);
    expect(second.exitCode).toBe(3);
    expect(second.stderr).toContain(`Port ${own.leaderPort}, which the leader needs, is taken by`);
    expect(second.stderr).toContain(own.workspace);
    // A command ends its line; and there is no compose file yet in which a number could be changed.
    expect(second.stderr).toContain(`\nnpx walkthrough reset --dir '${own.workspace}'\n`);
    expect(second.stderr).not.toContain('docker-compose.yml');

    const still = await runCli(['check', '7', ...base, '--dir', own.workspace]);
    expect(still.exitCode, still.stdout).toBe(0);
    const reset = await runCli(['reset', '--yes', ...base, '--dir', own.workspace]);
    expect(reset.exitCode, reset.stderr).toBe(0);
  });
});

describe('a compose file', () => {
  let pair: Pair;
  let good: string;
  const file = () => path.join(pair.own.workspace, 'docker-compose.yml');
  beforeAll(async () => {
    pair = await openPair('sandbox');
    await layFiles(pair);
    await pair.must('mkdir -p leader-data follower-data');
    good = await readFile(file(), 'utf8');
  });
  afterAll(() => pair.remove());

  it.each<[string, (text: string) => string, RegExp, RegExp | null]>([
    [
      'that mounts the root of the machine',
      (text) => text.replace('- ./leader-data:', '- /:/host\n      - ./leader-data:'),
      /does not mount \/: it stays in/,
      null, // one more mount is none of the lesson's affair
    ],
    [
      'that mounts what is above the folder',
      (text) => text.replace('- ./leader-data:', '- ../..:/host\n      - ./leader-data:'),
      /does not mount .*: it stays in/,
      null,
    ],
    [
      'with another image',
      (text) => text.replace('image: postgres:14', 'image: redis:7'),
      /the sandbox does not know the image redis:7/,
      /redis:7/,
    ],
    ['that is not YAML', (text) => text.replace('services:', 'services: ]['), /^yaml: |: yaml: /m, /yaml: /],
    [
      'with no follower',
      (text) => text.slice(0, text.indexOf('  follower:')) + text.slice(text.indexOf('\nnetworks:')),
      /no such service: follower/,
      /follower/,
    ],
  ])('%s: nothing is started, and the check says what is wrong', async (_, change, said, found) => {
    await writeFile(file(), change(good));
    expect(await readFile(file(), 'utf8')).not.toBe(good);
    const { exitCode, output } = await pair.sh('docker compose up -d follower');
    expect(exitCode).not.toBe(0);
    expect(output).toMatch(said);
    expect((await pair.sh('docker ps -aq')).output).toBe('');
    const open = (await pair.judge(3)).filter(({ state }) => state !== 'passed');
    if (found === null) expect(open).toEqual([]);
    else expect(JSON.stringify(open)).toMatch(found);
    await writeFile(file(), good);
    await pair.passes(3);
  });

  it('whose folder changes hands under a running server (root only), or whose data folder is deleted', async () => {
    await pair.must('docker compose up -d leader');
    await pair.ready('leader');
    if (isRoot) {
      await chown(path.join(pair.own.workspace, 'leader-data'), 4711, 4711);
      await pair.names('start-leader/leader-is-primary', 'data-ownership', { mayPass: true });
      await pair.must('docker compose restart leader');
      await pair.passes(7);
    }
    await pair.must('rm -rf leader-data');
    const states = (await pair.judge(7)).map(({ state }) => state);
    expect(states).toContain('failed');
    expect(states).not.toContain('error');
    await pair.must('docker compose down && mkdir leader-data && docker compose up -d leader');
    await pair.passes(7);
  });
});
