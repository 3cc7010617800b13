import type { Action } from '../action.ts';
import { isUp } from '../container-row.ts';
import { stamped } from '../log-lines.ts';
import type { World } from '../world.ts';
import { need } from './containers.ts';
import { follow, printPast, readerOf, type Source, toItsStream } from './follow.ts';
import { openProject, serviceContainers } from './project.ts';

type Of<K extends Action['kind']> = Extract<Action, { kind: K }>;

export async function logs(action: Of<'logs'>, world: World): Promise<number> {
  const container = await need(action.container, world);
  const source: Source = {
    container,
    reader: readerOf(container, world),
    write: toItsStream(world, (line) => (action.timestamps ? stamped(line) : line.text)),
  };
  await printPast(source, action.tail, !action.follow);
  if (action.follow && isUp(container)) await follow([source], world);
  return world.signal.aborted ? 130 : 0;
}

/** All services in one stream, each line after its container's name. Compose writes them to stdout. */
export async function composeLogs(action: Of<'compose-logs'>, world: World): Promise<number> {
  const project = await openProject(action, world);
  const containers = await serviceContainers(project, action.services, world);
  const prefix = prefixes(
    containers.map(({ spec }) => spec),
    project.name,
  );
  const sources = containers.map(
    (container): Source => ({
      container,
      reader: readerOf(container, world),
      write: (line) => {
        const text = action.timestamps ? stamped(line) : line.text;
        world.stdout.write(`${action.prefix ? prefix(container.spec.name) : ''}${text}\n`);
      },
    }),
  );
  for (const source of sources) await printPast(source, action.tail, !action.follow);
  if (action.follow)
    await follow(
      sources.filter(({ container }) => isUp(container)),
      world,
    );
  return world.signal.aborted ? 130 : 0;
}

/** `leader  | `: the container's name, without the project's, padded to the longest. */
export function prefixes(specs: { name: string }[], project: string): (name: string) => string {
  const widest = Math.max(0, ...specs.map(({ name }) => shownName(name, project).length));
  return (name) => `${shownName(name, project).padEnd(widest)}  | `;
}

export function shownName(name: string, project: string): string {
  return name.startsWith(`${project}-`) ? name.slice(project.length + 1) : name;
}
