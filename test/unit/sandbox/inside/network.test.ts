import { describe, expect, it } from 'vitest';
import type { Container, ContainerSpec } from '../../../../src/lab/sandbox/engine/types.ts';
import { routeFor } from '../../../../src/lab/sandbox/inside/network.ts';

function specOf(name: string, networks: string[]): ContainerSpec {
  return {
    name,
    service: `${name}-service`,
    project: 'p',
    hostname: `${name}-host`,
    image: 'postgres:14',
    command: ['postgres'],
    env: {},
    mounts: [],
    ports: [],
    networks: networks.map((network) => ({ name: network, aliases: [`${name}-service`] })),
    restart: 'no',
    configHash: '',
  };
}

function container(
  name: string,
  networks: string[],
  change: { stopped?: boolean; tcpPort?: number | null } = {},
): Container {
  const { stopped = false, tcpPort = 15_432 } = change;
  return {
    id: name.repeat(64).slice(0, 64),
    createdAt: '',
    spec: specOf(name, networks),
    runtime: {
      status: stopped ? 'exited' : 'running',
      exitCode: 0,
      restartCount: 0,
      startedAt: '',
      finishedAt: '',
      pid: stopped ? null : 7,
      error: '',
    },
    real: {
      tcpPort,
      port: 5432,
      socketFolder: `/run/${name}`,
      socketPort: 15_432,
      dataFolder: '',
      listenAddresses: null,
    },
  };
}

const leader = container('leader', ['net']);
const follower = container('follower', ['net', 'other']);
const route = (from: Container, host: string | null, port = 5432, all = [leader, follower]) =>
  routeFor(from, all, host, port);

describe('the own server', () => {
  it.each([null, '/var/run/postgresql', 'localhost', '127.0.0.1', '::1'])(
    'is reached by its socket (%s)',
    (host) => {
      expect(route(leader, host)).toMatchObject({ kind: 'socket', folder: '/run/leader', port: 15_432 });
    },
  );

  it('is named in messages as in the container', () => {
    expect(route(leader, null)).toMatchObject({ shown: { socket: '/var/run/postgresql/.s.PGSQL.5432' } });
    expect(route(leader, 'localhost')).toMatchObject({
      shown: { socket: null, host: 'localhost', address: '127.0.0.1' },
    });
  });

  it('is not there on another port, in another folder, or when it is stopped', () => {
    const stopped = container('leader', ['net'], { stopped: true });
    expect(route(leader, null, 5433)).toMatchObject({
      kind: 'no-socket',
      shown: { socket: '/var/run/postgresql/.s.PGSQL.5433' },
    });
    expect(route(leader, '/tmp').kind).toBe('no-socket');
    expect(route(stopped, null, 5432, [stopped]).kind).toBe('no-socket');
    expect(route(stopped, 'localhost', 5432, [stopped]).kind).toBe('refused');
    expect(route(leader, '127.0.0.1', 5433).kind).toBe('refused');
  });

  it('is reached over the network by its own names, so that its rules count', () => {
    for (const name of ['leader', 'leader-service', 'leader-host'])
      expect(route(leader, name)).toMatchObject({ kind: 'tcp', port: 15_432 });
  });
});

describe('another container', () => {
  it.each(['follower', 'FOLLOWER', 'follower-service', follower.id.slice(0, 12)])(
    'is reached as %s',
    (name) => {
      expect(route(leader, name)).toMatchObject({
        kind: 'tcp',
        port: 15_432,
        shown: { host: name, address: '127.0.0.1' },
      });
    },
  );

  it('refuses another port, and all of them when it listens only to itself', () => {
    expect(route(leader, 'follower', 5434).kind).toBe('refused');
    const quiet = container('follower', ['net'], { tcpPort: null });
    expect(route(leader, 'follower', 5432, [leader, quiet]).kind).toBe('refused');
  });

  it('has no name when it is stopped, on no common network, or on the default one', () => {
    expect(
      route(leader, 'follower', 5432, [leader, container('follower', ['net'], { stopped: true })]).kind,
    ).toBe('unknown-host');
    expect(route(leader, 'follower', 5432, [leader, container('follower', ['other'])]).kind).toBe(
      'unknown-host',
    );
    const [one, two] = [container('leader', ['bridge']), container('follower', ['bridge'])];
    expect(routeFor(one, [one, two], 'follower', 5432).kind).toBe('unknown-host');
  });

  it('is reached from a container of docker run, which has no server itself', () => {
    const asker = { id: null, spec: specOf('', ['net']) };
    expect(routeFor(asker, [leader], 'leader', 5432).kind).toBe('tcp');
    expect(routeFor(asker, [leader], null, 5432).kind).toBe('no-socket');
    expect(routeFor(asker, [leader], 'localhost', 5432).kind).toBe('refused');
    expect(routeFor({ ...asker, spec: specOf('', ['bridge']) }, [leader], 'leader', 5432)).toEqual({
      kind: 'unknown-host',
      host: 'leader',
    });
  });
});

it('knows no other machine', () => {
  expect(route(leader, 'host.docker.internal')).toEqual({
    kind: 'unknown-host',
    host: 'host.docker.internal',
  });
  expect(route(leader, '172.17.0.1').kind).toBe('refused');
});
