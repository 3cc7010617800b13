import { access, constants, mkdtemp, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { findProgram } from './find-program.ts';
import type { Problem } from './lab.ts';

/** The folders that the servers write. The learner's own files are not among them. */
export const DATA_FOLDERS = ['leader-data', 'follower-data'] as const;

/** Whether the learner's folder can be written, or made where it is not there yet. */
export async function workspaceProblems(workspace: string): Promise<Problem[]> {
  for (let folder = workspace; ; folder = path.dirname(folder)) {
    try {
      await access(folder, constants.W_OK | constants.X_OK);
      return folder === workspace || (await takesFolder(folder)) ? [] : [unwritable(folder)];
    } catch (error) {
      if ((error as { code?: string }).code === 'ENOENT' && folder !== path.dirname(folder)) continue;
      return [unwritable(folder)];
    }
  }
}

const unwritable = (folder: string): Problem => ({
  id: 'workspace-not-writable',
  message: `You may not write in the folder ${folder}.`,
  next: 'Choose another folder with --dir, or change its permissions.',
});

/** Whether another folder can be made in it. The permissions do not tell: root has them all in /proc. */
async function takesFolder(folder: string): Promise<boolean> {
  try {
    await rmdir(await mkdtemp(path.join(folder, '.walkthrough-')));
    return true;
  } catch {
    return false;
  }
}

/** The commands of the lessons are written for bash, in either lab. */
export async function bashProblems(env: NodeJS.ProcessEnv): Promise<Problem[]> {
  if ((await findProgram('bash', env)) !== null) return [];
  return [
    {
      id: 'no-bash',
      message: 'There is no bash on your PATH, and the commands of the lessons are written for it.',
      next: 'Install bash. On Windows, work inside WSL 2.',
    },
  ];
}
