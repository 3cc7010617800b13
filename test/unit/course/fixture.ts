import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Folder, readFolder, readTexts } from '../../../src/course/folder.ts';

export const FIXTURES = join(import.meta.dirname, '../../fixtures/courses');
export const VALID = join(FIXTURES, 'valid');

/** The fixture courses that are wrong. Each holds only the files in which it differs from `valid`. */
export const BROKEN = readdirSync(FIXTURES).filter((name) => name !== 'valid');

/** The valid course with the files of a broken one laid over it, called `course` in messages. */
export async function overlay(name: string): Promise<Folder> {
  const [valid, changed] = await Promise.all([readFolder(VALID), readTexts(join(FIXTURES, name))]);
  const texts = new Map([...valid.texts, ...changed]);
  return { shown: 'course', texts: new Map([...texts].sort(([a], [b]) => (a < b ? -1 : 1))) };
}
