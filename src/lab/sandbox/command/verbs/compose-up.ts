import { serviceSpec, startOrder } from '../../compose/plan.ts';
import type { Container, ContainerSpec } from '../../engine/types.ts';
import type { Action } from '../action.ts';
import { checkServices } from '../policy.ts';
import { CommandError } from '../refusal.ts';
import { complain, type World } from '../world.ts';
import { attach } from './compose-attach.ts';
import { readerOf } from './follow.ts';
import { graceOf, removeOne, report, startOne, stopOne } from './progress.ts';
import { chooseServices, dependencies, openProject, type Project, projectContainers } from './project.ts';
import { waitReady } from './ready.ts';

type Up = Extract<Action, { kind: 'compose-up' }>;

export async function composeUp(action: Up, world: World): Promise<number> {
  const project = await openProject(action, world);
  const chosen = chooseServices(project, action.services);
  const ordered = startOrder(project.config, chosen);
  const services = action.noDeps ? ordered.filter((one) => chosen.includes(one)) : ordered;
  await checkServices(project.config, services, world.engine.workspace);
  const specs = services.map((one) => serviceSpec(project.config, one, world.engine.workspace));
  await makeSurroundings(project, specs, action, world);
  const forced = action.forceRecreate ? chosen : [];
  const containers = await ensureContainers(project, specs, { ...action, forced }, world);
  // What was there before an attached `up` is not shown again.
  const readers = containers.map((container) => ({ container, reader: readerOf(container, world) }));
  if (!action.detach) for (const { reader } of readers) await reader.read();
  await startInOrder(project, containers, world);
  if (action.wait) return awaitAll(containers, world);
  return action.detach ? 0 : attach(project, readers, action.graceSeconds, world);
}

/** Makes the networks and the volumes that are missing, and looks for containers that the file no longer has. */
export async function makeSurroundings(
  project: Project,
  specs: ContainerSpec[],
  orphans: Pick<Up, 'removeOrphans'>,
  world: World,
): Promise<void> {
  await makeNetworks(project, specs, world);
  await makeVolumes(project, specs, world);
  await tellOrphans(project, orphans, world);
}

async function makeNetworks(project: Project, specs: ContainerSpec[], world: World): Promise<void> {
  const { engine } = world;
  const external = new Set(
    Object.entries(project.config.networks).flatMap(([key, one]) => (one.external ? [one.name ?? key] : [])),
  );
  const there = new Set((await engine.networks()).map(({ name }) => name));
  for (const name of new Set(specs.flatMap(({ networks }) => networks.map((one) => one.name)))) {
    if (there.has(name)) continue;
    if (external.has(name)) throw new CommandError(`Error response from daemon: network ${name} not found`);
    report(world, 'Network', name, 'Creating');
    await engine.createNetwork(name, project.name);
    report(world, 'Network', name, 'Created');
  }
}

async function makeVolumes(project: Project, specs: ContainerSpec[], world: World): Promise<void> {
  const { engine } = world;
  const there = new Set((await engine.volumes()).map(({ name }) => name));
  const named = specs.flatMap(({ mounts }) => mounts.filter(({ type }) => type === 'volume'));
  for (const name of new Set(named.map(({ source }) => source))) {
    if (there.has(name)) continue;
    report(world, 'Volume', `"${name}"`, 'Creating');
    await engine.createVolume(name, project.name);
    report(world, 'Volume', `"${name}"`, 'Created');
  }
}

async function tellOrphans(
  project: Project,
  { removeOrphans }: Pick<Up, 'removeOrphans'>,
  world: World,
): Promise<void> {
  const all = await projectContainers(project, world);
  const orphans = all.filter(
    ({ spec }) => !(spec.service !== null && spec.service in project.config.services),
  );
  if (removeOrphans) {
    for (const orphan of orphans) {
      await stopOne(world, orphan, []);
      await removeOne(world, orphan, false);
    }
  } else if (orphans.length > 0) {
    const names = orphans.map(({ spec }) => spec.name).join(' ');
    const text = `Found orphan containers ([${names}]) for this project. If you removed or renamed this service in your compose file, you can run this command with the --remove-orphans flag to clean it up.`;
    complain(world, `time="${new Date().toISOString().slice(0, 19)}Z" level=warning msg="${text}"`);
  }
}

/** How `ensureContainers` treats those that are there. `forced`: services whose container is made anew in any case. */
type Recreation = Pick<Up, 'noRecreate' | 'graceSeconds'> & { forced: string[] };

/** Makes what is missing, and anew what the file describes differently now, or what depends on such a one. */
export async function ensureContainers(
  project: Project,
  specs: ContainerSpec[],
  recreation: Recreation,
  world: World,
): Promise<Container[]> {
  const before = await projectContainers(project, world);
  const recreated = new Set<string>();
  const containers: Container[] = [];
  for (const spec of specs) {
    const service = spec.service ?? '';
    const old = before.find((one) => one.spec.service === service);
    if (!old) {
      containers.push(await create(spec, world));
      continue;
    }
    const changed =
      old.spec.configHash !== spec.configHash ||
      recreation.forced.includes(service) ||
      dependencies(project, service).some(([one]) => recreated.has(one));
    if (changed && !recreation.noRecreate) {
      recreated.add(service);
      containers.push(await recreate(project, old, spec, recreation, world));
      continue;
    }
    report(world, 'Container', spec.name, old.runtime.status === 'running' ? 'Running' : 'Created');
    containers.push(old);
  }
  return containers;
}

async function create(spec: ContainerSpec, world: World): Promise<Container> {
  report(world, 'Container', spec.name, 'Creating');
  const container = await world.engine.create(spec);
  report(world, 'Container', spec.name, 'Created');
  return container;
}

async function recreate(
  { config }: Project,
  old: Container,
  spec: ContainerSpec,
  { graceSeconds }: Recreation,
  world: World,
): Promise<Container> {
  report(world, 'Container', old.spec.name, 'Recreate');
  await world.engine.stop(old.id, ...graceOf(config, old, graceSeconds));
  await world.engine.remove(old.id, { force: true, volumes: false });
  const container = await world.engine.create(withAnonymousVolumes(spec, old));
  report(world, 'Container', spec.name, 'Recreated');
  return container;
}

/** Volumes without a name go over to the new container: the data of a server without a mount lies in one. */
function withAnonymousVolumes(spec: ContainerSpec, old: Container): ContainerSpec {
  const kept = old.spec.mounts.filter(
    ({ type, source, target }) =>
      type === 'volume' && /^[0-9a-f]{64}$/.test(source) && !spec.mounts.some((one) => one.target === target),
  );
  return { ...spec, mounts: [...spec.mounts, ...kept] };
}

/** Starts those that do not run, each when what it depends on is as it wants it. */
export async function startInOrder(project: Project, containers: Container[], world: World): Promise<void> {
  for (const container of containers) {
    await awaitDependencies(project, container.spec.service ?? '', containers, world);
    if (container.runtime.status !== 'running') await startOne(world, container);
  }
}

export async function awaitDependencies(
  project: Project,
  dependent: string,
  containers: Container[],
  world: World,
  tell = (name: string, step: string) => report(world, 'Container', name, step),
): Promise<void> {
  for (const [service, condition] of dependencies(project, dependent)) {
    const needed = containers.find((one) => one.spec.service === service);
    if (!needed || condition !== 'service_healthy') continue;
    const { name } = needed.spec;
    tell(name, 'Waiting');
    const fail = (why: string) => {
      tell(name, 'Error');
      return new CommandError(`dependency failed to start: container ${name} ${why}`);
    };
    if (!hasHealthcheck(project, service)) throw fail('has no healthcheck configured');
    const state = await waitReady(needed.id, world);
    if (state === 'interrupted') throw new CommandError('canceled', 130);
    if (state === 'running') throw fail('is unhealthy');
    if (state !== 'ready') throw fail(`exited (${state.exitCode})`);
    tell(name, 'Healthy');
  }
}

function hasHealthcheck({ config }: Project, service: string): boolean {
  const { healthcheck } = (config.services[service] ?? {}) as { healthcheck?: { disable?: boolean } | null };
  return healthcheck !== undefined && healthcheck !== null && healthcheck.disable !== true;
}

async function awaitAll(containers: Container[], world: World): Promise<number> {
  for (const { spec } of containers) report(world, 'Container', spec.name, 'Waiting');
  for (const { id, spec } of containers) {
    const state = await waitReady(id, world);
    if (state === 'interrupted') return 130;
    if (typeof state === 'object')
      throw new CommandError(`container ${spec.name} exited (${state.exitCode})`);
    // Without a healthcheck Compose is content with a container that runs.
    report(world, 'Container', spec.name, 'Healthy');
  }
  return 0;
}
