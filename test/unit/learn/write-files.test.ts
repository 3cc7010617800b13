import { chmod, lstat, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeFiles } from '../../../src/learn/write-files.ts';
import { TINY } from '../../helpers/tiny-course.ts';
import { canBeNobody, temporaryFolder, withoutRoot } from './temp-folder.ts';

const CONF = { path: 'leader/postgresql.conf', from: 'leader.conf' };
const TEXT = 'wal_level = replica\n';

async function tree(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort();
}

describe('a file of the course', () => {
  it('is written with its folder, into a workspace that is not there yet', async () => {
    const workspace = path.join(await temporaryFolder(), 'solutions');
    expect(await writeFiles(workspace, TINY, [CONF])).toEqual({
      done: ['Wrote leader/postgresql.conf.'],
      problems: [],
    });
    expect(await readFile(path.join(workspace, CONF.path), 'utf8')).toBe(TEXT);
    expect(await tree(workspace)).toEqual([CONF.path]);
  });

  it('can be run when it is a script', async () => {
    const workspace = await temporaryFolder();
    await writeFiles(workspace, TINY, [CONF, { path: 'leader/setup-leader.sh', from: 'setup.sh' }]);
    expect((await stat(path.join(workspace, 'leader/setup-leader.sh'))).mode & 0o100).toBe(0o100);
    expect((await stat(path.join(workspace, CONF.path))).mode & 0o100).toBe(0);
  });

  it('that is there already, as it should be, is not touched', async () => {
    const workspace = await temporaryFolder();
    await writeFiles(workspace, TINY, [CONF]);
    const before = await stat(path.join(workspace, CONF.path), { bigint: true });
    const { done, problems } = await writeFiles(workspace, TINY, [CONF]);
    expect([done, problems]).toEqual([['leader/postgresql.conf is there already, as it should be.'], []]);
    const after = await stat(path.join(workspace, CONF.path), { bigint: true });
    expect([after.ino, after.mtimeNs]).toEqual([before.ino, before.mtimeNs]);
  });

  it('takes the place of the learner’s version, which is kept and named', async () => {
    const workspace = await temporaryFolder();
    await mkdir(path.join(workspace, 'leader'));
    await writeFile(path.join(workspace, CONF.path), 'mine\r\n');
    const { done } = await writeFiles(workspace, TINY, [CONF]);
    const kept =
      /^Wrote leader\/postgresql\.conf\. Your version is kept as (.+)\.$/.exec(done[0] ?? '')?.[1] ?? '';
    expect(await readFile(path.join(workspace, kept), 'utf8')).toBe('mine\r\n');
    expect(await readFile(path.join(workspace, CONF.path), 'utf8')).toBe(TEXT);
  });

  it('keeps every version of the learner, not only the last', async () => {
    const workspace = await temporaryFolder();
    for (const text of ['first', 'second']) {
      await mkdir(path.join(workspace, 'leader'), { recursive: true });
      await writeFile(path.join(workspace, CONF.path), text);
      await writeFiles(workspace, TINY, [CONF]);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    const kept = (await tree(workspace)).filter((file) => file.startsWith('.walkthrough/kept/'));
    expect(await Promise.all(kept.map((file) => readFile(path.join(workspace, file), 'utf8')))).toEqual([
      'first',
      'second',
    ]);
  });

  it('takes the place of another of the course’s files without a copy of that', async () => {
    const workspace = await temporaryFolder();
    await writeFiles(workspace, TINY, [{ path: CONF.path, from: 'setup.sh' }]);
    expect((await writeFiles(workspace, TINY, [CONF])).done).toEqual(['Wrote leader/postgresql.conf.']);
    expect(await tree(workspace)).toEqual([CONF.path]);
  });

  it('is written in place: a container that has it mounted sees the change', async () => {
    const workspace = await temporaryFolder();
    await mkdir(path.join(workspace, 'leader'));
    await writeFile(path.join(workspace, CONF.path), 'mine');
    const before = (await stat(path.join(workspace, CONF.path))).ino;
    await writeFiles(workspace, TINY, [CONF]);
    expect((await stat(path.join(workspace, CONF.path))).ino).toBe(before);
  });

  it('is written into a workspace that is reached through a link', async () => {
    const folder = await temporaryFolder();
    await mkdir(path.join(folder, 'real'));
    await symlink('real', path.join(folder, 'link'));
    expect((await writeFiles(path.join(folder, 'link'), TINY, [CONF])).problems).toEqual([]);
    expect(await tree(path.join(folder, 'real'))).toEqual([CONF.path]);
  });
});

describe('a file that can not be written', () => {
  it('because a folder is in the way says so, and the others are written', async () => {
    const workspace = await temporaryFolder();
    await mkdir(path.join(workspace, CONF.path), { recursive: true });
    const { done, problems } = await writeFiles(workspace, TINY, [
      CONF,
      { path: 'setup.sh', from: 'setup.sh' },
    ]);
    expect(problems).toEqual([
      'leader/postgresql.conf is a folder, where a file must be. Remove it, then try again.',
    ]);
    expect(done).toEqual(['Wrote setup.sh.']);
  });

  it('because a file stands where its folder must be says so', async () => {
    const workspace = await temporaryFolder();
    await writeFile(path.join(workspace, 'leader'), '');
    const { done, problems } = await writeFiles(workspace, TINY, [CONF]);
    expect(done).toEqual([]);
    expect(problems[0]).toMatch(/^leader\/postgresql\.conf could not be written: /);
  });

  it('because it is a link says so, and leaves what the link leads to', async () => {
    const folder = await temporaryFolder();
    const workspace = path.join(folder, 'solutions');
    await mkdir(path.join(workspace, 'leader'), { recursive: true });
    await writeFile(path.join(folder, 'outside.conf'), 'theirs');
    await symlink(path.join(folder, 'outside.conf'), path.join(workspace, CONF.path));
    const { problems } = await writeFiles(workspace, TINY, [CONF]);
    expect(problems).toEqual([
      'leader/postgresql.conf is a link or something else, where a file must be. Remove it, then try again.',
    ]);
    expect(await readFile(path.join(folder, 'outside.conf'), 'utf8')).toBe('theirs');
    expect((await lstat(path.join(workspace, CONF.path))).isSymbolicLink()).toBe(true);
  });

  it.each(['leader/postgresql.conf', 'leader/conf.d/postgresql.conf'])(
    'because its folder leads out of the workspace says so, and makes nothing out there: %s',
    async (file) => {
      const folder = await temporaryFolder();
      await mkdir(path.join(folder, 'outside'));
      await mkdir(path.join(folder, 'solutions'));
      await symlink(path.join(folder, 'outside'), path.join(folder, 'solutions/leader'));
      const { done, problems } = await writeFiles(path.join(folder, 'solutions'), TINY, [
        { path: file, from: 'leader.conf' },
      ]);
      expect(done).toEqual([]);
      expect(problems).toEqual([
        `${file} is not written: its folder is a link that leads out of the workspace. Replace the link by a folder.`,
      ]);
      expect(await readdir(path.join(folder, 'outside'))).toEqual([]);
    },
  );

  it.runIf(canBeNobody)('because the folder may not be written says so', async () => {
    const workspace = await temporaryFolder();
    await chmod(workspace, 0o755);
    await mkdir(path.join(workspace, 'leader'), { mode: 0o555 });
    const report = await withoutRoot(() => writeFiles(workspace, TINY, [CONF]));
    expect(report).toEqual({
      done: [],
      problems: [
        'leader/postgresql.conf could not be written: you may not write there. Mend that, then try again.',
      ],
    });
    expect(await tree(workspace)).toEqual([]);
  });
});
