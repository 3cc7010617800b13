import { type ChildProcess, spawn } from 'node:child_process';
import { execIn } from '../../lab/docker/exec.ts';
import { type ContainerSpec, EngineError, type ProgramInside } from '../../lab/sandbox/engine/types.ts';
import { mountsOf } from './binds.ts';
import { machineFailure, unlessGone } from './failures.ts';
import { GREETING, greeted } from './greeting.ts';
import type { Ground } from './ground.ts';
import { confined, inMemory, SERVER_RIGHTS } from './host-config.ts';
import { LABEL } from './names.ts';
import { attachmentsOf, connectTo, firstEndpoint, networks } from './networks.ts';
import { programsChanged, refuseOwnPrograms } from './programs.ts';

/** Its first line on stderr tells that it runs, and its number; then it becomes the program. */
const SHELL = ['sh', '-c', GREETING, 'sh'];
/** A program that was killed should be gone by then. */
const KILL_MS = 3000;

/**
 * `docker exec`, by the real command: it streams well. What it started goes on when it is killed itself, so an abort
 * kills the program's group in the container: each such program leads one of its own.
 * @param bounce Ends all that runs in the container, where nothing can be started in it any more to kill another.
 */
export async function programIn(
  id: string,
  program: ProgramInside,
  ground: Ground,
  bounce: () => Promise<void>,
): Promise<number> {
  const { argv, user, env, workdir, terminal } = program;
  const words = ['exec', '--interactive', ...(terminal ? ['--tty'] : [])];
  if (user !== null) words.push(`--user=${user}`);
  if (workdir !== null) words.push(`--workdir=${workdir}`);
  for (const [name, value] of Object.entries(env)) words.push(`--env=${name}=${value}`);
  // What a shell of the submission's own making says, the engine has not said.
  const believed = async () => !(await programsChanged(ground.docker, id).catch(() => false));
  const start = () => runCommand([...words, id, ...SHELL, ...argv], program, ground, believed);
  const running = await ground.gate.alone(start);
  const stop = async (): Promise<void> => {
    const { number } = running;
    const killed = number
      ? await ground.gate
          .alone(() => killGroup(ground, id, number))
          .then(
            ({ exitCode }) => exitCode === 0,
            () => false,
          )
      : false;
    if (killed && (await endsWithin(running.child, KILL_MS))) return;
    if (running.child.exitCode === null) await bounce();
    running.child.kill('SIGKILL');
  };
  return finish(running, program.signal, stop);
}

const killGroup = ({ docker }: Ground, id: string, number: number) =>
  execIn(docker, id, ['sh', '-c', `kill -9 -- -${number}`], { timeoutSeconds: 3 });

/** `docker run`: a container that is gone afterwards, on networks of the room or on none. */
export async function programInNew(program: ProgramInside, ground: Ground): Promise<number> {
  const { spec, argv, user, workdir } = program;
  if (!spec) throw new EngineError('there is nothing to run');
  refuseOwnPrograms(
    spec.mounts.map(({ target }) => target),
    {},
  );
  const { docker, gate, limits, prefix } = ground;
  const [first, ...others] = attachmentsOf(spec, await networks(ground));
  let id = '';
  const remove = () => unlessGone(docker.getContainer(id).remove({ force: true, v: true }), prefix);
  try {
    const running = await gate.still(async () => {
      const container = await docker.createContainer({
        name: `${prefix}${spec.name}`,
        Hostname: spec.hostname,
        Image: ground.image,
        Entrypoint: SHELL,
        Cmd: argv,
        OpenStdin: true,
        StdinOnce: true,
        Env: Object.entries(spec.env).map(([name, value]) => `${name}=${value}`),
        Labels: { ...ground.labels, [LABEL.kind]: 'run' },
        ...(user === null ? {} : { User: user }),
        ...(workdir === null ? {} : { WorkingDir: workdir }),
        HostConfig: {
          ...confined(limits.node, SERVER_RIGHTS, ground),
          Mounts: [...(await mountsOf(spec, ground)), ...bareVolumes(spec, ground)],
          NetworkMode: first?.id ?? 'none',
        },
        ...firstEndpoint(first),
      });
      ({ id } = container);
      await connectTo(others, id, ground);
      return runCommand(['start', '--attach', '--interactive', id], program, ground);
    });
    return await finish(running, program.signal, remove);
  } finally {
    if (id !== '') await remove();
  }
}

/** Where nothing is mounted, the container's own volume would be gone with it anyhow. */
const bareVolumes = ({ mounts }: ContainerSpec, { imageVolumes, limits }: Ground) =>
  inMemory(
    imageVolumes.filter((target) => !mounts.some((one) => one.target === target)),
    limits.node.memoryMb / 2,
  );

export interface Running {
  child: ChildProcess;
  /** Its number in its container; null when it has not come to run. */
  number: number | null;
  exit: Promise<number>;
}

/**
 * Starts the real docker command for a program, and returns when that runs or has failed to. Throws UnusableError
 * where the machine is why it failed.
 * @param believed Whether what is said instead of the greeting comes from the command itself.
 */
export async function runCommand(
  words: string[],
  { stdin, stdout, stderr }: Pick<ProgramInside, 'stdin' | 'stdout' | 'stderr'>,
  { env, prefix }: Ground,
  believed = async () => true,
): Promise<Running> {
  const child = spawnDocker(words, env);
  child.stdin.on('error', () => {}); // it ended before it had read all
  child.stdout.pipe(stdout, { end: false });
  const exit = new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 137));
  });
  const { number, text } = await greeted(child.stderr, stderr, exit);
  if (number !== null) {
    stdin.pipe(child.stdin);
    void exit.finally(() => stdin.unpipe(child.stdin)).catch(() => {});
  } else {
    const failure = machineFailure(withoutWords(text, words));
    if (failure && (await believed())) throw failure;
    stderr.write(text.replaceAll(prefix, ''));
  }
  return { child, number, exit };
}

function spawnDocker(words: string[], env: NodeJS.ProcessEnv) {
  try {
    return spawn('docker', words, { env, stdio: ['pipe', 'pipe', 'pipe'] });
  } catch (error) {
    // A script can ask for a longer command than it could start itself.
    if ((error as { code?: string }).code !== 'E2BIG') throw error;
    throw new EngineError('argument list too long');
  }
}

/** A refusal quotes the command, and the submission has written that. */
const withoutWords = (text: string, words: string[]): string =>
  words
    .flatMap((word) => [word, word.slice(word.indexOf('=') + 1)])
    .filter((word) => word.includes(' '))
    .reduce((rest, word) => rest.replaceAll(word, ''), text);

/** Waits for a program's end. `stop` ends it when the signal is aborted. */
export async function finish(
  running: Running,
  signal: AbortSignal,
  stop: () => Promise<void>,
): Promise<number> {
  let stopping: Promise<void> | undefined;
  const abort = () => {
    stopping ??= stop().finally(() => running.child.kill('SIGKILL'));
    // Told below; until then nobody waits for it.
    stopping.catch(() => {});
  };
  signal.addEventListener('abort', abort);
  if (signal.aborted) abort();
  try {
    const code = await running.exit;
    await stopping;
    return code;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

function endsWithin(child: ChildProcess, ms: number): Promise<boolean> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(true);
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), ms);
    child.once('close', () => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}
