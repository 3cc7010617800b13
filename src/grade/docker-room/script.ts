import { chmod, chown, mkdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import type Dockerode from 'dockerode';
import { containedOptions } from './contained.ts';
import { asking, unlessGone } from './failures.ts';
import type { Ground } from './ground.ts';
import { PLACES, TICK, writeShims } from './shim.ts';
import { type Ask, openSpool } from './spool.ts';

/** Where programs are found; our docker and sudo come first. */
const PATH = `${PLACES.bin}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`;
/** Makes what the shims need, then becomes the words that follow. */
const PREPARE = `mkdir -p "$HOME"; mkfifo ${TICK}; exec "$@"`;
/** bash says it when it can't make a process. */
const NO_PROCESS = /fork: (?:retry: )?Resource temporarily unavailable|Cannot fork/;

export interface ScriptOptions {
  argv: string[];
  /** What a remark names. */
  where: string;
  signal: AbortSignal;
  write(chunk: Buffer): void;
  serve(ask: Ask): Promise<number>;
}

/** Runs a program of the submission in a container of its own. Answers its exit code; null when it was ended by us. */
export async function runContained(ground: Ground, options: ScriptOptions): Promise<number | null> {
  const { docker, gate, prefix, folder } = ground;
  const { uid, gid } = await stat(ground.workspace);
  const own = path.join(folder, `script-${Date.now()}`);
  const [asks, answers, bin] = await spoolFolders(own, uid, gid);
  const ending = new AbortController();
  const { signal } = options;
  let failure: unknown;
  const end = () => ending.abort();
  signal.addEventListener('abort', end);
  if (signal.aborted) end();
  const container = await asking(
    docker.createContainer({
      ...containedOptions(ground, {
        kind: 'script',
        argv: ['bash', '-c', PREPARE, 'bash', ...options.argv],
        user: `${uid}:${gid}`,
        cwd: ground.workspace,
        env: { PATH, HOME: '/tmp/home' },
        rights: [],
        mounts: [
          { source: bin, target: PLACES.bin, readOnly: true },
          { source: asks, target: PLACES.asks, readOnly: false },
          { source: answers, target: PLACES.answers, readOnly: true },
        ],
      }),
    }),
    prefix,
  );
  const spool = openSpool({
    asks,
    answers,
    serve: (ask) => options.serve({ ...ask, signal: AbortSignal.any([ask.signal, ending.signal]) }),
    tooMuch(what) {
      ground.remark({
        kind: 'limit',
        id: 'commands',
        where: options.where,
        message: `The script was ended because it asked for ${what}.`,
      });
      end();
    },
    failed(error) {
      failure ??= error;
      end();
    },
  });
  try {
    const output = await attach(docker, container, options.write);
    await asking(
      gate.alone(() => container.start()),
      prefix,
    );
    const ended = endOn(ending.signal, container);
    await output.done;
    const { State } = await asking(endOf(container), prefix);
    ended.off();
    tellLimits(ground, options.where, State.OOMKilled, output.tail());
    if (failure) throw failure;
    return ending.signal.aborted ? null : State.ExitCode;
  } finally {
    end();
    signal.removeEventListener('abort', end);
    try {
      await unlessGone(container.remove({ force: true, v: true }), prefix);
    } finally {
      await spool.close();
      await rm(own, { recursive: true, force: true });
    }
  }
}

/** Kills the container when the signal is aborted. */
function endOn(signal: AbortSignal, container: Dockerode.Container) {
  const kill = () => {
    // A container that the gate holds can't be killed: again, until it is gone.
    container.kill().catch((error: { statusCode?: number }) => {
      if (error.statusCode !== 404 && error.statusCode !== 409) return;
      container.inspect().then(
        ({ State }) => State.Running && setTimeout(kill, 100),
        () => {},
      );
    });
  };
  signal.addEventListener('abort', kill);
  if (signal.aborted) kill();
  return { off: () => signal.removeEventListener('abort', kill) };
}

/**
 * What is said of a container whose output has ended, once it has ended, too. Asked again and again: the client
 * library never answers a wait under which the engine goes away.
 */
async function endOf(container: Dockerode.Container): Promise<Dockerode.ContainerInspectInfo> {
  for (;;) {
    const info = await container.inspect();
    if (!info.State.Running) return info;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Passes both streams on, in order. `tail`: the last bytes of it. */
async function attach(docker: Dockerode, container: Dockerode.Container, write: (chunk: Buffer) => void) {
  const stream = await container.attach({ stream: true, stdout: true, stderr: true });
  const all = new PassThrough();
  let last = '';
  all.on('data', (chunk: Buffer) => {
    write(chunk);
    last = `${last}${chunk.subarray(-2000).toString('latin1')}`.slice(-4000);
  });
  docker.modem.demuxStream(stream, all, all);
  const done = new Promise<void>((resolve) => {
    for (const event of ['end', 'close', 'error']) stream.on(event, () => resolve());
  });
  return { done, tail: () => last };
}

function tellLimits({ remark, limits }: Ground, where: string, oom: boolean, tail: string): void {
  const { memoryMb, processes } = limits.script;
  if (oom)
    remark({
      kind: 'limit',
      id: 'memory',
      where,
      message: `A program of the script was killed because the script took more than its ${memoryMb} MB of memory.`,
    });
  if (NO_PROCESS.test(tail))
    remark({
      kind: 'limit',
      id: 'processes',
      where,
      message: `The script came to the end of its ${processes} processes.`,
    });
}

/** Folders that a container's user of these numbers can use, whatever the umask. */
async function spoolFolders(own: string, uid: number, gid: number): Promise<[string, string, string]> {
  await mkdir(own, { mode: 0o755 });
  const [asks, answers, bin] = ['asks', 'answers', 'bin'].map((name) => path.join(own, name)) as [
    string,
    string,
    string,
  ];
  for (const folder of [asks, answers]) await mkdir(folder);
  await chmod(answers, 0o755);
  await writeShims(bin);
  if (process.getuid?.() === 0) await chown(asks, uid, gid);
  // In the room's own folder, into which nobody else on this machine can look.
  await chmod(asks, 0o777);
  return [asks, answers, bin];
}
