import path from 'node:path';
import type Dockerode from 'dockerode';
import { projectNameOf } from '../../course/project-name.ts';
import type { Names } from '../../course/types.ts';
import {
  type ContainerState,
  type DataFolder,
  type EngineState,
  type ImageState,
  NODES,
  type NodeName,
} from '../../observe/types.ts';
import { adaptCommand } from '../adapt.ts';
import { composeReader } from '../compose-source.ts';
import { type Lab, type LabNode, type Problem, QueryError } from '../lab.ts';
import { asksForImage, machineFacts } from '../machine-facts.ts';
import { oneAtATime } from '../one-at-a-time.ts';
import { runCommand } from '../run-command.ts';
import { workspaceProblems } from '../workspace.ts';
import { clearDocker } from './clear.ts';
import { resolveByCompose } from './compose.ts';
import { inspectById, inspectNode, type Owner } from './containers.ts';
import { readFolderThrough } from './data.ts';
import { findEndpoint, publishedHost } from './endpoint.ts';
import { connect, engineState, leaveChosen, withLimit } from './engine.ts';
import { type Glance, glance } from './glance.ts';
import { canPull, imageState, pullImage } from './image.ts';
import { splitLog } from './log-frames.ts';
import { replicationLogin } from './login.ts';
import { colonProblems, conflictProblems, engineProblems, programProblems } from './ready.ts';
import { openSession } from './session.ts';

export interface DockerLabOptions {
  /** Absolute real path of the learner's folder. */
  workspace: string;
  /** The course's names; `project` is added by the lab. */
  names: Names;
  env?: NodeJS.ProcessEnv;
}

/** The docker lab, and what only it can be asked. */
export interface DockerLab extends Lab {
  /** A first look, quick and cheap: most often enough to choose a lab. */
  glance(): Promise<Glance>;
  /** Whether the image, which is not here, can be had from its registry. Asks the network, for a few seconds at most. */
  canPull(): Promise<boolean>;
  /** How to get away from an engine that was chosen (DOCKER_HOST, a context); '' where none was. */
  readonly leaveChosen: string;
  /** What keeps the engine and its programs from being used, without a look at names and ports. */
  engineProblems(): Promise<Problem[]>;
}

/** The learner's own Docker engine. Looks through the API and pg, acts through the real docker command. */
export async function openDockerLab({
  workspace,
  names,
  env = process.env,
}: DockerLabOptions): Promise<DockerLab> {
  const endpoint = await findEndpoint(env);
  // Opened on first use: the client library takes longer to load than the first frame may take to appear.
  let opening: Promise<Dockerode | null> | undefined;
  const reach = () => {
    // The next thing needed after the engine's first answer: loaded while that is on its way.
    if (!opening) void import('pg');
    opening ??= connect(endpoint, env);
    return opening;
  };
  const project = env.COMPOSE_PROJECT_NAME ?? projectNameOf(workspace);
  const owner: Owner = { project, workspace };
  const shellEnv = { ...env, ...(endpoint.tellCli ? { DOCKER_HOST: endpoint.url } : {}) };
  const shell = { cwd: workspace, env: shellEnv };
  const name = (key: string): string => names[key] ?? '';
  const readCompose = composeReader(workspace, () => resolveByCompose(workspace, shellEnv));
  let engineCache: EngineState | undefined;

  /**
   * Asked in full once; after that any answer tells that it is still there. Who asks for the engine asks for the
   * containers at the same time, as a rule, so the leader's serves both.
   */
  const engine = async (): Promise<EngineState> => {
    const docker = await reach();
    const complete = engineCache?.state === 'up' && engineCache.compose !== null;
    if (engineCache && complete && (await answers(inspect('leader')))) return engineCache;
    engineCache = await engineState(docker, endpoint, shellEnv, owner);
    return engineCache;
  };

  const client = async (): Promise<Dockerode> => {
    const docker = await reach();
    if (!docker) throw new QueryError(`the endpoint ${endpoint.url} can't be reached`, 'ENOTSUP');
    return docker;
  };

  /** Where each node was found last: a container that is still there need not be looked for among all others. */
  const ids = new Map<NodeName, string>();
  const find = async (node: NodeName): Promise<ContainerState> => {
    const docker = await client();
    const id = ids.get(node);
    const known = id === undefined ? null : await inspectById(docker, id);
    const state = known ?? (await inspectNode(docker, owner, node, name(node)));
    if ('id' in state) ids.set(node, state.id);
    else ids.delete(node);
    return state;
  };
  const inspections = {
    leader: oneAtATime(() => withLimit(find('leader'), ANSWER_MS)),
    follower: oneAtATime(() => withLimit(find('follower'), ANSWER_MS)),
  };
  const inspect = (node: NodeName): Promise<ContainerState> => inspections[node]();
  const image = async (): Promise<ImageState> => {
    const docker = await reach();
    const unknown: ImageState = { state: 'unknown', reference: name('image') };
    return docker ? withLimit(imageState(docker, name('image')), ANSWER_MS).catch(() => unknown) : unknown;
  };

  const makeNode = (node: NodeName): LabNode => {
    let seen: ContainerState | undefined;
    const look = async () => {
      seen = await inspect(node);
      return seen;
    };
    return {
      name: node,
      inspect: look,
      async session(use, options = {}) {
        const container = seen ?? (await look());
        if (container.state !== 'running')
          throw new QueryError(`the container of the ${node} is not running`, 'ENOCONTAINER');
        const target = {
          node,
          container,
          host: publishedHost(endpoint.url),
          superuser: name('superuser'),
          password: name('superuser_password'),
          database: options.database ?? name('database'),
        };
        return openSession(await client(), target, use);
      },
      async logs(lines) {
        const container = seen ?? (await look());
        if (!('id' in container)) return [];
        const stream = await (await client())
          .getContainer(container.id)
          .logs({ stdout: true, stderr: true, tail: lines, follow: false });
        const { stdout, stderr } = splitLog(stream);
        return [...stdout, ...stderr].filter((line) => line.trim() !== '').slice(-lines);
      },
      readData: () => readNodeData(node),
    };
  };

  async function readNodeData(node: NodeName): Promise<DataFolder> {
    const folder = path.join(workspace, `${node}-data`);
    const owner = { image: name('image'), project };
    return readFolderThrough(folder, { docker: client, container: () => inspect(node), ...owner });
  }

  const facts = async (command: string) => ({
    ...(await machineFacts(command, shell, names)),
    rootless: engineCache?.state === 'up' && engineCache.rootless,
    imagePresent: asksForImage(command) && (await image()).state === 'present',
  });

  async function problemsOfEngine(): Promise<Problem[]> {
    const state = await engine();
    const programs = state.state === 'up' ? await programProblems(shellEnv) : [];
    // Without the docker command there is no Compose either; one sentence is enough.
    return programs.length > 0 ? programs : engineProblems(state);
  }

  /** The ports that the learner's file publishes; those of the course where it says nothing yet. */
  async function wantedPorts(): Promise<{ node: NodeName; port: number }[]> {
    const compose = await readCompose();
    return NODES.map((node) => {
      const listed = compose.state === 'ok' ? (compose.config.services[node]?.ports ?? []) : [];
      const published = listed.find(({ target }) => target === 5432)?.published;
      return { node, port: Number(published || name(`${node}_port`)) };
    });
  }

  return {
    leaveChosen: leaveChosen(endpoint),
    glance: () => glance(endpoint, shellEnv, name('image')),
    kind: 'docker',
    workspace,
    project,
    shell,
    engine,
    compose: readCompose,
    node: makeNode,
    image,
    async ready() {
      const problems: Problem[] = [...colonProblems(workspace)];
      if (problems.length === 0) problems.push(...(await workspaceProblems(workspace)));
      const found = await problemsOfEngine();
      problems.push(...found);
      if (found.length > 0) return problems;
      const ports = await wantedPorts();
      const hasFile = (await readCompose()).state !== 'missing';
      const wanted = { names: [name('leader'), name('follower')], ports, hasFile };
      try {
        problems.push(...(await withLimit(conflictProblems(await client(), owner, wanted), ANSWER_MS)));
      } catch (error) {
        // It was there a moment ago.
        const message = `The Docker engine does not answer: ${error instanceof Error ? error.message : error}.`;
        problems.push({ id: 'no-engine', message, next: 'Look at: docker info.' });
      }
      return problems;
    },
    engineProblems: problemsOfEngine,
    canPull: async () => withLimit(canPull(await client(), name('image')), REGISTRY_MS).catch(() => false),
    async replicationLogin() {
      const [leader, follower] = await Promise.all([inspect('leader'), inspect('follower')]);
      const target = {
        leader,
        follower,
        image: name('image'),
        project,
        network: name('network'),
        user: name('replicator'),
        password: name('replicator_password'),
        host: publishedHost(endpoint.url),
      };
      return replicationLogin(await client(), target);
    },
    adapt: async (command) => adaptCommand(command, await facts(command)),
    async run(command, options) {
      if (needsImage(command) && (await image()).state === 'missing') {
        const problem = await pullImage(await client(), name('image'), options.onOutput, options.signal);
        if (problem !== null) {
          options.onOutput(`${problem}\n`);
          return { exitCode: 1, cancelled: options.signal.aborted, durationMs: 0 };
        }
      }
      return runCommand(command, shell, options);
    },
    clear: async () => clearDocker(await client(), owner, name('image')),
    async close() {},
  };
}

const answers = (question: Promise<unknown>): Promise<boolean> =>
  question.then(
    () => true,
    () => false,
  );

/** An engine answers such questions in a few milliseconds; one that hangs must not hang us. */
const ANSWER_MS = 5000;
/** A registry is across the world, and a firewall that drops packets never answers. */
const REGISTRY_MS = 8000;

/** Commands that would make the docker command pull on its own, with less to see. */
function needsImage(command: string): boolean {
  return /\bdocker (?:compose (?:up|create|run)|run|pull)\b/.test(command);
}
