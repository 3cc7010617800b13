import { readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { ask } from '../ask.ts';

/** Where the engine listens, and the rule that said so. */
export interface Endpoint {
  /** `unix:///var/run/docker.sock`, `tcp://10.0.0.5:2375`, `npipe:////./pipe/docker_engine`, `ssh://…`. */
  url: string;
  /** Told by `doctor`: `DOCKER_HOST`, `docker context "colima"`, `default socket`, `well-known socket`. */
  foundBy: string;
  /** True when the docker CLI does not find it by itself, so that DOCKER_HOST must be set for commands. */
  tellCli: boolean;
  /** The chosen context, when the docker command knows none of that name: then no command of it works. */
  missingContext?: string;
}

const DEFAULT_SOCKET = '/var/run/docker.sock';

/** Sockets of rootless engines and desktop products, in the order in which they are tried. */
export function wellKnownSockets(
  env: NodeJS.ProcessEnv,
  home = homedir(),
  uid = process.getuid?.(),
): string[] {
  return [
    ...(env.XDG_RUNTIME_DIR ? [`${env.XDG_RUNTIME_DIR}/docker.sock`] : []),
    path.join(home, '.docker/run/docker.sock'),
    path.join(home, '.docker/desktop/docker.sock'),
    ...(uid === undefined ? [] : [`/run/user/${uid}/docker.sock`]),
    path.join(home, '.colima/default/docker.sock'),
    path.join(home, '.orbstack/run/docker.sock'),
    ...(env.XDG_RUNTIME_DIR ? [`${env.XDG_RUNTIME_DIR}/podman/podman.sock`] : []),
  ];
}

/**
 * Finds the engine as the docker CLI does: DOCKER_HOST, then the current context, then the default socket; and,
 * where the CLI would find nothing, the well-known sockets. The client library knows neither contexts nor
 * rootless sockets.
 */
export async function findEndpoint(env: NodeJS.ProcessEnv): Promise<Endpoint> {
  if (env.DOCKER_HOST) return { url: env.DOCKER_HOST, foundBy: 'DOCKER_HOST', tellCli: false };
  const context = env.DOCKER_CONTEXT || (await currentContext(env));
  if (context && context !== 'default') {
    const url = await contextUrl(context, env);
    if (url) return { url, foundBy: `docker context "${context}"`, tellCli: false };
    if (url === null) {
      const foundBy = env.DOCKER_CONTEXT ? 'DOCKER_CONTEXT' : 'your Docker configuration';
      return { url: '', foundBy, tellCli: false, missingContext: context };
    }
  }
  if (process.platform === 'win32') {
    return { url: 'npipe:////./pipe/docker_engine', foundBy: 'default pipe', tellCli: false };
  }
  if (await isSocket(DEFAULT_SOCKET)) {
    return { url: `unix://${DEFAULT_SOCKET}`, foundBy: 'default socket', tellCli: false };
  }
  for (const socket of wellKnownSockets(env)) {
    if (await isSocket(socket))
      return { url: `unix://${socket}`, foundBy: 'well-known socket', tellCli: true };
  }
  return { url: `unix://${DEFAULT_SOCKET}`, foundBy: 'default socket', tellCli: false };
}

async function currentContext(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const file = path.join(env.DOCKER_CONFIG || path.join(homedir(), '.docker'), 'config.json');
  try {
    const config: unknown = JSON.parse(await readFile(file, 'utf8'));
    const name = (config as { currentContext?: unknown }).currentContext;
    return typeof name === 'string' ? name : undefined;
  } catch {
    return undefined; // no file, or not JSON: the CLI then uses the default context too
  }
}

/** Null when the docker command says that there is no such context; undefined when it could not be asked. */
async function contextUrl(name: string, env: NodeJS.ProcessEnv): Promise<string | null | undefined> {
  const format = ['--format', '{{.Endpoints.docker.Host}}'];
  const result = await ask('docker', ['context', 'inspect', name, ...format], { env, timeoutMs: 5000 });
  if (result.exitCode === 0) return result.stdout.trim() || undefined;
  return /not found/.test(result.stderr) ? null : undefined;
}

async function isSocket(file: string): Promise<boolean> {
  try {
    return (await stat(file)).isSocket();
  } catch {
    return false;
  }
}

/** How the client library wants the endpoint; null for one that it can't reach itself (ssh), or that is no address. */
export function clientOptions(
  url: string,
): { socketPath: string } | { host: string; port: number; protocol: 'http' | 'https' } | null {
  if (url.startsWith('unix:///')) return { socketPath: url.slice('unix://'.length) };
  // npipe:////./pipe/name: what follows `npipe://` is the pipe's path.
  if (url.startsWith('npipe://')) return { socketPath: url.slice('npipe://'.length) };
  if (url.startsWith('tcp://') || url.startsWith('http://') || url.startsWith('https://')) {
    // With a scheme that URL does not know: of http it drops port 80, of https 443.
    const address = url.replace(/^[a-z]+:/, 'tcp:');
    if (!URL.canParse(address)) return null;
    const parsed = new URL(address);
    if (parsed.hostname === '') return null;
    const tls = url.startsWith('https:') || parsed.port === '2376';
    return {
      host: parsed.hostname.replace(/^\[|\]$/g, ''),
      port: Number(parsed.port || (tls ? 2376 : 2375)),
      protocol: tls ? 'https' : 'http',
    };
  }
  return null;
}

/** Host on which published ports are reached. */
export function publishedHost(url: string): string {
  const options = clientOptions(url);
  return options && 'host' in options ? options.host : '127.0.0.1';
}
