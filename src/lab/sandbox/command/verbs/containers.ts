import { constants } from 'node:os';
import { type Container, EngineError } from '../../engine/types.ts';
import type { Action } from '../action.ts';
import { isUp } from '../container-row.ts';
import { CommandError } from '../refusal.ts';
import { complain, say, type World } from '../world.ts';

type Of<K extends Action['kind']> = Extract<Action, { kind: K }>;

/** The container of that name or id. Throws what Docker says when there is none. */
export async function need(reference: string, { engine }: World): Promise<Container> {
  const found = await engine.find(reference);
  if (!found) throw new CommandError(`Error response from daemon: No such container: ${reference}`);
  return found;
}

export async function start({ names }: Of<'start'>, world: World): Promise<number> {
  const failed = await forEach(names, world, async ({ id }) => world.engine.start(id));
  if (failed.length > 0) complain(world, `Error: failed to start containers: ${failed.join(', ')}`);
  return failed.length > 0 ? 1 : 0;
}

export async function stopOrRestart(
  { kind, names, graceSeconds }: Of<'stop' | 'restart'>,
  world: World,
): Promise<number> {
  const failed = await forEach(names, world, async ({ id }) => {
    await world.engine.stop(id, ...grace(graceSeconds));
    if (kind === 'restart') await world.engine.start(id);
  });
  return failed.length > 0 ? 1 : 0;
}

/** The one that the image names: after it the restart policy is not asked, as after `docker stop`. */
const STOP_SIGNAL = 'SIGINT';

export async function kill({ names, signal: name }: Of<'kill'>, world: World): Promise<number> {
  const signal = signalOf(name);
  let failed = 0;
  for (const reference of names) {
    try {
      const found = await need(reference, world);
      if (signal === STOP_SIGNAL && isUp(found)) await world.engine.stop(found.id, ...grace(-1));
      else await world.engine.signal(found.id, signal);
      say(world, reference);
    } catch (error) {
      complain(world, `Error response from daemon: Cannot kill container: ${reference}: ${plain(error)}`);
      failed = 1;
    }
  }
  return failed;
}

export async function rm({ names, force, volumes }: Of<'rm'>, world: World): Promise<number> {
  const failed: string[] = [];
  for (const reference of names) {
    const found = await world.engine.find(reference);
    if (!found) {
      complain(world, `Error response from daemon: No such container: ${reference}`);
      // With --force, what is not there is as good as removed.
      if (!force) failed.push(reference);
    } else
      failed.push(
        ...(await forEach([reference], world, ({ id }) => world.engine.remove(id, { force, volumes }))),
      );
  }
  return failed.length > 0 ? 1 : 0;
}

/** Docker goes on with the next name after a refusal. Returns the names that it refused. */
async function forEach(
  names: string[],
  world: World,
  act: (container: Container) => Promise<void>,
): Promise<string[]> {
  const failed: string[] = [];
  for (const reference of names) {
    try {
      await act(await need(reference, world));
      say(world, reference);
    } catch (error) {
      complain(world, `Error response from daemon: ${plain(error)}`);
      failed.push(reference);
    }
  }
  return failed;
}

/** The engine's own words. What is neither its refusal nor ours is thrown again. */
function plain(error: unknown): string {
  if (error instanceof EngineError) return error.message;
  if (error instanceof CommandError) return error.message.replace(/^Error response from daemon: /, '');
  throw error;
}

/** Engine.stop has a default of its own. */
export function grace(seconds: number | null): [] | [number] {
  // Docker waits for ever for a negative number; an hour is longer than any of these servers takes.
  return seconds === null ? [] : [seconds < 0 ? 3600 : seconds];
}

/** `KILL`, `SIGKILL` or `9`. */
function signalOf(name: string): NodeJS.Signals {
  const all = Object.entries(constants.signals) as [NodeJS.Signals, number][];
  const upper = name.toUpperCase();
  const found = all.find(
    ([signal, number]) => signal === upper || signal === `SIG${upper}` || String(number) === name,
  );
  if (!found) throw new CommandError(`Error response from daemon: Invalid signal: ${name}`);
  return found[0];
}
