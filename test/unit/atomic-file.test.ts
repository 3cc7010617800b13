import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeAtomically } from '../../src/atomic-file.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'walkthrough-atomic-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('keeps the text that was asked for last, however many writes are under way', async () => {
  const file = path.join(folder, 'f');
  const texts = Array.from({ length: 20 }, (_, index) => `${index}`.repeat(100_000 - index * 5000));
  await Promise.all(texts.map((text, index) => writeAtomically(file, text, { durable: index % 2 === 0 })));
  expect(await readFile(file, 'utf8')).toBe(texts.at(-1));
  expect(await readdir(folder)).toEqual(['f']);
});

it('leaves no draft where the file can not be put in its place, and writes the next one', async () => {
  const file = path.join(folder, 'f');
  await mkdir(path.join(file, 'in the way'), { recursive: true });
  await expect(writeAtomically(file, 'one')).rejects.toMatchObject({
    code: expect.stringMatching(/EISDIR|ENOTEMPTY|EEXIST/),
  });
  expect(await readdir(folder)).toEqual(['f']);
  await rm(file, { recursive: true });
  await writeAtomically(file, 'two');
  expect([await readdir(folder), await readFile(file, 'utf8')]).toEqual([['f'], 'two']);
});

const canMount = process.platform === 'linux' && process.getuid?.() === 0;

it.skipIf(!canMount)(
  'leaves the old text on a disk that gets full in the middle of the new one',
  async () => {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder]);
    try {
      const file = path.join(folder, 'f');
      await writeAtomically(file, 'old');
      await writeFile(path.join(folder, 'other'), 'x'.repeat(30_000));
      await expect(writeAtomically(file, 'n'.repeat(50_000))).rejects.toMatchObject({ code: 'ENOSPC' });
      expect([(await readdir(folder)).sort(), await readFile(file, 'utf8')]).toEqual([['f', 'other'], 'old']);
    } finally {
      execFileSync('umount', [folder]);
    }
  },
);
