import { lstat, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Course } from '../course/types.ts';
import { leadsOut } from '../learn/write-files.ts';
import { coursePaths, READ_BY_COMPOSE } from './own-paths.ts';
import type { WorkspaceFile } from './types.ts';

/** More than that is no settings file or script, and a runbook nobody reads. */
const LARGEST = 256 * 1024;
const MOST = 100;

/** What editors leave behind. */
const LEFTOVER = /(?:~|\.sw[a-z]|\.bak|\.orig|\.DS_Store)$/;

/**
 * The learner's own files as they are now: those that the course has in its lessons, whatever lies beside them in the
 * same folders, and what Compose reads. `notices` tell in whole sentences of what was left out.
 */
export async function readOwnFiles(
  workspace: string,
  course: Course,
): Promise<{ files: WorkspaceFile[]; notices: string[] }> {
  const named = coursePaths(course);
  const folders = [...new Set(named.map((file) => path.posix.dirname(file)))].filter((one) => one !== '.');
  const beside = (await Promise.all(folders.map((folder) => listed(workspace, folder)))).flat();
  const all = [...new Set([...named, ...READ_BY_COMPOSE, ...beside])];
  const files: WorkspaceFile[] = [];
  const notices: string[] = [];
  for (const file of all) {
    const found = await readOne(workspace, file);
    if (found === null) continue;
    if (files.length === MOST) {
      notices.push(`Only the first ${MOST} files are in the runbook.`);
      break;
    }
    if (typeof found === 'string') notices.push(`${file} is left out: ${found}.`);
    else files.push(found);
  }
  return { files, notices };
}

async function listed(workspace: string, folder: string): Promise<string[]> {
  if (await leadsOut(workspace, path.join(workspace, folder))) return [];
  const entries = await readdir(path.join(workspace, folder), { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => !entry.isDirectory() && !LEFTOVER.test(entry.name))
    .map((entry) => `${folder}/${entry.name}`)
    .sort();
}

/** A file; null where there is none; the reason why it is left out. */
async function readOne(workspace: string, file: string): Promise<WorkspaceFile | string | null> {
  const full = path.join(workspace, file);
  try {
    const stats = await lstat(full);
    if (!stats.isFile()) return stats.isDirectory() ? 'it is a folder' : 'it is a link, or no file at all';
    if (await leadsOut(workspace, path.dirname(full))) return 'its folder is a link that leads out';
    if (stats.size > LARGEST) return `it is larger than ${LARGEST / 1024} KB`;
    return { path: file, bytes: await readFile(full), mode: stats.mode & 0o777 };
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    if (code === 'EACCES' || code === 'EPERM') return 'you may not read it';
    throw error;
  }
}
