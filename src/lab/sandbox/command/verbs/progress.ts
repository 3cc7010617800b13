import type { ComposeConfig } from '../../../../observe/types.ts';
import type { Container } from '../../engine/types.ts';
import { durationSeconds } from '../ago.ts';
import { complain, type World } from '../world.ts';
import { grace } from './containers.ts';

/** A step as Compose reports it where there is no terminal. */
export function report(
  world: World,
  what: 'Container' | 'Network' | 'Volume',
  name: string,
  step: string,
): void {
  complain(world, ` ${what} ${name}  ${step}`);
}

/** `--timeout`, or the service's stop_grace_period, or the engine's own. */
export function graceOf(config: ComposeConfig, { spec }: Container, asked: number | null): [] | [number] {
  if (asked !== null) return grace(asked);
  const service = config.services[spec.service ?? ''] as { stop_grace_period?: unknown } | undefined;
  const period = service?.stop_grace_period;
  return grace(typeof period === 'string' ? durationSeconds(period) : null);
}

export async function stopOne(world: World, container: Container, seconds: [] | [number]): Promise<void> {
  report(world, 'Container', container.spec.name, 'Stopping');
  await world.engine.stop(container.id, ...seconds);
  report(world, 'Container', container.spec.name, 'Stopped');
}

export async function removeOne(world: World, container: Container, volumes: boolean): Promise<void> {
  report(world, 'Container', container.spec.name, 'Removing');
  await world.engine.remove(container.id, { force: true, volumes });
  report(world, 'Container', container.spec.name, 'Removed');
}

export async function startOne(world: World, container: Container): Promise<void> {
  report(world, 'Container', container.spec.name, 'Starting');
  await world.engine.start(container.id);
  report(world, 'Container', container.spec.name, 'Started');
}
