import { createInterface } from 'node:readline';
import { EXIT, UserError } from '../errors.ts';
import { lockWorkspace } from '../learn/progress.ts';
import { type Removal, removeOwnFiles } from '../learn/remove-files.ts';
import { type Command, openContext } from './context.ts';
import { isThere } from './workspace.ts';

/** Removes all that this tool made, and nothing else. Asks first, unless --yes says so. */
export const reset: Command = async (options) => {
  const { workspace, course, lab } = await openContext(options, { create: false });
  const talk = options.json ? process.stderr : process.stdout;
  if (!options.yes) {
    if (!process.stdin.isTTY)
      throw new UserError(
        'reset removes things, and there is nobody to ask.',
        'Say that you mean it: npx walkthrough reset --yes.',
      );
    const answer = await ask(
      `This removes the containers and the network of ${workspace}, both data folders, and the course's own files there.\nFiles that you changed stay. Go on? (y/n) `,
      talk,
    );
    if (answer === null || !/^y(es)?$/i.test(answer.trim())) {
      talk.write('Nothing was removed.\n');
      if (options.json) process.stdout.write(report([], []));
      return answer === null ? EXIT.interrupted : EXIT.passed;
    }
  }
  const engine = await lab.engine();
  if (engine.state === 'down')
    throw new UserError(engine.problem, `${engine.next} Nothing was removed.`, EXIT.unusable);
  const lock = await lockWorkspaceIfThere(workspace);
  let removed: string[];
  let files: Removal;
  try {
    removed = await lab.clear().catch(async (error: unknown) => {
      const now = await lab.engine();
      if (now.state === 'up') throw error;
      throw new UserError(now.problem, `${now.next} Then reset again: not all was removed.`, EXIT.unusable);
    });
    files = await removeOwnFiles(workspace, course);
  } finally {
    await lock();
    await lab.close();
  }
  if (options.json) {
    process.stdout.write(report([...removed, ...files.removed], files.kept));
  } else {
    for (const line of [...removed, ...files.removed]) talk.write(`Removed ${line}.\n`);
    for (const line of files.kept) talk.write(`Kept ${line}: it is yours.\n`);
    if (removed.length + files.removed.length === 0) talk.write('There was nothing to remove.\n');
  }
  return EXIT.passed;
};

const report = (removed: string[], kept: string[]) =>
  `${JSON.stringify({ schema: 'walkthrough/reset/v1', removed, kept }, null, 2)}\n`;

/** The line that is typed; null when it is Ctrl-C or Ctrl-D. */
function ask(question: string, output: NodeJS.WriteStream): Promise<string | null> {
  const prompt = createInterface({ input: process.stdin, output });
  return new Promise((resolve) => {
    // Both come as `close`: Ctrl-C closes the prompt when nobody listens to its own event.
    prompt.once('close', () => {
      output.write('\n');
      resolve(null);
    });
    prompt.question(question, (answer) => {
      prompt.removeAllListeners('close');
      prompt.close();
      resolve(answer);
    });
  });
}

async function lockWorkspaceIfThere(workspace: string): Promise<() => Promise<void>> {
  if (!(await isThere(workspace))) return async () => {};
  const lock = await lockWorkspace(workspace, { makesRoom: true });
  if ('pid' in lock) {
    throw new UserError(
      `A walk (process ${lock.pid}) is in the folder ${workspace}.`,
      'End it first: press q or Ctrl-C there.',
      EXIT.unusable,
    );
  }
  return lock;
}
