import { chmod, mkdir, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { copyProgram, freshDist, isRoot, openFolder, runCli, STRANGER } from '../helpers/cli.ts';
import { type FakeEngine, fakeEngine } from '../helpers/fake-engine.ts';

beforeAll(freshDist);

type Env = Record<string, string | undefined>;

async function engine(kind?: Parameters<typeof fakeEngine>[0]): Promise<FakeEngine> {
  const fake = await fakeEngine(kind);
  onTestFinished(() => fake.close());
  return fake;
}

/** A folder of programs, as the only one on the PATH. */
async function programs(scripts: Record<string, string>): Promise<string> {
  const folder = path.join(await openFolder(), 'bin');
  await mkdir(folder);
  for (const [name, script] of Object.entries(scripts)) {
    await writeFile(path.join(folder, name), `#!/bin/sh\n${script}\n`);
    await chmod(path.join(folder, name), 0o755);
  }
  return folder;
}

const NO_COMPOSE = `echo "docker: 'compose' is not a docker command." >&2; exit 1`;
const OLD_COMPOSE = 'echo 2.6.0';
const NO_CONTEXT = 'echo "context \\"$3\\": context not found: open meta.json" >&2; exit 1';

/** An environment that can't be used: how it is made, the sentence that names it, the next step. */
const CASES: [string, () => Promise<Env>, RegExp, RegExp][] = [
  [
    'no engine',
    async () => ({ DOCKER_HOST: 'unix:///nowhere.sock' }),
    /^No Docker engine answers at unix:\/\/\/nowhere\.sock \(from DOCKER_HOST\)\.$/,
    /^Start Docker Desktop, or the engine: .* unset DOCKER_HOST\.$/,
  ],
  [
    'an engine that hangs',
    async () => (await engine('hanging')).env,
    /^The Docker engine at .* does not answer: no answer within 4 s\.$/,
    /^Look at: docker info\.$/,
  ],
  [
    'something else at the socket',
    async () => (await engine('web page')).env,
    /^What answers at .* is not a Docker engine\.$/,
    /unset DOCKER_HOST/,
  ],
  [
    'an engine behind ssh',
    async () => ({ DOCKER_HOST: 'ssh://me@far' }),
    /^Docker is set to another machine, ssh:\/\/me@far \(from DOCKER_HOST\), and .* over ssh\.$/,
    /^Use the engine of this machine\. .*unset DOCKER_HOST\.$/,
  ],
  [
    'an address that is none',
    async () => ({ DOCKER_HOST: 'http://[bad' }),
    /^"http:\/\/\[bad" \(from DOCKER_HOST\) is not the address of a Docker engine\.$/,
    /unix:\/\/\/var\/run\/docker\.sock/,
  ],
  [
    'a context that is gone',
    async () => ({
      DOCKER_CONTEXT: 'gone',
      PATH: `${await programs({ docker: NO_CONTEXT })}:${process.env.PATH}`,
    }),
    /^There is no Docker context "gone", which DOCKER_CONTEXT names\.$/,
    /^See docker context ls\. .*unset DOCKER_CONTEXT\.$/,
  ],
  [
    'a context whose engine is dead',
    async () => ({
      DOCKER_CONTEXT: 'dead',
      PATH: `${await programs({ docker: 'echo unix:///dead.sock' })}:${process.env.PATH}`,
    }),
    /^No Docker engine answers at unix:\/\/\/dead\.sock \(from docker context "dead"\)\.$/,
    /docker context use default\.$/,
  ],
  [
    'no docker command',
    async () => ({ ...(await engine()).env, PATH: await programs({ bash: 'exit 0' }) }),
    /^There is no docker command on your PATH\.$/,
    /^Install the Docker CLI with its Compose plugin: https:/,
  ],
  [
    'no bash',
    async () => ({ ...(await engine()).env, PATH: await programs({ docker: 'echo 2.30.0' }) }),
    /^There is no bash on your PATH/,
    /^Install bash\./,
  ],
  [
    'no Compose plugin, or only version 1',
    async () => ({
      ...(await engine()).env,
      PATH: await programs({ docker: NO_COMPOSE, 'docker-compose': 'echo 1.29', bash: 'exit 0' }),
    }),
    /^The docker command has no Compose plugin: "docker compose" does not work here\.$/,
    /^Install the package docker-compose-plugin\. .*version 1/,
  ],
  [
    'a Compose that is too old',
    async () => ({ ...(await engine()).env, PATH: await programs({ docker: OLD_COMPOSE, bash: 'exit 0' }) }),
    /^Docker Compose 2\.6\.0 is too old: 2\.20 or later is needed\.$/,
    /^Update Docker Desktop/,
  ],
];

describe('an environment that can not be used: run says it in one sentence, the next step, and exit code 3', () => {
  it.each(CASES)('%s', async (_, make, message, next) => {
    const env = await make();
    const dir = path.join(await openFolder(), 'solutions');
    const { exitCode, stdout, stderr } = await runCli(['run', '--json', '--lab', 'docker', '--dir', dir], {
      env,
    });
    expect(exitCode).toBe(3);
    const said = JSON.parse(stdout);
    expect(said).toMatchObject({ schema: 'walkthrough/error/v1', exitCode: 3 });
    expect(said.message).toMatch(message);
    expect(said.next).toMatch(next);
    expect(stderr).not.toMatch(/\n {4}at |bug/);
  });

  it.each(CASES.filter(([name]) => /^no |gone/.test(name)))(
    'doctor, too: %s',
    async (_, make, message, next) => {
      const { exitCode, stdout, stderr } = await runCli(['doctor', '--json', '--lab', 'docker'], {
        env: await make(),
      });
      expect({ exitCode, stderr }).toEqual({ exitCode: 3, stderr: '' });
      const { lines, ok } = JSON.parse(stdout);
      const problems = lines.flatMap((line: { problem?: object }) => line.problem ?? []);
      expect(ok).toBe(false);
      expect(problems).toContainEqual(
        expect.objectContaining({
          message: expect.stringMatching(message),
          next: expect.stringMatching(next),
        }),
      );
    },
  );
});

describe('without an engine', () => {
  const env = { DOCKER_HOST: 'unix:///nowhere.sock' };

  it('check gives findings of state error, outcome unusable and exit code 3', async () => {
    const { exitCode, stdout } = await runCli(['--lab', 'docker', 'check', '--json'], { env });
    const { outcome, lessons } = JSON.parse(stdout);
    expect({ exitCode, outcome }).toEqual({ exitCode: 3, outcome: 'unusable' });
    expect(lessons.map((lesson: { state: string }) => lesson.state)).toContain('error');
    const two = lessons.find((lesson: { id: string }) => lesson.id === 'docker');
    for (const check of two.checks) expect(check).toMatchObject({ state: 'error', mistake: 'no-engine' });
  });

  it('check still judges what needs none: files', async () => {
    const { exitCode, stdout } = await runCli(['--lab', 'docker', 'check', '4', '--json'], { env });
    expect({ exitCode, outcome: JSON.parse(stdout).outcome }).toEqual({ exitCode: 1, outcome: 'failed' });
  });

  it('check and status end with the reason and the next step, not with a wall of findings', async () => {
    for (const verb of ['check', 'status']) {
      const { exitCode, stdout } = await runCli(['--lab', 'docker', verb], { env });
      expect(exitCode).toBe(3);
      expect(stdout).toMatch(
        /\nNo Docker engine answers at .*\.\nStart Docker Desktop.*\n(The folder .*\n)?$/,
      );
    }
  });

  it('status does not say that a step does not hold when nobody could look', async () => {
    const { stdout } = await runCli(['--lab', 'docker', 'status'], { env });
    expect(stdout).toMatch(/^ 1 {2}does not hold/m);
    expect(stdout).toMatch(/^ 7 {2}can't be told/m);
  });

  it('status is one document with outcome unusable', async () => {
    const { exitCode, stdout } = await runCli(['--lab', 'docker', 'status', '--json'], { env });
    expect(exitCode).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ schema: 'walkthrough/result/v1', outcome: 'unusable' });
  });

  it('reset removes nothing, and says so', async () => {
    const dir = await openFolder();
    await writeFile(path.join(dir, 'inventory.sql'), 'mine');
    const { exitCode, stderr } = await runCli(['--lab', 'docker', 'reset', '--yes', '--dir', dir], { env });
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/^No Docker engine answers .*\n.*Nothing was removed\.\n$/);
  });

  it('the walk runs unattended where stdin is no terminal, says so in its first line, and has its exit code', async () => {
    const { exitCode, stdout, stderr } = await runCli(['--lab', 'docker'], { env, cwd: await openFolder() });
    expect(exitCode).toBe(3);
    expect(stdout).toMatch(/^There is no terminal on stdin, so the walk runs unattended\.\n/);
    expect(stderr).toMatch(/^No Docker engine answers/);
  });
});

describe('rights', () => {
  it.skipIf(!isRoot)('no permission on the socket', async () => {
    const folder = await openFolder();
    const socket = path.join(folder, 'docker.sock');
    const server = net.createServer().listen(socket);
    onTestFinished(() => void server.close());
    await new Promise((resolve) => server.once('listening', resolve));
    await chmod(socket, 0o600);
    const program = await copyProgram();
    const env = { DOCKER_HOST: `unix://${socket}`, HOME: folder };
    const who = { env, program, uid: STRANGER, gid: STRANGER };
    const { exitCode, stderr } = await runCli(['--lab', 'docker', 'reset', '--yes'], who);
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(
      /^You have no permission to use the Docker socket .*\.\nAdd yourself to the group docker/,
    );
    const doctor = await runCli(['--lab', 'docker', 'doctor'], who);
    expect(doctor.exitCode).toBe(3);
    expect(doctor.stdout).toContain(stderr.split('\n')[0]);
  });

  it('HOME unset is no problem', async () => {
    const { env } = await engine();
    const { exitCode, stderr } = await runCli(['--lab', 'docker', 'check', '1'], {
      env: { ...env, HOME: undefined, XDG_RUNTIME_DIR: undefined },
    });
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: '' });
  });
});
