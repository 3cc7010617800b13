import { randomBytes } from 'node:crypto';
import { chmod, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { cacheFolder, noteOwner, openCache, otherWorkspaces, runFolder, SandboxError } from '../cache.ts';
import { rulesSource } from '../container/arguments.ts';
import { dataTargetOf, type Layout, layoutOf, mountOf } from '../container/layout.ts';
import { refreshPins, writeRules } from '../container/pins.ts';
import { namesOf } from '../container/start-server.ts';
import { isGraded } from '../graded.ts';
import { preparePrograms } from '../server/programs.ts';
import { makeSources, stayInside } from './bind-sources.ts';
import { freePort, isTaken } from './free-port.ts';
import { lastLinesOf } from './last-lines.ts';
import { findByReference, nameTaken } from './names.ts';
import { endGracefully, killAll, type Processes, processesOf, spawnSupervisor } from './processes.ts';
import { alreadyAllocated, portTakenBy, publishedPorts } from './published.ts';
import { Store, type Stored, type StoredContainer, type Supervised } from './store.ts';
import {
  type Container,
  type ContainerSpec,
  type Engine,
  EngineError,
  type Network,
  type ProgramInside,
  type Volume,
} from './types.ts';

/** Docker's own grace for `stop`, in seconds. */
const GRACE_SECONDS = 10;

/** The networks that every engine has. */
const BUILT_IN = ['bridge', 'host', 'none'];

/** Opens the sandbox of a workspace. Nothing is made or started by that. */
export function openEngine(workspace: string, env: NodeJS.ProcessEnv = process.env): SandboxEngine {
  return new SandboxEngine(workspace, env);
}

export class SandboxEngine implements Engine {
  readonly workspace: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #store: Store;
  readonly #run: string;

  constructor(workspace: string, env: NodeJS.ProcessEnv) {
    this.workspace = workspace;
    this.#env = env;
    this.#store = new Store(workspace);
    this.#run = runFolder(cacheFolder(env), workspace);
  }

  async containers(): Promise<Container[]> {
    const { containers } = await this.#store.read();
    return Promise.all(containers.map((stored) => this.#look(stored)));
  }

  async find(reference: string): Promise<Container | null> {
    return findByReference(await this.containers(), reference);
  }

  async create(spec: ContainerSpec): Promise<Container> {
    const full = await this.#complete(spec);
    const stored = await this.#store.change(async (kept) => {
      const holder = kept.containers.find((one) => one.spec.name === full.name);
      if (holder) {
        throw new EngineError(nameTaken(full.name, holder.id));
      }
      const made: StoredContainer = {
        id: newId(),
        createdAt: new Date().toISOString(),
        spec: full,
        tcpPort: this.#realPorts(full)[0] ?? (await freePort()),
      };
      kept.containers.push(made);
      return made;
    });
    return this.#look(stored);
  }

  async start(id: string): Promise<void> {
    await this.#store.change(async (kept) => {
      const stored = pick(kept, id);
      if (!(await this.#processes(stored)).running) await this.#launch(stored);
    });
  }

  /** With the store locked, so that nobody else starts or ends it meanwhile. */
  async #launch(stored: StoredContainer): Promise<void> {
    await this.#claimPort(stored);
    try {
      // Said here, where the learner sees it, and not by the background process.
      await preparePrograms(this.#env);
      await openCache(this.#env);
    } catch (error) {
      if (error instanceof SandboxError) throw new EngineError(`${error.message}\n${error.next}`);
      throw error;
    }
    await mkdir(this.#run, { recursive: true });
    if (process.getuid?.() === 0)
      for (const one of [path.dirname(this.#run), this.#run]) await chmod(one, 0o755);
    await noteOwner(this.#run, this.workspace);
    await makeSources(this.workspace, stored.spec);
    await spawnSupervisor(this.workspace, stored.id, this.#env);
  }

  async stop(id: string, graceSeconds = GRACE_SECONDS): Promise<void> {
    const stored = pick(await this.#store.read(), id);
    await endGracefully(await this.#processes(stored), graceSeconds);
    await this.#noteEnd(stored);
  }

  async signal(id: string, signal: NodeJS.Signals): Promise<void> {
    await this.#store.change(async (kept) => {
      const stored = pick(kept, id);
      const processes = await this.#processes(stored);
      if (!processes.running) throw new EngineError(`Container ${id} is not running`);
      if (signal === 'SIGKILL') {
        await killAll(processes);
        await this.#noteEnd(stored);
      } else if (processes.server) process.kill(processes.server.pid, signal);
    });
  }

  async remove(id: string, { force, volumes }: { force: boolean; volumes: boolean }): Promise<void> {
    const stored = await this.#store.change(async (kept) => {
      const found = pick(kept, id);
      const processes = await this.#processes(found);
      if (processes.running && !force) {
        throw new EngineError(
          `cannot remove container "/${found.spec.name}": container is running: stop the container before removing or force remove`,
        );
      }
      if (processes.running) await killAll(processes);
      kept.containers = kept.containers.filter((one) => one.id !== id);
      await this.#store.forget(id);
      return found;
    });
    await rm(this.layout(stored).runFolder, { recursive: true, force: true });
    if (volumes) for (const name of anonymousVolumes(stored.spec)) await this.#removeVolumeFolder(name);
    await this.#tidy();
  }

  async logFile(id: string): Promise<string> {
    return this.#store.file(id, 'log');
  }

  async networks(): Promise<Network[]> {
    const { networks } = await this.#store.read();
    const builtIn = BUILT_IN.map((name) => ({
      id: Buffer.from(name.padEnd(32, '.')).toString('hex'),
      name,
      project: null,
      driver: name === 'none' ? 'null' : name,
      createdAt: '',
    }));
    return [...builtIn, ...networks];
  }

  createNetwork(name: string, project: string | null): Promise<Network> {
    return this.#store.change((kept) => {
      if (kept.networks.some((one) => one.name === name))
        throw new EngineError(`network with name ${name} already exists`);
      const network = { id: newId(), name, project, driver: 'bridge', createdAt: new Date().toISOString() };
      kept.networks.push(network);
      return network;
    });
  }

  async removeNetwork(name: string): Promise<void> {
    const running = (await this.containers()).filter(({ runtime }) => runtime.status === 'running');
    await this.#store.change((kept) => {
      const network = kept.networks.find((one) => one.name === name || one.id === name);
      if (!network) throw new EngineError(`network ${name} not found`);
      if (running.some(({ spec }) => spec.networks.some((one) => one.name === network.name)))
        throw new EngineError(
          `error while removing network: network ${name} id ${network.id} has active endpoints`,
        );
      kept.networks = kept.networks.filter((one) => one !== network);
    });
    await this.#tidy();
  }

  async volumes(): Promise<Volume[]> {
    return (await this.#store.read()).volumes;
  }

  async createVolume(name: string, project: string | null): Promise<Volume> {
    await mkdir(this.#store.volumeFolder(name), { recursive: true });
    return this.#store.change((kept) => {
      const old = kept.volumes.find((one) => one.name === name);
      if (old) return old;
      const volume = { name, project, createdAt: new Date().toISOString() };
      kept.volumes.push(volume);
      return volume;
    });
  }

  async removeVolume(name: string): Promise<void> {
    const { containers, volumes } = await this.#store.read();
    if (!volumes.some((one) => one.name === name)) throw new EngineError(`get ${name}: no such volume`);
    const user = containers.find(({ spec }) =>
      spec.mounts.some((one) => one.type === 'volume' && one.source === name),
    );
    if (user) throw new EngineError(`remove ${name}: volume is in use - [${user.id}]`);
    await this.#removeVolumeFolder(name);
    await this.#tidy();
  }

  async inside(program: ProgramInside): Promise<number> {
    const { runInside } = await import('../inside/run.ts');
    return runInside({ engine: this, ...program });
  }

  async refresh(): Promise<void> {
    const containers = await this.containers();
    for (const one of containers)
      if (['running', 'restarting'].includes(one.runtime.status)) await this.refreshOne(one, containers);
  }

  /** The same for one that runs, of `all` that were found a moment ago. */
  async refreshOne({ id, spec }: Container, all: readonly Container[]): Promise<void> {
    const layout = this.layout({ id, spec });
    await refreshPins(layout);
    await writeRules(layout, rulesSource(spec, layout), namesOf(all));
  }

  /**
   * What an engine does when the machine has started again: containers that ran and whose policy is to be started
   * are started. Anything that keeps one from it is left for the next look to tell.
   */
  async revive(): Promise<void> {
    if ((await this.#lost(await this.#store.read())).length === 0) return;
    const started = this.#store.change(async (kept) => {
      for (const stored of await this.#lost(kept)) await this.#launch(stored).catch(unlessRefused);
    });
    await started.catch(unlessRefused);
  }

  /** Containers that ran, should run, and do not, although nobody stopped them. */
  async #lost({ containers }: Stored): Promise<StoredContainer[]> {
    const lost: StoredContainer[] = [];
    for (const stored of containers) {
      const runtime = await this.#store.runtime(stored.id);
      const ran = runtime !== null && runtime.status !== 'exited' && !runtime.stopping;
      if (!ran || !['always', 'unless-stopped'].includes(stored.spec.restart)) continue;
      if (!(await this.#processes(stored)).running) lost.push(stored);
    }
    return lost;
  }

  /** The layout of a container's files on this machine. */
  layout(container: Pick<Container, 'id' | 'spec'>): Layout {
    return layoutOf(this.#store, this.#run, container);
  }

  /** The log's last lines that say something, newest last. */
  async lastLines(id: string, lines: number): Promise<string[]> {
    return lastLinesOf(await this.logFile(id), lines);
  }

  /** What the container's supervisor wrote last; null when it never started. */
  runtime(id: string): Promise<Supervised | null> {
    return this.#store.runtime(id);
  }

  /** Another workspace on this machine whose sandbox has the port; null when none has. */
  async holderOf(port: number): Promise<string | null> {
    for (const workspace of await otherWorkspaces(cacheFolder(this.#env), this.workspace)) {
      const other = openEngine(workspace, this.#env);
      for (const { real } of await other.containers()) if (real.tcpPort === port) return workspace;
    }
    return null;
  }

  /** The folder of a volume on this machine. */
  volumeFolder(name: string): string {
    return this.#store.volumeFolder(name);
  }

  /** The sandbox's own folders, for the one who removes all. */
  folders(): string[] {
    return [this.#store.folder, this.#run];
  }

  async #processes(stored: StoredContainer): Promise<Processes> {
    return processesOf(await this.#store.runtime(stored.id), this.layout(stored));
  }

  async #look(stored: StoredContainer): Promise<Container> {
    const { id, createdAt, spec, tcpPort } = stored;
    const runtime = await this.#store.runtime(id);
    const layout = this.layout(stored);
    const { running, server } = processesOf(runtime, layout);
    const lost = runtime !== null && !running && runtime.status !== 'exited';
    return {
      id,
      createdAt,
      spec,
      runtime: {
        // 255: the engine was not there when it ended.
        status: runtime === null ? 'created' : lost ? 'exited' : runtime.status,
        exitCode: lost ? 255 : (runtime?.exitCode ?? 0),
        restartCount: runtime?.restartCount ?? 0,
        startedAt: runtime?.startedAt ?? '',
        finishedAt: runtime?.finishedAt ?? '',
        pid: server?.pid ?? null,
        error: runtime?.error ?? '',
      },
      real: {
        tcpPort: server !== null && runtime?.port != null ? tcpPort : null,
        port: runtime?.port ?? 5432,
        socketFolder: layout.runFolder,
        socketPort: tcpPort,
        dataFolder: layout.dataFolder,
        listenAddresses: runtime?.listenAddresses ?? null,
      },
    };
  }

  /** Adds what the image brings: a volume for the data where nothing is mounted there. */
  async #complete(spec: ContainerSpec): Promise<ContainerSpec> {
    const mounts = [...spec.mounts];
    for (const mount of mounts)
      await stayInside(this.workspace, mount.type === 'bind' ? mount.source : this.workspace);
    const target = dataTargetOf(spec);
    if (!mountOf(mounts, target)) {
      const { name } = await this.createVolume(newId(), spec.project);
      mounts.push({ type: 'volume', source: name, target, readOnly: false });
    }
    for (const mount of mounts)
      if (mount.type === 'volume') await this.createVolume(mount.source, spec.project);
    await makeSources(this.workspace, { ...spec, mounts });
    return { ...spec, mounts };
  }

  /** Throws EngineError when somebody else has the published port; takes another one where any will do. */
  async #claimPort(stored: StoredContainer): Promise<void> {
    const real = this.#realPorts(stored.spec);
    const shared = isGraded(this.#env) ? portTakenBy(await this.containers(), stored.spec) : undefined;
    if (shared !== undefined) throw alreadyAllocated(stored, shared);
    for (const port of real) {
      if (!(await isTaken(port))) continue;
      const holder = await this.holderOf(port);
      const who = holder === null ? '' : `\nThe sandbox of the folder ${holder} has it.`;
      throw alreadyAllocated(stored, port, who);
    }
    if (real.length === 0 && (await isTaken(stored.tcpPort))) stored.tcpPort = await freePort();
  }

  /** Published ports that a server really has: none where many sandboxes say the same ones side by side. */
  #realPorts(spec: ContainerSpec): number[] {
    return isGraded(this.#env) ? [] : publishedPorts(spec);
  }

  /** For a container without a supervisor nobody else writes that it has ended. */
  async #noteEnd({ id }: StoredContainer): Promise<void> {
    const runtime = await this.#store.runtime(id);
    if (!runtime || runtime.status === 'exited') return;
    const ended = { status: 'exited', pid: null, server: null, port: null, stopping: true } as const;
    await this.#store.writeRuntime(id, { ...runtime, ...ended, finishedAt: new Date().toISOString() });
  }

  async #removeVolumeFolder(name: string): Promise<void> {
    await rm(this.#store.volumeFolder(name), { recursive: true, force: true });
    await this.#store.change((kept) => {
      kept.volumes = kept.volumes.filter((one) => one.name !== name);
    });
  }

  /** When nothing is left, nothing is left of the run folder either. */
  async #tidy(): Promise<void> {
    const { containers } = await this.#store.read();
    if (containers.length === 0) await rm(this.#run, { recursive: true, force: true });
  }
}

/** For a disk that is full or read-only, too. */
function unlessRefused(error: unknown): void {
  if (!(error instanceof EngineError) && !(error as { code?: string }).code) throw error;
}

const newId = () => randomBytes(32).toString('hex');

const anonymousVolumes = (spec: ContainerSpec): string[] =>
  spec.mounts
    .filter(({ type, source }) => type === 'volume' && /^[0-9a-f]{64}$/.test(source))
    .map(({ source }) => source);

function pick(stored: Stored, id: string): StoredContainer {
  const found = stored.containers.find((one) => one.id === id);
  if (!found) throw new EngineError(`No such container: ${id}`);
  return found;
}
