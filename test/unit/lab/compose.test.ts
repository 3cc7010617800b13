import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { composeReader as cachedReader } from '../../../src/lab/compose-source.ts';
import { resolveByCompose } from '../../../src/lab/docker/compose.ts';
import { temporaryFolder } from '../learn/temp-folder.ts';

let workspace = '';
let bin = '';
let env: NodeJS.ProcessEnv = {};

beforeEach(async () => {
  const folder = await temporaryFolder();
  workspace = path.join(folder, 'solutions');
  bin = path.join(folder, 'bin');
  await mkdir(workspace);
  await mkdir(bin);
  env = { PATH: `${bin}:/usr/bin:/bin`, MARK: 'from the lab' };
});

const composeReader = (folder: string, environment: NodeJS.ProcessEnv) =>
  cachedReader(folder, () => resolveByCompose(folder, environment));

/** A docker command that notes how it was called and then does `body`. */
async function fakeDocker(body: string): Promise<void> {
  const note = `echo "$* in $(pwd) with $MARK" >> "${path.join(bin, 'calls')}"`;
  await writeFile(path.join(bin, 'docker'), `#!/bin/sh\n${note}\n${body}\n`);
  await chmod(path.join(bin, 'docker'), 0o755);
}

const calls = async () =>
  (await readFile(path.join(bin, 'calls'), 'utf8').catch(() => '')).split('\n').filter(Boolean);
const writeCompose = (text: string, name = 'docker-compose.yml') =>
  writeFile(path.join(workspace, name), text);
const fails = (stderr: string, code = 1) => `cat >&2 <<'END'\n${stderr}\nEND\nexit ${code}`;

describe('the compose file', () => {
  it('is missing until there is one, and docker is not asked', async () => {
    await fakeDocker('echo {}');
    const read = composeReader(workspace, env);
    expect(await read()).toEqual({ state: 'missing' });
    expect(await calls()).toEqual([]);
    await writeCompose('services: {}');
    expect(await read()).toEqual({ state: 'ok', config: {} });
  });

  it('is resolved by Compose, in the workspace and with the lab’s environment', async () => {
    await fakeDocker(`echo '{"name":"solutions","services":{"leader":{"image":"postgres:14"}}}'`);
    await writeCompose('services: {}');
    expect(await composeReader(workspace, env)()).toEqual({
      state: 'ok',
      config: { name: 'solutions', services: { leader: { image: 'postgres:14' } } },
    });
    expect(await calls()).toEqual([`compose config --format json in ${workspace} with from the lab`]);
  });

  it('has each dollar once, which Compose prints twice', async () => {
    const leader = { volumes: [{ source: '/home/a$$b/leader-data' }], environment: { A: 'x$$$$y', B: null } };
    await fakeDocker(`cat <<'END'\n${JSON.stringify({ services: { leader } })}\nEND`);
    await writeCompose('services: {}');
    const meant = { volumes: [{ source: '/home/a$b/leader-data' }], environment: { A: 'x$$y', B: null } };
    expect(await composeReader(workspace, env)()).toEqual({
      state: 'ok',
      config: { services: { leader: meant } },
    });
  });

  it.each(['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml'])(
    'may be called %s',
    async (name) => {
      await fakeDocker('echo {}');
      await writeCompose('services: {}', name);
      expect((await composeReader(workspace, env)()).state).toBe('ok');
    },
  );

  it('is resolved once, and again only when it, its variables or its name change', async () => {
    await fakeDocker('echo {}');
    await writeCompose('services: {}');
    const read = composeReader(workspace, env);
    const countAfter = async (change: () => Promise<unknown>) => {
      await change();
      await read();
      await read();
      return (await calls()).length;
    };
    expect(await countAfter(async () => {})).toBe(1);
    expect(await countAfter(() => writeCompose('services: {} # changed'))).toBe(2);
    expect(await countAfter(() => writeFile(path.join(workspace, '.env'), 'A=1'))).toBe(3);
    expect(await countAfter(() => writeFile(path.join(workspace, 'notes.txt'), 'x'))).toBe(3);
    expect(await countAfter(() => writeCompose('services: {} # changed', 'compose.yaml'))).toBe(4);
  });

  it('that is gone is missing, although it was resolved before', async () => {
    await fakeDocker('echo {}');
    await writeCompose('services: {}');
    const read = composeReader(workspace, env);
    expect((await read()).state).toBe('ok');
    await rm(path.join(workspace, 'docker-compose.yml'));
    expect((await read()).state).toBe('missing');
  });

  it('that is wrong is invalid, in Compose’s own words, and that answer is kept too', async () => {
    await fakeDocker(
      fails(
        'time="2026-12-01T10:00:00Z" level=warning msg="the attribute `version` is obsolete"\nservices.leader.ports must be a list',
        15,
      ),
    );
    await writeCompose('services: {}');
    const read = composeReader(workspace, env);
    expect(await read()).toEqual({ state: 'invalid', message: 'services.leader.ports must be a list' });
    await read();
    expect(await calls()).toHaveLength(1);
  });
});

describe('a machine without Compose', () => {
  it.each([
    ['says so', "docker: 'compose' is not a docker command.\nSee 'docker --help'"],
    [
      'says so in a newer release',
      'docker: unknown command: docker compose\n\nRun docker --help for more information',
    ],
    ['stumbles over an option', "unknown shorthand flag: 'f' in -f\nSee 'docker --help'."],
    // Printed by docker 28.2.2 for exactly this call, when it has no such plugin.
    [
      'stumbles over --format',
      "unknown flag: --format\n\nUsage:  docker [OPTIONS] COMMAND [ARG...]\n\nRun 'docker --help' for more information",
    ],
  ])('that %s is not the learner’s fault, and is asked again', async (_, stderr) => {
    await fakeDocker(fails(stderr, 125));
    await writeCompose('services: {}');
    const read = composeReader(workspace, env);
    expect(await read()).toMatchObject({ state: 'unknown' });
    await fakeDocker('echo {}');
    expect(await read()).toEqual({ state: 'ok', config: {} });
  });

  it('or without docker is not the learner’s fault either', async () => {
    await writeCompose('services: {}');
    const state = await composeReader(workspace, { PATH: bin })();
    expect(state).toMatchObject({ state: 'unknown', message: expect.stringContaining('docker') });
  });

  it.each([
    ['ended by a signal', 'kill -9 $$'],
    ['prints something else than JSON', 'echo name: solutions'],
  ])('whose command is %s says nothing of the file', async (_, body) => {
    await fakeDocker(body);
    await writeCompose('services: {}');
    expect(await composeReader(workspace, env)()).toMatchObject({ state: 'unknown' });
  });
});
