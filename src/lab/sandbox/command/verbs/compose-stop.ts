import { startOrder } from '../../compose/plan.ts';
import { type Container, EngineError } from '../../engine/types.ts';
import type { Action } from '../action.ts';
import { isUp } from '../container-row.ts';
import { CommandError } from '../refusal.ts';
import { complain, say, type World } from '../world.ts';
import { graceOf, removeOne, report, startOne, stopOne } from './progress.ts';
import {
  chooseServices,
  openProject,
  type Project,
  projectContainers,
  serviceContainers,
  stopGroups,
} from './project.ts';

type Of<K extends Action['kind']> = Extract<Action, { kind: K }>;

export async function composeStop(
  action: Of<'compose-stop' | 'compose-restart'>,
  world: World,
): Promise<number> {
  const project = await openProject(action, world);
  const containers = await serviceContainers(project, action.services, world);
  if (action.kind === 'compose-stop') await stopContainers(project, containers, action.graceSeconds, world);
  else for (const group of stopGroups(project, containers).reverse()) await Promise.all(group.map(restart));
  return 0;

  async function restart(container: Container): Promise<void> {
    report(world, 'Container', container.spec.name, 'Restarting');
    await world.engine.stop(container.id, ...graceOf(project.config, container, action.graceSeconds));
    await world.engine.start(container.id);
    report(world, 'Container', container.spec.name, 'Started');
  }
}

export async function stopContainers(
  project: Project,
  containers: Container[],
  graceSeconds: number | null,
  world: World,
): Promise<void> {
  for (const group of stopGroups(project, containers))
    await Promise.all(group.map((one) => stopOne(world, one, graceOf(project.config, one, graceSeconds))));
}

/** Starts containers that are there; it makes none. A service that another waits for is started with it. */
export async function composeStart(action: Of<'compose-start'>, world: World): Promise<number> {
  const project = await openProject(action, world);
  const services = startOrder(project.config, chooseServices(project, action.services));
  const containers = await projectContainers(project, world);
  for (const service of services) {
    const container = containers.find(({ spec }) => spec.service === service);
    if (!container) throw new CommandError(`service "${service}" has no container to start`);
    if (container.runtime.status !== 'running') await startOne(world, container);
  }
  return 0;
}

export async function composeRm(action: Of<'compose-rm'>, world: World): Promise<number> {
  const project = await openProject(action, world);
  const containers = await serviceContainers(project, action.services, world);
  if (action.stop) await stopContainers(project, containers, null, world);
  const stopped = action.stop ? containers : containers.filter((one) => !isUp(one));
  if (stopped.length === 0) {
    complain(world, 'No stopped containers');
    return 0;
  }
  say(world, `Going to remove ${stopped.map(({ spec }) => spec.name).join(', ')}`);
  for (const container of stopped) await removeOne(world, container, action.volumes);
  return 0;
}

export async function composeDown(action: Of<'compose-down'>, world: World): Promise<number> {
  const project = await openProject(action, world);
  const { config } = project;
  const all = await projectContainers(project, world);
  const ours = action.removeOrphans ? all : all.filter(({ spec }) => (spec.service ?? '') in config.services);
  for (const group of stopGroups(project, ours)) {
    await Promise.all(
      group.map(async (one) => {
        await stopOne(world, one, graceOf(config, one, action.graceSeconds));
        await removeOne(world, one, action.volumes);
      }),
    );
  }
  if (action.volumes) await removeVolumes(project, world);
  await removeNetworks(project, world);
  return 0;
}

/** Named volumes that the file declares and does not take from elsewhere. */
async function removeVolumes({ config, name: project }: Project, world: World): Promise<void> {
  const there = new Set((await world.engine.volumes()).map(({ name }) => name));
  for (const [key, volume] of Object.entries(declaredVolumes(config))) {
    const name = volume?.name ?? `${project}_${key}`;
    if (volume?.external || !there.has(name)) continue;
    await removing(world, 'Volume', name, () => world.engine.removeVolume(name));
  }
}

function declaredVolumes(config: object): Record<string, { name?: string; external?: boolean } | null> {
  return (config as { volumes?: Record<string, { name?: string; external?: boolean } | null> }).volumes ?? {};
}

/** The networks of the project: those that it made, whether or not the file still has them. */
async function removeNetworks({ name: project }: Project, world: World): Promise<void> {
  for (const { name, project: maker } of await world.engine.networks())
    if (maker === project) await removing(world, 'Network', name, () => world.engine.removeNetwork(name));
}

/** Compose goes on when something else still uses it. */
async function removing(
  world: World,
  what: 'Volume' | 'Network',
  name: string,
  remove: () => Promise<void>,
): Promise<void> {
  report(world, what, name, 'Removing');
  try {
    await remove();
    report(world, what, name, 'Removed');
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    report(world, what, name, 'Resource is still in use');
  }
}
