import { UserError } from '../errors.ts';
import { runInTerminal } from '../lab/run-in-terminal.ts';
import { type Command, labLine, openContext } from './context.ts';
import { findWorkspace, isThere } from './workspace.ts';

/** The learner's own shell in the folder, with the lab's `docker`. Exits with the shell's code. */
export const shell: Command = async (options) => {
  if (options.json) throw new UserError('A shell has no --json.', 'Leave --json out.');
  const there = await isThere(await findWorkspace(options.dir));
  const context = await openContext(options, { create: true });
  const { workspace, lab } = context;
  // A name with a typing error makes a new folder, so that is said also to who reads no more than the errors.
  if (!there) process.stderr.write(`Made the folder ${workspace}.\n`);
  // What comes through a pipe is a script, and its output is somebody's input.
  if (process.stdin.isTTY)
    process.stderr.write(`${labLine(context)}\nYour own shell, in ${workspace}. Type exit to come back.\n`);
  const ignore = () => {};
  process.on('SIGINT', ignore);
  const abort = new AbortController();
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.once(signal, () => abort.abort());
  const { exitCode } = await runInTerminal(null, lab.shell, abort.signal);
  process.off('SIGINT', ignore);
  await lab.close();
  return exitCode ?? 1;
};
