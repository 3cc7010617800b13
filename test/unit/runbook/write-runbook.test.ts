import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeRunbook } from '../../../src/runbook/write-runbook.ts';
import { canBeNobody, temporaryFolder, withoutRoot } from '../learn/temp-folder.ts';

const texts = (version: number) => ({ 'runbook.md': `# ${version}\n`, 'runbook.sh': `echo ${version}\n` });

describe('writing a runbook', () => {
  it('makes a script that can be run, and replaces what it wrote before', async () => {
    const workspace = await temporaryFolder();
    const written = [
      { path: path.join(workspace, 'runbook.md'), kept: null },
      { path: path.join(workspace, 'runbook.sh'), kept: null },
    ];
    for (const version of [1, 2, 2]) {
      expect(await writeRunbook(workspace, texts(version))).toEqual(written);
      expect(await readFile(path.join(workspace, 'runbook.sh'), 'utf8')).toBe(`echo ${version}\n`);
    }
    expect((await stat(path.join(workspace, 'runbook.sh'))).mode & 0o111).toBe(0o111);
  });

  it('keeps what somebody has changed, and what was there before', async () => {
    const workspace = await temporaryFolder();
    await writeFile(path.join(workspace, 'runbook.sh'), 'mine\n');
    for (const version of [1, 2]) {
      const [, script] = await writeRunbook(workspace, texts(version));
      expect(script?.kept).toMatch(/\/\.walkthrough\/kept\/runbook\.sh\.2/);
      expect(await readFile(script?.kept ?? '', 'utf8')).toBe(version === 1 ? 'mine\n' : 'changed\n');
      await writeFile(path.join(workspace, 'runbook.sh'), 'changed\n');
    }
  });

  it('keeps a copy where its memory is damaged', async () => {
    const workspace = await temporaryFolder();
    await writeRunbook(workspace, texts(1));
    await writeFile(path.join(workspace, '.walkthrough/runbook.json'), '[');
    expect((await writeRunbook(workspace, texts(2))).every(({ kept }) => kept !== null)).toBe(true);
  });

  it('says what is in the way', async () => {
    const workspace = await temporaryFolder();
    await mkdir(path.join(workspace, 'runbook.md'));
    await expect(writeRunbook(workspace, texts(1))).rejects.toMatchObject({
      message: 'runbook.md is a folder, where a file must be.',
      next: 'Remove it, then try again.',
      exitCode: 3,
    });
  });

  it.skipIf(!canBeNobody)('says that it may not write', async () => {
    const workspace = await temporaryFolder();
    await withoutRoot(() =>
      expect(writeRunbook(workspace, texts(1))).rejects.toMatchObject({
        message: 'runbook.md could not be written: you may not write there.',
        exitCode: 3,
      }),
    );
  });
});
