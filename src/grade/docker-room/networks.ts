import { type ContainerSpec, EngineError, type Network } from '../../lab/sandbox/engine/types.ts';
import type { Ground } from './ground.ts';
import { LABEL } from './names.ts';

/** Shown as on every engine. No container of a room is on them. */
const BUILT_IN: Network[] = ['bridge', 'host', 'none'].map((name) => ({
  id: Buffer.from(name.padEnd(32, '.')).toString('hex'),
  name,
  project: null,
  driver: name === 'none' ? 'null' : name,
  createdAt: '',
}));

export async function networks(ground: Ground): Promise<Network[]> {
  const { docker, id } = ground;
  const listed = await docker.listNetworks({ filters: { label: [`${LABEL.room}=${id}`] } });
  const own = listed.map(({ Id, Labels = {}, Created, IPAM }): Network => {
    const [{ Subnet = '', Gateway = '' } = {}] = (IPAM?.Config ?? []) as {
      Subnet?: string;
      Gateway?: string;
    }[];
    return {
      id: Id,
      name: Labels[LABEL.name] ?? '',
      project: Labels[LABEL.project] || null,
      driver: 'bridge',
      createdAt: Created,
      subnet: { Subnet, Gateway },
    };
  });
  return [...BUILT_IN, ...own];
}

interface Attachment {
  id: string;
  aliases: string[];
}

/** The room's own networks among those of a container. The engine's own are never used. */
export function attachmentsOf({ networks: wanted }: ContainerSpec, all: Network[]): Attachment[] {
  const own = all.filter(({ driver, subnet }) => driver === 'bridge' && subnet);
  return wanted.flatMap(({ name, aliases }) => {
    const network = own.find((one) => one.name === name);
    return network ? [{ id: network.id, aliases }] : [];
  });
}

/** What a container is made with for its first network. An engine takes no more than one then. */
export const firstEndpoint = (first: Attachment | undefined) =>
  first ? { NetworkingConfig: { EndpointsConfig: { [first.id]: { Aliases: first.aliases } } } } : {};

export async function connectTo(others: Attachment[], container: string, { docker }: Ground): Promise<void> {
  for (const { id, aliases } of others)
    await docker.getNetwork(id).connect({ Container: container, EndpointConfig: { Aliases: aliases } });
}

export async function createNetwork(ground: Ground, name: string, project: string | null): Promise<Network> {
  const { docker, prefix, labels } = ground;
  if ((await networks(ground)).some((one) => one.name === name))
    throw new EngineError(`network with name ${name} already exists`);
  const { id } = await docker.createNetwork({
    Name: `${prefix}${name}`,
    Driver: 'bridge',
    CheckDuplicate: true,
    Labels: { ...labels, [LABEL.name]: name, [LABEL.project]: project ?? '' },
    // Nobody outside can answer an address that is not translated. An `internal` network would publish no ports.
    Options: { 'com.docker.network.bridge.enable_ip_masquerade': 'false' },
  });
  const made = (await networks(ground)).find((one) => one.id === id);
  if (!made) throw new EngineError(`network ${name} not found`);
  return made;
}

export async function removeNetwork(ground: Ground, name: string): Promise<void> {
  const { docker, id: room } = ground;
  const network = (await networks(ground)).find(
    (one) => one.subnet && (one.name === name || one.id === name),
  );
  if (!network) throw new EngineError(`network ${name} not found`);
  const label = [`${LABEL.room}=${room}`];
  const users = await docker.listContainers({ filters: { label, network: [network.id] } });
  if (users.length > 0)
    throw new EngineError(
      `error while removing network: network ${name} id ${network.id} has active endpoints`,
    );
  await docker.getNetwork(network.id).remove();
}
