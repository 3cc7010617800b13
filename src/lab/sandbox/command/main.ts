import { realpathSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { parseDocker } from './parse.ts';
import { REFUSED } from './refusal.ts';

/** Names the sandbox's workspace to the `docker` command in its shell: an absolute path. */
const WORKSPACE = 'WALKTHROUGH_SANDBOX';

/** Codes of a disk, or of rights on it, with which nothing can be kept: none of our mistakes. */
const NOT_WRITABLE = ['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES'];

const INTERRUPTED = 130;
/** As after SIGPIPE, which Node does not let through. */
const BROKEN_PIPE = 141;

/** The sandbox's `docker` command: reads the words after `docker`, acts, and ends this process with the exit code. */
export async function main(argv: string[]): Promise<void> {
  const { stdout, stderr } = process;
  for (const stream of [stdout, stderr]) {
    stream.on('error', (error: { code?: string }) => {
      if (error.code === 'EPIPE') process.exit(BROKEN_PIPE);
      throw error;
    });
  }
  process.exitCode = await perform(argv);
  await Promise.all([flushed(stdout), flushed(stderr)]);
  // An open stdin would keep the process alive.
  process.exit();
}

async function perform(argv: string[]): Promise<number> {
  const parsed = parseDocker(argv);
  if (!parsed.ok) {
    process.stderr.write(`${parsed.message}\n`);
    return parsed.exitCode;
  }
  const workspace = process.env[WORKSPACE];
  if (!workspace) {
    process.stderr.write(
      `this docker command works only in the shell of the sandbox lab: ${WORKSPACE} is not set\nStart it with walkthrough --lab sandbox.\n`,
    );
    return REFUSED;
  }
  const [{ interpret }, { openEngine }] = await Promise.all([
    import('./interpret.ts'),
    import('../engine/engine.ts'),
  ]);
  const { stdin, stdout, stderr, env } = process;
  const terminal = stdin.isTTY === true && stdout.isTTY === true;
  const signal = interruption();
  try {
    const engine = openEngine(realFolder(workspace));
    // As a daemon does when its machine has started again: before the first command, not after it.
    await engine.revive();
    return await interpret(parsed.action, {
      engine,
      env,
      cwd: process.cwd(),
      stdin,
      stdout,
      stderr,
      terminal,
      signal,
    });
  } catch (error) {
    if (signal.aborted) return INTERRUPTED;
    if (NOT_WRITABLE.includes((error as { code?: string }).code ?? '')) {
      const { fileReason } = await import('../../../learn/file-reason.ts');
      stderr.write(
        `the sandbox can't write to the folder ${workspace}: ${fileReason(error)}\nMend that, then try again.\n`,
      );
      return 1;
    }
    stderr.write(
      `the sandbox failed: ${error instanceof Error ? error.message : String(error)}\nThis is a mistake of the sandbox, not yours. Try again, or use the docker lab: --lab docker.\n`,
    );
    if (env.WALKTHROUGH_DEBUG && error instanceof Error) stderr.write(`${error.stack}\n`);
    return 1;
  }
}

/** The folder without links, as process.cwd() gives it. One that is gone is left as it is: the engine tells. */
function realFolder(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return folder;
  }
}

/** Aborted by Ctrl-C or SIGTERM. The second one ends the command at once, whatever it waits for. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(INTERRUPTED);
      controller.abort();
    });
  }
  return controller.signal;
}

function flushed(stream: Writable): Promise<void> {
  return new Promise((resolve) => stream.write('', () => resolve()));
}
