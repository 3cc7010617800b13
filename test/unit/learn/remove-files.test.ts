import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadProgress } from '../../../src/learn/progress.ts';
import { removeOwnFiles } from '../../../src/learn/remove-files.ts';
import { writeFiles } from '../../../src/learn/write-files.ts';
import { TINY } from '../../helpers/tiny-course.ts';
import { temporaryFolder } from './temp-folder.ts';

const CONF = { path: 'leader/postgresql.conf', from: 'leader.conf' };

async function writtenWorkspace(): Promise<string> {
  const workspace = path.join(await temporaryFolder(), 'solutions');
  await writeFiles(workspace, TINY, [CONF]);
  return workspace;
}
const gone = async (file: string) => !(await stat(file).catch(() => null));

describe('removing the course’s files', () => {
  it('takes what the course wrote, the empty folders and the workspace', async () => {
    const workspace = await writtenWorkspace();
    await mkdir(path.join(workspace, '.walkthrough'));
    for (const file of ['progress.json', 'transcript.ndjson', 'lock'])
      await writeFile(path.join(workspace, '.walkthrough', file), '');
    expect(await removeOwnFiles(workspace, TINY)).toEqual({
      removed: ['file leader/postgresql.conf'],
      kept: [],
    });
    expect(await gone(workspace)).toBe(true);
  });

  it('leaves a file that the learner changed, and says so', async () => {
    const workspace = await writtenWorkspace();
    await writeFile(path.join(workspace, CONF.path), 'mine');
    expect(await removeOwnFiles(workspace, TINY)).toEqual({
      removed: [],
      kept: ['file leader/postgresql.conf'],
    });
    expect(await readFile(path.join(workspace, CONF.path), 'utf8')).toBe('mine');
  });

  it('leaves what it does not know', async () => {
    const workspace = await writtenWorkspace();
    await writeFile(path.join(workspace, 'leader/notes.txt'), 'mine');
    await removeOwnFiles(workspace, TINY);
    expect(await readdir(workspace, { recursive: true })).toEqual(['leader', 'leader/notes.txt']);
  });

  it('leaves the learner’s kept versions, and says so', async () => {
    const workspace = await writtenWorkspace();
    await writeFile(path.join(workspace, CONF.path), 'mine');
    await writeFiles(workspace, TINY, [CONF]);
    const report = await removeOwnFiles(workspace, TINY);
    expect(report).toEqual({ removed: ['file leader/postgresql.conf'], kept: ['folder .walkthrough/kept'] });
    expect(await gone(path.join(workspace, '.walkthrough/kept'))).toBe(false);
  });

  it('leaves the runbook, and says so', async () => {
    const workspace = await writtenWorkspace();
    await mkdir(path.join(workspace, '.walkthrough'));
    for (const file of ['runbook.md', 'runbook.sh', '.walkthrough/runbook.json'])
      await writeFile(path.join(workspace, file), '');
    const { kept } = await removeOwnFiles(workspace, TINY);
    expect(kept).toEqual(['file runbook.md', 'file runbook.sh']);
    expect((await readdir(workspace)).sort()).toEqual(['runbook.md', 'runbook.sh']);
  });

  it('names as kept only what is there: a damaged progress file that was put aside', async () => {
    const workspace = await writtenWorkspace();
    await mkdir(path.join(workspace, '.walkthrough'));
    await writeFile(path.join(workspace, '.walkthrough/progress.json'), '{');
    await loadProgress(workspace, TINY);
    const { kept } = await removeOwnFiles(workspace, TINY);
    for (const line of kept)
      expect(await gone(path.join(workspace, line.replace(/^(file|folder) /, ''))), line).toBe(false);
  });

  it('does nothing where nothing is', async () => {
    const workspace = path.join(await temporaryFolder(), 'never-made');
    expect(await removeOwnFiles(workspace, TINY)).toEqual({ removed: [], kept: [] });
  });

  it('leaves what lies outside, behind a link', async () => {
    const folder = await temporaryFolder();
    await mkdir(path.join(folder, 'outside'));
    await mkdir(path.join(folder, 'solutions'));
    await writeFile(path.join(folder, 'outside/postgresql.conf'), TINY.files['leader.conf'] ?? '');
    await symlink(path.join(folder, 'outside'), path.join(folder, 'solutions/leader'));
    await removeOwnFiles(path.join(folder, 'solutions'), TINY);
    expect(await readdir(path.join(folder, 'outside'))).toEqual(['postgresql.conf']);
  });
});
