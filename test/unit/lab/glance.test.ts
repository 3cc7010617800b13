import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { glance } from '../../../src/lab/docker/glance.ts';

/** Something that answers on a socket with these statuses, and a docker command beside it. */
async function engine(statuses: Record<string, number>) {
  const folder = await mkdtemp(path.join(tmpdir(), 'glance-'));
  const command = path.join(folder, 'docker');
  await writeFile(command, '#!/bin/sh\n');
  await chmod(command, 0o755);
  const socket = path.join(folder, 'engine.sock');
  const server = createServer((request, response) => {
    response.statusCode = statuses[request.url ?? ''] ?? 404;
    response.end('{}');
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await rm(folder, { recursive: true });
  });
  return {
    endpoint: { url: `unix://${socket}`, foundBy: 'DOCKER_HOST', tellCli: false },
    env: { PATH: folder },
  };
}

it.each([
  ['an engine that has the image', { '/_ping': 200, '/images/postgres:14/json': 200 }, { state: 'ready' }],
  ['an engine without the image', { '/_ping': 200 }, { state: 'unknown' }],
  ['something that is no engine', {}, { state: 'unknown' }],
])('%s', async (_, statuses, expected) => {
  const { endpoint, env } = await engine(statuses as Record<string, number>);
  expect(await glance(endpoint, env, 'postgres:14')).toEqual(expected);
});

it('nobody at the socket, an engine without a docker command, and one that is not behind a socket', async () => {
  const nowhere = { url: 'unix:///nowhere.sock', foundBy: 'DOCKER_HOST', tellCli: false };
  expect(await glance(nowhere, {}, 'postgres:14')).toEqual({
    state: 'down',
    problem: 'No Docker engine answers at unix:///nowhere.sock (from DOCKER_HOST).',
  });
  const { endpoint } = await engine({ '/_ping': 200, '/images/postgres:14/json': 200 });
  expect(await glance(endpoint, { PATH: '/nowhere' }, 'postgres:14')).toEqual({ state: 'unknown' });
  const far = { url: 'ssh://me@far', foundBy: 'DOCKER_HOST', tellCli: false };
  expect(await glance(far, {}, 'postgres:14')).toEqual({ state: 'unknown' });
});
