import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openEngine } from '../../../../src/lab/sandbox/engine/engine.ts';
import type { Container, ContainerSpec, Engine } from '../../../../src/lab/sandbox/engine/types.ts';
import { type RunOptions, runInside } from '../../../../src/lab/sandbox/inside/run.ts';
import { Box } from './box.ts';

let box: Box;
let engine: Engine;
let container: Container;

beforeEach(async () => {
  box = new Box();
  mkdirSync(box.here('cache'));
  engine = openEngine(box.workspace, { ...process.env, XDG_CACHE_HOME: box.here('cache') });
  const spec: ContainerSpec = {
    name: 'leader',
    service: 'leader',
    project: 'p',
    hostname: 'leader-host',
    image: 'postgres:14',
    command: ['postgres'],
    env: { POSTGRES_PASSWORD: 'secret' },
    mounts: [
      ...box.mounts.slice(1),
      { type: 'volume', source: 'p_data', target: '/var/lib/postgresql/data', readOnly: false },
    ],
    ports: [],
    networks: [{ name: 'p_net', aliases: ['leader'] }],
    restart: 'no',
    configHash: '',
  };
  container = await engine.create(spec);
});
afterEach(() => box.remove());

async function run(argv: string[], change: Partial<RunOptions> = {}) {
  const text = { stdout: '', stderr: '' };
  const sink = (name: 'stdout' | 'stderr') =>
    new PassThrough().on('data', (piece: Buffer) => {
      text[name] += piece.toString('utf8');
    });
  const code = await runInside({
    engine,
    container,
    spec: null,
    argv,
    user: null,
    env: {},
    workdir: null,
    stdin: new PassThrough().end(),
    stdout: sink('stdout'),
    stderr: sink('stderr'),
    terminal: false,
    signal: new AbortController().signal,
    ...change,
  });
  await new Promise((resolve) => setImmediate(resolve));
  return { code, ...text };
}

it('gives a program the environment of the image, the container and the command', async () => {
  const { stdout } = await run(['env'], { env: { PGPASSWORD: 'x', LANG: 'C' }, user: 'postgres' });
  expect(stdout.split('\n')).toEqual(
    expect.arrayContaining([
      'PGDATA=/var/lib/postgresql/data',
      'PG_MAJOR=14',
      'POSTGRES_PASSWORD=secret',
      'PGPASSWORD=x',
      'LANG=C',
      'HOME=/var/lib/postgresql',
      'HOSTNAME=leader-host',
    ]),
  );
  expect((await run(['pwd'])).stdout).toBe('/\n');
  expect((await run(['sh', '-c', 'echo $HOME'], { user: '0:0' })).stdout).toBe('/root\n');
});

it('runs it as the user that was asked for', async () => {
  expect((await run(['whoami'])).stdout).toBe('root\n');
  expect((await run(['id'], { user: 'postgres' })).stdout).toBe(
    'uid=999(postgres) gid=999(postgres) groups=999(postgres)\n',
  );
  expect((await run(['id', '-u'], { user: '999' })).stdout).toBe('999\n');
  expect(await run(['id'], { user: 'foo' })).toEqual({
    code: 126,
    stdout: '',
    stderr: 'unable to find user foo: no matching entries in passwd file\n',
  });
});

it('finds programs by their paths, and the files of a volume', async () => {
  expect(
    (
      await run(['/bin/sh', '-c', 'echo 14 > PG_VERSION; /usr/bin/cat PG_VERSION'], {
        workdir: '/var/lib/postgresql/data',
      })
    ).stdout,
  ).toBe('14\n');
  const volume = path.join(box.workspace, '.walkthrough/sandbox/volumes/p_data/PG_VERSION');
  expect(readFileSync(volume, 'utf8')).toBe('14\n');
});

it('says that a working folder is not there', async () => {
  expect(await run(['pwd'], { workdir: '/nope' })).toMatchObject({
    code: 126,
    stderr: expect.stringContaining(
      'chdir to cwd ("/nope") set in config.json failed: no such file or directory',
    ),
  });
  expect((await run(['pwd'], { workdir: '/output' })).stdout).toBe('/output\n');
});

it('refuses a program that it does not know, and a shell for typing into', async () => {
  expect(await run(['vim'])).toMatchObject({
    code: 125,
    stderr: expect.stringMatching(/^the sandbox does not know the program vim\n.*--lab docker/),
  });
  expect(await run(['bash'], { terminal: true })).toMatchObject({
    code: 125,
    stderr: expect.stringMatching(/^the sandbox knows no shell for typing into/),
  });
});

it('makes no new container for a program that can not be started in it', async () => {
  const { spec } = container;
  await expect(run(['id'], { container: null, spec, user: 'foo' })).rejects.toThrow(
    'unable to find user foo: no matching entries in passwd file',
  );
  await expect(run(['pwd'], { container: null, spec, workdir: 'nope' })).rejects.toThrow(
    "the working directory 'nope' is invalid, it needs to be an absolute path",
  );
});

it('runs a program of docker run with the mounts and networks that it is given', async () => {
  const spec = { ...container.spec, name: '', mounts: [box.mount('out', '/d')] };
  expect(
    (
      await run(['sh', '-c', 'touch /d/x; find /d -mindepth 1 -delete; ls -A /d; ls /'], {
        container: null,
        spec,
      })
    ).stdout,
  ).toBe('d\n');
});
