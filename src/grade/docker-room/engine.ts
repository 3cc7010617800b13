import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import type Dockerode from 'dockerode';
import { withLimit } from '../../lab/docker/engine.ts';
import { findByReference, nameTaken } from '../../lab/sandbox/engine/names.ts';
import { alreadyAllocated, portTakenBy } from '../../lab/sandbox/engine/published.ts';
import {
  type Container,
  type ContainerSpec,
  type Engine,
  EngineError,
  type Mount,
  type ProgramInside,
} from '../../lab/sandbox/engine/types.ts';
import { checkMounts, mountsOf } from './binds.ts';
import { describe, specOf } from './describe.ts';
import { asking, unlessGone } from './failures.ts';
import type { Ground } from './ground.ts';
import { confined, SERVER_RIGHTS } from './host-config.ts';
import { programIn, programInNew } from './inside.ts';
import { logPath, writeLog } from './logs.ts';
import { LABEL, UNTRUSTED } from './names.ts';
import {
  attachmentsOf,
  connectTo,
  createNetwork,
  firstEndpoint,
  networks,
  removeNetwork,
} from './networks.ts';
import { distrusts, refuseOwnPrograms } from './programs.ts';
import { keepRestarts, type Restarts } from './restarts.ts';
import { createVolume, removeVolume, volumes } from './volumes.ts';

/** For a look at a container's programs. */
const LOOK_MS = 30_000;
/** Docker's own grace for `stop`, in seconds. */
const GRACE_SECONDS = 10;
/** Signals after which Docker does not start a container again: the one that stops a server, and SIGKILL. */
const FINAL = ['SIGINT', 'SIGKILL'];

/**
 * The containers of one room on a real engine, under the names and with the ports that the submission gives them.
 * Knows nothing else of the engine: no name and no id leads out of the room.
 */
export class DockerEngine implements Engine {
  readonly workspace: string;
  readonly confined = true;
  readonly #ground: Ground;
  readonly #restarts: Restarts;
  readonly #changed: () => void;

  /** @param changed Called when volumes have come or gone. */
  constructor(ground: Ground, changed: () => void) {
    this.workspace = ground.workspace;
    this.#ground = ground;
    this.#changed = changed;
    this.#restarts = keepRestarts(
      (id) => this.#ended(id),
      (id) => this.#launch(id),
    );
  }

  async containers(): Promise<Container[]> {
    const { docker, id, prefix } = this.#ground;
    const label = [`${LABEL.room}=${id}`, `${LABEL.kind}=node`];
    const listed = await this.#ask(docker.listContainers({ all: true, filters: { label } }));
    const looks = listed.map(({ Id }) =>
      docker
        .getContainer(Id)
        .inspect()
        .then(
          (info) => [describe(info, this.#restarts.of(Id), prefix)],
          (error: { statusCode?: number }) => {
            if (error.statusCode === 404) return []; // it went meanwhile
            throw error;
          },
        ),
    );
    return (await this.#ask(Promise.all(looks))).flat();
  }

  async find(reference: string): Promise<Container | null> {
    return findByReference(await this.containers(), reference);
  }

  async create(spec: ContainerSpec): Promise<Container> {
    const holder = (await this.containers()).find((one) => one.spec.name === spec.name);
    if (holder) throw new EngineError(nameTaken(spec.name, holder.id));
    refuseOwnPrograms(
      spec.mounts.map(({ target }) => target),
      spec.env,
    );
    const full = await this.#withData(spec);
    const { docker, prefix, labels, image, limits, gate } = this.#ground;
    const [first, ...others] = attachmentsOf(full, await this.networks());
    const container = await this.#ask(
      gate.still(async () =>
        docker.createContainer({
          name: `${prefix}${full.name}`,
          Image: image,
          ...(full.hostname ? { Hostname: full.hostname } : {}),
          ...(full.command.length > 0 ? { Cmd: full.command } : {}),
          Env: Object.entries(full.env).map(([name, value]) => `${name}=${value}`),
          Labels: { ...labels, [LABEL.kind]: 'node', [LABEL.spec]: JSON.stringify(full) },
          ExposedPorts: { '5432/tcp': {} },
          HostConfig: {
            ...confined(limits.node, SERVER_RIGHTS, this.#ground),
            Mounts: await mountsOf(full, this.#ground),
            PortBindings: { '5432/tcp': [{ HostIp: '127.0.0.1', HostPort: '' }] },
            NetworkMode: first?.id ?? 'none',
          },
          ...firstEndpoint(first),
        }),
      ),
    );
    await this.#ask(connectTo(others, container.id, this.#ground));
    return this.#need(container.id);
  }

  async start(id: string): Promise<void> {
    const container = await this.#need(id);
    if (container.runtime.status === 'running') return;
    await this.#claimPorts(container);
    this.#restarts.end(id);
    await this.#launch(id);
    this.#restarts.begin(id, container.spec.restart);
  }

  /** Starts it if its mounts are still what they were. */
  async #launch(id: string): Promise<void> {
    const { gate, docker } = this.#ground;
    const container = docker.getContainer(id);
    // Not at the gate: looking takes seconds on a busy machine, and the room would stand still for so long.
    const { State, Config } = await this.#ask(container.inspect());
    const { name } = specOf(Config.Labels);
    // A new one has its image's programs. Another server could be put in their place before a restart.
    const isNew = State.StartedAt.startsWith('0001-');
    if (!isNew && (await this.#ask(withLimit(distrusts(this.#ground, { id, name }), LOOK_MS))))
      throw new EngineError(`the sandbox does not start ${name}: its programs were changed`);
    await this.#ask(
      gate.still(async () => {
        const info = await container.inspect();
        await checkMounts(specOf(info.Config.Labels), info.HostConfig.Mounts ?? [], this.#ground);
        await container.start();
      }),
    );
  }

  async stop(id: string, graceSeconds = GRACE_SECONDS): Promise<void> {
    this.#restarts.end(id);
    await this.#gone(this.#container(id).stop({ t: graceSeconds }));
  }

  async signal(id: string, signal: NodeJS.Signals): Promise<void> {
    if (FINAL.includes(signal)) this.#restarts.end(id);
    await this.#ask(this.#container(id).kill({ signal }));
  }

  async remove(
    id: string,
    { force, volumes: withVolumes }: { force: boolean; volumes: boolean },
  ): Promise<void> {
    const { spec, runtime } = await this.#need(id);
    if (runtime.status !== 'exited' && runtime.status !== 'created' && !force)
      throw new EngineError(
        `cannot remove container "/${spec.name}": container is running: stop the container before removing or force remove`,
      );
    this.#restarts.end(id);
    await this.#gone(this.#container(id).remove({ force: true, v: true }));
    await rm(logPath(this.#ground, id), { force: true });
    if (!withVolumes) return;
    for (const { type, source } of spec.mounts)
      if (type === 'volume' && /^[0-9a-f]{64}$/.test(source)) await this.removeVolume(source);
  }

  logFile(id: string): Promise<string> {
    return this.#ask(writeLog(this.#ground, id));
  }

  inside(program: ProgramInside): Promise<number> {
    const { container } = program;
    return this.#ask(
      container
        ? programIn(container.id, program, this.#ground, () => this.#bounce(container.id))
        : programInNew(program, this.#ground),
    );
  }

  networks() {
    return this.#ask(networks(this.#ground));
  }

  createNetwork(name: string, project: string | null) {
    return this.#ask(createNetwork(this.#ground, name, project));
  }

  removeNetwork(name: string) {
    return this.#ask(removeNetwork(this.#ground, name));
  }

  volumes() {
    return this.#ask(volumes(this.#ground));
  }

  async createVolume(name: string, project: string | null) {
    const volume = await this.#ask(createVolume(this.#ground, name, project));
    this.#changed();
    return volume;
  }

  async removeVolume(name: string): Promise<void> {
    await this.#ask(removeVolume(this.#ground, name));
    this.#changed();
  }

  volumeFolder(name: string): string {
    return `/var/lib/docker/volumes/${name}/_data`;
  }

  /** A real container sees its files as they are. */
  async refresh(): Promise<void> {}

  /** Nothing is started again from now on. */
  rest(): void {
    this.#restarts.endAll();
  }

  /** Ends all that the submission runs. Nothing of it is started again. */
  async killAll(): Promise<void> {
    const { docker, id } = this.#ground;
    this.rest();
    const listed = await docker.listContainers({ filters: { label: [`${LABEL.room}=${id}`] } });
    const untrusted = listed.filter(({ Labels }) => UNTRUSTED.includes(Labels[LABEL.kind] ?? ''));
    await Promise.all(untrusted.map(({ Id }) => this.#gone(this.#container(Id).kill())));
  }

  /** Ends all that runs in a container, as when its machine was switched off and on. */
  async #bounce(id: string): Promise<void> {
    const { spec } = await this.#need(id);
    this.#restarts.end(id);
    await this.#gone(this.#container(id).kill());
    await this.#launch(id);
    this.#restarts.begin(id, spec.restart);
  }

  /** Waits for the end of a container; null when it is gone. */
  async #ended(id: string): Promise<number | null> {
    const container = this.#container(id);
    try {
      const { StatusCode } = (await container.wait()) as { StatusCode: number };
      const { State, Config } = await container.inspect();
      if (State.OOMKilled) this.#outOfMemory(specOf(Config.Labels).name);
      return StatusCode;
    } catch (error) {
      if ((error as { statusCode?: number }).statusCode === 404) return null;
      throw error;
    }
  }

  #outOfMemory(name: string): void {
    const { memoryMb } = this.#ground.limits.node;
    this.#ground.remark({
      kind: 'limit',
      id: 'memory',
      where: `container ${name}`,
      message: `The container ${name} was killed because it took more than its ${memoryMb} MB of memory.`,
    });
  }

  /** Two containers can't publish one port, although here neither has it. */
  async #claimPorts(own: Container): Promise<void> {
    const port = portTakenBy(await this.containers(), own.spec);
    if (port !== undefined) throw alreadyAllocated(own, port);
  }

  /** Adds what the image brings, so that the room knows of it: a volume for the data where nothing is mounted there. */
  async #withData(spec: ContainerSpec): Promise<ContainerSpec> {
    const bare = this.#ground.imageVolumes.filter(
      (target) => !spec.mounts.some((one) => one.target === target),
    );
    const added = bare.map((target): Mount => {
      const source = randomBytes(32).toString('hex');
      return { type: 'volume', source, target, readOnly: false };
    });
    const mounts = [...spec.mounts, ...added];
    const known = new Set((await this.volumes()).map(({ name }) => name));
    for (const { type, source } of mounts)
      if (type === 'volume' && !known.has(source)) await this.createVolume(source, spec.project);
    return { ...spec, mounts };
  }

  async #need(id: string): Promise<Container> {
    const found = await this.find(id);
    if (!found) throw new EngineError(`No such container: ${id}`);
    return found;
  }

  #container(id: string): Dockerode.Container {
    return this.#ground.docker.getContainer(id);
  }

  #ask<T>(question: Promise<T>): Promise<T> {
    return asking(question, this.#ground.prefix);
  }

  #gone(question: Promise<unknown>): Promise<void> {
    return unlessGone(question, this.#ground.prefix);
  }
}
