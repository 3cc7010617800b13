import { lstat } from 'node:fs/promises';
import path from 'node:path';
import type { Course } from '../course/types.ts';
import { writtenFiles } from '../course/written-files.ts';
import type { Observation } from '../observe/types.ts';

/** Files that the course has its students write, and folders of those, that are not in a copy. Paths in the workspace. */
export async function absentFrom(workspace: string, { lessons }: Course): Promise<Set<string>> {
  const files = writtenFiles(lessons).map((file) => file.path);
  const folders = files.map((file) => path.dirname(file)).filter((folder) => folder !== '.');
  const absent = new Set<string>();
  for (const one of new Set([...folders, ...files])) {
    const found = await lstat(path.join(workspace, one)).catch(() => null);
    if (!found) absent.add(one);
  }
  return absent;
}

/**
 * What was seen, without folders that Docker made for mounts of what was not handed in: a student who handed in no file
 * must not be told that it is a folder, nor get points for one.
 */
export function asHandedIn(observation: Observation, absent: ReadonlySet<string>): Observation {
  const files = Object.entries(observation.files).map(([file, state]): [string, typeof state] => [
    file,
    absent.has(file) && state.kind === 'folder' ? { kind: 'missing' } : state,
  ]);
  return { ...observation, files: Object.fromEntries(files) };
}
