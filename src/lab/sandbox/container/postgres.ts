import { type SpawnOptions, spawn } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import { SandboxError } from '../cache.ts';
import { type Account, canReach } from '../server/account.ts';
import { INHERITED_FOLDER, type Layout } from './layout.ts';

/** How the server's programs are started for one data folder, as the user that may run them. */
export interface Runner {
  /** What to give to `-D`. */
  dataArgument: string;
  /** Options for spawn; `done` when the child has been started. */
  options(): { options: SpawnOptions; done: () => void };
}

/** The server's whole environment: what a learner's shell has set must not change it. UTC, as in a container. */
const ENVIRONMENT = { LC_ALL: 'C', TZ: 'UTC' };

/**
 * A server of root that may not pass through the folders above its data gets the folder as an open file. Throws
 * SandboxError where that is needed and impossible (macOS).
 */
export function runnerFor(layout: Layout, account: Account | null): Runner {
  const inherits = account !== null && !canReach(account, layout.dataFolder);
  if (inherits && process.platform !== 'linux') {
    throw new SandboxError(
      'workspace-unreachable',
      `PostgreSQL refuses to run as root, and the user ${account.name} may not enter ${layout.dataFolder}.`,
      'Choose a folder that all users may enter with --dir, or run this tool as another user than root.',
    );
  }
  return {
    dataArgument: inherits ? INHERITED_FOLDER : layout.dataFolder,
    options() {
      const folder = inherits
        ? openSync(layout.dataFolder, constants.O_RDONLY | constants.O_DIRECTORY)
        : null;
      return {
        options: {
          cwd: '/',
          env: ENVIRONMENT,
          stdio: ['pipe', 'pipe', 'pipe', ...(folder === null ? [] : [folder])],
          ...(account ? { uid: account.uid, gid: account.gid } : {}),
        },
        done: () => folder !== null && closeSync(folder),
      };
    },
  };
}

export interface Finished {
  exitCode: number | null;
  signal: NodeJS.Signals | null;
}

/** Runs one of PostgreSQL's programs to its end, with `input` on its standard input. */
export function runProgram(
  runner: Runner,
  program: string,
  args: string[],
  streams: { input?: string; onOutput: (text: string) => void; onError: (text: string) => void },
): Promise<Finished> {
  return new Promise((resolve) => {
    const { options, done } = runner.options();
    const child = spawn(program, args, options);
    child.stdout?.on('data', (chunk: Buffer) => streams.onOutput(chunk.toString('utf8')));
    child.stderr?.on('data', (chunk: Buffer) => streams.onError(chunk.toString('utf8')));
    child.stdin?.on('error', () => {}); // it ended without reading
    child.stdin?.end(streams.input ?? '');
    child.once('error', (error) => {
      streams.onError(`${program}: ${error.message}\n`);
      resolve({ exitCode: 126, signal: null });
    });
    child.once('close', (exitCode, signal) => resolve({ exitCode, signal }));
    done();
  });
}

/**
 * What a setting will be for a server that starts with these arguments (`postgres -C`); null where its files can't
 * be read: then the server itself will say why.
 */
export async function askSetting(
  runner: Runner,
  postgres: string,
  args: string[],
  name: string,
): Promise<string | null> {
  let text = '';
  const argv = ['-C', name, '-D', runner.dataArgument, ...args];
  const { exitCode } = await runProgram(runner, postgres, argv, {
    onOutput: (chunk) => (text += chunk),
    onError: () => {},
  });
  return exitCode === 0 ? text.replace(/\n$/, '') : null;
}
