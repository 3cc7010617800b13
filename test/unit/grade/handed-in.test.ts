import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readCourse } from '../../../src/course/read.ts';
import { absentFrom, asHandedIn } from '../../../src/grade/handed-in.ts';
import type { Observation } from '../../../src/observe/types.ts';

let workspace: string;
beforeEach(async () => {
  workspace = await mkdtemp(path.join(tmpdir(), 'walkthrough-handed-'));
});
afterEach(() => rm(workspace, { recursive: true, force: true }));

it('finds files and folders of the course that are not there, and asks for no data folder', async () => {
  await mkdir(path.join(workspace, 'leader'));
  await writeFile(path.join(workspace, 'leader/setup-leader.sh'), '');
  const absent = await absentFrom(workspace, await readCourse('lessons'));
  expect([...absent].sort()).toEqual([
    'docker-compose.yml',
    'follower',
    'follower/postgresql.conf',
    'follower/setup-follower.sh',
    'inventory.sql',
    'leader/postgresql.conf',
  ]);
});

it('takes a folder that Docker made for what it is: nothing that was handed in', () => {
  const folder = { kind: 'folder', entries: 0, uid: 0 };
  const seen = { files: { 'leader/postgresql.conf': folder, leader: folder } } as unknown as Observation;
  expect(asHandedIn(seen, new Set(['leader/postgresql.conf'])).files).toEqual({
    'leader/postgresql.conf': { kind: 'missing' },
    leader: folder,
  });
});
