import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openScratch } from '../../../src/grade/scratch.ts';
import { temporaryFolder } from '../learn/temp-folder.ts';

let parent: string;
beforeEach(async () => {
  parent = await temporaryFolder();
  vi.stubEnv('TMPDIR', parent);
});
afterEach(() => vi.unstubAllEnvs());

/** As a grader leaves it that was killed: no process has this number. */
async function orphan(name: string): Promise<string> {
  const folder = path.join(parent, `walkthrough-grade-${name}`);
  const copy = path.join(folder, '0/own/my-work');
  await mkdir(copy, { recursive: true });
  await writeFile(path.join(folder, 'owner.json'), JSON.stringify({ pid: 4_194_305, started: '1' }));
  return copy;
}

it('ends what runs in the copies of a killed grader, under whatever name, and removes them', async () => {
  const copy = await orphan('killed');
  const swept: string[] = [];
  const { folder, remove } = await openScratch(async (one) => void swept.push(one));
  expect([swept, await readdir(parent)]).toEqual([[copy], [path.basename(folder)]]);
  await remove();
  expect(await readdir(parent)).toEqual([]);
});

it('goes on where a copy can not be removed yet, and tries again at the end', async () => {
  await orphan('busy');
  await orphan('free');
  let busy = true;
  const { folder, remove } = await openScratch(async (copy) => {
    if (busy && copy.includes('busy')) throw new Error('ENOTEMPTY');
  });
  expect((await readdir(parent)).sort()).toEqual([path.basename(folder), 'walkthrough-grade-busy'].sort());
  busy = false;
  await remove();
  expect(await readdir(parent)).toEqual([]);
});
