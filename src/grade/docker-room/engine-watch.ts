import type Dockerode from 'dockerode';
import type { Endpoint } from '../../lab/docker/endpoint.ts';
import { connect, withLimit } from '../../lab/docker/engine.ts';
import { UnusableError } from '../room.ts';
import { engineGone } from './failures.ts';
import { LABEL } from './names.ts';

export interface EngineWatch {
  /**
   * Throws UnusableError when the engine has been away since the watch began, or is just being stopped. Then it ended
   * the submission's servers itself, and failed questions with whatever words it had left, which looks like mistakes
   * of the submission.
   */
  assertThere(): Promise<void>;
  close(): void;
}

/** An engine that is busy answers later, one that is being stopped never. */
const ANSWER_MS = 30_000;

/**
 * Watches whether an engine is there all the time, by a stream of the room's events: it ends with the engine, also
 * where that is back before anyone has asked it something.
 */
export async function watchEngine(
  docker: Dockerode,
  room: string,
  endpoint: Endpoint,
  env: NodeJS.ProcessEnv,
): Promise<EngineWatch> {
  const closing = new AbortController();
  let gone = false;
  const ended = () => {
    gone ||= !closing.signal.aborted;
  };
  const events = await docker.getEvents({
    filters: { label: [`${LABEL.room}=${room}`] },
    abortSignal: closing.signal,
  });
  events.on('error', ended).on('close', ended).resume();
  return {
    async assertThere() {
      // By a connection of its own: an engine that is being stopped takes no new ones, and serves the old ones on.
      const fresh = await connect(endpoint, env, { ownConnections: true });
      try {
        await withLimit(fresh?.ping() ?? Promise.resolve(), ANSWER_MS);
      } catch (error) {
        throw engineGone(error instanceof Error ? error.message : String(error));
      }
      if (gone)
        throw new UnusableError(
          'The Docker engine was stopped while this submission was graded.',
          'Leave the engine alone, then grade again.',
        );
    },
    close: () => closing.abort(),
  };
}
