import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Course } from '../../course/types.ts';
import { writtenFiles } from '../../course/written-files.ts';
import { COMPOSE_FILES } from '../../lab/compose-source.ts';
import type { Remark } from '../types.ts';
import { printable } from './names.ts';

/**
 * A remark for each file of the course that a copy does not have, while one with nearly its name is in its place: what
 * else is said of the file, that it is missing, does not help a student who sees it there.
 */
export async function misnamedFiles(workspace: string, { lessons }: Course): Promise<Remark[]> {
  const files = writtenFiles(lessons).map((file) => file.path);
  const remarks = new Map<string, Remark>();
  for (const file of new Set(files)) {
    const remark = await misnamed(workspace, file.split('/'));
    // A folder of the wrong name is one mistake, however many files are in it.
    if (remark) remarks.set(remark.message, remark);
  }
  return [...remarks.values()];
}

/** Goes down to the file, and looks around where the first part of its path is not there. */
async function misnamed(workspace: string, parts: string[]): Promise<Remark | null> {
  for (const [depth, part] of parts.entries()) {
    const isFile = depth === parts.length - 1;
    const above = parts.slice(0, depth);
    const entries = await readdir(path.join(workspace, ...above), { withFileTypes: true }).catch(() => []);
    const names = entries.map(({ name }) => name);
    // Compose takes any of its names.
    const wanted = COMPOSE_FILES.includes(part) ? COMPOSE_FILES : [part];
    if (wanted.some((name) => names.includes(name))) continue;
    const near = entries
      .filter((entry) => (isFile ? entry.isFile() : entry.isDirectory()))
      .find(({ name }) => wanted.some((one) => isNear(name, one)));
    if (!near) return null;
    const there = printable([...above, near.name].join('/'));
    const missing = [...above, part].join('/');
    const message = isFile
      ? `There is ${there}, but no ${missing}. Is that the file? Rename it.`
      : `There is a folder ${there}, but no folder ${missing}. Is that the folder? Rename it.`;
    return { kind: 'note', id: 'misnamed', where: there, message };
  }
  return null;
}

/** Letters and digits of a name, without the number that a browser gives to a second download. */
const core = (name: string): string =>
  name
    .replace(/ ?\(\d+\)/, '')
    .replace(/[-_ .]/g, '')
    .toLowerCase();

/** Whether the names differ only in case, in what is between their words, or in an ending that was added. */
function isNear(name: string, wanted: string): boolean {
  const bare = name.slice(0, -path.extname(name).length || undefined);
  return core(name) === core(wanted) || core(bare) === core(wanted);
}
