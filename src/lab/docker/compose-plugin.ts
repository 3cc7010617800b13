import { open, readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { type Answer, type AskOptions, ask } from '../ask.ts';
import { findProgram, firstExecutable } from '../find-program.ts';

/** Where Docker's packages put plugins, after the user's own folder; the order of docker/cli. */
const SYSTEM_FOLDERS = ['/usr/local/lib', '/usr/local/libexec', '/usr/lib', '/usr/libexec'].map(
  (folder) => `${folder}/docker/cli-plugins`,
);

/**
 * Asks Compose something that needs no engine (`version`, `config`). Goes to the plugin itself where that is sure to
 * be what `docker compose` would run: the docker command starts every plugin twice to learn what it is, and that
 * takes three times as long as the answer.
 */
export async function askCompose(
  args: string[],
  env: NodeJS.ProcessEnv,
  options: Omit<AskOptions, 'env'>,
): Promise<Answer> {
  const plugin = await findPlugin(env);
  if (plugin === null) return ask('docker', ['compose', ...args], { ...options, env });
  return ask(plugin, args, { ...options, env });
}

/** Labels of a container that Compose made, as far as they tell of Compose. */
interface Made {
  Created: number;
  Labels: Record<string, string>;
}

/**
 * Version of the Compose plugin, `2.26.1`; null when `docker compose` is not there. `made` are containers of this
 * lab: each carries the version that made it, and that is today's when the plugin's file was put there before.
 */
export async function composeVersion(env: NodeJS.ProcessEnv, made: readonly Made[]): Promise<string | null> {
  const plugin = await findPlugin(env);
  const label = made.map(({ Labels }) => Labels['com.docker.compose.version']).find((version) => version);
  if (plugin !== null && label) {
    // ctime: a package keeps the time at which the file was built as its mtime.
    const { ctimeMs } = await stat(plugin);
    if (made.every(({ Created }) => Created * 1000 > ctimeMs)) return label;
  }
  const result = await askCompose(['version', '--short'], env, { timeoutMs: 10_000 });
  return result.exitCode === 0 ? (/\d+\.\d+[\w.-]*/.exec(result.stdout)?.[0] ?? null) : null;
}

/**
 * The Compose plugin's file; null where `docker` must be asked. A `docker` that is a script (podman's, a wrapper, a
 * test's) has its own idea of what `compose` is.
 */
async function findPlugin(env: NodeJS.ProcessEnv): Promise<string | null> {
  if (process.platform === 'win32') return null;
  const docker = await findProgram('docker', env);
  if (docker === null || (await isScript(docker))) return null;
  const config = env.DOCKER_CONFIG || path.join(env.HOME || homedir(), '.docker');
  const folders = [...(await extraFolders(config)), path.join(config, 'cli-plugins'), ...SYSTEM_FOLDERS];
  return firstExecutable(folders.map((folder) => path.join(folder, 'docker-compose')));
}

async function extraFolders(config: string): Promise<string[]> {
  try {
    const { cliPluginsExtraDirs: extra } = JSON.parse(
      await readFile(path.join(config, 'config.json'), 'utf8'),
    );
    return Array.isArray(extra) ? extra.filter((folder) => typeof folder === 'string') : [];
  } catch {
    return []; // no file, or none that docker could read either
  }
}

async function isScript(file: string): Promise<boolean> {
  const handle = await open(file, 'r').catch(() => null);
  if (!handle) return false; // it may be run, but not be read
  try {
    const { buffer } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    return buffer.toString('latin1') === '#!';
  } finally {
    await handle.close();
  }
}
