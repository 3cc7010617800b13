import { copyFile, lstat, mkdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Course } from '../course/types.ts';
import { fileReason } from './file-reason.ts';
import { toolFolder } from './progress.ts';

export interface WriteReport {
  /** One sentence a file that was written or left alone. */
  done: string[];
  /** One sentence a file that could not be written. */
  problems: string[];
}

/**
 * Puts reference files into the workspace. What the learner has there is not lost: a version that is not one of
 * the course's own is copied to `.walkthrough/kept/` first. Written in place rather than by rename: a container
 * that has the file mounted keeps looking at the old inode otherwise.
 */
export async function writeFiles(
  workspace: string,
  course: Course,
  files: { path: string; from: string }[],
): Promise<WriteReport> {
  const report: WriteReport = { done: [], problems: [] };
  const own = new Set(Object.values(course.files));
  for (const { path: relative, from } of files) {
    const put = await putFile(workspace, relative, course.files[from] ?? '', (before) => own.has(before));
    if ('problem' in put) report.problems.push(`${put.problem} ${put.next}`);
    else if (put.same) report.done.push(`${relative} is there already, as it should be.`);
    else
      report.done.push(
        put.kept === null ? `Wrote ${relative}.` : `Wrote ${relative}. Your version is kept as ${put.kept}.`,
      );
  }
  return report;
}

/** How a file was written. `kept`: where the version before it is now, a path in the workspace. */
export type Put = { problem: string; next: string } | { same: boolean; kept: string | null };

/**
 * Puts a text into a file of the workspace. What is there and is not `ours` is copied to `.walkthrough/kept/` first.
 * Never throws: `problem` says why it could not be.
 */
export async function putFile(
  workspace: string,
  relative: string,
  text: string,
  ours: (before: string) => boolean,
): Promise<Put> {
  const target = path.join(workspace, relative);
  try {
    await mkdir(workspace, { recursive: true });
    // Asked before anything is made: a folder behind the link would be made outside.
    if (await leadsOut(workspace, path.dirname(target)))
      return {
        problem: `${relative} is not written: its folder is a link that leads out of the workspace.`,
        next: 'Replace the link by a folder.',
      };
    await mkdir(path.dirname(target), { recursive: true });
    const state = await lstat(target).catch(() => null);
    if (state && !state.isFile()) {
      const what = state.isDirectory() ? 'a folder' : 'a link or something else';
      return {
        problem: `${relative} is ${what}, where a file must be.`,
        next: 'Remove it, then try again.',
      };
    }
    const before = state ? await readFile(target, 'utf8') : null;
    if (before === text) return { same: true, kept: null };
    const kept = before !== null && !ours(before) ? await keep(workspace, relative) : null;
    await replace(target, text, before);
    return { same: false, kept };
  } catch (error) {
    return {
      problem: `${relative} could not be written: ${fileReason(error)}.`,
      next: 'Mend that, then try again.',
    };
  }
}

/** Writes in place. A disk that is full half-way must not leave an empty file: what was there comes back. */
async function replace(target: string, text: string, before: string | null): Promise<void> {
  try {
    await writeFile(target, text, { mode: target.endsWith('.sh') ? 0o755 : 0o644 });
  } catch (error) {
    const undone = before === null ? rm(target, { force: true }) : writeFile(target, before);
    await undone.catch(() => {});
    throw error;
  }
}

async function keep(workspace: string, relative: string): Promise<string> {
  const stamp = new Date().toISOString().replace(/[:.]/g, '-');
  const kept = path.join(toolFolder(workspace), 'kept', `${relative}.${stamp}`);
  await mkdir(path.dirname(kept), { recursive: true });
  await copyFile(path.join(workspace, relative), kept);
  return path.relative(workspace, kept);
}

/** True when a folder of the workspace, as far as it is there, lies behind a link to somewhere else. */
export async function leadsOut(workspace: string, folder: string): Promise<boolean> {
  const root = await realpath(workspace);
  for (let at = folder; ; at = path.dirname(at)) {
    const real = await realpath(at).catch(() => null);
    if (real === null && at !== path.dirname(at)) continue;
    const inside = path.relative(root, real ?? at);
    return inside === '..' || inside.startsWith(`..${path.sep}`) || path.isAbsolute(inside);
  }
}
