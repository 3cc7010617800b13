import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';

export interface FakeEngine {
  /** What a program needs to take it for its Docker. */
  env: { DOCKER_HOST: string; PATH: string };
  socket: string;
  close(): Promise<void>;
}

const ANSWERS: Record<string, unknown> = {
  '/version': { Version: '28.0.0', ApiVersion: '1.48', Os: 'linux', Arch: 'amd64' },
  '/info': { SecurityOptions: [] },
  '/_ping': 'OK',
  '/containers/json': [],
  '/networks': [],
};

/**
 * An engine that has nothing: no container, no network, no image. It is enough for lesson 1, which only makes files,
 * so that a walk can be tried where no engine is. `hanging`: it takes questions and never answers. `web page`: what
 * answers is something else.
 */
export async function fakeEngine(kind: 'empty' | 'hanging' | 'web page' = 'empty'): Promise<FakeEngine> {
  const folder = await mkdtemp(path.join(tmpdir(), 'wt-engine-'));
  await mkdir(path.join(folder, 'bin'));
  const command = path.join(folder, 'bin/docker');
  await writeFile(command, '#!/bin/sh\ntest "$1 $2" = "compose version" && echo 2.30.0\n');
  await chmod(command, 0o755);
  const server = createServer((request, response) => {
    if (kind === 'hanging') return;
    if (kind === 'web page') {
      response.end('<html>Hello</html>');
      return;
    }
    const answer = ANSWERS[(request.url ?? '').replace(/\?.*/, '')];
    response.statusCode = answer === undefined ? 404 : 200;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(answer ?? { message: 'no such thing' }));
  });
  const socket = path.join(folder, 'docker.sock');
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return {
    env: { DOCKER_HOST: `unix://${socket}`, PATH: `${path.dirname(command)}:${process.env.PATH}` },
    socket,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true, force: true });
    },
  };
}
