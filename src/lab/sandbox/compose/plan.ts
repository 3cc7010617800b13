import { createHash } from 'node:crypto';
import type { ComposeConfig, ComposeService } from '../../../observe/types.ts';
import { plainText as plain } from '../../compose-source.ts';
import { type ContainerSpec, EngineError, type Mount, type RestartPolicy } from '../engine/types.ts';

/** Networks and volumes of a config, as far as their names matter. */
type Named = Record<string, { name?: string } | undefined>;

/**
 * What the container of a service is made from. `hostname` is '' where the service sets none: Docker then takes the
 * first 12 digits of the container's id. Throws EngineError for a restart policy that Docker does not have.
 */
export function serviceSpec(config: ComposeConfig, name: string, workspace: string): ContainerSpec {
  const service = serviceOf(config, name);
  const containerName = service.container_name ?? `${config.name}-${name}-1`;
  const hostname = plain(service.hostname ?? '');
  return {
    name: plain(containerName),
    service: name,
    project: config.name,
    hostname,
    image: plain(service.image ?? `${config.name}-${name}`),
    command: [service.command ?? []].flat().map(plain),
    env: environment(service),
    mounts: mounts(service, volumesOf(config)),
    ports: ports(service),
    networks: networks(config, service, [plain(containerName), name], hostname),
    restart: restartPolicy(plain(service.restart ?? 'no')),
    configHash: createHash('sha256')
      .update(JSON.stringify([workspace, name, service]))
      .digest('hex'),
  };
}

function serviceOf(config: ComposeConfig, name: string): ComposeService {
  const service = Object.hasOwn(config.services, name) ? config.services[name] : undefined;
  if (service === undefined) throw new EngineError(`no such service: ${name}`);
  return service;
}

function volumesOf(config: ComposeConfig & { volumes?: Named }): Named {
  return config.volumes ?? {};
}

/** Variables that have a value; those without one are not set in the container. */
function environment(service: ComposeService): Record<string, string> {
  const set = Object.entries(service.environment ?? {}).flatMap(([name, value]): [string, string][] =>
    value === null ? [] : [[plain(name), plain(value)]],
  );
  return Object.fromEntries(set);
}

/** Bind mounts and named volumes. Volumes without a name are left to the engine, like those of the image. */
function mounts(service: ComposeService, volumes: Named): Mount[] {
  return (service.volumes ?? []).flatMap(({ type, source, target, read_only }): Mount[] => {
    const place = { target: plain(target), readOnly: read_only ?? false };
    if (source === undefined || (type !== 'bind' && type !== 'volume')) return [];
    if (type === 'bind') return [{ type, source: plain(source), ...place }];
    return [{ type, source: plain(volumes[source]?.name ?? source), ...place }];
  });
}

/** The full name of a volume that the file has under this one. Any other name stays as it is. */
export function volumeName(config: ComposeConfig, key: string): string {
  const volumes = volumesOf(config);
  return plain((Object.hasOwn(volumes, key) ? volumes[key]?.name : undefined) ?? key);
}

/** Ports of TCP. Of a range of ports of this machine it is the first. */
function ports(service: ComposeService): ContainerSpec['ports'] {
  return (service.ports ?? [])
    .filter(({ protocol = 'tcp' }) => protocol === 'tcp')
    .map(({ target, published }) => ({
      target,
      published: published === undefined ? null : Number.parseInt(published, 10),
    }));
}

/** On each network others find the container by its name, its service, its aliases there and its host name. */
function networks(
  config: ComposeConfig,
  service: ComposeService,
  names: string[],
  hostname: string,
): ContainerSpec['networks'] {
  return Object.entries(service.networks ?? {}).map(([key, attachment]) => {
    const aliases = [...names, ...aliasesOf(attachment), ...(hostname === '' ? [] : [hostname])];
    return {
      name: plain(config.networks[key]?.name ?? `${config.name}_${key}`),
      aliases: [...new Set(aliases)],
    };
  });
}

function aliasesOf(attachment: unknown): string[] {
  const { aliases } = (attachment ?? {}) as { aliases?: string[] };
  return (aliases ?? []).map(plain);
}

/** Docker keeps how often `on-failure` may try; the sandbox tries for ever. */
function restartPolicy(written: string): RestartPolicy {
  const [policy = '', count] = written.split(':');
  if (policy === 'on-failure') return policy;
  if (policy !== 'no' && policy !== 'always' && policy !== 'unless-stopped') {
    throw new EngineError(`invalid restart policy '${policy}'`);
  }
  if (count === undefined) return policy;
  throw new EngineError(`maximum retry count cannot be used with restart policy '${policy}'`);
}

/**
 * Services in the order in which they start: each after those that it depends on, which are added where they are not
 * asked for. None asked for means all. Throws EngineError for a service that does not exist.
 */
export function startOrder(config: ComposeConfig, services: readonly string[]): string[] {
  const order: string[] = [];
  const visit = (name: string, above: string[]): void => {
    if (order.includes(name) || above.includes(name)) return;
    const needed = Object.keys(serviceOf(config, name).depends_on ?? {}).toSorted();
    for (const one of needed) visit(one, [...above, name]);
    order.push(name);
  };
  const asked = services.length > 0 ? services : Object.keys(config.services).toSorted();
  for (const name of asked) visit(name, []);
  return order;
}
