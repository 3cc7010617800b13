import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { beforeEach, describe, expect, it } from 'vitest';
import { MemoryEngine, run, specOf } from './memory-engine.ts';

let engine: MemoryEngine;
beforeEach(async () => {
  engine = new MemoryEngine();
  await engine.createNetwork('solutions_replication-net', 'solutions');
  const { id } = await engine.create(
    specOf({
      mounts: [
        { type: 'bind', source: path.join(engine.workspace, 'data'), target: '/data', readOnly: false },
      ],
    }),
  );
  mkdirSync(path.join(engine.workspace, 'data'));
  await engine.start(id);
});

const docker = (...words: string[]) => run(engine, words);
const exec = (...words: string[]) => docker('exec', ...words);

describe('docker exec', () => {
  it('runs a program with the user, the environment and the folder that it was given', async () => {
    expect(await exec('-u', 'postgres', 'leader', 'whoami')).toEqual({
      code: 0,
      stdout: 'postgres\n',
      stderr: '',
    });
    expect((await exec('leader', 'whoami')).stdout).toBe('root\n');
    expect((await exec('-w', '/data', 'leader', 'pwd')).stdout).toBe('/data\n');
    const { stdout } = await run(engine, ['exec', '-e', 'A=1', '-e', 'B', '-e', 'C', 'leader', 'env'], {
      env: { B: '2' },
    });
    expect(stdout.split('\n')).toEqual(expect.arrayContaining(['A=1', 'B=2', 'POSTGRES_USER=postgres']));
    expect(stdout).not.toMatch(/^C=/m);
    expect((await exec('leader', 'sh', '-c', 'exit 3')).code).toBe(3);
  });

  it('makes changed files known to the servers first', async () => {
    engine.asked.length = 0;
    await exec('leader', 'true');
    expect(engine.asked).toEqual(['refresh']);
  });

  it('gives stdin only with -i', async () => {
    const stdin = () => Readable.from(['from here\n']);
    expect((await run(engine, ['exec', '-i', 'leader', 'cat'], { stdin: stdin() })).stdout).toBe(
      'from here\n',
    );
    expect((await run(engine, ['exec', 'leader', 'cat'], { stdin: stdin() })).stdout).toBe('');
    await run(engine, ['exec', '-i', 'leader', 'tee', '-a', '/data/x'], { stdin: stdin() });
    expect(readFileSync(path.join(engine.workspace, 'data', 'x'), 'utf8')).toBe('from here\n');
  });

  it('is refused in the words of docker', async () => {
    const { id = '' } = (await engine.find('leader')) ?? {};
    const error = (code: number, message: string) => ({ code, stdout: '', stderr: `${message}\n` });
    expect(await exec('nope', 'id')).toEqual(error(1, 'Error response from daemon: No such container: nope'));
    expect(await exec('-it', 'nope', 'id')).toEqual(
      error(1, 'Error response from daemon: No such container: nope'),
    );
    expect(await exec('-it', 'leader', 'id')).toEqual(error(1, 'the input device is not a TTY'));
    expect((await exec('-t', 'leader', 'true')).code).toBe(0);
    expect(await exec('-u', 'nosuch', 'leader', 'id')).toEqual(
      error(126, 'unable to find user nosuch: no matching entries in passwd file'),
    );
    engine.set('leader', { status: 'restarting' });
    expect(await exec('leader', 'id')).toEqual(
      error(
        1,
        `Error response from daemon: Container ${id} is restarting, wait until the container is running`,
      ),
    );
    engine.set('leader', { status: 'exited' });
    expect(await exec('leader', 'id')).toEqual(
      error(1, `Error response from daemon: Container ${id} is not running`),
    );
  });

  it('does not leave anything running', async () => {
    expect(await exec('-d', 'leader', 'sleep', '1')).toMatchObject({
      code: 125,
      stderr: expect.stringMatching(/^the sandbox does not know the option --detach of docker exec\n/),
    });
  });

  it('ends with 130 at Ctrl-C', async () => {
    const control = new AbortController();
    const sleeping = run(engine, ['exec', 'leader', 'sleep', '5'], { signal: control.signal });
    setTimeout(() => control.abort(), 100);
    expect((await sleeping).code).toBe(130);
  });
});

describe('docker run', () => {
  it('runs a program over a mounted folder of the workspace, which it makes where it is missing', async () => {
    const { code, stdout } = await docker(
      'run',
      '--rm',
      '-v',
      `${engine.workspace}/new:/output`,
      'postgres:14',
      'sh',
      '-c',
      'echo hello > /output/file; ls /output',
    );
    expect([code, stdout]).toEqual([0, 'file\n']);
    expect(existsSync(path.join(engine.workspace, 'new', 'file'))).toBe(true);
  });

  it('takes the entrypoint that it is given', async () => {
    expect((await docker('run', '--rm', '--entrypoint', 'echo', 'postgres:14', 'a')).stdout).toBe('a\n');
  });

  it.each([
    [['--network', 'nope', 'postgres:14', 'true'], 'network nope not found'],
    [
      ['--name', 'leader', 'postgres:14', 'true'],
      'Conflict. The container name "/leader" is already in use by container "',
    ],
    [['-v', './a:b', 'postgres:14', 'true'], "invalid volume specification: './a:b': "],
    [['-v', './a:/d', '-v', './b:/d', 'postgres:14', 'true'], 'Duplicate mount point: /d'],
    [['-u', 'foo', 'postgres:14', 'true'], 'unable to find user foo: no matching entries in passwd file'],
  ])('%j is refused by the engine', async (words, message) => {
    const { code, stderr } = await docker('run', '--rm', ...words);
    expect(code).toBe(125);
    expect(stderr.startsWith(`docker: Error response from daemon: ${message}`)).toBe(true);
    expect(stderr.endsWith("\n\nRun 'docker run --help' for more information\n")).toBe(true);
  });

  it.each([
    [['postgres:15', 'true'], 'the sandbox does not know the image postgres:15: it runs PostgreSQL 14 only'],
    [['alpine', 'true'], 'the sandbox does not know the image alpine: it runs PostgreSQL 14 only'],
    [['postgres:14'], 'the sandbox does not start a server with docker run'],
    [['postgres:14', 'postgres', '-c', 'x=y'], 'the sandbox does not start a server with docker run'],
    [['-d', 'postgres:14', 'true'], 'the sandbox does not know the option --detach of docker run'],
    [['--network', 'host', 'postgres:14', 'true'], 'the sandbox does not know the network host'],
    [['-v', '/etc:/d', 'postgres:14', 'true'], 'the sandbox does not mount /etc: it stays in the workspace'],
  ])('%j is refused by the sandbox', async (words, message) => {
    const { code, stderr } = await docker('run', '--rm', ...words);
    expect([code, stderr.split('\n')[0]]).toEqual([125, message]);
  });
});
