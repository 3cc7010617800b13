import path from 'node:path';
import { startOrder } from '../../compose/plan.ts';
import { printConfig } from '../../compose/print.ts';
import type { Container } from '../../engine/types.ts';
import type { Action } from '../action.ts';
import { containerRow, isUp } from '../container-row.ts';
import type { Value } from '../go-values.ts';
import { labelsOf } from '../labels.ts';
import { printListing } from '../listing.ts';
import { table } from '../table.ts';
import { say, type World } from '../world.ts';
import { CONTAINER_TITLES } from './lists.ts';
import { openProject, serviceContainers } from './project.ts';

type Of<K extends Action['kind']> = Extract<Action, { kind: K }>;

export async function composePs(action: Of<'compose-ps'>, world: World): Promise<number> {
  const project = await openProject(action, world);
  const found = await serviceContainers(project, action.services, world);
  const shown = action.all ? found : found.filter(isUp);
  if (action.quiet) for (const { id } of shown) say(world, id);
  else if (action.listServices)
    for (const name of new Set(shown.map(({ spec }) => spec.service))) say(world, name ?? '');
  else {
    const now = Date.now();
    printListing(
      world,
      {
        rows: shown.map((one) => composeRow(one, world.engine.workspace, now)),
        columns: [
          ['Name', 'NAME'],
          ['Image', 'IMAGE'],
          ['Command', 'COMMAND'],
          ['Service', 'SERVICE'],
          ['RunningFor', 'CREATED'],
          ['Status', 'STATUS'],
          ['Ports', 'PORTS'],
        ],
        titles: { ...CONTAINER_TITLES, Name: 'NAME', Service: 'SERVICE', ExitCode: 'EXIT CODE' },
        type: 'formatter.ContainerContext',
      },
      action.format,
    );
  }
  return 0;
}

function composeRow(container: Container, workspace: string, now: number): Record<string, Value> {
  const { spec, runtime } = container;
  const { Platform: _none, ...row } = containerRow(container, { workspace, now, full: false });
  return Object.defineProperty(
    {
      ...row,
      ExitCode: runtime.exitCode,
      Health: '',
      Name: spec.name,
      Project: spec.project,
      Publishers: runtime.status === 'running' ? publishers(container) : null,
      Service: spec.service,
    },
    'LabelMap',
    { value: labelsOf(container, workspace), enumerable: false },
  );
}

function publishers({ spec }: Container): Value[] {
  const ports = spec.ports.length > 0 ? spec.ports : [{ target: 5432, published: null }];
  return ports.map(({ target, published }) => ({
    URL: published === null ? '' : '127.0.0.1',
    TargetPort: target,
    PublishedPort: published ?? 0,
    Protocol: 'tcp',
  }));
}

export async function composeConfig(action: Of<'compose-config'>, world: World): Promise<number> {
  const { config } = await openProject(action, world);
  if (action.quiet) return 0;
  const services = Object.keys(config.services);
  if (action.list === 'services') for (const name of startOrder(config, services)) say(world, name);
  else if (action.list === 'images')
    for (const one of services.sort()) say(world, config.services[one]?.image ?? '');
  else if (action.list === 'volumes') for (const name of usedVolumes(config)) say(world, name);
  else world.stdout.write(printConfig(config, action.format));
  return 0;
}

/** Compose drops declared volumes that no service uses. */
function usedVolumes(config: {
  services: Record<string, { volumes?: { type: string; source?: string }[] }>;
}): string[] {
  const mounts = Object.values(config.services).flatMap(({ volumes }) => volumes ?? []);
  const named = mounts.flatMap(({ type, source }) => (type === 'volume' && source ? [source] : []));
  return [...new Set(named)].sort();
}

export async function composeLs({ all }: Of<'compose-ls'>, world: World): Promise<number> {
  const projects = new Map<string, Container[]>();
  for (const container of await world.engine.containers()) {
    const { project } = container.spec;
    if (project !== null && (all || isUp(container)))
      projects.set(project, [...(projects.get(project) ?? []), container]);
  }
  const rows = [...projects].sort().map(([name, containers]) => {
    const file = containers.map((one) => labelsOf(one, world.engine.workspace))[0]?.[
      'com.docker.compose.project.config_files'
    ];
    return [name, statuses(containers), file ?? path.join(world.engine.workspace, 'docker-compose.yml')];
  });
  world.stdout.write(table([['NAME', 'STATUS', 'CONFIG FILES'], ...rows], 20));
  return 0;
}

/** `exited(1), running(1)` */
function statuses(containers: Container[]): string {
  const counts = new Map<string, number>();
  for (const { runtime } of containers) counts.set(runtime.status, (counts.get(runtime.status) ?? 0) + 1);
  return [...counts]
    .sort()
    .map(([status, count]) => `${status}(${count})`)
    .join(', ');
}
