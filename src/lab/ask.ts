import { execFile } from 'node:child_process';

/** What a program said. `failure` says why it did not run to its end: not found, out of time, ended by a signal. */
export interface Answer {
  exitCode: number | null;
  stdout: string;
  stderr: string;
  failure: string | null;
}

export interface AskOptions {
  cwd?: string;
  /** The whole environment; the tool's own where it is left out. */
  env?: NodeJS.ProcessEnv;
  timeoutMs: number;
}

/** No answer of ours is near it. */
const OUTPUT_LIMIT = 16 * 1024 * 1024;

/**
 * Runs a program that only answers a question, and never throws for what it answers. Node's own execFile: `check`
 * asks a few such questions, and execa takes longer to load than they take to be answered.
 */
export function ask(program: string, args: string[], { cwd, env, timeoutMs }: AskOptions): Promise<Answer> {
  return new Promise((resolve) => {
    const options = { cwd, env, timeout: timeoutMs, maxBuffer: OUTPUT_LIMIT, windowsHide: true };
    const child = execFile(program, args, options, (error, stdout, stderr) => {
      const exitCode = error === null ? 0 : typeof error.code === 'number' ? error.code : null;
      resolve({ exitCode, stdout, stderr, failure: exitCode === null ? (error?.message ?? 'ended') : null });
    });
    child.stdin?.end();
  });
}
