import { createInterface } from 'node:readline/promises';
import { EXIT, UserError } from '../errors.ts';
import { lockWorkspace } from '../learn/progress.ts';
import { removeOwnFiles } from '../learn/remove-files.ts';
import { type Command, openContext } from './context.ts';

/** Removes all that this tool made, and nothing else. Asks first, unless --yes says so. */
export const reset: Command = async (options) => {
  const { workspace, course, lab } = await openContext(options, { create: false });
  const talk = options.json ? process.stderr : process.stdout;
  if (!options.yes) {
    if (!process.stdin.isTTY)
      throw new UserError(
        'reset removes things, and there is nobody to ask.',
        'Say that you mean it: walkthrough reset --yes.',
      );
    const prompt = createInterface({ input: process.stdin, output: process.stdout });
    const answer = await prompt.question(
      `This removes the containers and the network of ${workspace}, both data folders, and the course's own files there.\nFiles that you changed stay. Go on? (y/n) `,
    );
    prompt.close();
    if (!/^y(es)?$/i.test(answer.trim())) {
      talk.write('Nothing was removed.\n');
      return EXIT.passed;
    }
  }
  const engine = await lab.engine();
  if (engine.state === 'down')
    throw new UserError(engine.problem, `${engine.next} Nothing was removed.`, EXIT.unusable);
  const lock = await lockWorkspaceIfThere(workspace);
  const removed = await lab.clear();
  const files = await removeOwnFiles(workspace, course);
  await lock();
  await lab.close();
  if (options.json) {
    process.stdout.write(
      `${JSON.stringify({ schema: 'walkthrough/reset/v1', removed: [...removed, ...files.removed], kept: files.kept }, null, 2)}\n`,
    );
  } else {
    for (const line of [...removed, ...files.removed]) talk.write(`Removed ${line}.\n`);
    for (const line of files.kept) talk.write(`Kept ${line}: it is yours.\n`);
    if (removed.length + files.removed.length === 0) talk.write('There was nothing to remove.\n');
  }
  return EXIT.passed;
};

async function lockWorkspaceIfThere(workspace: string): Promise<() => Promise<void>> {
  const { access } = await import('node:fs/promises');
  const there = await access(workspace).then(
    () => true,
    () => false,
  );
  if (!there) return async () => {};
  const lock = await lockWorkspace(workspace);
  if ('pid' in lock) {
    throw new UserError(
      `A walk (process ${lock.pid}) is in the folder ${workspace}.`,
      'End it first: press q there.',
      EXIT.unusable,
    );
  }
  return lock;
}
