import { rm } from 'node:fs/promises';
import { Readable, Writable } from 'node:stream';
import { runCommand } from '../lab/run-command.ts';
import { interpret } from '../lab/sandbox/command/interpret.ts';
import { parseDocker } from '../lab/sandbox/command/parse.ts';
import { openEngine } from '../lab/sandbox/engine/engine.ts';
import { GRADED } from '../lab/sandbox/graded.ts';
import { openSandboxLab } from '../lab/sandbox/lab.ts';
import { collectOutput } from './output.ts';
import { outOfTime, wantsTerminal } from './remarks.ts';
import type { CleanRoom, Ran, RoomOptions } from './room.ts';
import { timed } from './timed.ts';
import type { Remark } from './types.ts';

/** What a submission's commands may know of the grader's own environment. */
const PASSED_ON = ['PATH', 'HOME', 'XDG_CACHE_HOME', 'WALKTHROUGH_CACHE', 'LANG', 'TMPDIR'] as const;

function roomEnvironment(): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { [GRADED]: '1' };
  for (const name of PASSED_ON) if (process.env[name] !== undefined) env[name] = process.env[name];
  return env;
}

/** Ends what a killed grader left running in a copy. */
export async function sweepSandboxRoom(copy: string): Promise<void> {
  await openSandboxLab({ workspace: copy, names: {}, env: roomEnvironment() }).clear();
}

/**
 * A clean room of two servers that are processes of this machine, on ports that nobody has. Scripts of the submission
 * run as the grader's own user and without walls: the caller must have been told to trust them.
 */
export function openSandboxRoom({ workspace, names, limits }: RoomOptions): CleanRoom {
  const env = roomEnvironment();
  const engine = openEngine(workspace, env);
  const lab = openSandboxLab({ workspace, names, env });
  const seen: Remark[] = [];

  async function collected(
    seconds: number,
    signal: AbortSignal | undefined,
    use: (signal: AbortSignal, write: (chunk: Buffer) => void) => Promise<number | null>,
  ): Promise<Ran> {
    const output = collectOutput();
    const ran = await timed({ seconds, signals: [signal] }, async (until) => {
      const exitCode = await use(until, (chunk) => output.write(chunk));
      return until.aborted ? null : exitCode;
    });
    return { ...ran, output: output.done() };
  }

  return {
    lab,
    docker: (argv, { stdin = '', signal, seconds = COMMAND_SECONDS } = {}) =>
      collected(seconds, signal, async (until, write) => {
        const parsed = parseDocker(argv);
        if (!parsed.ok) {
          write(Buffer.from(`${parsed.message}\n`));
          return parsed.exitCode;
        }
        const sink = () => new Writable({ write: (chunk, _, done) => done(void write(chunk)) });
        return interpret(parsed.action, {
          engine,
          env: { [GRADED]: '1' },
          cwd: workspace,
          stdin: Readable.from(stdin === '' ? [] : [stdin]),
          stdout: sink(),
          stderr: sink(),
          terminal: false,
          signal: until,
        });
      }),
    async script(file, { signal } = {}) {
      const ran = await collected(limits.script.seconds, signal, async (until, write) => {
        const onOutput = (text: string) => write(Buffer.from(text));
        const { exitCode } = await runCommand(`bash '${file}'`, lab.shell, { onOutput, signal: until });
        return exitCode;
      });
      if (ran.timedOut) seen.push(outOfTime(file, limits.script.seconds));
      if (/input device is not a TTY/.test(ran.output.text)) seen.push(wantsTerminal(file));
      return ran;
    },
    // There is nothing between us and the servers that could go away by itself.
    async assertSound() {},
    remarks: () => [...seen],
    async close() {
      await lab.clear();
      await lab.close();
      await rm(workspace, { recursive: true, force: true });
    },
  };
}

/** A command of the grader itself: an image's first start takes the longest. In seconds. */
const COMMAND_SECONDS = 60;
