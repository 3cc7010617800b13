/** What a program said. `failure` says why it did not run at all: its name was not found, or its time was over. */
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

/**
 * Runs a program that only answers a question, and never throws for what it answers. The library is loaded on the
 * first question: start-up does not pay for it.
 */
export async function ask(
  program: string,
  args: string[],
  { cwd, env, timeoutMs }: AskOptions,
): Promise<Answer> {
  const { execa } = await import('execa');
  const result = await execa(program, args, {
    ...(cwd === undefined ? {} : { cwd }),
    ...(env === undefined ? {} : { env, extendEnv: false }),
    stdin: 'ignore',
    reject: false,
    timeout: timeoutMs,
  });
  return {
    exitCode: result.exitCode ?? null,
    stdout: result.stdout,
    stderr: result.stderr,
    failure: result.exitCode === undefined ? (result.shortMessage ?? 'it could not be run') : null,
  };
}
