import { execFileSync } from 'node:child_process';
import { lstat, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readFromCopy, writeIntoCopy } from '../../../src/grade/copy-files.ts';
import { readDataFolder } from '../../../src/lab/data-folder.ts';
import { readFileStates } from '../../../src/observe/files.ts';

let base = '';
let copy = '';
let outside = '';
beforeEach(async () => {
  base = await realpath(await mkdtemp(path.join(tmpdir(), 'copy-files-')));
  copy = path.join(base, 'copy');
  outside = path.join(base, 'outside');
  await mkdir(path.join(copy, 'leader'), { recursive: true });
  await mkdir(outside);
  await writeFile(path.join(outside, 'secret'), 'secret = 1\nif then\n');
});
afterEach(() => rm(base, { recursive: true, force: true }));

it('reads what lies in the copy, also by a link that stays there', async () => {
  await writeFile(path.join(copy, 'inventory.sql'), 'SELECT 1');
  await symlink('inventory.sql', path.join(copy, 'other.sql'));
  expect(await readFromCopy(copy, 'inventory.sql')).toBe('SELECT 1');
  expect(await readFromCopy(copy, 'other.sql')).toBe('SELECT 1');
  expect(await readFromCopy(copy, 'none.sql')).toBeNull();
});

it('reads nothing by a link that leads out, nothing endless, and waits for no pipe', async () => {
  await symlink(path.join(outside, 'secret'), path.join(copy, 'a'));
  await symlink('/dev/zero', path.join(copy, 'b'));
  execFileSync('mkfifo', [path.join(copy, 'c')]);
  await symlink(outside, path.join(copy, 'd'));
  for (const file of ['a', 'b', 'c', 'd/secret']) expect(await readFromCopy(copy, file)).toBeNull();
});

it('replaces links and what stands in the way, and writes nothing outside', async () => {
  await rm(path.join(copy, 'leader'), { recursive: true });
  await symlink(outside, path.join(copy, 'leader'));
  await symlink(path.join(outside, 'secret'), path.join(copy, 'inventory.sql'));
  await mkdir(path.join(copy, 'docker-compose.yml'));
  for (const file of ['leader/secret', 'inventory.sql', 'docker-compose.yml'])
    await writeIntoCopy(copy, file, 'mended');
  expect(await readFile(path.join(outside, 'secret'), 'utf8')).toMatch(/^secret/);
  expect((await lstat(path.join(copy, 'leader'))).isDirectory()).toBe(true);
  for (const file of ['leader/secret', 'inventory.sql', 'docker-compose.yml'])
    expect(await readFile(path.join(copy, file), 'utf8')).toBe('mended');
});

it('shows checks and bash no file of this machine', async () => {
  await symlink(path.join(outside, 'secret'), path.join(copy, 'leader/setup-leader.sh'));
  await writeFile(path.join(copy, 'bad.sh'), 'if then\n');
  const states = await readFileStates(copy, ['leader/setup-leader.sh', 'bad.sh'], { confined: true });
  expect(states['leader/setup-leader.sh']).toEqual({
    kind: 'other',
    what: 'a link that leads out of the folder',
  });
  expect(states['bad.sh']).toMatchObject({ syntax: expect.stringContaining(`${copy}/bad.sh: line 1:`) });
});

it('takes nothing from outside into a data folder', async () => {
  const data = path.join(copy, 'leader-data');
  await mkdir(data);
  await writeFile(path.join(data, 'PG_VERSION'), '14\n');
  await symlink(path.join(outside, 'secret'), path.join(data, 'postgresql.auto.conf'));
  await symlink('global', path.join(data, 'global'));
  const found = await readDataFolder(data, { confined: true });
  expect(found).toMatchObject({ state: 'read', version: '14', autoConf: {}, control: null });
});
