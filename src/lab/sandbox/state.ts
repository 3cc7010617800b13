import type { ContainerState } from '../../observe/types.ts';
import type { Container } from './engine/types.ts';
import { imageId } from './image.ts';

/** Connections in the sandbox come from here, whichever container makes them. */
export const ADDRESS = '127.0.0.1';

/** What an observation says of a container. */
export function containerState({ id, spec, runtime, real }: Container): ContainerState {
  return {
    state: runtime.status,
    id,
    name: spec.name,
    image: spec.image,
    imageId: imageId(),
    exitCode: runtime.exitCode,
    restartCount: runtime.restartCount,
    startedAt: runtime.startedAt || NEVER,
    addresses: runtime.status === 'running' ? [ADDRESS] : [],
    networks: spec.networks.map(({ name }) => name),
    port:
      spec.ports.find(({ target, published }) => target === real.port && published !== null)?.published ??
      null,
    env: spec.env,
    command: spec.command,
    mounts: spec.mounts.map(({ type, source, target }) => ({ type, source, target })),
  };
}

/** Docker's time for what has not happened. */
const NEVER = '0001-01-01T00:00:00Z';
