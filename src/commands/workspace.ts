import { access, constants, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { EXIT, UserError } from '../errors.ts';
import { fileReason } from '../learn/file-reason.ts';
import { lockWorkspace } from '../learn/progress.ts';
import { makeFolder } from '../make-folder.ts';

/** The learner's folder: `--dir`, or the current one if it is a workspace already, or `./solutions`. */
export async function findWorkspace(dir: string | undefined): Promise<string> {
  if (dir !== undefined) return path.resolve(dir);
  const here = process.cwd();
  return (await isThere(path.join(here, '.walkthrough'))) ? here : path.join(here, 'solutions');
}

/** Whether there is something at this path. */
export function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

/** Makes sure that the folder is there. Returns its real path. */
export async function makeWorkspace(folder: string): Promise<string> {
  await refuseOther(folder);
  try {
    await makeFolder(folder);
    return await realpath(folder);
  } catch (error) {
    // mkdir says "no such file" of a read-only file system, too.
    const { code } = error as { code?: string };
    const reason = code === 'ENOENT' ? 'you may not write there' : fileReason(error);
    throw new UserError(
      `The folder ${shorten(folder)} can't be made: ${reason}.`,
      'Choose another with --dir.',
      EXIT.unusable,
    );
  }
}

/** Real path of a folder that is only looked at; the same path when it is not there yet. */
export async function lookAtWorkspace(folder: string): Promise<string> {
  await refuseOther(folder);
  return realpath(folder).catch(() => folder);
}

/** Stops at what is there but is no folder, or can't be looked into. Nothing there is fine. */
async function refuseOther(folder: string): Promise<void> {
  try {
    if (!(await stat(folder)).isDirectory()) throw notAFolder(folder);
    await access(folder, constants.R_OK | constants.X_OK);
  } catch (error) {
    if (error instanceof UserError) throw error;
    const { code } = error as { code?: string };
    if (code === 'ENOENT') return;
    if (code === 'ENOTDIR')
      throw new UserError(
        `${folder} can't be a folder: a file is on the way to it.`,
        'Give your own folder with --dir.',
      );
    if (code === 'ENAMETOOLONG')
      throw new UserError(
        `The name of the folder ${shorten(folder)} is too long.`,
        'Choose another with --dir.',
      );
    const reason = code === 'EACCES' || code === 'EPERM' ? 'you may not look into it' : fileReason(error);
    throw new UserError(
      `The folder ${folder} can't be used: ${reason}.`,
      'Choose another with --dir, or change its permissions.',
      EXIT.unusable,
    );
  }
}

function notAFolder(folder: string): UserError {
  return new UserError(`${folder} is not a folder.`, 'Give your own folder with --dir.');
}

function shorten(text: string): string {
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}

/** Takes the folder for this walk; refuses when another has it. Returns the function that gives it back. */
export async function takeWorkspace(workspace: string): Promise<() => Promise<void>> {
  const lock = await lockWorkspace(workspace);
  if (!('pid' in lock)) return lock;
  throw new UserError(
    `Another walk (process ${lock.pid}) is in the folder ${workspace}.`,
    'End it first, or choose another folder with --dir.',
    EXIT.unusable,
  );
}
