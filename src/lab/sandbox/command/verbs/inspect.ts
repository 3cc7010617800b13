import type { Container, Network, Volume } from '../../engine/types.ts';
import { imageId, knownImage } from '../../image.ts';
import type { Action } from '../action.ts';
import { containerJson, IMAGE_ENV } from '../container-json.ts';
import { isUp } from '../container-row.ts';
import type { Value } from '../go-values.ts';
import { COMPOSE_VERSION } from '../labels.ts';
import { printInspected } from '../listing.ts';
import { refused } from '../refusal.ts';
import { complain, type World } from '../world.ts';

type Of<K extends Action['kind']> = Extract<Action, { kind: K }>;
type Look = (name: string) => Promise<Value | null>;

/** `docker inspect` looks among containers, images, networks and volumes, in this order. */
export async function inspect({ names, format, type }: Of<'inspect'>, world: World): Promise<number> {
  const kinds: Record<string, Look> = {
    container: (name) => containerOf(name, world),
    image: async (name) => imageOf(name),
    network: (name) => networkOf(name, world),
    volume: (name) => volumeOf(name, world),
  };
  if (type !== null && !(type in kinds)) throw refused(`the sandbox does not know the type ${type}`);
  const looks = type === null ? Object.values(kinds) : [kinds[type] as Look];
  return show(names, format, world, looks, (name) => missing(type, name));
}

/** `docker network inspect` and `docker volume inspect`. */
export function inspectOther(
  { kind, names, format }: Of<'network-inspect' | 'volume-inspect'>,
  world: World,
): Promise<number> {
  const type = kind === 'network-inspect' ? 'network' : 'volume';
  const look: Look = (name) => (type === 'network' ? networkOf(name, world) : volumeOf(name, world));
  return show(names, format, world, [look], (name) => missing(type, name));
}

function missing(type: string | null, name: string): string {
  if (type === 'container') return `Error response from daemon: No such container: ${name}`;
  if (type === 'image')
    return `Error response from daemon: No such image: ${name.includes(':') ? name : `${name}:latest`}`;
  if (type === 'network') return `Error response from daemon: network ${name} not found`;
  if (type === 'volume') return `Error response from daemon: get ${name}: no such volume`;
  return `Error: No such object: ${name}`;
}

async function show(
  names: string[],
  format: string | null,
  world: World,
  looks: Look[],
  missed: (name: string) => string,
): Promise<number> {
  const found: Value[] = [];
  const errors: string[] = [];
  for (const name of names) {
    let value: Value | null = null;
    for (const look of looks) value ??= await look(name);
    if (value === null) errors.push(missed(name));
    else found.push(value);
  }
  printInspected(world, found, format);
  for (const error of errors) complain(world, error);
  return errors.length > 0 ? 1 : 0;
}

async function containerOf(name: string, { engine }: World): Promise<Value | null> {
  const container = await engine.find(name);
  if (!container) return null;
  const networks = await engine.networks();
  return containerJson(container, {
    workspace: engine.workspace,
    networks,
    logFile: await engine.logFile(container.id),
  });
}

function imageOf(name: string): Value | null {
  const known = knownImage(name);
  if (known === null && !(name.length >= 4 && imageId().slice(7).startsWith(name))) return null;
  return {
    Id: imageId(),
    RepoTags: [known === null ? 'postgres:14' : `${known.repository}:${known.tag}`],
    RepoDigests: [],
    Comment: 'Stands for the servers of the walkthrough sandbox.',
    Config: {
      Cmd: ['postgres'],
      Entrypoint: ['docker-entrypoint.sh'],
      Env: Object.entries(IMAGE_ENV).map(([key, value]) => `${key}=${value}`),
      ExposedPorts: { '5432/tcp': {} },
      Volumes: { '/var/lib/postgresql/data': {} },
    },
    Architecture: process.arch === 'x64' ? 'amd64' : process.arch,
    Os: 'linux',
  };
}

async function networkOf(name: string, { engine }: World): Promise<Value | null> {
  const all = await engine.networks();
  const found =
    all.find((one) => one.name === name) ?? all.find(({ id }) => name !== '' && id.startsWith(name));
  if (!found) return null;
  const inside = (await engine.containers()).filter((one) => isUp(one) && isOn(one, found));
  return {
    Name: found.name,
    Id: found.id,
    Created: found.createdAt,
    Scope: 'local',
    Driver: found.driver,
    EnableIPv6: false,
    IPAM: {
      Driver: 'default',
      Options: null,
      Config: found.driver === 'bridge' ? [found.subnet ?? SUBNET] : [],
    },
    Internal: false,
    Attachable: false,
    Ingress: false,
    Containers: Object.fromEntries(
      inside.map(({ id, spec, real }) => {
        const { address, prefix } = real.addresses?.[found.name] ?? HERE;
        return [id, { Name: spec.name, IPv4Address: `${address}/${prefix}`, IPv6Address: '' }];
      }),
    ),
    Options: {},
    Labels: projectLabels(found, 'network'),
  };
}

const HERE = { address: '127.0.0.1', prefix: 8 };

/** A subnet that Docker gives first. In pg_hba.conf the sandbox takes it, and its neighbours, for the addresses of containers. */
const SUBNET = { Subnet: '172.18.0.0/16', Gateway: '172.18.0.1' };

const isOn = ({ spec }: Container, network: Network) =>
  spec.networks.some(({ name }) => name === network.name);

async function volumeOf(name: string, { engine }: World): Promise<Value | null> {
  const found = (await engine.volumes()).find((one) => one.name === name);
  if (!found) return null;
  return {
    CreatedAt: found.createdAt.replace(/\.\d+Z$/, 'Z'),
    Driver: 'local',
    Labels: projectLabels(found, 'volume'),
    Mountpoint: engine.volumeFolder(found.name),
    Name: found.name,
    Options: null,
    Scope: 'local',
  };
}

/** Compose's labels. The name in the file is the full name without the project's. */
function projectLabels(
  { name, project }: Network | Volume,
  what: 'network' | 'volume',
): Record<string, string> {
  if (project === null) return {};
  return {
    [`com.docker.compose.${what}`]: name.replace(`${project}_`, ''),
    'com.docker.compose.project': project,
    'com.docker.compose.version': COMPOSE_VERSION,
  };
}
