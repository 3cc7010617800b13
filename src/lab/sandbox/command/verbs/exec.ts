import { fstatSync } from 'node:fs';
import { Readable } from 'node:stream';
import type { Container } from '../../engine/types.ts';
import { isGraded } from '../../graded.ts';
import type { Action, ExecOptions } from '../action.ts';
import { CommandError, refused } from '../refusal.ts';
import { complain, type World } from '../world.ts';
import { need } from './containers.ts';
import { openProject, projectContainers } from './project.ts';

type Of<K extends Action['kind']> = Extract<Action, { kind: K }>;

export async function exec(action: Of<'exec'>, world: World): Promise<number> {
  const container = await need(action.container, world);
  refuseDetached(action, 'docker exec');
  needTerminal(action, world);
  return enter(container, action, world);
}

/** Compose takes a terminal when there is one, and does without it otherwise. */
export async function composeExec(action: Of<'compose-exec'>, world: World): Promise<number> {
  const project = await openProject(action, world);
  const containers = await projectContainers(project, world);
  const container = containers.find(({ spec }) => spec.service === action.service);
  if (!container || !['running', 'restarting'].includes(container.runtime.status))
    throw new CommandError(`service "${action.service}" is not running`);
  refuseDetached(action, 'docker compose exec');
  return enter(container, action, world);
}

async function enter(container: Container, options: ExecOptions, world: World): Promise<number> {
  const { id, runtime } = container;
  if (runtime.status === 'restarting')
    throw new CommandError(
      `Error response from daemon: Container ${id} is restarting, wait until the container is running`,
    );
  if (runtime.status !== 'running')
    throw new CommandError(`Error response from daemon: Container ${id} is not running`);
  const settings = insideOf(options, world);
  await world.engine.refresh();
  const code = await world.engine.inside({ container, spec: null, ...settings });
  return world.signal.aborted ? 130 : code;
}

/** What `docker run` and `docker exec` say of a process in the same way. */
export function insideOf(options: ExecOptions, world: World) {
  return {
    argv: options.argv,
    user: options.user,
    env: readEnv(options.env, world.env),
    workdir: options.workdir,
    stdin: options.interactive ? world.stdin : Readable.from([]),
    stdout: world.stdout,
    stderr: world.stderr,
    terminal: options.tty && options.interactive && world.terminal,
    signal: world.signal,
  };
}

export function refuseDetached({ detach }: ExecOptions, command: string): void {
  if (detach) throw refused(`the sandbox does not know the option --detach of ${command}`);
}

/** `-it` where the keyboard is not at stdin. */
export function needTerminal({ interactive, tty }: ExecOptions, world: World): void {
  if (!interactive || !tty || (world.stdin as { isTTY?: boolean }).isTTY === true) return;
  const problem = 'the input device is not a TTY';
  const redirected = !fstatSync(0).isCharacterDevice();
  if (!isGraded(world.env) || redirected) throw new CommandError(problem);
  complain(world, `${problem}: -t has no effect`);
}

/** `NAME=value`, or `NAME` for the value that it has here; one that it has not is left out. */
export function readEnv(written: string[], own: NodeJS.ProcessEnv): Record<string, string> {
  const env: Record<string, string> = {};
  for (const one of written) {
    const at = one.indexOf('=');
    const name = at < 0 ? one : one.slice(0, at);
    const value = at < 0 ? own[name] : one.slice(at + 1);
    if (value !== undefined) env[name] = value;
  }
  return env;
}
