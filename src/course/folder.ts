import type { Dirent } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { CourseError } from './problem.ts';

const FOLDERS = ['concepts', 'mistakes', 'files'];

/** The texts of a course folder, by path in it with forward slashes, in the order of their names. */
export interface Folder {
  /** How the folder is called in messages: relative to the working directory when it lies in it. */
  shown: string;
  texts: ReadonlyMap<string, string>;
}

/** Reads all files of a course folder. Throws CourseError when there is no course in it. */
export async function readFolder(dir: string): Promise<Folder> {
  const shown = showPath(dir);
  const texts = await readTexts(dir).catch((error: NodeJS.ErrnoException) => {
    const reason = error.code === 'ENOENT' ? 'no such folder' : `can't be read: ${error.message}`;
    throw new CourseError([{ file: shown, line: 1, message: reason }]);
  });
  if (!texts.has('course.yaml')) {
    throw new CourseError([
      { file: `${shown}/course.yaml`, line: 1, message: 'missing: not a course folder' },
    ]);
  }
  return { shown, texts };
}

/** The files of a course, as text: those at the top, and all in its folders. Throws what the file system says. */
export async function readTexts(dir: string): Promise<Map<string, string>> {
  const paths = await listFiles(dir, '');
  const read = async (path: string): Promise<[string, string]> => [
    path,
    await readFile(join(dir, path), 'utf8'),
  ];
  return new Map(await Promise.all(paths.map(read)));
}

async function listFiles(root: string, under: string): Promise<string[]> {
  const entries = await readdir(join(root, under), { withFileTypes: true });
  const nested = await Promise.all(
    entries
      .filter((entry) => !entry.name.startsWith('.') && (under !== '' || belongs(entry)))
      .map((entry) => {
        const path = under === '' ? entry.name : `${under}/${entry.name}`;
        return entry.isDirectory() ? listFiles(root, path) : [path];
      }),
  );
  return nested.flat().sort();
}

/** A course may lie in the root of a repository, so not everything beside it is read. */
function belongs(entry: Dirent): boolean {
  return entry.isDirectory() ? FOLDERS.includes(entry.name) : /\.(md|yaml)$/.test(entry.name);
}

function showPath(dir: string): string {
  const near = relative(process.cwd(), dir);
  const path = near === '' ? '.' : near.startsWith('..') ? dir : near;
  return path.split(sep).join('/').replace(/\/$/, '');
}
