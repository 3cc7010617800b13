import { readFileSync } from 'node:fs';
import path from 'node:path';
import type Dockerode from 'dockerode';
import type { EngineState } from '../../observe/types.ts';
import { ask } from '../ask.ts';
import { clientOptions, type Endpoint } from './endpoint.ts';

/** Opens a client for the endpoint. Imports the client library here, so that start-up does not pay for it. */
export async function connect(endpoint: Endpoint, env: NodeJS.ProcessEnv): Promise<Dockerode | null> {
  const options = clientOptions(endpoint.url);
  if (!options) return null;
  const { default: Docker } = await import('dockerode');
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
): Promise<EngineState> {
  if (!docker) {
    return {
      state: 'down',
      problem: `The Docker endpoint ${endpoint.url} (from ${endpoint.foundBy}) can't be observed over ssh.`,
      next: 'Choose a local engine: docker context use default.',
    };
  }
  try {
    const [version, info, compose] = await Promise.all([
      withLimit(docker.version(), 4000),
      withLimit(docker.info(), 4000) as Promise<{ SecurityOptions?: string[] }>,
      composeVersion(env),
    ]);
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
    return { state: 'down', ...describeFailure(error, endpoint) };
  }
}

/** Whether the engine answers at all, within two seconds. */
export async function answers(docker: Dockerode | null): Promise<boolean> {
  if (!docker) return false;
  return withLimit(docker.ping(), 2000).then(
    () => true,
    () => false,
  );
}

/** One sentence for a client error, and the next step. */
function describeFailure(error: unknown, endpoint: Endpoint): { problem: string; next: string } {
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
    return {
      problem: `No Docker engine answers at ${where}.`,
      next: 'Start Docker Desktop, or the engine: sudo systemctl start docker. Then try again.',
    };
  }
  return {
    problem: `The Docker engine at ${where} does not answer: ${message}.`,
    next: 'Look at: docker info.',
  };
}

/** Version of the Compose plugin, `2.26.1`; null when `docker compose` is not there. */
async function composeVersion(env: NodeJS.ProcessEnv): Promise<string | null> {
  const result = await ask('docker', ['compose', 'version', '--short'], { env, timeoutMs: 10_000 });
  return result.exitCode === 0 ? (/\d+\.\d+[\w.-]*/.exec(result.stdout)?.[0] ?? null) : null;
}

async function withLimit<T>(promise: Promise<T>, ms: number): Promise<T> {
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
