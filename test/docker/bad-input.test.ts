import { execFile, execFileSync } from 'node:child_process';
import { chmod, chown, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { copyProgram, freshDist, isRoot, openFolder, runCli, STRANGER, startCli } from '../helpers/cli.ts';
import { type OwnCourse, ownCourse } from '../helpers/own-course.ts';

const SOCKET = '/var/run/docker.sock';
const IMAGE = 'postgres:14';

let own: OwnCourse;
let base: string[];
beforeAll(async () => {
  await freshDist();
  own = await ownCourse();
  // Another user must get into it, too.
  await chmod(path.dirname(own.course), 0o755);
  base = ['--lab', 'docker', '--course', own.course, '--dir', own.workspace];
});
afterAll(async () => {
  await docker('rm', '-f', '-v', own.leader, own.follower).catch(() => {});
  await own.remove();
});

async function docker(...args: string[]): Promise<string> {
  return (await promisify(execFile)('docker', args)).stdout.trim();
}

/** A container of somebody else, gone after the test. Returns its id. */
async function stranger(...args: string[]): Promise<string> {
  let id = '';
  onTestFinished(async () => {
    if (id !== '') await docker('rm', '-f', '-v', id);
  });
  id = await docker('run', '-d', ...args, IMAGE, 'sleep', '300');
  return id;
}

const running = (id: string) => docker('inspect', '-f', '{{.State.Running}}', id);
const names = (problems: { id: string }[]) => problems.map((problem) => problem.id);

async function doctor(): Promise<{ id: string; message: string; next: string }[]> {
  const { exitCode, stdout } = await runCli(['doctor', '--json', ...base]);
  expect(exitCode).toBe(3);
  return JSON.parse(stdout).lines.flatMap((line: { problem?: object }) => line.problem ?? []);
}

describe('what is in the way, and belongs to somebody else', () => {
  it('a container of our name and another one on our port: named, never touched', async () => {
    const named = await stranger('--name', own.leader);
    const holder = await stranger('--name', `${own.leader}-port`, '-p', `${own.followerPort}:80`);
    const { exitCode, stderr } = await runCli(['run', ...base]);
    expect(exitCode).toBe(3);
    expect(stderr).toBe(
      [
        `The container "${own.leader}" is in the way: it is not from this folder, it belongs to no compose project.`,
        `This tool does not touch it. Look at it, and if you do not need it any more: docker rm -f ${own.leader}`,
        'If it is of another walk of yours, end that one: npx walkthrough reset --dir FOLDER',
        `Port ${own.followerPort}, which the follower needs, is taken by the container "${own.leader}-port".`,
        `Stop it, then try again: docker stop ${own.leader}-port`,
        '',
      ].join('\n'),
    );
    expect(names(await doctor())).toEqual(['foreign-container', 'port-taken']);
    const check = await runCli(['check', '7', ...base]);
    expect(check.exitCode).toBe(1);
    expect(check.stdout).toContain('belongs to no compose project');
    expect((await runCli(['reset', '--yes', ...base])).exitCode).toBe(0);
    expect(await Promise.all([named, holder].map(running))).toEqual(['true', 'true']);
  });

  it('a program on our port', async () => {
    const server = net.createServer().listen(own.leaderPort, '127.0.0.1');
    onTestFinished(() => void server.close());
    const { exitCode, stderr } = await runCli(['run', ...base]);
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(
      new RegExp(
        `^Port ${own.leaderPort}, which the leader needs, is taken by another program\\.\nStop it, then try again\\. To find it: `,
      ),
    );
    expect(names(await doctor())).toEqual(['port-taken']);
  });

  it('another folder with the same compose project: not touched by run, nor by reset, running or stopped', async () => {
    const project = path.basename(own.workspace);
    const other = path.join(await openFolder(), project);
    await mkdir(other);
    const services = `services: {leader: {image: "${IMAGE}", command: sleep 300, networks: [replication-net]}}`;
    await writeFile(path.join(other, 'docker-compose.yml'), `${services}\nnetworks: {replication-net: {}}\n`);
    const compose = (...args: string[]) =>
      promisify(execFile)('docker', ['compose', '--project-directory', other, ...args]);
    onTestFinished(
      () =>
        void execFileSync('docker', ['compose', '--project-directory', other, 'down', '-v', '-t', '0'], {
          stdio: 'ignore',
        }),
    );
    await compose('up', '-d');
    const look = async () =>
      `${await docker('ps', '-aq', '--filter', `label=com.docker.compose.project=${project}`)} ${await docker('network', 'ls', '-q', '--filter', `name=${project}`)}`;
    const before = await look();
    const { exitCode, stderr } = await runCli(['run', ...base]);
    expect(exitCode).toBe(3);
    expect(stderr).toBe(
      `The folder ${other} has the same compose project name, "${project}", and a container "${project}-leader-1".\nThis tool does not touch it. Choose a folder with another name: --dir.\n`,
    );
    expect((await runCli(['reset', '--yes', ...base])).exitCode).toBe(0);
    expect(await look()).toBe(before);
    await compose('stop', '-t', '0');
    expect((await runCli(['reset', '--yes', ...base])).exitCode).toBe(0);
    expect(await look()).toBe(before);
  });

  it('another compose project in the very same folder: reset leaves its containers alone', async () => {
    const id = await stranger(
      ...['--label', 'com.docker.compose.project=shop', '--label', 'com.docker.compose.service=web'],
      ...['--label', `com.docker.compose.project.working_dir=${own.workspace}`],
    );
    expect((await runCli(['reset', '--yes', ...base])).exitCode).toBe(0);
    expect(await running(id)).toBe('true');
  });
});

describe('an image that is not here and can not be pulled', () => {
  it('is said in one sentence with the cause; the step fails', async () => {
    const folder = await openFolder();
    const course = path.join(folder, 'course');
    execFileSync('cp', ['-r', own.course, course]);
    const file = path.join(course, 'course.yaml');
    // Nobody listens there, on any machine.
    const image = '127.0.0.1:1/postgres:14';
    await writeFile(file, (await readFile(file, 'utf8')).replace('image: postgres:14', `image: ${image}`));
    const dir = path.join(folder, `s${path.basename(folder).toLowerCase()}`);
    const args = ['--lab', 'docker', '--course', course, '--dir', dir];
    const { exitCode, stdout } = await runCli(['run', '--from', '2', '--to', '2', ...args]);
    expect(exitCode).toBe(1);
    expect(stdout).toContain(
      `The image ${image} can't be pulled: the registry can not be reached from here. Check the network, or load the image from a file: docker load -i FILE.\n`,
    );
    expect(stdout).toMatch(/\nStopped at step 2, "The PostgreSQL image"\. To go on from there: /);
    // The walk pulls it, so that it is missing is no problem of the machine yet.
    expect((await runCli(['doctor', ...args])).stdout).toContain(`${image}, not here yet: step 2 pulls it`);

    if (!isRoot) return;
    // Without the image there is no container that could remove what the server wrote.
    await mkdir(path.join(dir, 'leader-data/base'), { recursive: true });
    await chown(dir, STRANGER, STRANGER);
    await chown(path.join(dir, 'leader-data'), 999, 999);
    await chmod(path.join(dir, 'leader-data'), 0o700);
    const gid = (await stat(SOCKET)).gid;
    for (const name of ['.walkthrough']) execFileSync('chown', ['-R', `${STRANGER}`, path.join(dir, name)]);
    const reset = await runCli(['reset', '--yes', ...args], {
      ...{ uid: STRANGER, gid, program: await copyProgram(), env: { HOME: folder } },
    });
    expect(reset.exitCode).toBe(3);
    expect(reset.stderr).toMatch(
      /^The folder .*leader-data can't be removed: it belongs to the database server, and .*\nRemove it yourself, then reset again: sudo rm -rf '/,
    );
    expect(await readdir(path.join(dir, 'leader-data'))).toEqual(['base']);
  });
});

/** A way to the engine that can be closed under whoever uses it. */
async function proxy(): Promise<{ env: { DOCKER_HOST: string }; close(): void }> {
  const socket = path.join(await openFolder(), 'docker.sock');
  const open = new Set<net.Socket>();
  const server = net.createServer((client) => {
    const engine = net.connect(SOCKET);
    for (const end of [client, engine]) {
      open.add(end);
      end.on('error', () => {});
      end.on('close', () => {
        client.destroy();
        engine.destroy();
      });
    }
    client.pipe(engine).pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  const close = () => {
    server.close();
    for (const end of open) end.destroy();
  };
  onTestFinished(close);
  return { env: { DOCKER_HOST: `unix://${socket}` }, close };
}

describe('in the middle of a step', () => {
  it('the engine goes away: exit code 3 with the reason; the walk goes on where it stopped', async () => {
    const { env, close } = await proxy();
    const run = startCli(['run', '--to', '7', ...base], { env });
    await run.until(/^Running, .*\ndocker compose up -d$/m, 60_000);
    close();
    const { exitCode, stdout, stderr } = await run.done;
    expect({ exitCode, stderr }, stdout).toEqual({ exitCode: 3, stderr: '' });
    expect(stdout).toMatch(
      /No Docker engine answers at .*\nStart Docker Desktop.*\nStopped at step 7, "Both servers, once"\. To go on from there: npx walkthrough run --from 7 --dir .*\n$/,
    );
    const status = await runCli(['status', ...base], { env });
    expect(status.exitCode).toBe(3);
    expect(status.stdout).toContain('You are at step 7');
  });

  it('kill -9, then again from there', async () => {
    const run = startCli(['run', '--from', '7', '--to', '7', ...base]);
    await run.until(/^Running, .*\ndocker compose up -d$/m, 60_000);
    run.child.kill('SIGKILL');
    await run.done;
    const again = await runCli(['run', '--from', '7', '--to', '7', ...base]);
    expect(again.exitCode, again.stdout + again.stderr).toBe(0);
  });

  it('reset takes all of it, and a second one finds nothing', async () => {
    const first = await runCli(['reset', '--yes', '--json', ...base]);
    expect(first.exitCode, first.stderr).toBe(0);
    const { removed, kept } = JSON.parse(first.stdout);
    expect(removed).toEqual(expect.arrayContaining([`container ${own.leader}`, 'folder leader-data']));
    expect(kept).toEqual([]);
    const second = await runCli(['reset', '--yes', '--json', ...base]);
    expect(JSON.parse(second.stdout)).toEqual({ schema: 'walkthrough/reset/v1', removed: [], kept: [] });
    expect(await stat(own.workspace).catch(() => 'gone')).toBe('gone');
  });
});

describe.skipIf(!isRoot)(
  'a user of the group docker, in a folder with blanks, quotes and other letters',
  () => {
    it('walks over left-over data of the servers, and resets it, although its own shell can not look into it', async () => {
      const home = await openFolder();
      await chown(home, STRANGER, STRANGER);
      const dir = path.join(home, `Ordner "ü" d'été 学習 $HOME/${path.basename(own.workspace)} 2`);
      const args = ['--lab', 'docker', '--course', own.course, '--dir', dir];
      const who = {
        uid: STRANGER,
        gid: (await stat(SOCKET)).gid,
        program: await copyProgram(),
        env: { HOME: home },
      };
      onTestFinished(async () => {
        await docker('rm', '-f', '-v', own.leader, own.follower).catch(() => {});
        await docker('network', 'rm', `${path.basename(own.workspace)}2_replication-net`).catch(() => {});
        await rm(home, { recursive: true, force: true });
      });
      await mkdir(dir, { recursive: true });
      await writeFile(path.join(dir, 'thesis.txt'), 'mine');
      for (const folder of [path.dirname(dir), dir]) await chown(folder, STRANGER, STRANGER);

      const first = await runCli(['run', ...args], who);
      expect(first.exitCode, first.stdout + first.stderr).toBe(0);
      expect(await stat(path.join(dir, 'leader-data'))).toMatchObject({ uid: 999, mode: 0o40700 });
      // The containers are gone, the data is not: the usual state on the next day.
      await docker('rm', '-f', '-v', own.leader, own.follower);
      const again = await runCli(['run', '--from', '7', '--to', '7', ...args], who);
      expect(again.exitCode, again.stdout + again.stderr).toBe(0);

      const reset = await runCli(['reset', '--yes', ...args], who);
      expect(reset.exitCode, reset.stderr).toBe(0);
      expect(reset.stdout).toContain('Removed folder follower-data.');
      expect(await readdir(dir)).toEqual(['thesis.txt']);
    });
  },
);
