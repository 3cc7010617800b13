import path from 'node:path';
import { projectNameOf } from '../../course/project-name.ts';
import { composeReader } from '../../lab/compose-source.ts';
import { readFolderThrough } from '../../lab/docker/data.ts';
import type { Endpoint } from '../../lab/docker/endpoint.ts';
import { publishedHost } from '../../lab/docker/endpoint.ts';
import { withLimit } from '../../lab/docker/engine.ts';
import { imageState } from '../../lab/docker/image.ts';
import { splitLog } from '../../lab/docker/log-frames.ts';
import { replicationLogin } from '../../lab/docker/login.ts';
import { openSession } from '../../lab/docker/session.ts';
import { type CommandResult, type Lab, type LabNode, QueryError, type RunOptions } from '../../lab/lab.ts';
import { oneAtATime } from '../../lab/one-at-a-time.ts';
import { COMPOSE_VERSION } from '../../lab/sandbox/command/labels.ts';
import { resolveCompose } from '../../lab/sandbox/compose/resolve.ts';
import { type Container, EngineError } from '../../lab/sandbox/engine/types.ts';
import type { ContainerState, EngineState, ImageState, NodeName } from '../../observe/types.ts';
import { UnusableError } from '../room.ts';
import { refuseForged } from './catalog.ts';
import type { DockerEngine } from './engine.ts';
import { asking, meaning } from './failures.ts';
import type { Ground } from './ground.ts';
import { distrusts } from './programs.ts';

export interface RoomLabOptions {
  ground: Ground;
  engine: DockerEngine;
  endpoint: Endpoint;
  names: Record<string, string>;
  /** Runs a command line in the copy, as untrusted as it is. */
  run(command: string, options: RunOptions): Promise<CommandResult>;
  clear(): Promise<string[]>;
}

type There = Extract<ContainerState, { id: string }>;

/** A program in a container of its own, which the machine may be slow to start. */
const HELPER_MS = 30_000;

/** The room as a lab: its containers have the names and ports that the submission gives them. */
export function roomLab({ ground, engine, endpoint, names, run, clear }: RoomLabOptions): Lab {
  const { docker, workspace, prefix, labels } = ground;
  const name = (key: string): string => names[key] ?? '';
  const project = projectNameOf(workspace);
  const host = publishedHost(endpoint.url);
  const ask = <T>(question: Promise<T>) => asking(question, prefix);
  const image = (): Promise<ImageState> => ask(imageState(docker, name('image')));
  let known: Promise<EngineState> | undefined;
  const containers = oneAtATime(() => engine.containers());

  /** With the names on the engine and the port on this machine; for us alone. */
  const real = (container: Container, state: There): There => ({
    ...state,
    port: container.real.tcpPort,
    networks: state.networks.map((one) => `${prefix}${one}`),
  });

  /** A node's container as it was written, and as it is. */
  async function look(node: NodeName): Promise<{ written: ContainerState; real: ContainerState }> {
    const container = (await containers()).find(({ spec }) => spec.service === node);
    if (!container) return { written: { state: 'absent' }, real: { state: 'absent' } };
    const written = containerState(container, ground.image);
    return { written, real: real(container, written) };
  }

  const engineState = async (): Promise<EngineState> => {
    const { Version: version, Os: os, Arch: arch } = await ask(docker.version());
    const { foundBy, url } = endpoint;
    return {
      state: 'up',
      version,
      os,
      arch,
      rootless: false,
      compose: COMPOSE_VERSION,
      foundBy,
      endpoint: url,
    };
  };

  const makeNode = (node: NodeName): LabNode => {
    let seen: ContainerState | undefined;
    const now = async () => {
      const found = await look(node);
      seen = found.real;
      return found;
    };
    return {
      name: node,
      inspect: async () => (await now()).written,
      async session(use, options = {}) {
        const container = seen ?? (await now()).real;
        if (container.state !== 'running')
          throw new QueryError(`the container of the ${node} is not running`, 'ENOCONTAINER');
        const database = options.database ?? name('database');
        const login = { superuser: name('superuser'), password: name('superuser_password'), database };
        const believe = async () => {
          if (await distrusts(ground, container))
            throw new QueryError(`programs of the image were changed in the container ${node}`, 'EFORGED');
        };
        const target = { node, container, host, ...login, believe };
        return asServer(prefix, () =>
          openSession(docker, target, async (query) => {
            await refuseForged(query, container.id, ground);
            return use(query);
          }),
        );
      },
      async logs(lines) {
        const container = seen ?? (await now()).real;
        if (!('id' in container)) return [];
        const bytes = await ask(
          docker.getContainer(container.id).logs({ stdout: true, stderr: true, tail: lines, follow: false }),
        );
        const { stdout, stderr } = splitLog(bytes);
        return [...stdout, ...stderr].filter((line) => line.trim() !== '').slice(-lines);
      },
      readData: () =>
        ask(
          withLimit(
            readFolderThrough(path.join(workspace, `${node}-data`), {
              docker: async () => docker,
              container: async () => {
                const { real: container } = await look(node);
                const distrusted = container.state === 'running' && (await ask(distrusts(ground, container)));
                return distrusted ? { state: 'absent' } : container;
              },
              image: ground.image,
              project: `${prefix}${project}`,
              labels,
              still: ground.gate.still,
            }),
            HELPER_MS,
          ),
        ),
    };
  };

  return {
    kind: 'docker',
    confined: true,
    workspace,
    project,
    shell: { cwd: workspace, env: {} },
    engine() {
      known ??= engineState();
      return known;
    },
    image,
    compose: composeReader(workspace, () => resolveCompose({ workspace, env: {}, within: workspace }), {
      confined: true,
    }),
    node: makeNode,
    async ready() {
      try {
        await ask(docker.ping());
        return [];
      } catch (error) {
        if (!(error instanceof UnusableError)) throw error;
        return [{ id: 'no-engine', message: error.message, next: error.next }];
      }
    },
    async replicationLogin() {
      const [leader, follower] = await Promise.all([look('leader'), look('follower')]);
      const login = replicationLogin(docker, {
        leader: leader.real,
        follower: follower.real,
        believes: async (id) => !(await ask(distrusts(ground, { id, name: 'follower' }))),
        image: ground.image,
        // So that project and network together are the network's name on the engine.
        project: `${prefix}${project}`,
        network: name('network'),
        user: name('replicator'),
        password: name('replicator_password'),
        host,
        labels,
      });
      const answer = await ask(withLimit(login, HELPER_MS));
      return { ...answer, from: answer.from.replaceAll(prefix, '') };
    },
    adapt: async (command) => ({ command, reasons: [] }),
    run,
    clear,
    async close() {},
  };
}

/** What the engine says of a container that ends just now is said of its server. Throws QueryError and UnusableError. */
async function asServer<T>(prefix: string, question: () => Promise<T>): Promise<T> {
  try {
    return await question();
  } catch (error) {
    if (error instanceof QueryError) throw error;
    const found = meaning(error, prefix);
    throw found instanceof EngineError ? new QueryError(found.message, 'ENOCONTAINER') : found;
  }
}

/** As the docker lab would tell of it, were it the only pair on the machine. */
function containerState({ id, spec, runtime, real }: Container, imageId: string): There {
  const mapping = spec.ports.find(({ target }) => target === 5432);
  return {
    state: runtime.status,
    id,
    name: spec.name,
    image: spec.image,
    imageId,
    exitCode: runtime.exitCode,
    restartCount: runtime.restartCount,
    startedAt: runtime.startedAt || '0001-01-01T00:00:00Z',
    addresses: Object.values(real.addresses ?? {}).flatMap(({ address }) => (address ? [address] : [])),
    networks: spec.networks.map(({ name }) => name),
    port: mapping ? (mapping.published ?? real.tcpPort) : null,
    env: spec.env,
    command: spec.command,
    mounts: spec.mounts.map(({ type, source, target }) => ({ type, source, target })),
  };
}
