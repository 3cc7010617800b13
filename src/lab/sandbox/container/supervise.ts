import { appendFileSync, rmSync, statSync } from 'node:fs';
import { chown, mkdir } from 'node:fs/promises';
import { constants } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { openCache, runFolder } from '../cache.ts';
import { STARTED } from '../engine/processes.ts';
import { Store, type StoredContainer, type Supervised } from '../engine/store.ts';
import { commandLine, identify, pidIn } from '../process.ts';
import { serverAccount } from '../server/account.ts';
import { preparePrograms } from '../server/programs.ts';
import type { Entry } from './entrypoint.ts';
import { type Layout, layoutOf, pathTranslator } from './layout.ts';
import { runnerFor } from './postgres.ts';
import { lineFilter } from './server-log.ts';
import { startServer } from './start-server.ts';

/** Docker's own times for the restart policy, in milliseconds. */
const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 60_000;
/** A server that ran this long had started well: the next pause is the first again. */
const WELL = 10_000;
/** How often we look whether we are still wanted, and at which look a server that does not end is killed. */
const LOOK_MS = 1000;
const PATIENCE = 10;

/**
 * One container's process: starts its server, keeps its log and its state, and starts it again as the restart
 * policy says. It outlives the command that made it, as a container does.
 * SIGTERM stops the server (SIGINT, a fast shutdown) and ends; SIGUSR2 kills it and ends.
 */
export async function supervise(workspace: string, id: string): Promise<void> {
  const store = new Store(workspace);
  const stored = (await store.read()).containers.find((one) => one.id === id);
  if (!stored) return;
  const supervisor = new Supervisor(store, stored, workspace);
  process.on('SIGTERM', () => supervisor.stop('SIGINT'));
  process.on('SIGUSR2', () => supervisor.stop('SIGKILL'));
  for (const signal of ['SIGHUP', 'SIGINT', 'SIGPIPE'] as const) process.on(signal, () => {});
  await supervisor.run();
}

class Supervisor {
  readonly #store: Store;
  readonly #stored: StoredContainer;
  readonly #workspace: string;
  readonly #state: Supervised;
  /** Ends the running server, or the pause before its next start. */
  #end: (signal: NodeJS.Signals) => void = () => {};
  /** Looks at which our file was not there. */
  #forgotten = 0;

  constructor(store: Store, stored: StoredContainer, workspace: string) {
    this.#store = store;
    this.#stored = stored;
    this.#workspace = workspace;
    const self = identify(process.pid);
    if (self === null) throw new Error('the own process is not to be found');
    this.#state = {
      supervisor: self,
      server: null,
      status: 'running',
      exitCode: 0,
      restartCount: 0,
      startedAt: new Date().toISOString(),
      finishedAt: '',
      pid: null,
      port: null,
      listenAddresses: null,
      error: '',
      stopping: false,
    };
  }

  stop(signal: NodeJS.Signals): void {
    this.#state.stopping = true;
    this.#end(signal);
  }

  async run(): Promise<void> {
    try {
      await this.#store.writeRuntime(this.#stored.id, this.#state);
    } catch (error) {
      // On a full disk, say. Who can't be found again must not run.
      tellParent(error instanceof Error ? error.message : String(error));
      return;
    }
    tellParent(STARTED);
    setInterval(() => this.#endForgotten(), LOOK_MS).unref();
    for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
      const begun = Date.now();
      const exitCode = await this.#runOnce();
      if (Date.now() - begun > WELL) pause = FIRST_PAUSE;
      const { state, again } = { state: this.#state, again: this.#again(exitCode) };
      Object.assign(state, {
        exitCode,
        finishedAt: new Date().toISOString(),
        pid: null,
        server: null,
        port: null,
        status: again ? 'restarting' : 'exited',
      });
      if (!(await this.#save()) || !again) return;
      await this.#sleep(pause);
      if (state.stopping) {
        state.status = 'exited';
        await this.#save();
        return;
      }
      Object.assign(state, {
        status: 'running',
        restartCount: state.restartCount + 1,
        startedAt: new Date().toISOString(),
      });
      await this.#save();
    }
  }

  /** Somebody deleted the file that we are found by, perhaps with the whole workspace: that removes the container. */
  #endForgotten(): void {
    if (!isGone(this.#store.file(this.#stored.id, 'json'))) return;
    this.#forgotten++;
    this.stop(this.#forgotten < PATIENCE ? 'SIGINT' : 'SIGKILL');
  }

  #again(exitCode: number): boolean {
    if (this.#state.stopping) return false;
    const { restart } = this.#stored.spec;
    return (
      restart === 'always' || restart === 'unless-stopped' || (restart === 'on-failure' && exitCode !== 0)
    );
  }

  /** One life of the server. Answers its exit code as Docker tells it: 128 and the signal's number after a signal. */
  async #runOnce(): Promise<number> {
    let log: (text: string) => void = () => {};
    try {
      const base = await this.#prepare();
      log = base.log;
      const started = await startServer(this.#store, this.#stored, base);
      if (typeof started === 'number') return started;
      const { child, port, listenAddresses } = started;
      const shown = lineFilter();
      for (const stream of [child.stdout, child.stderr]) {
        if (!stream) continue;
        // Whole lines: a path that two chunks share could not be put back.
        createInterface({ input: stream }).on('line', (line) => shown(line) && log(`${line}\n`));
      }
      const ended = new Promise<number>((resolve) => {
        child.once('error', (error) => {
          log(`${error.message}\n`);
          resolve(126);
        });
        child.once('exit', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
      });
      const pid = child.pid ?? null;
      Object.assign(this.#state, { pid, server: pid === null ? null : identify(pid), port, listenAddresses });
      this.#end = (signal) => child.kill(signal);
      // Asked to stop while the cluster was being made.
      if (this.#state.stopping) child.kill('SIGINT');
      await this.#save();
      return await ended;
    } catch (error) {
      log(`${error instanceof Error ? error.message : String(error)}\n`);
      this.#state.error = error instanceof Error ? error.message : String(error);
      return 128;
    } finally {
      this.#end = () => {};
    }
  }

  async #prepare(): Promise<Omit<Entry, 'serverArgs'>> {
    const cache = await openCache();
    const layout = layoutOf(this.#store, runFolder(cache, this.#workspace), this.#stored);
    const account = serverAccount();
    const programs = await preparePrograms();
    await mkdir(layout.runFolder, { recursive: true });
    if (account) await chown(layout.runFolder, account.uid, account.gid);
    await mkdir(layout.dataFolder, { recursive: true });
    forgetStrangers(layout, this.#stored.tcpPort);
    const log = logger(
      this.#store.file(this.#stored.id, 'log'),
      pathTranslator(layout, this.#stored.tcpPort),
    );
    return { spec: this.#stored.spec, layout, account, programs, log, runner: runnerFor(layout, account) };
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#end = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** False when the container was removed, or the workspace is gone with all that we keep: then there is no more to do. */
  async #save(): Promise<boolean> {
    try {
      await this.#store.writeRuntime(this.#stored.id, this.#state);
      return true;
    } catch (error) {
      return (error as { code?: string }).code !== 'ENOENT';
    }
  }
}

/** One that we may not look at any more is not gone. */
function isGone(file: string): boolean {
  try {
    statSync(file);
    return false;
  } catch (error) {
    return (error as { code?: string }).code === 'ENOENT';
  }
}

/**
 * A pid file whose number is another program's by now (after a reboot) would keep PostgreSQL from starting, and so
 * would a socket's lock. One whose process is gone is left: PostgreSQL then looks for sessions that are still at
 * work on the data.
 */
function forgetStrangers(layout: Layout, socketPort: number): void {
  const pidFile = path.join(layout.dataFolder, 'postmaster.pid');
  const socket = path.join(layout.runFolder, `.s.PGSQL.${socketPort}`);
  for (const file of [pidFile, `${socket}.lock`]) {
    const pid = pidIn(file);
    if (pid !== null && isStranger(pid, layout)) rmSync(file, { force: true });
  }
}

function isStranger(pid: number, layout: Layout): boolean {
  return identify(pid) !== null && !commandLine(pid)?.includes(layout.runFolder);
}

/** Appends whole lines to the log, with the container's paths. A full disk loses lines, never the server. */
function logger(file: string, translate: (text: string) => string): (text: string) => void {
  let rest = '';
  return (text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    if (lines.length === 0) return;
    try {
      appendFileSync(file, translate(lines.map((line) => `${line}\n`).join('')));
    } catch {
      // no room, or the workspace is gone
    }
  };
}

/** Who started us waits for this before it says so. `answer`: STARTED, or why not. */
function tellParent(answer: string): void {
  if (!process.send) return;
  process.send(answer, () => process.disconnect());
}
