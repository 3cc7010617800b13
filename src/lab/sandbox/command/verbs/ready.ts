import { PassThrough } from 'node:stream';
import { pause, type World } from '../world.ts';

const POLL_MS = 200;
/** A server that runs and accepts nobody for so long is taken as it is. */
const PATIENCE_MS = 30_000;
/** A server that was started again so many times while we wait does not come up. */
const RESTARTS = 3;

export type Readiness = 'ready' | 'running' | 'interrupted' | { exitCode: number };

/** Waits until the container's server accepts connections, or until it is clear that it will not. */
export async function waitReady(id: string, world: World): Promise<Readiness> {
  const until = Date.now() + PATIENCE_MS;
  let before: number | null = null;
  while (!world.signal.aborted) {
    const container = await world.engine.find(id);
    if (!container) return { exitCode: 137 };
    const { status, exitCode, restartCount } = container.runtime;
    before ??= restartCount;
    if (status === 'exited' || restartCount - before >= RESTARTS) return { exitCode };
    if (status === 'running' && (await accepts(container, world))) return 'ready';
    if (Date.now() > until) return status === 'running' ? 'running' : { exitCode };
    await pause(POLL_MS, world.signal);
  }
  return 'interrupted';
}

async function accepts(
  container: NonNullable<Awaited<ReturnType<World['engine']['find']>>>,
  world: World,
): Promise<boolean> {
  const nowhere = new PassThrough().resume();
  const code = await world.engine.inside({
    container,
    spec: null,
    // A user that exists: the server logs one that does not.
    argv: [
      'pg_isready',
      '-q',
      '-t',
      '1',
      '-U',
      container.spec.env.POSTGRES_USER || 'postgres',
      '-d',
      'postgres',
    ],
    user: null,
    env: {},
    workdir: null,
    stdin: new PassThrough().end(),
    stdout: nowhere,
    stderr: nowhere,
    terminal: false,
    signal: world.signal,
  });
  return code === 0;
}
