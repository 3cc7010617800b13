import { execFileSync } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { copyProgram, freshDist, isRoot, openFolder, runCli, STRANGER } from '../helpers/cli.ts';
import { type FakeEngine, fakeEngine } from '../helpers/fake-engine.ts';
import { type OwnCourse, ownCourse } from '../helpers/own-course.ts';

let own: OwnCourse;
/**
 * The fake engine has no image: left to choose, the tool would take the sandbox. The course has ports of its own,
 * because a learner's pair may be running.
 */
const DOCKER: string[] = [];

let engine: FakeEngine;
beforeAll(async () => {
  await freshDist();
  engine = await fakeEngine();
  own = await ownCourse();
  await chmod(path.dirname(own.course), 0o755);
  DOCKER.push('--lab', 'docker', '--course', own.course);
});
afterAll(async () => {
  await engine.close();
  await own.remove();
});

/** Runs lesson 1, which makes folders and two files. */
const run = (dir: string, more: Parameters<typeof runCli>[1] = {}) =>
  runCli([...DOCKER, 'run', '--to', '1', '--dir', dir], { ...more, env: { ...engine.env, ...more.env } });
const cli = (...args: string[]) => runCli([...DOCKER, ...args], { env: engine.env });

describe('a folder that is none', () => {
  it.each(['run', 'check', 'reset'])('%s: a file is named, and left alone', async (verb) => {
    const folder = await openFolder();
    await writeFile(path.join(folder, 'notes.txt'), 'mine');
    const more = verb === 'reset' ? ['--yes'] : [];
    const direct = await cli(verb, ...more, '--dir', path.join(folder, 'notes.txt'));
    expect(direct.exitCode).toBe(2);
    expect(direct.stderr).toBe(`${folder}/notes.txt is not a folder.\nGive your own folder with --dir.\n`);
    const below = await cli(verb, ...more, '--dir', path.join(folder, 'notes.txt/solutions'));
    expect(below.exitCode).toBe(2);
    expect(below.stderr).toContain("can't be a folder: a file is on the way to it.");
    expect(await readFile(path.join(folder, 'notes.txt'), 'utf8')).toBe('mine');
  });

  it('a name that is too long', async () => {
    const { exitCode, stderr } = await cli(
      'check',
      '1',
      '--dir',
      path.join(await openFolder(), 'x'.repeat(300)),
    );
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^The name of the folder \/.*… is too long\.\nChoose another with --dir\.\n$/);
  });

  it('a colon, which Docker takes for the end of a path', async () => {
    const folder = path.join(await openFolder(), 'a:b');
    const { exitCode, stderr } = await run(folder);
    expect(exitCode).toBe(3);
    expect(stderr).toBe(
      `The path of the folder ${folder} has a colon in it, and Docker can't mount such a folder.\nChoose another folder with --dir.\n`,
    );
  });

  it('the folder in which the shell stands is gone', async () => {
    const folder = path.join(await openFolder(), 'gone');
    await mkdir(folder);
    const command = `cd '${folder}' && rmdir '${folder}' && exec '${process.execPath}' '${path.resolve('dist/cli.js')}' check`;
    let failure: { status?: number; stderr?: string } = {};
    try {
      execFileSync('sh', ['-c', command], { encoding: 'utf8', stdio: 'pipe' });
    } catch (error) {
      failure = error as typeof failure;
    }
    expect(failure.status).toBe(3);
    expect(failure.stderr).toBe(
      'The folder that you are in does not exist any more.\nGo to another one (cd), then try again.\n',
    );
  });
});

describe('a folder that is not there', () => {
  it('check says so first, and no more than the sum and the next step', async () => {
    const dir = path.join(await openFolder(), 'typo');
    const { exitCode, stdout } = await cli('check', '--dir', dir);
    expect(exitCode).toBe(1);
    expect(stdout.replace(/^\d+ of/m, 'N of')).toBe(
      `The folder ${dir} is not there yet.\nN of 12 steps hold.\nTo begin there: npx walkthrough --dir ${dir} --course ${own.course}\nIf you meant another folder, name that one with --dir.\n`,
    );
    const json = await cli('check', '--json', '--dir', dir);
    expect(json.exitCode).toBe(1);
    expect(JSON.parse(json.stdout)).toMatchObject({ schema: 'walkthrough/result/v1', total: 12 });
    expect(await stat(dir).catch(() => 'gone')).toBe('gone');
  });
});

describe('status', () => {
  it('says what its words mean', async () => {
    const dir = path.join(await openFolder(), 'solutions');
    const { exitCode, stdout } = await cli('status', '--dir', dir);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^\d+ of 12 steps hold now\. A step holds when all of its checks pass\.$/m);
    expect(stdout).toMatch(/^ ?\d+ {2}blocked /m);
    expect(stdout).toMatch(/\nBlocked: it waits for a step before it that does not hold\.\n$/);
  });
});

describe('a folder with a long way, spaces, quotes and letters of the world', () => {
  it.each([`two words/Ordner "ü" d'été 学習 $HOME \`x\` & #1; sol`, `${'deep/'.repeat(60)}solutions`])(
    '%s',
    async (name) => {
      const folder = path.join(await openFolder(), name);
      const { exitCode, stdout, stderr } = await run(folder);
      expect({ exitCode, stderr }, stdout).toEqual({ exitCode: 0, stderr: '' });
      expect((await readdir(folder)).sort()).toEqual([
        '.walkthrough',
        'follower',
        'follower-data',
        'leader',
        'leader-data',
      ]);
      const reset = await cli('reset', '--yes', '--dir', folder);
      expect(reset.exitCode, reset.stderr).toBe(0);
      expect(await stat(folder).catch(() => 'gone')).toBe('gone');
    },
  );
});

describe('a folder that is not empty', () => {
  it('keeps what is in it, through the walk and through two resets', async () => {
    const folder = await openFolder();
    const files: Record<string, string> = { 'thesis.txt': 'mine', 'leader/notes.txt': 'mine, too' };
    await mkdir(path.join(folder, 'leader'));
    for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text);
    await writeFile(path.join(folder, 'leader/setup-leader.sh'), '#!/bin/sh\necho my own version\n');
    const walk = await run(folder);
    expect(walk.exitCode, walk.stdout).toBe(0);
    expect(walk.stdout).toMatch(
      /Wrote leader\/setup-leader\.sh\. Your version is kept as\s+\.walkthrough\/kept/,
    );
    const first = await cli('reset', '--yes', '--dir', folder);
    expect(first.exitCode).toBe(0);
    expect(first.stdout).toContain('Kept folder .walkthrough/kept: it is yours.');
    const second = await cli('reset', '--yes', '--dir', folder);
    expect(second.exitCode).toBe(0);
    expect(second.stdout).toContain('There was nothing to remove.');
    for (const [name, text] of Object.entries(files))
      expect(await readFile(path.join(folder, name), 'utf8')).toBe(text);
    const kept = await readdir(path.join(folder, '.walkthrough/kept/leader'));
    expect(await readFile(path.join(folder, '.walkthrough/kept/leader', kept[0] ?? ''), 'utf8')).toContain(
      'my own version',
    );
  });

  it('a link that leads out is not followed', async () => {
    const folder = await openFolder();
    const outside = await openFolder();
    await symlink(outside, path.join(folder, 'leader'));
    const { exitCode, stdout } = await run(folder);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/leader\/setup-leader\.sh is not written: its folder is a link/);
    expect(await readdir(outside)).toEqual([]);
  });
});

describe('a folder that can not be written', () => {
  const stranger = async () => ({ uid: STRANGER, gid: STRANGER, program: await copyProgram() });

  it.skipIf(!isRoot)('belongs to somebody else', async () => {
    const folder = await openFolder();
    const who = await stranger();
    // The fake engine's folder and socket belong to root as well.
    await chmod(path.dirname(engine.socket), 0o755);
    await chmod(engine.socket, 0o666);
    const inside = await run(folder, { ...who, env: { HOME: folder } });
    expect(inside.exitCode).toBe(3);
    expect(inside.stderr).toMatch(
      new RegExp(
        `^The folder ${folder} can't be written: you may not write there\\.\\nChoose another folder with --dir\\.`,
      ),
    );
    const below = await run(path.join(folder, 'new'), { ...who, env: { HOME: folder } });
    expect(below.stderr).toBe(
      `The folder ${folder}/new can't be made: you may not write there.\nChoose another with --dir.\n`,
    );
    expect(below.exitCode).toBe(3);
    const doctor = await runCli([...DOCKER, 'doctor', '--dir', folder], {
      ...who,
      env: { ...engine.env, HOME: folder },
    });
    expect(doctor.exitCode).toBe(3);
    expect(doctor.stdout).toContain(`You may not write in the folder ${folder}.`);
    await chmod(folder, 0o700);
    const closed = await runCli([...DOCKER, 'check', '--dir', folder], {
      ...who,
      env: { ...engine.env, HOME: folder },
    });
    expect(closed.exitCode).toBe(3);
    expect(closed.stderr).toContain(`The folder ${folder} can't be used: you may not look into it.`);
  });

  it.skipIf(process.platform !== 'linux')('is in a folder that takes no other', async () => {
    for (const folder of ['/proc/walkthrough', '/proc/walkthrough/solutions']) {
      const { exitCode, stderr } = await run(folder);
      expect([exitCode, stderr]).toEqual([
        3,
        `The folder ${folder} can't be made: you may not write there.\nChoose another with --dir.\n`,
      ]);
    }
  });

  it('.walkthrough is a file', async () => {
    const folder = await openFolder();
    await writeFile(path.join(folder, '.walkthrough'), 'mine');
    for (const args of [
      ['run', '--to', '1'],
      ['reset', '--yes'],
    ]) {
      const { exitCode, stderr } = await cli(...args, '--dir', folder);
      expect(exitCode).toBe(3);
      expect(stderr).toBe(
        `The folder ${folder}/.walkthrough can't be written: something that is not a folder is in the way.\nMend that, or choose another folder with --dir.\n`,
      );
    }
    expect(await readFile(path.join(folder, '.walkthrough'), 'utf8')).toBe('mine');
  });

  it.skipIf(!isRoot || process.platform !== 'linux')('is on a full or a read-only disk', async () => {
    const disk = path.join(await openFolder(), 'disk');
    await mkdir(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk]);
    onTestFinished(() => void execFileSync('umount', [disk]));
    await mkdir(path.join(disk, 's/leader'), { recursive: true });
    const mine = path.join(disk, 's/leader/setup-leader.sh');
    await writeFile(mine, '# mine\n');
    // All but a few pages: a folder and a lock still fit, two files do not.
    await writeFile(path.join(disk, 'fill'), Buffer.alloc(64 * 1024)).catch(() => {});
    const full = await run(path.join(disk, 's'));
    expect(full.exitCode).toBe(3);
    expect(full.stderr).toContain("can't be written: the disk is full.\nMake room");
    expect(await readFile(mine, 'utf8')).toBe('# mine\n');
    execFileSync('mount', ['-o', 'remount,ro', disk]);
    for (const dir of ['s', 'new']) {
      const { exitCode, stderr } = await run(path.join(disk, dir));
      expect(exitCode).toBe(3);
      expect(stderr).toMatch(
        /^The folder .* can't be (written|made): (that file system is read-only|you may not write there)\.\n/,
      );
    }
    expect((await cli('check', '1', '--dir', path.join(disk, 's'))).exitCode).toBe(1);
  });
});

describe('a progress file', () => {
  const GOOD = { schema: 'walkthrough/progress/v1', course: { id: 'leader-follower', version: '1.0.0' } };

  it.each<[string, string, RegExp]>([
    ['cut short', JSON.stringify(GOOD).slice(0, 40), /is cut short or is not JSON/],
    [
      'from another version',
      JSON.stringify({ ...GOOD, schema: 'walkthrough/progress/v9' }),
      /is of another version of this tool/,
    ],
  ])('%s: looking leaves it, walking puts it aside, and both say so', async (_, text, words) => {
    const folder = await openFolder();
    const own = path.join(folder, '.walkthrough');
    await mkdir(own);
    await writeFile(path.join(own, 'progress.json'), text);
    const status = await cli('status', '--dir', folder);
    expect(status.stdout).toMatch(words);
    expect(status.stdout).toContain('It is left as it is');
    expect(await readFile(path.join(own, 'progress.json'), 'utf8')).toBe(text);

    const walk = await run(folder);
    expect(walk.exitCode, walk.stdout).toBe(0);
    expect(walk.stdout).toMatch(words);
    const aside = (await readdir(own)).find((name) => name.startsWith('progress.json.'));
    expect(walk.stdout).toContain(`It is kept as ${aside}`);
    expect(await readFile(path.join(own, aside ?? ''), 'utf8')).toBe(text);
  });
});
