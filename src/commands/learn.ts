import { setFlagsFromString } from 'node:v8';
import type { Names } from '../course/types.ts';
import { UserError } from '../errors.ts';
import { startDriver } from '../learn/driver.ts';
import { loadProgress } from '../learn/progress.ts';
import { readTranscript, restoreSecrets } from '../learn/transcript.ts';
import { isUsable } from '../terminal/size.ts';
import { type Command, labLine, openContext, sameFolders } from './context.ts';
import { takeWorkspace } from './workspace.ts';

/** The interactive walk; in plain lines where a live screen can't be drawn. Needs a terminal on stdin. */
export const learn: Command = async (options) => {
  if (options.json)
    throw new UserError('The interactive walk has no --json.', 'Use npx walkthrough run --json.');
  boundHeap();
  const why = plainReason(options.plain);
  // Loaded while the lab is looked for, which waits for other programs. Not so where a variable must be set before.
  const screen = why === null && !process.env.NO_COLOR ? import('../ui/walk.tsx') : null;
  const context = await openContext(options, { create: true });
  const { workspace, course, lab } = context;
  const release = await takeWorkspace(workspace);
  try {
    const { progress, notice } = await loadProgress(workspace, course);
    if (why) process.stdout.write(`${why}\n`);
    if (notice) process.stdout.write(`${notice}\n`);
    const driver = startDriver({
      course,
      lab,
      records: progress?.tasks ?? {},
      at: progress?.at,
      flags: sameFolders(options),
      commands: await commandsOf(workspace, course.names),
      startedAt: progress?.startedAt ?? new Date().toISOString(),
      streamOutput: why !== null,
      poll: true,
      opening: [labLine(context)],
    });
    const label = { kind: lab.kind, text: `${lab.kind} · ${course.names.image ?? ''}` };
    if (why !== null) {
      const { plainWalk } = await import('../plain/walk.ts');
      return await plainWalk(driver, label, { input: process.stdin, output: process.stdout });
    }
    // The library under the live screen knows FORCE_COLOR only. The lab has its own copy of the environment.
    if (process.env.NO_COLOR) process.env.FORCE_COLOR = '0';
    const { showWalk } = await (screen ?? import('../ui/walk.tsx'));
    return await showWalk(driver, label);
  } finally {
    await release();
    await lab.close();
  }
};

/**
 * A flood of output is short-lived text. Left alone, V8 lets the space for it grow to 48 MB, and the rest to a
 * multiple of what is in use, before it looks. Made to look more often, the walk stays under 120 MB whatever a
 * command prints (npm run bench:keys).
 */
function boundHeap(): void {
  setFlagsFromString('--max-semi-space-size=2');
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--heap-growing-percent=50');
}

/** Commands of earlier sessions, to be brought back at the prompt; none where they can't be read. */
async function commandsOf(workspace: string, names: Names): Promise<string[]> {
  const entries = await readTranscript(workspace).then(
    (read) => read.entries,
    () => [],
  );
  return entries.slice(-100).flatMap(({ command }) => restoreSecrets(command, names) ?? []);
}

/** Why this terminal gets plain lines; null when the live screen can be drawn. */
function plainReason(asked: boolean): string | null {
  const { stdout, env } = process;
  if (asked || env.ACCESSIBLE === '1') return 'Plain lines, as you asked.';
  if (!stdout.isTTY) return 'The output is no terminal, so this is plain lines.';
  if (env.TERM === 'dumb') return 'TERM is dumb, so this is plain lines.';
  if (!isUsable(stdout.rows, stdout.columns)) {
    return `This terminal is ${stdout.columns} columns by ${stdout.rows} rows. The live screen needs 60 by 15, so this is plain lines.`;
  }
  return null;
}
