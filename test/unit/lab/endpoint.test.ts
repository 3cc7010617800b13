import { statSync } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { projectNameOf } from '../../../src/course/project-name.ts';
import {
  clientOptions,
  findEndpoint,
  publishedHost,
  wellKnownSockets,
} from '../../../src/lab/docker/endpoint.ts';
import { versionAtLeast } from '../../../src/lab/docker/ready.ts';
import { temporaryFolder } from '../learn/temp-folder.ts';

/** A machine of its own: a docker command that knows one context, and a configuration that may name it. */
async function machine(currentContext?: string): Promise<NodeJS.ProcessEnv> {
  const folder = await temporaryFolder();
  const script = [
    '#!/bin/sh',
    'test "$1 $2 $4 $5" = "context inspect --format {{.Endpoints.docker.Host}}" || exit 64',
    'test "$3" = colima && echo unix:///home/you/.colima/docker.sock && exit 0',
    'echo "context not found: $3" >&2',
    'exit 1',
  ];
  await mkdir(path.join(folder, 'bin'));
  await writeFile(path.join(folder, 'bin/docker'), script.join('\n'));
  await chmod(path.join(folder, 'bin/docker'), 0o755);
  await mkdir(path.join(folder, 'config'));
  if (currentContext !== undefined) {
    await writeFile(path.join(folder, 'config/config.json'), JSON.stringify({ auths: {}, currentContext }));
  }
  return { PATH: `${path.join(folder, 'bin')}:/usr/bin:/bin`, DOCKER_CONFIG: path.join(folder, 'config') };
}

const COLIMA = {
  url: 'unix:///home/you/.colima/docker.sock',
  foundBy: 'docker context "colima"',
  tellCli: false,
};
const DEFAULT = { url: 'unix:///var/run/docker.sock', foundBy: 'default socket', tellCli: false };

describe('the endpoint', () => {
  it('is DOCKER_HOST before anything else', async () => {
    const env = {
      ...(await machine('colima')),
      DOCKER_HOST: 'tcp://10.0.0.5:2375',
      DOCKER_CONTEXT: 'colima',
    };
    expect(await findEndpoint(env)).toEqual({
      url: 'tcp://10.0.0.5:2375',
      foundBy: 'DOCKER_HOST',
      tellCli: false,
    });
  });

  it('is that of the current context', async () => {
    expect(await findEndpoint(await machine('colima'))).toEqual(COLIMA);
  });

  it('is that of DOCKER_CONTEXT before the current context', async () => {
    expect(await findEndpoint({ ...(await machine('default')), DOCKER_CONTEXT: 'colima' })).toEqual(COLIMA);
  });

  it('takes an empty variable for one that is not set, as the CLI does', async () => {
    expect(await findEndpoint({ ...(await machine('colima')), DOCKER_CONTEXT: '', DOCKER_HOST: '' })).toEqual(
      COLIMA,
    );
  });

  it.each<[string, string | undefined]>([
    ['there is no configuration', undefined],
    ['the context is the default one', 'default'],
  ])('falls back to the default socket when %s', async (_, context) => {
    const env = await machine(context);
    const found = await findEndpoint(env);
    // Where there is no default socket, another engine of this machine may be found: then that is the rule.
    if (socketAt('/var/run/docker.sock')) expect(found).toEqual(DEFAULT);
    else expect(['default socket', 'well-known socket']).toContain(found.foundBy);
  });

  it.each<[string, Record<string, string>, string]>([
    ['your Docker configuration', {}, 'removed'],
    ['DOCKER_CONTEXT', { DOCKER_CONTEXT: 'typo' }, 'typo'],
  ])('is none when %s names a context that is gone: no docker command would work', async (by, more, name) => {
    const found = await findEndpoint({ ...(await machine('removed')), ...more });
    expect(found).toEqual({ url: '', foundBy: by, tellCli: false, missingContext: name });
    expect(clientOptions(found.url)).toBeNull();
  });

  it('survives a configuration that is not JSON', async () => {
    const env = await machine();
    await writeFile(path.join(env.DOCKER_CONFIG ?? '', 'config.json'), '{ broken');
    expect((await findEndpoint(env)).url).toMatch(/^unix:\/\//);
  });

  it('is a well-known socket where the default one is not, and the CLI is told then', async () => {
    const folder = await temporaryFolder();
    const server = net.createServer().listen(path.join(folder, 'docker.sock'));
    onTestFinished(() => void server.close());
    const found = await findEndpoint({ ...(await machine()), XDG_RUNTIME_DIR: folder });
    expect(found).toEqual(
      socketAt('/var/run/docker.sock')
        ? DEFAULT
        : { url: `unix://${folder}/docker.sock`, foundBy: 'well-known socket', tellCli: true },
    );
  });

  it('tries the well-known sockets in this order', () => {
    expect(wellKnownSockets({ XDG_RUNTIME_DIR: '/run/user/1000' }, '/home/you', 1000)).toEqual([
      '/run/user/1000/docker.sock',
      '/home/you/.docker/run/docker.sock',
      '/home/you/.docker/desktop/docker.sock',
      '/run/user/1000/docker.sock',
      '/home/you/.colima/default/docker.sock',
      '/home/you/.orbstack/run/docker.sock',
      '/run/user/1000/podman/podman.sock',
    ]);
    expect(wellKnownSockets({}, '/Users/you', undefined)).not.toContain('/run/user/undefined/docker.sock');
  });
});

function socketAt(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isSocket() ?? false;
}

describe('the client library', () => {
  it.each([
    ['unix:///var/run/docker.sock', { socketPath: '/var/run/docker.sock' }],
    ['npipe:////./pipe/docker_engine', { socketPath: '//./pipe/docker_engine' }],
    ['tcp://10.0.0.5:2375', { host: '10.0.0.5', port: 2375, protocol: 'http' }],
    ['tcp://10.0.0.5', { host: '10.0.0.5', port: 2375, protocol: 'http' }],
    ['tcp://build.example:2376', { host: 'build.example', port: 2376, protocol: 'https' }],
    ['http://10.0.0.5:8080', { host: '10.0.0.5', port: 8080, protocol: 'http' }],
    ['https://10.0.0.5', { host: '10.0.0.5', port: 2376, protocol: 'https' }],
    ['tcp://10.0.0.5:80', { host: '10.0.0.5', port: 80, protocol: 'http' }],
    ['https://build.example:443', { host: 'build.example', port: 443, protocol: 'https' }],
    ['tcp://[::1]:2375', { host: '::1', port: 2375, protocol: 'http' }],
    ['ssh://you@build.example', null],
    ['fd://', null],
  ])('is told %s', (url, options) => {
    expect(clientOptions(url)).toEqual(options);
  });

  it.each([
    ['unix:///var/run/docker.sock', '127.0.0.1'],
    ['npipe:////./pipe/docker_engine', '127.0.0.1'],
    ['tcp://10.0.0.5:2375', '10.0.0.5'],
  ])('finds published ports of %s on %s', (url, host) => {
    expect(publishedHost(url)).toBe(host);
  });
});

describe('the compose project of a folder', () => {
  // The right-hand side is what `docker compose config` printed as `name` in such a folder (2.26.1).
  it.each([
    ['/home/you/solutions', 'solutions'],
    ['/home/you/Solutions', 'solutions'],
    ['/home/you/_My.Proj ect-1', 'myproject-1'],
    ['/home/you/--x_y--', 'x_y--'],
    ['/home/you/Ünï', 'n'],
    ['/home/you/2026 (copy)', '2026copy'],
    ['/home/you/solutions/', 'solutions'],
  ])('%s is %s', (folder, project) => {
    expect(projectNameOf(folder)).toBe(project);
  });
});

describe('a version', () => {
  it.each([
    ['5.5.0', '2.20', true],
    ['2.20', '2.20', true],
    ['2.20.0', '2.20', true],
    ['2.26.1', '2.20', true],
    ['2.100.0', '2.20', true],
    ['v2.26.1-4', '2.20', true],
    ['2.26.1-4', '2.20', true],
    ['2.40.0-desktop.1', '2.20', true],
    ['v2.30.0-dev-12-gabcdef', '2.20', true],
    ['5.0.0-rc.1', '2.20', true],
    ['2.9', '2.20', false],
    ['2.9.9', '2.20', false],
    ['2.19.1', '2.20', false],
    ['v2.2.3', '2.20', false],
    ['1.29.2', '2.20', false],
  ])('%s is at least %s: %s', (version, minimum, enough) => {
    expect(versionAtLeast(version, minimum)).toBe(enough);
  });
});
