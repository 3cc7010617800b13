import { isIP } from 'node:net';
import type { Container, ContainerSpec, Engine } from '../engine/types.ts';
import type { Network, Route, Shown } from './types.ts';

const SOCKET_FOLDERS = ['/var/run/postgresql', '/run/postgresql'];

/** The network on which a container is that was given none: names are not known there. */
const DEFAULT_NETWORK = 'bridge';

/** Who asks: a container of the engine, or one for a single program that has no server (`id` null). */
export interface Asker {
  id: string | null;
  spec: ContainerSpec;
}

/** How a client in the container finds servers, as they are when it asks. */
export function networkOf(engine: Engine, asker: Asker): Network {
  return {
    async route(host, port) {
      await engine.refresh();
      return routeFor(asker, await engine.containers(), host, port);
    },
  };
}

/** Where a connection goes. `host` null is the socket, as libpq takes it; a path is the folder of one. */
export function routeFor(
  asker: Asker,
  containers: readonly Container[],
  host: string | null,
  port: number,
): Route {
  const own = containers.find(({ id }) => id === asker.id) ?? null;
  if (host === null || host.startsWith('/')) return socketRoute(own, host ?? '/var/run/postgresql', port);
  const shown: Shown = { socket: null, host, address: isIP(host) ? host : '127.0.0.1', port };
  if (isLoopback(host)) {
    return own && runs(own) && port === own.real.port
      ? { kind: 'socket', folder: own.real.socketFolder, port: own.real.socketPort, shown }
      : { kind: 'refused', shown };
  }
  if (isIP(host)) return { kind: 'refused', shown };
  if (namesOfItself(asker).includes(host.toLowerCase()))
    return own ? byTcp(own, shown) : { kind: 'refused', shown };
  // Docker's DNS knows a container only while it runs.
  const other = containers.find((one) => runs(one) && reachable(asker.spec, one, host.toLowerCase()));
  return other ? byTcp(other, shown) : { kind: 'unknown-host', host };
}

const runs = ({ runtime }: Container): boolean => runtime.status === 'running' && runtime.pid !== null;

const isLoopback = (host: string): boolean =>
  /^(?:localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|::1|::)$/i.test(host);

function socketRoute(own: Container | null, folder: string, port: number): Route {
  const shown: Shown = { socket: `${folder}/.s.PGSQL.${port}`, host: folder, address: '', port };
  if (!own || !runs(own) || port !== own.real.port || !SOCKET_FOLDERS.includes(folder.replace(/\/$/, ''))) {
    return { kind: 'no-socket', shown };
  }
  return { kind: 'socket', folder: own.real.socketFolder, port: own.real.socketPort, shown };
}

function byTcp({ real, runtime }: Container, shown: Shown): Route {
  return runtime.pid !== null && real.tcpPort !== null && shown.port === real.port
    ? { kind: 'tcp', port: real.tcpPort, shown }
    : { kind: 'refused', shown };
}

/** Its host name is in its own /etc/hosts; the others are in the DNS of its networks. */
function namesOfItself({ id, spec }: Asker): string[] {
  const inDns = spec.networks
    .filter(({ name }) => name !== DEFAULT_NETWORK)
    .flatMap(({ aliases }) => [spec.name, ...(id === null ? [] : [id.slice(0, 12)]), ...aliases]);
  return [spec.hostname, ...inDns].filter((name) => name !== '').map((name) => name.toLowerCase());
}

function reachable(spec: ContainerSpec, other: Container, name: string): boolean {
  return other.spec.networks.some(
    (network) =>
      network.name !== DEFAULT_NETWORK &&
      spec.networks.some((own) => own.name === network.name) &&
      [other.spec.name, other.id.slice(0, 12), ...network.aliases].some((one) => one.toLowerCase() === name),
  );
}
