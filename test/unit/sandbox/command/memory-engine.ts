import { mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import type { Action } from '../../../../src/lab/sandbox/command/action.ts';
import { interpret } from '../../../../src/lab/sandbox/command/interpret.ts';
import { parseDocker } from '../../../../src/lab/sandbox/command/parse.ts';
import type { World } from '../../../../src/lab/sandbox/command/world.ts';
import {
  type Container,
  type ContainerRuntime,
  type ContainerSpec,
  type Engine,
  EngineError,
  type Network,
  type ProgramInside,
  type Volume,
} from '../../../../src/lab/sandbox/engine/types.ts';
import { runInside } from '../../../../src/lab/sandbox/inside/run.ts';

const STOPPED: ContainerRuntime = {
  status: 'created',
  exitCode: 0,
  restartCount: 0,
  startedAt: '',
  finishedAt: '',
  pid: null,
  error: '',
};

/** The engine's bookkeeping without processes: states are what a test says they are. */
export class MemoryEngine implements Engine {
  readonly workspace = realpathSync(mkdtempSync(path.join(tmpdir(), 'sandbox-command-')));
  /** What was asked of it, in order. */
  readonly asked: string[] = [];
  /** Messages with which `start` refuses a container, by its name. */
  readonly refusals = new Map<string, string>();
  /** Statuses that a container has once it is started; running otherwise. */
  readonly afterStart = new Map<string, Partial<ContainerRuntime>>();
  readonly #containers: Container[] = [];
  readonly #networks: Network[] = ['bridge', 'host', 'none'].map((name) => ({
    id: hex(),
    name,
    project: null,
    driver: name === 'none' ? 'null' : name,
    createdAt: '2026-11-25T12:00:00.000Z',
  }));
  readonly #volumes: Volume[] = [];

  async containers() {
    return this.#containers.map((one) => structuredClone(one));
  }

  async find(reference: string) {
    const found = this.#containers.find(
      ({ id, spec }) => spec.name === reference || id.startsWith(reference),
    );
    return found ? structuredClone(found) : null;
  }

  async create(spec: ContainerSpec) {
    const holder = this.#containers.find((one) => one.spec.name === spec.name);
    if (holder)
      throw new EngineError(
        `Conflict. The container name "/${spec.name}" is already in use by container "${holder.id}". You have to remove (or rename) that container to be able to reuse that name.`,
      );
    const socketFolder = path.join(this.workspace, '.run', spec.name);
    const real = {
      tcpPort: null,
      port: 5432,
      socketFolder,
      socketPort: 5432,
      dataFolder: socketFolder,
      listenAddresses: null,
    };
    const createdAt = new Date().toISOString();
    const made: Container = { id: hex(), createdAt, spec, runtime: { ...STOPPED }, real };
    this.#containers.push(made);
    this.asked.push(`create ${spec.name}`);
    return structuredClone(made);
  }

  /** Changes what a container is like, as its supervisor would. */
  set(name: string, runtime: Partial<ContainerRuntime>) {
    Object.assign(this.#of(name).runtime, runtime);
  }

  age(name: string, milliseconds: number) {
    this.#of(name).createdAt = new Date(Date.now() - milliseconds).toISOString();
  }

  async start(id: string) {
    const { runtime, spec } = this.#of(id);
    this.asked.push(`start ${spec.name}`);
    const refusal = this.refusals.get(spec.name);
    if (refusal !== undefined) throw new EngineError(refusal);
    const startedAt = new Date().toISOString();
    Object.assign(runtime, { status: 'running', startedAt, pid: 4711, ...this.afterStart.get(spec.name) });
  }

  async stop(id: string, graceSeconds?: number) {
    const { runtime, spec } = this.#of(id);
    this.asked.push(`stop ${spec.name}${graceSeconds === undefined ? '' : ` ${graceSeconds}`}`);
    if (runtime.status === 'running' || runtime.status === 'restarting')
      Object.assign(runtime, { status: 'exited', pid: null, finishedAt: new Date().toISOString() });
  }

  async signal(id: string, signal: NodeJS.Signals) {
    const { runtime, spec } = this.#of(id);
    if (runtime.status !== 'running') throw new EngineError(`Container ${id} is not running`);
    this.asked.push(`${signal} ${spec.name}`);
  }

  async remove(id: string, { force, volumes }: { force: boolean; volumes: boolean }) {
    const { runtime, spec } = this.#of(id);
    if (runtime.status === 'running' && !force)
      throw new EngineError(
        `cannot remove container "/${spec.name}": container is running: stop the container before removing or force remove`,
      );
    this.asked.push(`remove ${spec.name}${volumes ? ' with volumes' : ''}`);
    this.#containers.splice(
      this.#containers.findIndex((one) => one.id === id),
      1,
    );
  }

  async logFile(id: string) {
    return path.join(this.workspace, `${id.slice(0, 12)}.log`);
  }

  async networks() {
    return [...this.#networks];
  }

  async createNetwork(name: string, project: string | null) {
    const made = { id: hex(), name, project, driver: 'bridge', createdAt: new Date().toISOString() };
    this.#networks.push(made);
    return made;
  }

  async removeNetwork(name: string) {
    const user = this.#containers.find(({ spec }) => spec.networks.some((one) => one.name === name));
    if (user) throw new EngineError(`network ${name} has active endpoints`);
    this.#networks.splice(
      this.#networks.findIndex((one) => one.name === name),
      1,
    );
  }

  async volumes() {
    return [...this.#volumes];
  }

  async createVolume(name: string, project: string | null) {
    const made = { name, project, createdAt: new Date().toISOString() };
    this.#volumes.push(made);
    return made;
  }

  async removeVolume(name: string) {
    this.#volumes.splice(
      this.#volumes.findIndex((one) => one.name === name),
      1,
    );
  }

  volumeFolder(name: string) {
    return path.join(this.workspace, 'volumes', name);
  }

  /** The sandbox's own programs: files and argv are real, servers are not there. */
  async inside(program: ProgramInside) {
    return runInside({ engine: this, ...program });
  }

  async refresh() {
    this.asked.push('refresh');
  }

  #of(reference: string): Container {
    const found = this.#containers.find(({ id, spec }) => id === reference || spec.name === reference);
    if (!found) throw new EngineError(`No such container: ${reference}`);
    return found;
  }
}

const hex = () => Array.from({ length: 64 }, () => Math.floor(Math.random() * 16).toString(16)).join('');

export function specOf(part: Partial<ContainerSpec> = {}): ContainerSpec {
  return {
    name: 'leader',
    service: 'leader',
    project: 'solutions',
    hostname: 'leader',
    image: 'postgres:14',
    command: ['postgres', '-c', 'config_file=/etc/postgresql/postgresql.conf'],
    env: { POSTGRES_USER: 'postgres', POSTGRES_PASSWORD: 'secret' },
    mounts: [],
    ports: [{ target: 5432, published: 5433 }],
    networks: [{ name: 'solutions_replication-net', aliases: ['leader'] }],
    restart: 'always',
    configHash: 'a1',
    ...part,
  };
}

export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a docker command line, given as words, against an engine. */
export async function run(engine: Engine, words: string[], world: Partial<World> = {}): Promise<Ran> {
  const parsed = parseDocker(words);
  if (!parsed.ok) return { code: parsed.exitCode, stdout: '', stderr: `${parsed.message}\n` };
  return runAction(engine, parsed.action, world);
}

async function runAction(engine: Engine, action: Action, world: Partial<World> = {}): Promise<Ran> {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const printed = [collect(stdout), collect(stderr)] as const;
  const code = await interpret(action, {
    engine,
    env: {},
    cwd: engine.workspace,
    stdin: Readable.from([]),
    stdout,
    stderr,
    terminal: false,
    signal: new AbortController().signal,
    ...world,
  });
  stdout.end();
  stderr.end();
  return { code, stdout: await printed[0], stderr: await printed[1] };
}

async function collect(stream: PassThrough): Promise<string> {
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  return text;
}
