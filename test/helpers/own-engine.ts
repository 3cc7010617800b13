import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import path from 'node:path';

/**
 * A Docker engine of the test's own, which it may stop and kill: in a network of its own, with a folder of its own, so
 * that the machine's engine does not notice. Needs Linux, root, dockerd and ip.
 */
export interface OwnEngine {
  /** For whoever is to use it. */
  env: { DOCKER_HOST: string };
  /** Words to put before a command that is to reach the ports of its containers. */
  inside: string[];
  docker(...words: string[]): string;
  /** Does nothing where it runs. */
  start(): Promise<void>;
  /** SIGTERM, as a service manager stops it, or SIGKILL. Resolves when it is gone. */
  stop(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  /** Ends it and removes all it had. */
  close(): Promise<void>;
}

/** Why there can be none here; null where there can. */
export function noOwnEngine(): string | null {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    return 'an engine of our own needs Linux and root';
  try {
    for (const words of [
      ['dockerd', '--version'],
      ['ip', '-V'],
      ['nsenter', '--version'],
    ])
      execFileSync(words[0] as string, words.slice(1), { stdio: 'ignore' });
    return null;
  } catch (error) {
    return `${(error as { path?: string }).path} is not here`;
  }
}

export async function openOwnEngine(image: string): Promise<OwnEngine> {
  // Not /tmp: that may be in memory, or be no place for an overlay.
  const folder = await mkdtemp('/var/tmp/wt-engine-');
  const socket = path.join(folder, 'docker.sock');
  const env = { DOCKER_HOST: `unix://${socket}` };
  // By a name, so that it outlives the engine: what reached its containers reaches those of the next one, too.
  const network = path.basename(folder);
  const inside = ['nsenter', `--net=/run/netns/${network}`];
  let child: ChildProcess | undefined;
  let ended: Promise<void> = Promise.resolve();
  const docker = (...words: string[]): string =>
    execFileSync('docker', words, {
      encoding: 'utf8',
      env: { ...process.env, ...env },
      stdio: 'pipe',
    }).trim();

  async function start(): Promise<void> {
    // Right after a kill it may take too long for what was left, and give up. A service manager tries again, too.
    for (let tries = 1; ; tries++) {
      try {
        await startOnce();
        return;
      } catch (error) {
        if (tries === 3) throw error;
      }
    }
  }

  async function startOnce(): Promise<void> {
    if (answers()) return;
    const log = await open(path.join(folder, 'log'), 'w');
    // What a killed one left would keep the next from starting.
    await rm(path.join(folder, 'pid'), { force: true });
    const words = [
      ...['--data-root', path.join(folder, 'data'), '--exec-root', path.join(folder, 'exec')],
      ...['--pidfile', path.join(folder, 'pid'), '--host', env.DOCKER_HOST, '--bridge', 'none'],
      ...['--default-address-pool', 'base=10.213.0.0/16,size=24'],
    ];
    const [program = '', ...before] = [...inside, 'dockerd'];
    const started = spawn(program, [...before, ...words], { stdio: ['ignore', log.fd, log.fd] });
    child = started;
    ended = new Promise((resolve) => started.once('close', () => resolve()));
    await log.close();
    const limit = Date.now() + 60_000;
    while (!answers()) {
      if (Date.now() > limit) started.kill('SIGKILL');
      if (started.exitCode !== null || started.signalCode !== null) {
        const said = await readFile(path.join(folder, 'log'), 'utf8');
        // Stopped while it made a network, Docker 20.10 keeps a half of it, and panics over that at every start. Its
        // operator has to remove its record of networks, too.
        if (said.includes('reservePools'))
          await rm(path.join(folder, 'data/network/files/local-kv.db'), { force: true });
        throw new Error(`the engine does not start: ${said.trim().split('\n').slice(-3).join('\n')}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  function answers(): boolean {
    try {
      docker('version');
      return true;
    } catch {
      return false;
    }
  }

  const engine: OwnEngine = {
    env,
    inside,
    docker,
    start,
    async stop(signal) {
      child?.kill(signal);
      await ended;
    },
    async close() {
      // What a killed engine left running ends with the next one, which takes it over.
      await start().catch(() => {});
      if (answers())
        for (const id of docker('ps', '-aq').split('\n').filter(Boolean)) docker('rm', '-f', '-v', id);
      await engine.stop('SIGTERM');
      // A killed one takes none of its mounts away.
      const mounts = (await readFile('/proc/mounts', 'utf8'))
        .split('\n')
        .map((line) => line.split(' ')[1] ?? '');
      for (const mount of mounts.filter((one) => one.startsWith(`${folder}/`)).reverse())
        execFileSync('umount', [mount]);
      execFileSync('ip', ['netns', 'delete', network]);
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
  execFileSync('ip', ['netns', 'add', network]);
  try {
    execFileSync('ip', ['-netns', network, 'link', 'set', 'lo', 'up']);
    await start();
    const tar = path.join(folder, 'image.tar');
    execFileSync('docker', ['save', '-o', tar, image]);
    docker('load', '-i', tar);
    await rm(tar);
  } catch (error) {
    await engine.close().catch(() => {});
    throw error;
  }
  return engine;
}
