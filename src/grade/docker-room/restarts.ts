import { setTimeout as sleep } from 'node:timers/promises';
import type { RestartPolicy } from '../../lab/sandbox/engine/types.ts';

/** What the restart policy has done for a container since it was started by a command. */
export interface Restarting {
  count: number;
  /** It waits to be started again. */
  waiting: boolean;
  /** Why it could not be; '' otherwise. */
  error: string;
}

export interface Restarts {
  of(id: string): Restarting;
  /** A command has started it. */
  begin(id: string, policy: RestartPolicy): void;
  /** A command ends it, so that it must not come back. */
  end(id: string): void;
  endAll(): void;
}

interface Watched extends Restarting {
  stop: AbortController;
}

/** Docker's own: 100 ms, twice as long each time, a minute at most; anew for one that ran for ten seconds. */
const FIRST_MS = 100;
const LONGEST_MS = 60_000;
const HEALTHY_MS = 10_000;

/**
 * Restart policies, kept by us and not by the engine: it would mount a folder anew without our look at what has
 * become of it.
 * @param ended Resolves with the exit code when the container has ended; null when it is gone.
 */
export function keepRestarts(
  ended: (id: string) => Promise<number | null>,
  start: (id: string) => Promise<void>,
): Restarts {
  const all = new Map<string, Watched>();
  const end = (id: string) => all.get(id)?.stop.abort();

  async function watch(id: string, policy: RestartPolicy, watched: Watched): Promise<void> {
    let delay = FIRST_MS;
    for (;;) {
      const began = Date.now();
      const exitCode = await ended(id);
      const { signal } = watched.stop;
      if (signal.aborted || exitCode === null || !wants(policy, exitCode)) return;
      if (Date.now() - began > HEALTHY_MS) delay = FIRST_MS;
      watched.waiting = true;
      try {
        await sleep(delay, undefined, { signal });
        watched.count += 1;
        await start(id);
      } catch (error) {
        if (!signal.aborted) watched.error = error instanceof Error ? error.message : String(error);
        return;
      } finally {
        watched.waiting = false;
      }
      delay = Math.min(delay * 2, LONGEST_MS);
    }
  }

  return {
    of: (id) => all.get(id) ?? { count: 0, waiting: false, error: '' },
    begin(id, policy) {
      end(id);
      const watched: Watched = { count: 0, waiting: false, error: '', stop: new AbortController() };
      all.set(id, watched);
      // An engine that is gone is told by whoever asks it next.
      void watch(id, policy, watched).catch(() => {});
    },
    end,
    endAll() {
      for (const id of all.keys()) end(id);
    },
  };
}

const wants = (policy: RestartPolicy, exitCode: number): boolean =>
  policy === 'always' || policy === 'unless-stopped' || (policy === 'on-failure' && exitCode !== 0);
