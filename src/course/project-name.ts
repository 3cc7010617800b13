import path from 'node:path';

/** Folder name to compose project name, by Compose's rule: lower case, and only letters, digits, `_` and `-`. */
export function projectNameOf(folder: string): string {
  const name = path
    .basename(folder)
    .toLowerCase()
    .replace(/[^a-z0-9_-]/g, '')
    .replace(/^[_-]+/, '');
  return name || 'default';
}
