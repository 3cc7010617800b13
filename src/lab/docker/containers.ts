import { realpath } from 'node:fs/promises';
import type Dockerode from 'dockerode';
import type { ContainerState, NodeName } from '../../observe/types.ts';

/** Labels that Compose puts on everything it makes. Identity is these, never a name alone. */
const LABEL = {
  project: 'com.docker.compose.project',
  service: 'com.docker.compose.service',
  folder: 'com.docker.compose.project.working_dir',
  oneOff: 'com.docker.compose.oneoff',
} as const;

/** Who a lab's containers are. */
export interface Owner {
  /** The project's name, where the compose file gives it no other. */
  project: string;
  workspace: string;
}

type Listed = Dockerode.ContainerInfo;

/**
 * True when Compose made it from a file in this very folder. The project's name proves nothing: another folder may
 * use the same one, and a `name:` in the learner's file gives this folder another.
 */
export async function isOurs(labels: Record<string, string>, owner: Owner): Promise<boolean> {
  const folder = labels[LABEL.folder];
  return folder !== undefined && (await sameFolder(folder, owner.workspace));
}

/** A sentence part that names what a container belongs to. */
export function describeOwner(labels: Record<string, string>): string {
  const project = labels[LABEL.project];
  if (project === undefined) return 'no compose project';
  return `the compose project "${project}" in ${labels[LABEL.folder] ?? 'another folder'}`;
}

/** All containers of this lab, and the projects that they belong to (one, as a rule). */
export async function ourContainers(
  docker: Dockerode,
  owner: Owner,
): Promise<{ containers: Listed[]; projects: string[] }> {
  const all = await docker.listContainers({ all: true, filters: { label: [LABEL.folder] } });
  const containers: Listed[] = [];
  for (const container of all) if (await isOurs(container.Labels, owner)) containers.push(container);
  const projects = new Set([owner.project, ...containers.map(({ Labels }) => Labels[LABEL.project] ?? '')]);
  return { containers, projects: [...projects].filter((project) => project !== '') };
}

/**
 * Containers that would be in the way: the name or the project is taken by something that is not ours. `folder` is
 * where the other one lives, when it is the project alone that collides.
 */
export async function strangers(
  docker: Dockerode,
  owner: Owner,
  names: string[],
): Promise<{ name: string; owner: string; folder?: string }[]> {
  const all = await docker.listContainers({ all: true });
  const found = [];
  for (const container of all) {
    const { Labels: labels } = container;
    const name = containerName(container);
    const sameProject = labels[LABEL.project] === owner.project;
    if (!(names.includes(name) || sameProject) || (await isOurs(labels, owner))) continue;
    const folder = sameProject && !names.includes(name) ? labels[LABEL.folder] : undefined;
    found.push({ name, owner: describeOwner(labels), ...(folder === undefined ? {} : { folder }) });
  }
  return found;
}

/** The state of a node's container. `name` is the name that the course gives it. */
export async function inspectNode(
  docker: Dockerode,
  owner: Owner,
  node: NodeName,
  name: string,
): Promise<ContainerState> {
  const all = await docker.listContainers({ all: true });
  for (const container of all) {
    const { Labels: labels } = container;
    if (labels[LABEL.service] !== node || labels[LABEL.oneOff] === 'True') continue;
    if (await isOurs(labels, owner)) return (await inspectById(docker, container.Id)) ?? { state: 'absent' };
  }
  const stranger = all.find((container) => containerName(container) === name);
  if (stranger) return { state: 'foreign', name, owner: describeOwner(stranger.Labels) };
  return { state: 'absent' };
}

/** The state of the container of this id; null when it was removed. */
export async function inspectById(docker: Dockerode, id: string): Promise<ContainerState | null> {
  try {
    return describe(await docker.getContainer(id).inspect());
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return null;
    throw error;
  }
}

const STATES = ['running', 'exited', 'restarting', 'paused', 'created', 'dead'] as const;

function describe(info: Dockerode.ContainerInspectInfo): ContainerState {
  const status = info.State.Restarting ? 'restarting' : info.State.Status;
  const networks = info.NetworkSettings.Networks ?? {};
  const bindings = info.NetworkSettings.Ports?.['5432/tcp'] ?? [];
  const port = bindings?.map((binding) => Number(binding.HostPort)).find((one) => one > 0) ?? null;
  return {
    state: STATES.find((one) => one === status) ?? 'dead',
    id: info.Id,
    name: info.Name.replace(/^\//, ''),
    image: info.Config.Image,
    imageId: info.Image,
    exitCode: info.State.ExitCode,
    restartCount: info.RestartCount ?? 0,
    startedAt: info.State.StartedAt,
    addresses: Object.values(networks).flatMap((network) => (network.IPAddress ? [network.IPAddress] : [])),
    networks: Object.keys(networks),
    port,
    env: Object.fromEntries(info.Config.Env.map(splitVariable)),
    command: info.Config.Cmd ?? [],
    mounts: info.Mounts.map((mount) => ({
      type: mount.Type ?? 'bind',
      source: mount.Source,
      target: mount.Destination,
    })),
  };
}

function splitVariable(variable: string): [string, string] {
  const at = variable.indexOf('=');
  return at < 0 ? [variable, ''] : [variable.slice(0, at), variable.slice(at + 1)];
}

function containerName(container: Listed): string {
  return (container.Names[0] ?? '').replace(/^\//, '');
}

async function sameFolder(a: string, b: string): Promise<boolean> {
  if (a === b) return true;
  try {
    return (await realpath(a)) === (await realpath(b));
  } catch {
    return false; // the other folder is gone, so it is not this one
  }
}
