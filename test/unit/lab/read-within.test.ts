import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readWithin } from '../../../src/lab/read-within.ts';

let root: string;
let folder: string;
beforeAll(async () => {
  root = await realpath(await mkdtemp(path.join(tmpdir(), 'within-')));
  folder = path.join(root, 'copy');
  await mkdir(path.join(folder, 'sub'), { recursive: true });
  await writeFile(path.join(root, 'secret'), 'secret');
  await writeFile(path.join(folder, 'plain'), 'plain');
  await writeFile(path.join(folder, 'large'), Buffer.alloc(2 * 1024 * 1024));
  await symlink('plain', path.join(folder, 'inner'));
  await symlink('../secret', path.join(folder, 'outer'));
  await symlink('..', path.join(folder, 'up'));
  execFileSync('mkfifo', [path.join(folder, 'pipe')]);
});
afterAll(() => rm(root, { recursive: true, force: true }));

it.each(['plain', 'inner'])('reads %s', async (name) => {
  expect(String(await readWithin(folder, path.join(folder, name)))).toBe('plain');
});

it.each(['outer', 'up/secret', 'large', 'pipe', '../secret'])('does not read %s', async (name) => {
  expect(await readWithin(folder, path.join(folder, name))).toBeNull();
});

it('fails as a read does for a folder and for nothing', async () => {
  await expect(readWithin(folder, path.join(folder, 'sub'))).rejects.toMatchObject({ code: 'EISDIR' });
  await expect(readWithin(folder, path.join(folder, 'none'))).rejects.toMatchObject({ code: 'ENOENT' });
});
