import { EngineError } from '../engine/types.ts';
import type { Action } from './action.ts';
import { CommandError } from './refusal.ts';
import { complain, type World } from './world.ts';

/**
 * Does what a command line asks for, and answers its exit code. Prints refusals itself: the engine's with Docker's
 * prefix (1), the sandbox's own (125). Everything else that is thrown is a bug.
 */
export async function interpret(action: Action, world: World): Promise<number> {
  try {
    return await perform(action, world);
  } catch (error) {
    if (error instanceof CommandError) {
      complain(world, error.message);
      return error.exitCode;
    }
    if (error instanceof EngineError) {
      const { own } = error;
      complain(world, own ? error.message : `Error response from daemon: ${error.message}`);
      return own ? 125 : 1;
    }
    throw error;
  }
}

async function perform(action: Action, world: World): Promise<number> {
  switch (action.kind) {
    case 'compose-up':
      return (await import('./verbs/compose-up.ts')).composeUp(action, world);
    case 'compose-down':
      return (await import('./verbs/compose-stop.ts')).composeDown(action, world);
    case 'compose-stop':
    case 'compose-restart':
      return (await import('./verbs/compose-stop.ts')).composeStop(action, world);
    case 'compose-start':
      return (await import('./verbs/compose-stop.ts')).composeStart(action, world);
    case 'compose-rm':
      return (await import('./verbs/compose-stop.ts')).composeRm(action, world);
    case 'compose-ps':
      return (await import('./verbs/compose-list.ts')).composePs(action, world);
    case 'compose-config':
      return (await import('./verbs/compose-list.ts')).composeConfig(action, world);
    case 'compose-version':
      return (await import('./verbs/about.ts')).composeVersion(action, world);
    case 'compose-ls':
      return (await import('./verbs/compose-list.ts')).composeLs(action, world);
    case 'compose-logs':
      return (await import('./verbs/logs.ts')).composeLogs(action, world);
    case 'compose-exec':
      return (await import('./verbs/exec.ts')).composeExec(action, world);
    case 'compose-run':
      return (await import('./verbs/compose-run.ts')).composeRun(action, world);
    case 'exec':
      return (await import('./verbs/exec.ts')).exec(action, world);
    case 'run':
      return (await import('./verbs/run.ts')).run(action, world);
    case 'logs':
      return (await import('./verbs/logs.ts')).logs(action, world);
    case 'start':
      return (await import('./verbs/containers.ts')).start(action, world);
    case 'stop':
    case 'restart':
      return (await import('./verbs/containers.ts')).stopOrRestart(action, world);
    case 'kill':
      return (await import('./verbs/containers.ts')).kill(action, world);
    case 'rm':
      return (await import('./verbs/containers.ts')).rm(action, world);
    case 'ps':
      return (await import('./verbs/lists.ts')).ps(action, world);
    case 'network-ls':
      return (await import('./verbs/lists.ts')).networkLs(action, world);
    case 'volume-ls':
      return (await import('./verbs/lists.ts')).volumeLs(action, world);
    case 'image-ls':
      return (await import('./verbs/lists.ts')).imageLs(action, world);
    case 'inspect':
      return (await import('./verbs/inspect.ts')).inspect(action, world);
    case 'network-inspect':
    case 'volume-inspect':
      return (await import('./verbs/inspect.ts')).inspectOther(action, world);
    case 'pull':
      return (await import('./verbs/about.ts')).pull(action, world);
    case 'version':
      return (await import('./verbs/about.ts')).version(action, world);
    case 'info':
      return (await import('./verbs/about.ts')).info(action, world);
    case 'client-version':
      return (await import('./verbs/about.ts')).clientVersion(world);
    case 'help':
      return (await import('./verbs/about.ts')).help(action, world);
  }
}
