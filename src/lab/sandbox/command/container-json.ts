import type { Container, Network } from '../engine/types.ts';
import { imageId } from '../image.ts';
import { commandLine } from './container-row.ts';
import type { Value } from './go-values.ts';
import { labelsOf } from './labels.ts';

const NEVER = '0001-01-01T00:00:00Z';
const DATA = '/var/lib/postgresql/data';

/** What the image sets for every process in a container. */
export const IMAGE_ENV: Record<string, string> = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/lib/postgresql/14/bin',
  LANG: 'en_US.utf8',
  PG_MAJOR: '14',
  PGDATA: DATA,
};

/** What `docker inspect` tells of a container, as far as the sandbox has it. */
export function containerJson(
  container: Container,
  { workspace, networks, logFile }: { workspace: string; networks: Network[]; logFile: string },
): Value {
  const { id, createdAt, spec, runtime } = container;
  const up = runtime.status === 'running';
  const [entrypoint = '', ...args] = commandLine(container);
  return {
    Id: id,
    Created: createdAt,
    Path: entrypoint,
    Args: args,
    State: {
      Status: runtime.status,
      Running: up || runtime.status === 'restarting',
      Paused: false,
      Restarting: runtime.status === 'restarting',
      OOMKilled: false,
      Dead: false,
      Pid: runtime.pid ?? 0,
      ExitCode: up ? 0 : runtime.exitCode,
      Error: runtime.error,
      StartedAt: runtime.startedAt || NEVER,
      FinishedAt: runtime.finishedAt || NEVER,
    },
    Image: imageId(),
    LogPath: logFile,
    Name: `/${spec.name}`,
    RestartCount: runtime.restartCount,
    Platform: 'linux',
    HostConfig: {
      Binds: spec.mounts
        .filter(({ type }) => type === 'bind')
        .map(({ source, target, readOnly }) => `${source}:${target}:${readOnly ? 'ro' : 'rw'}`),
      NetworkMode: spec.networks[0]?.name ?? 'none',
      PortBindings: ports(spec, ''),
      RestartPolicy: { Name: spec.restart, MaximumRetryCount: 0 },
      AutoRemove: false,
      Privileged: false,
    },
    Mounts: spec.mounts.map((mount) => ({
      Type: mount.type,
      ...(mount.type === 'volume' ? { Name: mount.source, Driver: 'local' } : {}),
      Source: mount.source,
      Destination: mount.target,
      Mode: mount.readOnly ? 'ro' : mount.type === 'volume' ? 'z' : 'rw',
      RW: !mount.readOnly,
      Propagation: mount.type === 'bind' ? 'rprivate' : '',
    })),
    Config: {
      Hostname: spec.hostname || id.slice(0, 12),
      Domainname: '',
      User: '',
      ExposedPorts: Object.fromEntries(
        [5432, ...spec.ports.map(({ target }) => target)].map((one) => [`${one}/tcp`, {}]),
      ),
      Env: Object.entries({ ...spec.env, ...without(IMAGE_ENV, spec.env) }).map(
        ([key, value]) => `${key}=${value}`,
      ),
      Cmd: args,
      Image: spec.image,
      Volumes: { [DATA]: {} },
      WorkingDir: '',
      Entrypoint: [entrypoint],
      Labels: labelsOf(container, workspace),
      StopSignal: 'SIGINT',
    },
    NetworkSettings: {
      Ports: up ? { ...exposed(spec), ...ports(spec, '127.0.0.1') } : {},
      IPAddress: '',
      Networks: Object.fromEntries(
        spec.networks.map(({ name, aliases }) => [
          name,
          {
            Aliases: [...aliases, id.slice(0, 12)],
            NetworkID: networks.find((one) => one.name === name)?.id ?? '',
            ...endpoint(container, name),
          },
        ]),
      ),
    },
  };
}

/** A server without an address of its own is one of the sandbox's, which listen on this machine alone. */
function endpoint({ runtime, real }: Container, network: string): { [key: string]: Value } {
  if (runtime.status !== 'running') return { Gateway: '', IPAddress: '', IPPrefixLen: 0 };
  const here = { address: '127.0.0.1', prefix: 8, gateway: '' };
  const { address, prefix, gateway } = real.addresses?.[network] ?? here;
  return { Gateway: gateway, IPAddress: address, IPPrefixLen: prefix };
}

function ports({ ports }: Container['spec'], host: string): { [key: string]: Value } {
  const published = ports.filter((one) => one.published !== null);
  return Object.fromEntries(
    published.map(({ target, published }) => [
      `${target}/tcp`,
      [{ HostIp: host, HostPort: String(published) }],
    ]),
  );
}

function exposed({ ports }: Container['spec']): { [key: string]: Value } {
  return Object.fromEntries(
    [5432, ...ports.map(({ target }) => target)].map((port) => [`${port}/tcp`, null]),
  );
}

function without(all: Record<string, string>, given: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(all).filter(([key]) => !(key in given)));
}
