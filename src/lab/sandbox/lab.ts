import { rm } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { projectNameOf } from '../../course/project-name.ts';
import type { Names } from '../../course/types.ts';
import { EXIT, UserError } from '../../errors.ts';
import { type DataFolder, type EngineState, NODES, type NodeName } from '../../observe/types.ts';
import { adaptCommand } from '../adapt.ts';
import { composeReader } from '../compose-source.ts';
import { readDataFolder } from '../data-folder.ts';
import { type Lab, type LabNode, type Problem, QueryError } from '../lab.ts';
import { machineFacts } from '../machine-facts.ts';
import { oneAtATime } from '../one-at-a-time.ts';
import { runCommand } from '../run-command.ts';
import { findPortHolder, type TakenPort, takenPortProblems } from '../taken-ports.ts';
import { bashProblems, DATA_FOLDERS, workspaceProblems } from '../workspace.ts';
import { asWritten, FORCED_SQL } from './as-written.ts';
import { cacheFolder, openCache, SandboxError } from './cache.ts';
import { COMPOSE_VERSION } from './command/labels.ts';
import { pathTranslator } from './container/layout.ts';
import { openEngine, type SandboxEngine } from './engine/engine.ts';
import { isTaken } from './engine/free-port.ts';
import { programFile } from './engine/processes.ts';
import { type Container, EngineError } from './engine/types.ts';
import { isGraded } from './graded.ts';
import { imageId, knownImage } from './image.ts';
import { replicationLogin } from './login.ts';
import { serverAccount } from './server/account.ts';
import { serverPackage, serverVersion } from './server/programs.ts';
import { openSession } from './session.ts';
import { containerState } from './state.ts';

export interface SandboxLabOptions {
  /** Absolute real path of the learner's folder. */
  workspace: string;
  names: Names;
  env?: NodeJS.ProcessEnv;
}

/** Two real servers as processes of this machine, and a `docker` command of our own that acts on them. */
export function openSandboxLab({ workspace, names, env = process.env }: SandboxLabOptions): Lab {
  const engine = openEngine(workspace, env);
  const shell = { cwd: workspace, env: shellEnvironment(workspace, env) };
  const name = (key: string): string => names[key] ?? '';
  const image = name('image');
  let revived: Promise<void> | undefined;
  let engineUp: EngineState | undefined;

  const readCompose = composeReader(workspace, async () => {
    const { resolveCompose } = await import('./compose/resolve.ts');
    return resolveCompose({
      workspace,
      env: shell.env,
      ...(isGraded(env) ? { env: {}, within: workspace } : {}),
    });
  });

  // Both nodes are looked at at the same time.
  const containers = oneAtATime(() => engine.containers());

  const makeNode = (node: NodeName): LabNode => {
    let seen: Container[] | undefined;
    const look = async () => {
      seen = await containers();
      return seen;
    };
    // Ours are all: the sandbox of a workspace holds nothing else.
    const own = (all: readonly Container[]) => all.find(({ spec }) => spec.service === node);
    return {
      name: node,
      async inspect() {
        const container = own(await look());
        return container ? containerState(container) : { state: 'absent' };
      },
      async session(use, options = {}) {
        const all = seen ?? (await look());
        const container = own(all);
        if (container?.runtime.status !== 'running')
          throw new QueryError(`the container of the ${node} is not running`, 'ENOCONTAINER');
        await engine.refreshOne(container, all);
        const database = options.database ?? name('database');
        return openSession(container, { user: name('superuser'), database }, use);
      },
      async logs(lines) {
        const container = own(seen ?? (await look()));
        return container ? engine.lastLines(container.id, lines) : [];
      },
      async readData() {
        try {
          return await readDataFolder(join(workspace, `${node}-data`));
        } catch (error) {
          return {
            state: 'unreadable',
            message: error instanceof Error ? error.message : String(error),
          } satisfies DataFolder;
        }
      },
      asWritten: {
        sql: FORCED_SQL,
        apply(server, forced) {
          const container = own(seen ?? []);
          if (!container) return server;
          const place = { container, layout: engine.layout(container), ports: portsOf(seen ?? []) };
          return asWritten(server, forced, place);
        },
      },
      async pathsAsWritten() {
        const container = own(await look());
        return container
          ? pathTranslator(engine.layout(container), container.real.socketPort)
          : (text) => text;
      },
    };
  };

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
    kind: 'sandbox',
    workspace,
    project: env.COMPOSE_PROJECT_NAME ?? projectNameOf(workspace),
    shell,
    async engine() {
      // A package that was there once is in use.
      if (engineUp) return engineUp;
      try {
        const { version } = serverPackage();
        revived ??= engine.revive();
        await revived;
        engineUp = {
          state: 'up',
          version: `sandbox of PostgreSQL ${serverVersion(version)}`,
          os: process.platform,
          arch: process.arch,
          rootless: false,
          compose: COMPOSE_VERSION,
          foundBy: '--lab sandbox',
          endpoint: workspace,
        };
        return engineUp;
      } catch (error) {
        if (!(error instanceof SandboxError)) throw error;
        return { state: 'down', problem: error.message, next: error.next };
      }
    },
    async image() {
      if (!knownImage(image)) return { state: 'missing', reference: image };
      const major = Number.parseInt(serverVersion(packageVersion()), 10);
      return { state: 'present', reference: image, id: imageId(), arch: process.arch, major };
    },
    compose: readCompose,
    node: makeNode,
    async ready() {
      const problems = [...(await workspaceProblems(workspace)), ...(await bashProblems(env))];
      problems.push(...(await serverProblems(env)));
      if (problems.length > 0) return problems;
      const { state } = await readCompose();
      return takenPortProblems(await takenPorts(engine, await wantedPorts()), state !== 'missing');
    },
    async replicationLogin() {
      await engine.refresh();
      return replicationLogin(await engine.containers(), {
        network: `${this.project}_${name('network')}`,
        user: name('replicator'),
        password: name('replicator_password'),
      });
    },
    async adapt(command) {
      const facts = await machineFacts(command, shell, names);
      return adaptCommand(command, { ...facts, rootless: false, imagePresent: true });
    },
    run: (command, options) => runCommand(command, shell, options),
    clear: () => clear(engine, workspace),
    async close() {},
  };
}

/** Real ports, and the ports in the containers that they stand for. */
const portsOf = (all: readonly Container[]): ReadonlyMap<number, number> =>
  new Map(all.flatMap(({ real }) => (real.tcpPort === null ? [] : [[real.tcpPort, real.port] as const])));

/** Why this machine can't have the sandbox at all; null when it can. */
export function sandboxProblem(): string | null {
  try {
    serverPackage();
    serverAccount();
    return null;
  } catch (error) {
    if (error instanceof SandboxError) return error.message;
    throw error;
  }
}

/** What `doctor` says of the sandbox: its server, and the only folder outside of the workspace in which it writes. */
export function describeSandbox(): { server: string; cache: string } {
  const cache = cacheFolder();
  try {
    const { version, folder } = serverPackage();
    const account = serverAccount();
    const user = account === null ? '' : `, run as the user ${account.name} because PostgreSQL refuses root`;
    return { server: `PostgreSQL ${serverVersion(version)} in ${folder}${user}`, cache };
  } catch (error) {
    if (error instanceof SandboxError) return { server: 'none', cache };
    throw error;
  }
}

/** Our docker first on the PATH, and what it needs to know. */
function shellEnvironment(workspace: string, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const programs = dirname(programFile(join('bin', 'docker')));
  return {
    ...env,
    PATH: `${programs}${delimiter}${env.PATH ?? ''}`,
    WALKTHROUGH_SANDBOX: workspace,
    WALKTHROUGH_NODE: process.execPath,
  };
}

const packageVersion = (): string => serverPackage().version;

async function serverProblems(env: NodeJS.ProcessEnv): Promise<Problem[]> {
  try {
    serverPackage();
    serverAccount();
    await openCache(env);
    return [];
  } catch (error) {
    if (error instanceof SandboxError) return [{ id: error.id, message: error.message, next: error.next }];
    throw error;
  }
}

async function takenPorts(
  engine: SandboxEngine,
  wanted: { node: NodeName; port: number }[],
): Promise<TakenPort[]> {
  const own = (await engine.containers()).flatMap(({ real }) => real.tcpPort ?? []);
  const taken: TakenPort[] = [];
  for (const { node, port } of wanted) {
    if (own.includes(port) || !(await isTaken(port))) continue;
    const folder = await engine.holderOf(port);
    if (folder === null) {
      const next = `Stop it, then try again. To find it: ${findPortHolder(port)}`;
      taken.push({ node, port, holder: 'another program', next });
      continue;
    }
    const next = [
      'Stop its servers: type docker compose stop, then exit, in the shell that this opens:',
      `npx walkthrough shell --dir '${folder}'`,
      'Or remove them with their data:',
      `npx walkthrough reset --dir '${folder}'`,
    ].join('\n');
    taken.push({ node, port, holder: `the sandbox of the folder ${folder}`, next });
  }
  return taken;
}

/** Ends all servers of the workspace and removes what was made for them. Returns a line for each thing removed. */
async function clear(engine: SandboxEngine, workspace: string): Promise<string[]> {
  const removed: string[] = [];
  try {
    for (const { id, spec } of await engine.containers()) {
      await engine.remove(id, { force: true, volumes: true });
      removed.push(`container ${spec.name}`);
    }
    for (const network of await engine.networks()) {
      if (network.project === null) continue;
      await engine.removeNetwork(network.name);
      removed.push(`network ${network.name}`);
    }
    for (const folder of DATA_FOLDERS)
      if (await removeFolder(join(workspace, folder))) removed.push(`folder ${folder}`);
    for (const folder of engine.folders()) await rm(folder, { recursive: true, force: true });
    return removed;
  } catch (error) {
    if (!(error instanceof EngineError) && !(error as { code?: string }).code) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new UserError(
      `Not all of the sandbox could be removed: ${message}.`,
      'Mend that, then reset again.',
      EXIT.unusable,
    );
  }
}

async function removeFolder(folder: string): Promise<boolean> {
  try {
    await rm(folder, { recursive: true });
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return false;
    throw error;
  }
}
