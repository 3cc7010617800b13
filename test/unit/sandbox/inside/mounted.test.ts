import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mountedFiles } from '../../../../src/lab/sandbox/inside/files/mounted.ts';
import { Box, CONF, DATA, STRANGER } from './box.ts';

let box: Box;
let outside: string;
beforeEach(() => {
  box = new Box();
  outside = realpathSync(mkdtempSync(path.join(tmpdir(), 'outside-')));
  writeFileSync(path.join(outside, 'secret'), 'secret\n');
});
afterEach(() => {
  box.remove();
  rmSync(outside, { recursive: true });
});

const real = async (name: string, cwd = '/') => (await box.files().real(name, cwd))?.path ?? null;

describe('a path of the container', () => {
  it('is found by the mount that it lies in', async () => {
    expect(await real(DATA)).toBe(box.here('data'));
    expect(await real(`${DATA}/PG_VERSION`)).toBe(box.here('data/PG_VERSION'));
    expect(await real(CONF)).toBe(box.here('conf'));
    expect(await real('pg_wal/../PG_VERSION', DATA)).toBe(null); // pg_wal is not there
    mkdirSync(box.here('data/pg_wal'));
    expect(await real('pg_wal/../PG_VERSION', DATA)).toBe(box.here('data/PG_VERSION'));
  });

  it('does not exist where nothing is mounted', async () => {
    for (const name of [
      '/',
      '/var',
      '/etc/passwd',
      '/var/lib/postgresql/x',
      `${DATA}2`,
      '/OUTPUT',
      '',
      `${CONF}/x`,
    ]) {
      expect([name, await real(name)]).toEqual([name, null]);
    }
  });

  it('says which mount it is itself, and whether that is read-only', async () => {
    box.mounts.push({ ...box.mount('data', '/ro'), readOnly: true });
    const files = box.files();
    expect(await files.real('/output', '/')).toMatchObject({ mountPoint: true, readOnly: false });
    expect(await files.real('/ro/x', '/')).toMatchObject({ mountPoint: false, readOnly: true });
  });

  it('goes to the deepest of nested mounts', async () => {
    mkdirSync(box.here('inner'));
    box.mounts.push(box.mount('inner', `${DATA}/deep/inner`));
    expect(await real(`${DATA}/deep/inner/x`)).toBe(box.here('inner/x'));
    expect(await real(`${DATA}/deep/inner/../../y`)).toBe(box.here('data/y'));
    expect((await box.run(['ls', '-A', DATA])).stdout).toBe('deep\n');
  });

  it('leaves a mount by .. into the container, not into this machine', async () => {
    writeFileSync(box.here('beside'), '');
    expect(await real(`${DATA}/../beside`)).toBe(null);
    expect(await real(`${DATA}/../data/x`)).toBe(box.here('data/x'));
    expect(await real('../../../../../output/x', DATA)).toBe(box.here('out/x'));
  });
});

describe('a link', () => {
  it('with an absolute target leads to a path of the container', async () => {
    symlinkSync('/output', box.here('data/link'));
    expect(await real(`${DATA}/link/x`)).toBe(box.here('out/x'));
  });

  it.each([
    ['an absolute path of this machine', () => outside],
    ['dots', () => path.relative(box.here('out'), outside)],
    ['the root', () => '/'],
    ['/proc', () => '/proc/self/root'],
  ])('does not lead out of the mounts by %s', async (_, target) => {
    symlinkSync(target(), box.here('out/link'));
    expect(await real('/output/link/secret')).toBe(null);
    expect(await real('/output/link/etc/passwd')).toBe(null);
    const { stdout, code } = await box.run(['cat', '/output/link/secret']);
    expect({ stdout, code }).toEqual({ stdout: '', code: 1 });
    await box.run(['tee', '/output/link/planted'], { stdin: 'x' });
    await box.run(['rm', '-rf', '/output/link/secret', '/output/link/']);
    expect(statSync(path.join(outside, 'secret')).size).toBe(7);
    expect(() => statSync(path.join(outside, 'planted'))).toThrow();
  });

  it('that is written to makes the file that it names, in the container', async () => {
    symlinkSync('/output/new', box.here('data/link'));
    await box.run(['tee', `${DATA}/link`], { stdin: 'x' });
    expect(statSync(box.here('out/new')).size).toBe(1);
  });

  it('is removed itself, and its target is not', async () => {
    mkdirSync(box.here('data/kept'));
    writeFileSync(box.here('data/kept/file'), '');
    symlinkSync(`${DATA}/kept`, box.here('out/link'));
    expect((await box.run(['rm', '-r', '/output/link'])).code).toBe(0);
    expect(statSync(box.here('data/kept/file')).size).toBe(0);
  });

  it('that leads to itself is given up after 40', async () => {
    symlinkSync('loop', box.here('out/loop'));
    for (let number = 0; number < 41; number += 1) symlinkSync(`l${number + 1}`, box.here(`out/l${number}`));
    writeFileSync(box.here('out/l41'), 'end\n');
    expect((await box.run(['cat', '/output/loop'])).stderr).toBe(
      'cat: /output/loop: Too many levels of symbolic links\n',
    );
    expect((await box.run(['cat', '/output/l0'])).code).toBe(1);
    expect((await box.run(['cat', '/output/l1'])).stdout).toBe('end\n');
  });
});

it('does not mount a source that is a link out of the workspace', async () => {
  symlinkSync(outside, box.here('planted'));
  symlinkSync(path.join(outside, 'secret'), box.here('planted-file'));
  box.mounts.push(box.mount('planted', '/planted'), box.mount('planted-file', '/secret'), {
    type: 'bind',
    source: outside,
    target: '/direct',
    readOnly: false,
  });
  for (const name of ['/planted/secret', '/planted', '/secret', '/direct/secret', '/direct']) {
    expect([name, await real(name)]).toEqual([name, null]);
  }
});

describe('folders above the mounts', () => {
  it('have only the names of mounts', async () => {
    expect((await box.run(['ls', '/'])).stdout).toBe('etc\noutput\nvar\n');
    expect((await box.run(['ls', '/var/lib'])).stdout).toBe('postgresql\n');
  });

  it('can not be written to', async () => {
    expect((await box.run(['touch', '/var/lib/x'])).stderr).toBe(
      "touch: cannot touch '/var/lib/x': No such file or directory\n",
    );
    expect((await box.run(['mkdir', '/new'])).code).toBe(1);
  });
});

it('shows a mounted file as a running container has it, when another file got its name since', async () => {
  const root = box.here('root');
  const copy = path.join(root, CONF);
  mkdirSync(path.dirname(copy), { recursive: true });
  copyFileSync(box.here('conf'), copy);
  const { mtime } = statSync(box.here('conf'));
  utimesSync(copy, mtime, mtime);
  const { mounts, workspace } = box;
  const seen = async () =>
    (await mountedFiles({ mounts, workspace, root: async () => root }).real(CONF, '/'))?.path;
  expect(await seen()).toBe(box.here('conf'));
  writeFileSync(box.here('draft'), 'a newer one\n');
  renameSync(box.here('draft'), box.here('conf'));
  expect(await seen()).toBe(copy);
});

it('lets a user of the container do what modes and owners allow', async () => {
  writeFileSync(box.here('data/file'), 'x\n');
  chmodSync(box.here('data'), 0o700);
  const as = { who: STRANGER };
  expect((await box.run(['cat', `${DATA}/file`], as)).stderr).toBe(`cat: ${DATA}/file: Permission denied\n`);
  expect((await box.run(['ls', DATA], as)).stderr).toBe(
    `ls: cannot open directory '${DATA}': Permission denied\n`,
  );
  chmodSync(box.here('data'), 0o755);
  chmodSync(box.here('data/file'), 0o644);
  expect((await box.run(['cat', `${DATA}/file`], as)).stdout).toBe('x\n');
  for (const argv of [
    ['rm', '-f', `${DATA}/file`],
    ['tee', `${DATA}/file`],
    ['touch', `${DATA}/new`],
    ['chmod', '777', `${DATA}/file`],
    ['mv', `${DATA}/file`, `${DATA}/new`],
  ]) {
    expect([argv[0], (await box.run(argv, as)).code]).toEqual([argv[0], 1]);
  }
  expect(statSync(box.here('data/file')).size).toBe(2);
});
