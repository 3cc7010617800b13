import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Layout } from '../container/layout.ts';
import { commandLine, identify, isAlive, type ProcessIdentity, pidIn } from '../process.ts';
import type { Supervised } from './store.ts';
import { EngineError } from './types.ts';

/** The processes of a container that live now. */
export interface Processes {
  supervisor: ProcessIdentity | null;
  server: ProcessIdentity | null;
  running: boolean;
}

/** Looks for them; never trusts a number alone. A server outlives a supervisor that was killed. */
export function processesOf(runtime: Supervised | null, layout: Layout): Processes {
  const supervisor = runtime && isAlive(runtime.supervisor) ? runtime.supervisor : null;
  const noted = runtime?.server && isAlive(runtime.server) ? runtime.server : null;
  const server = noted ?? (supervisor === null ? serverOf(layout) : null);
  return { supervisor, server, running: supervisor !== null || server !== null };
}

/** The server that works in this data folder, by its pid file and its own command line; null when there is none. */
function serverOf(layout: Layout): ProcessIdentity | null {
  const pid = pidIn(path.join(layout.dataFolder, 'postmaster.pid'));
  if (pid === null || !commandLine(pid)?.includes(layout.runFolder)) return null;
  return identify(pid);
}

/** What a container's own process answers when it is at work; any other answer says why it is not. */
export const STARTED = 'started';

/** Starts a container's own process, which outlives this one. Returns once it is at work. */
export function spawnSupervisor(workspace: string, id: string, env: NodeJS.ProcessEnv): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [programFile('container.js'), workspace, id], {
      cwd: '/',
      detached: true,
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      env: {
        PATH: env.PATH,
        HOME: env.HOME,
        XDG_CACHE_HOME: env.XDG_CACHE_HOME,
        WALKTHROUGH_CACHE: env.WALKTHROUGH_CACHE,
      },
    });
    child.once('message', (answer) => {
      child.disconnect();
      child.unref();
      if (answer === STARTED) resolve();
      else reject(new EngineError(`the container's process can't be started: ${answer}`));
    });
    child.once('error', (error) =>
      reject(new EngineError(`the container's process can't be started: ${error.message}`)),
    );
    child.once('exit', (code) =>
      reject(new EngineError(`the container's process ended at once (exit code ${code})`)),
    );
  });
}

/** A program of this package beside the built command, also when we run from the sources. */
export function programFile(name: string): string {
  const here = path.dirname(fileURLToPath(import.meta.url));
  for (let folder = here; ; folder = path.dirname(folder)) {
    for (const file of [path.join(folder, name), path.join(folder, 'dist', name)])
      if (existsSync(file)) return file;
    if (folder === path.dirname(folder)) throw new Error(`${name} is not there: build the package first`);
  }
}

/** Asks the server to shut down, fast (SIGINT), and kills it when the grace is over. */
export async function endGracefully(processes: Processes, graceSeconds: number): Promise<void> {
  const { supervisor, server, running } = processes;
  if (!running) return;
  if (supervisor) send(supervisor, 'SIGTERM');
  else if (server) send(server, 'SIGINT');
  if (await gone(processes, graceSeconds * 1000)) return;
  await killAll(processes);
}

/** Kills the server. The supervisor must know that this is wanted, or it would start it again. */
export async function killAll(processes: Processes): Promise<void> {
  const { supervisor, server } = processes;
  if (supervisor) send(supervisor, 'SIGUSR2');
  else if (server) send(server, 'SIGKILL');
  if (await gone(processes, KILL_MS)) return;
  for (const one of [server, supervisor]) if (one) send(one, 'SIGKILL');
  await gone(processes, KILL_MS);
}

const KILL_MS = 3000;

function send(identity: ProcessIdentity, signal: NodeJS.Signals): void {
  if (!isAlive(identity)) return;
  try {
    process.kill(identity.pid, signal);
  } catch {
    // it ended in the meantime
  }
}

async function gone({ supervisor, server }: Processes, ms: number): Promise<boolean> {
  const until = Date.now() + ms;
  for (;;) {
    if (!isAlive(supervisor) && !isAlive(server)) return true;
    if (Date.now() >= until) return false;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
