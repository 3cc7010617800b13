import { type Container, type ContainerSpec, EngineError } from './types.ts';

/** Ports of this machine that a container is to have. */
export const publishedPorts = ({ ports }: ContainerSpec): number[] =>
  ports.flatMap(({ published }) => (published === null ? [] : [published]));

/** The published port of a running one among `others` that `own` is to have, too; undefined where there is none. */
export function portTakenBy(others: readonly Container[], own: ContainerSpec): number | undefined {
  const taken = others
    .filter(({ spec, runtime }) => spec.name !== own.name && runtime.status === 'running')
    .flatMap(({ spec }) => publishedPorts(spec));
  return publishedPorts(own).find((port) => taken.includes(port));
}

/** In the engine's own words. `more` goes under them. */
export const alreadyAllocated = (
  { id, spec }: { id: string; spec: ContainerSpec },
  port: number,
  more = '',
): EngineError =>
  new EngineError(
    `driver failed programming external connectivity on endpoint ${spec.name} (${id}): Bind for 127.0.0.1:${port} failed: port is already allocated${more}`,
  );
