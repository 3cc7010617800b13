import { statSync } from 'node:fs';
import type Dockerode from 'dockerode';
import { specOf } from './describe.ts';
import { LABEL, UNTRUSTED } from './names.ts';

/**
 * Starts of programs in a room, one at a time.
 *
 * The engine resolves the path of a mount when it starts a container. A program of the submission that swaps a folder
 * for a link between our look at it and the engine's would have any folder of this machine mounted. So whatever runs
 * in the room is stopped for the moment between the two looks.
 */
export interface Gate {
  /** Runs `start` while no program of the room runs. */
  still<T>(start: () => Promise<T>): Promise<T>;
  /** Runs `start` while nothing else starts. */
  alone<T>(start: () => Promise<T>): Promise<T>;
}

export function openGate(docker: Dockerode, room: string): Gate {
  let last: Promise<unknown> = Promise.resolve();
  const alone = <T>(start: () => Promise<T>): Promise<T> => {
    const next = last.then(start);
    last = next.catch(() => {});
    return next;
  };
  return {
    alone,
    still: (start) =>
      alone(async () => {
        const running = await untrusted(docker, room);
        try {
          // All are waited for: one that is paused late would stay so.
          const tried = await Promise.allSettled(running.map((one) => pause(one)));
          for (const one of tried) if (one.status === 'rejected') throw one.reason;
          return await start();
        } finally {
          // One that was removed meanwhile needs it no more, nor does one that could not be paused.
          await Promise.all(running.map((one) => one.unpause().catch(() => {})));
        }
      }),
  };
}

async function untrusted(docker: Dockerode, room: string): Promise<Dockerode.Container[]> {
  const label = [`${LABEL.room}=${room}`];
  const running = await docker.listContainers({ filters: { label, status: ['running', 'paused'] } });
  const found = running.filter(
    ({ Labels }) => UNTRUSTED.includes(Labels[LABEL.kind] ?? '') && mayMove(Labels),
  );
  return found.map(({ Id }) => docker.getContainer(Id));
}

/**
 * Whether what runs in a container can put a link in the place of what another one mounts. A server that has its data
 * folder and single files of the copy can't, and it is never held: a program that is just being started in a container
 * that is being paused stays stuck for ever, with the engine's own lock on that container.
 */
function mayMove(labels: Record<string, string>): boolean {
  if (labels[LABEL.kind] !== 'node') return true;
  return specOf(labels).mounts.some(
    ({ type, source, target, readOnly }) =>
      type === 'bind' &&
      !readOnly &&
      target !== DATA &&
      statSync(source, { throwIfNoEntry: false })?.isFile() !== true,
  );
}

/** The image's own data folder. */
const DATA = '/var/lib/postgresql/data';

/** A kernel that is busy, or a container that makes processes all the time, can't be frozen at once. */
const PAUSE_TRIES = 20;
const PAUSE_MS = 100;

/** One that has ended, or that is paused, is as still as can be. */
async function pause(container: Dockerode.Container, attempt = 1): Promise<void> {
  try {
    await container.pause();
  } catch (error) {
    const { State } = await container.inspect().catch((gone: { statusCode?: number }) => {
      if (gone.statusCode === 404) return { State: { Running: false, Paused: false } };
      throw gone;
    });
    if (!State.Running || State.Paused) return;
    if (attempt === PAUSE_TRIES) throw error;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    return pause(container, attempt + 1);
  }
}
