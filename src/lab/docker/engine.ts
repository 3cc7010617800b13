import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import path from 'node:path';
import type Dockerode from 'dockerode';
import type { EngineState } from '../../observe/types.ts';
import { findProgram } from '../find-program.ts';
import { composeVersion } from './compose-plugin.ts';
import { type Owner, ourContainers } from './containers.ts';
import { clientOptions, type Endpoint } from './endpoint.ts';

/**
 * Opens a client for the endpoint; null for one that it can't reach. Imports the client library here, so that start-up
 * does not pay for it.
 * @param ownConnections Never uses a connection that another client of this process left open.
 */
export async function connect(
  endpoint: Endpoint,
  env: NodeJS.ProcessEnv,
  { ownConnections = false } = {},
): Promise<Dockerode | null> {
  const address = clientOptions(endpoint.url);
  if (!address) return null;
  const { default: Docker } = await import('dockerode');
  const { Agent } = 'protocol' in address && address.protocol === 'https' ? https : http;
  const options = { ...address, ...(ownConnections ? { agent: new Agent() } : {}) };
  if ('socketPath' in options) return new Docker(options);
  const certificates = env.DOCKER_CERT_PATH;
  if (options.protocol === 'https' && certificates) {
    const read = (file: string) => readFileSync(path.join(certificates, file));
    return new Docker({ ...options, ca: read('ca.pem'), cert: read('cert.pem'), key: read('key.pem') });
  }
  return new Docker(options);
}

/** Asks the engine who it is, within two seconds, and what keeps it from answering. */
export async function engineState(
  docker: Dockerode | null,
  endpoint: Endpoint,
  env: NodeJS.ProcessEnv,
  owner: Owner,
): Promise<EngineState> {
  if (!docker) return { state: 'down', ...describeAddress(endpoint) };
  const made = withLimit(ourContainers(docker, owner), 4000).then(
    ({ containers }) => containers,
    () => [],
  );
  try {
    const [version, info, compose] = await Promise.all([
      withLimit(docker.version(), 4000),
      withLimit(docker.info(), 4000) as Promise<{ SecurityOptions?: string[] }>,
      made.then((containers) => composeVersion(env, containers)),
    ]);
    if (typeof version?.ApiVersion !== 'string' || typeof version.Version !== 'string') {
      return {
        state: 'down',
        problem: `What answers at ${endpoint.url} (from ${endpoint.foundBy}) is not a Docker engine.`,
        next: otherEngine(endpoint),
      };
    }
    return {
      state: 'up',
      version: version.Version,
      os: version.Os,
      arch: version.Arch,
      rootless: (info.SecurityOptions ?? []).some((option) => option.includes('name=rootless')),
      compose,
      foundBy: endpoint.foundBy,
      endpoint: endpoint.url,
    };
  } catch (error) {
    return { state: 'down', ...describeFailure(error, endpoint, await findProgram('docker', env)) };
  }
}

/** What is wrong with an address that can't even be tried. */
function describeAddress(endpoint: Endpoint): { problem: string; next: string } {
  const { url, foundBy } = endpoint;
  if (endpoint.missingContext !== undefined) {
    return {
      problem: `There is no Docker context "${endpoint.missingContext}", which ${foundBy} names.`,
      next: `See docker context ls. ${otherEngine(endpoint)}`,
    };
  }
  if (url.startsWith('ssh:')) {
    return {
      problem: `Docker is set to another machine, ${url} (from ${foundBy}), and this tool can't look at containers over ssh.`,
      next: `Use the engine of this machine. ${otherEngine(endpoint)}`,
    };
  }
  return {
    problem: `"${url}" (from ${foundBy}) is not the address of a Docker engine.`,
    next: `It looks like unix:///var/run/docker.sock. ${otherEngine(endpoint)}`,
  };
}

/** How to leave an engine that was chosen, for the usual one of this machine. */
function otherEngine({ foundBy }: Endpoint): string {
  if (foundBy.startsWith('DOCKER_')) return `To go back to the usual one: unset ${foundBy}.`;
  if (/^docker context|configuration$/.test(foundBy))
    return 'To go back to the usual one: docker context use default.';
  return 'Look at: docker info.';
}

/** The same where an engine was chosen at all; '' at the usual place of one. */
export const leaveChosen = (endpoint: Endpoint): string =>
  /socket$|pipe$/.test(endpoint.foundBy) ? '' : otherEngine(endpoint);

/** One sentence for a client error, and the next step. */
export function describeFailure(
  error: unknown,
  endpoint: Endpoint,
  command: string | null,
): { problem: string; next: string } {
  const code = (error as { code?: string }).code ?? '';
  const message = error instanceof Error ? error.message : String(error);
  const where = `${endpoint.url} (from ${endpoint.foundBy})`;
  if (code === 'EACCES') {
    return {
      problem: `You have no permission to use the Docker socket ${where}.`,
      next: 'Add yourself to the group docker (sudo usermod -aG docker $USER), then log in again. Or use rootless Docker.',
    };
  }
  if (code === 'ENOENT' || code === 'ECONNREFUSED' || code === 'ECONNRESET' || code === 'EPIPE') {
    if (command === null && /socket$|pipe$/.test(endpoint.foundBy)) {
      return {
        problem: 'Docker is not on this machine: there is no docker command, and no engine answers.',
        next: 'Install it: https://docs.docker.com/get-docker/',
      };
    }
    const next = 'Start Docker Desktop, or the engine: sudo systemctl start docker. Then try again.';
    return {
      problem: `No Docker engine answers at ${where}.`,
      next: `${next} ${leaveChosen(endpoint)}`.trimEnd(),
    };
  }
  return {
    problem: `The Docker engine at ${where} does not answer: ${message}.`,
    next: 'Look at: docker info.',
  };
}

/** Fails when the engine takes a question and does not answer it. */
export async function withLimit<T>(promise: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms / 1000} s`)), ms);
  });
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
  }
}
