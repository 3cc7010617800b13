import { spawn } from 'node:child_process';
import type { CommandResult } from './lab.ts';

/**
 * Runs a command line with bash, or the learner's own shell (`null`), on the terminal itself: it reads the keyboard
 * and writes to the screen, so nothing of its output is kept. Whoever calls it has let go of the terminal before.
 */
export function runInTerminal(
  command: string | null,
  shell: { cwd: string; env: NodeJS.ProcessEnv },
  signal: AbortSignal,
): Promise<CommandResult> {
  const started = performance.now();
  const [program, args] =
    command === null ? [ownShell(shell.env), process.stdin.isTTY ? ['-i'] : []] : ['bash', ['-c', command]];
  return new Promise((resolve) => {
    let exitCode: number | null = null;
    const child = spawn(program, args, { cwd: shell.cwd, env: shell.env, stdio: 'inherit' });
    // A shell at its prompt takes no notice of SIGTERM; SIGHUP is what a closed terminal sends.
    const stop = () => child.kill('SIGHUP');
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    child.once('error', (error) => {
      process.stderr.write(`${program} could not be started: ${error.message}\n`);
      exitCode = 127;
    });
    child.once('exit', (code) => {
      exitCode = code;
    });
    child.once('close', () => {
      signal.removeEventListener('abort', stop);
      resolve({ exitCode, cancelled: signal.aborted, durationMs: performance.now() - started });
    });
  });
}

const ownShell = (env: NodeJS.ProcessEnv): string => env.SHELL || 'bash';

/**
 * Whether a command line asks for the terminal itself: sudo may want a password, `docker exec -it`, `docker compose
 * exec` and `docker compose run` open a session that is typed into. Not so where its input comes from a file or a
 * pipe.
 */
export function wantsTerminal(command: string): boolean {
  if (/\bsudo\b(?!\s+(?:-\w*n|--non-interactive))/.test(command)) return true;
  if (/<|\|/.test(command)) return false;
  const [, compose = '', rest = ''] =
    /\bdocker\s+((?:compose\s+(?:-\S+\s+(?:[^-\s]\S*\s+)?)*|(?:container\s+)?)(?:exec|run))\s+(.*)$/s.exec(
      command,
    ) ?? [];
  const options = optionsOf(rest.split(/\s+/));
  // Compose gives a terminal unless it is told not to, docker the other way round.
  if (compose.startsWith('compose')) return !options.some((one) => /^(?:-\w*T\w*|--no-TTY)$/.test(one));
  return options.some((one) => /^(?:-\w*t\w*|--tty)$/.test(one));
}

/** Options of docker exec and run that are followed by their value. */
const WITH_VALUE =
  /^(?:-[euvwphm]|--(?:env|env-file|user|volume|mount|workdir|network|name|hostname|publish|entrypoint))$/;

/** The options before the container's or the image's name. */
function optionsOf(words: string[]): string[] {
  const options: string[] = [];
  for (let at = 0; words[at]?.startsWith('-'); at++) {
    const word = words[at] ?? '';
    options.push(word);
    if (WITH_VALUE.test(word)) at++;
  }
  return options;
}
