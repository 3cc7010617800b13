import type { CommandResult, RunOptions } from './lab.ts';

/** How long a stopped command may take to end by itself before it is killed. */
const GRACE_MS = 3000;

/**
 * Runs a command line with bash in the lab's folder and environment, as the learner's own shell would. It gets a
 * process group of its own: to stop it, the whole group is signalled, or a grandchild would hold the output open
 * for as long as it likes.
 */
export async function runCommand(
  command: string,
  shell: { cwd: string; env: NodeJS.ProcessEnv },
  options: RunOptions,
): Promise<CommandResult> {
  const { execa } = await import('execa');
  const started = performance.now();
  // One pipe for both: two would arrive in another order than they were written.
  const child = execa('bash', ['-c', `exec 2>&1; ${command}`], {
    cwd: shell.cwd,
    env: shell.env,
    extendEnv: false,
    stdin: 'ignore',
    all: true,
    buffer: false,
    reject: false,
    detached: process.platform !== 'win32',
  });
  const decoder = new TextDecoder();
  child.all.on('data', (chunk: Buffer) => options.onOutput(decoder.decode(chunk, { stream: true })));

  let cancelled = false;
  let killTimer: NodeJS.Timeout | undefined;
  const stop = () => {
    cancelled = true;
    signalGroup(child, 'SIGINT');
    killTimer = setTimeout(() => signalGroup(child, 'SIGKILL'), GRACE_MS);
  };
  if (options.signal.aborted) stop();
  options.signal.addEventListener('abort', stop, { once: true });
  const result = await child;
  options.signal.removeEventListener('abort', stop);
  clearTimeout(killTimer);
  // What ignores the interrupt and has closed its output would outlive the command.
  if (cancelled) signalGroup(child, 'SIGKILL');
  if (result.exitCode === undefined && result.signal === undefined && !cancelled) {
    options.onOutput(`${result.shortMessage ?? 'bash could not be started'}\n`);
  }
  return {
    exitCode: result.exitCode ?? null,
    cancelled,
    durationMs: performance.now() - started,
  };
}

function signalGroup(
  child: { pid?: number | undefined; kill(signal: NodeJS.Signals): boolean },
  signal: NodeJS.Signals,
): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // it ended in the meantime
  }
}
