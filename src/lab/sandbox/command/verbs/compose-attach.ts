import type { Container } from '../../engine/types.ts';
import type { LogReader } from '../log-lines.ts';
import { complain, say, type World } from '../world.ts';
import { stopContainers } from './compose-stop.ts';
import { follow, toItsStream } from './follow.ts';
import { prefixes, shownName } from './logs.ts';
import type { Project } from './project.ts';

/** Shows the logs of an `up` without --detach until all have ended. Ctrl-C stops them. */
export async function attach(
  project: Project,
  readers: { container: Container; reader: LogReader }[],
  graceSeconds: number | null,
  world: World,
): Promise<number> {
  const prefix = prefixes(
    readers.map(({ container }) => container.spec),
    project.name,
  );
  const names = readers.map(({ container }) => shownName(container.spec.name, project.name)).sort();
  say(world, `Attaching to ${names.join(', ')}`);
  const sources = readers.map(({ container, reader }) => ({
    container,
    reader,
    write: toItsStream(world, ({ text }) => `${prefix(container.spec.name)}${text}`),
  }));
  await follow(sources, world, ({ spec, runtime }) =>
    say(world, `${shownName(spec.name, project.name)} exited with code ${runtime.exitCode}`),
  );
  if (!world.signal.aborted) return 0;
  complain(world, 'Gracefully stopping... (press Ctrl+C again to force)');
  await stopContainers(
    project,
    readers.map(({ container }) => container),
    graceSeconds,
    world,
  );
  complain(world, 'canceled');
  return 130;
}
