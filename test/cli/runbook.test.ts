import { execFileSync } from 'node:child_process';
import { appendFile, chmod, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { CLI, copyProgram, freshDist, isRoot, openFolder, runCli, STRANGER } from '../helpers/cli.ts';

beforeAll(freshDist);

/** Without any program on the PATH, and without an engine: a runbook needs neither. */
const BARE = { env: { PATH: '/nowhere', DOCKER_HOST: 'unix:///nowhere.sock' } };
const runbook = (dir: string, ...more: string[]) => runCli(['runbook', '--dir', dir, ...more], BARE);

const PROGRESS = {
  schema: 'walkthrough/progress/v1',
  course: { id: 'leader-follower', version: '1.0.0' },
  startedAt: '2026-11-25T10:00:00.000Z',
  savedAt: '2026-11-25T10:10:00.000Z',
  lab: 'sandbox',
  at: 'workspace/the-two-scripts',
  tasks: {
    'workspace/the-four-folders': { everPassed: '2026-11-25T10:01:00.000Z', provenance: 'learner' },
  },
};
const ENTRY = {
  at: '2026-11-25T10:01:00.000Z',
  task: 'workspace/the-four-folders',
  command: 'mkdir -p leader follower leader-data follower-data',
  exitCode: 0,
  durationMs: 12,
};

/** A folder in which the first task was done. */
async function begun(
  progress: object | string = PROGRESS,
  transcript = `${JSON.stringify(ENTRY)}\n`,
): Promise<string> {
  const folder = await openFolder();
  await mkdir(path.join(folder, '.walkthrough'));
  const text = typeof progress === 'string' ? progress : JSON.stringify(progress);
  await writeFile(path.join(folder, '.walkthrough/progress.json'), text);
  await writeFile(path.join(folder, '.walkthrough/transcript.ndjson'), transcript);
  return folder;
}
const read = (folder: string, name: string) => readFile(path.join(folder, name), 'utf8');

describe('runbook', () => {
  it('writes both files, and says what to do with them', async () => {
    const folder = await begun();
    const { exitCode, stdout, stderr } = await runbook(folder);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toBe(
      `Wrote ${folder}/runbook.md.\nWrote ${folder}/runbook.sh.\n` +
        'To build the same pair again, take this one down (npx walkthrough reset), then run in an empty folder:\n' +
        `PATH=${path.dirname(CLI)}/bin:"$PATH" WALKTHROUGH_SANDBOX="$PWD" bash ${folder}/runbook.sh\n`,
    );
    expect(await read(folder, 'runbook.md')).toContain('\n- Lab: sandbox.\n');
    execFileSync('bash', ['-n', path.join(folder, 'runbook.sh')]);
    expect((await readdir(folder)).sort()).toEqual(['.walkthrough', 'runbook.md', 'runbook.sh']);
  });

  it('gives one document with --json', async () => {
    const folder = await begun();
    await writeFile(path.join(folder, 'runbook.md'), 'mine');
    const { exitCode, stdout } = await runbook(folder, '--json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      schema: 'walkthrough/runbook/v1',
      tool: expect.stringMatching(/^pg-walkthrough \d/),
      course: { id: 'leader-follower', version: '1.0.0' },
      lab: 'sandbox',
      folder,
      files: [
        {
          path: `${folder}/runbook.md`,
          kept: expect.stringContaining(`${folder}/.walkthrough/kept/runbook.md.`),
        },
        { path: `${folder}/runbook.sh`, kept: null },
      ],
      notices: [],
    });
  });

  it('keeps a file that was edited since', async () => {
    const folder = await begun();
    await runbook(folder);
    await appendFile(path.join(folder, 'runbook.md'), 'my own notes\n');
    const { exitCode, stdout } = await runbook(folder);
    expect(exitCode).toBe(0);
    const kept = /Your version is kept as (.*)\.\n/.exec(stdout)?.[1] ?? '';
    expect(await readFile(kept, 'utf8')).toMatch(/my own notes\n$/);
    expect(stdout).toContain(`Wrote ${folder}/runbook.sh.\n`);
  });
});

describe('what can not be read is said, in the files too', () => {
  it('lines of the transcript', async () => {
    const folder = await begun(
      PROGRESS,
      `${JSON.stringify(ENTRY)}\nnot json\n${JSON.stringify(ENTRY).slice(0, 30)}`,
    );
    const { exitCode, stdout } = await runbook(folder);
    const words = "2 of the lines in transcript.ndjson can't be read; they are left out.";
    expect(exitCode).toBe(0);
    expect(stdout).toContain(words);
    expect(await read(folder, 'runbook.md')).toContain(`> ${words}`);
    expect(await read(folder, 'runbook.sh')).toContain(`# ${words}`);
    expect(await read(folder, 'runbook.md')).toContain('1 command run');
  });

  it('a progress file that is cut short', async () => {
    const folder = await begun(JSON.stringify(PROGRESS).slice(0, 50));
    await mkdir(path.join(folder, '.walkthrough/sandbox'));
    const { exitCode, stdout } = await runbook(folder);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('The progress file is cut short or is not JSON.');
    expect(await read(folder, 'runbook.md')).toContain('- Lab: sandbox.');
    expect(await read(folder, 'runbook.md')).toContain(ENTRY.command);
  });
});

describe('where there is nothing to tell', () => {
  const next = 'Begin with npx walkthrough, or name your folder with --dir.';

  it('because there is no folder', async () => {
    const folder = path.join(await openFolder(), 'gone');
    const { exitCode, stdout, stderr } = await runbook(folder);
    expect({ exitCode, stdout, stderr }).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: `There is no folder ${folder}.\n${next}\n`,
    });
  });

  it('because nothing was done', async () => {
    const folder = await openFolder();
    const { exitCode, stderr } = await runbook(folder);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: `Nothing was done in the folder ${folder} yet.\n${next}\n`,
    });
    expect(await readdir(folder)).toEqual([]);
  });

  it('because it is another course', async () => {
    const folder = await begun({ ...PROGRESS, course: { id: 'small', version: '1.0.0' } });
    const { exitCode, stderr } = await runbook(folder);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: `What was done in the folder ${folder} belongs to another course (small).\nName that course with --course DIR, or another folder with --dir.\n`,
    });
    expect(await readdir(folder)).toEqual(['.walkthrough']);
  });
});

it.skipIf(!isRoot)('a folder that may not be written is named, and nothing is left behind', async () => {
  const folder = await begun();
  await chmod(path.join(folder, '.walkthrough'), 0o755);
  const { exitCode, stderr } = await runCli(['runbook', '--dir', folder], {
    ...BARE,
    uid: STRANGER,
    gid: STRANGER,
    program: await copyProgram(),
  });
  expect({ exitCode, stderr }).toEqual({
    exitCode: 3,
    stderr: 'runbook.md could not be written: you may not write there.\nMend that, then try again.\n',
  });
  expect(await readdir(folder)).toEqual(['.walkthrough']);
});

it('a folder in the place of a file is named', async () => {
  const folder = await begun();
  await mkdir(path.join(folder, 'runbook.sh'));
  const { exitCode, stderr } = await runbook(folder);
  expect({ exitCode, stderr }).toEqual({
    exitCode: 3,
    stderr: 'runbook.sh is a folder, where a file must be.\nRemove it, then try again.\n',
  });
  await rm(path.join(folder, 'runbook.sh'), { recursive: true });
  const again = await runbook(folder);
  expect(again.exitCode).toBe(0);
  expect(again.stdout).not.toContain('kept');
});
