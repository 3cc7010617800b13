import { lstat, readdir, readFile, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import type { Course } from '../course/types.ts';
import { writtenFiles } from '../course/written-files.ts';
import { toolFolder } from './progress.ts';
import { leadsOut } from './write-files.ts';

export interface Removal {
  removed: string[];
  /** What the learner made or changed, and the copies of it. */
  kept: string[];
}

/** The tool's own state; `kept` beside it holds the learner's versions and stays. */
const OWN_STATE = ['progress.json', 'transcript.ndjson', 'runbook.json', 'output.txt', 'lock'];

/** What the learner had written to take along. */
const TAKE_AWAY = ['runbook.md', 'runbook.sh'];

/**
 * Removes the course's files from the workspace, as far as they are exactly what the course wrote, then the
 * folders that are empty by that, the workspace among them. A file that the learner changed stays.
 */
export async function removeOwnFiles(workspace: string, course: Course): Promise<Removal> {
  const report: Removal = { removed: [], kept: [] };
  const own = new Set(Object.values(course.files));
  const paths = new Set(writtenFiles(course.lessons).map((file) => file.path));
  for (const relative of paths) {
    const target = path.join(workspace, relative);
    const text = await readFile(target, 'utf8').catch(() => null);
    if (text === null || (await leadsOut(workspace, path.dirname(target)))) continue;
    if (own.has(text)) {
      await rm(target);
      report.removed.push(`file ${relative}`);
    } else {
      report.kept.push(`file ${relative}`);
    }
  }
  for (const file of TAKE_AWAY)
    if (await lstat(path.join(workspace, file)).catch(() => null)) report.kept.push(`file ${file}`);
  for (const file of OWN_STATE) await rm(path.join(toolFolder(workspace), file), { force: true });
  const folders = [...paths].flatMap(foldersAbove).sort((a, b) => b.length - a.length);
  for (const folder of [...folders, '.walkthrough', '.']) {
    await removeIfEmpty(path.join(workspace, folder));
  }
  const left = await readdir(toolFolder(workspace), { withFileTypes: true }).catch(() => []);
  for (const entry of left)
    report.kept.push(`${entry.isDirectory() ? 'folder' : 'file'} .walkthrough/${entry.name}`);
  return report;
}

/** `a/b/c.conf` gives `a/b` and `a`. */
function foldersAbove(file: string): string[] {
  const parent = path.dirname(file);
  return parent === '.' ? [] : [parent, ...foldersAbove(parent)];
}

async function removeIfEmpty(folder: string): Promise<void> {
  // ENOTEMPTY, ENOENT: it holds something, or is not there. Both are fine.
  await rmdir(folder).catch(() => {});
}
