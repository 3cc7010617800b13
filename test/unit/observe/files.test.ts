import { execFileSync } from 'node:child_process';
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { readFileStates } from '../../../src/observe/files.ts';
import type { FileState } from '../../../src/observe/types.ts';
import { canBeNobody, temporaryFolder, withoutRoot } from '../learn/temp-folder.ts';

let workspace = '';
beforeEach(async () => {
  workspace = await temporaryFolder();
});

const uid = process.getuid?.() ?? 0;
const at = (file: string) => path.join(workspace, file);
const put = async (file: string, content: string | Buffer, mode = 0o644) => {
  await writeFile(at(file), content);
  await chmod(at(file), mode);
};

const readFileState = async (folder: string, file: string): Promise<FileState> =>
  (await readFileStates(folder, [file]))[file] ?? { kind: 'missing' };

describe('a path of the workspace', () => {
  it('is a file, with its text, owner, mode and size', async () => {
    await put('a.conf', 'grün\n', 0o640);
    expect(await readFileState(workspace, 'a.conf')).toEqual({
      kind: 'file',
      uid,
      mode: 0o640,
      bytes: 6,
      text: 'grün\n',
    });
  });

  it('is an empty file', async () => {
    await put('a.conf', '');
    expect(await readFileState(workspace, 'a.conf')).toMatchObject({ kind: 'file', bytes: 0, text: '' });
  });

  it('keeps the line ends of Windows and a byte order mark: checks ask for them', async () => {
    await put('a.conf', '\ufeffa = 1\r\nb = 2\r\n');
    expect(await readFileState(workspace, 'a.conf')).toMatchObject({ text: '\ufeffa = 1\r\nb = 2\r\n' });
  });

  it.each([
    [256 * 1024, false],
    [256 * 1024 + 1, true],
  ])('of %i bytes is too large to be read: %s', async (bytes, tooLarge) => {
    await put('a.conf', Buffer.alloc(bytes, 'x'));
    const state = await readFileState(workspace, 'a.conf');
    expect(state).toMatchObject({ kind: 'file', bytes });
    expect(state.kind === 'file' && state.text === null).toBe(tooLarge);
  });

  it('is a folder, with the number of its entries, hidden ones too', async () => {
    await mkdir(at('leader'));
    await chmod(at('leader'), 0o750);
    expect(await readFileState(workspace, 'leader')).toEqual({
      kind: 'folder',
      uid,
      mode: 0o750,
      entries: 0,
    });
    await put('leader/.hidden', '');
    await put('leader/b', '');
    expect(await readFileState(workspace, 'leader')).toMatchObject({ entries: 2 });
  });

  it.each([
    ['nothing is there', 'nowhere'],
    ['its folder is missing', 'no/such/file'],
    ['its folder is a file', 'a.conf/b'],
  ])('is missing when %s', async (_, file) => {
    await put('a.conf', '');
    expect(await readFileState(workspace, file)).toEqual({ kind: 'missing' });
  });

  it('is what its link leads to', async () => {
    await put('real.conf', 'x');
    await mkdir(at('real'));
    await symlink('real.conf', at('link.conf'));
    await symlink('real', at('link'));
    expect(await readFileState(workspace, 'link.conf')).toMatchObject({ kind: 'file', text: 'x' });
    expect(await readFileState(workspace, 'link')).toMatchObject({ kind: 'folder', entries: 0 });
  });

  it('is missing when its link leads nowhere', async () => {
    await symlink('nowhere', at('link'));
    expect(await readFileState(workspace, 'link')).toEqual({ kind: 'missing' });
  });

  it('is something else when its link leads in a circle, or it is a pipe', async () => {
    await symlink('circle', at('circle'));
    expect(await readFileState(workspace, 'circle')).toEqual({
      kind: 'other',
      what: "something that can't be read (ELOOP)",
    });
    execFileSync('mkfifo', [at('pipe')]);
    expect(await readFileState(workspace, 'pipe')).toEqual({
      kind: 'other',
      what: 'neither a file nor a folder',
    });
  });

  it.runIf(canBeNobody)('that we may not read is there all the same', async () => {
    await chmod(workspace, 0o755);
    await put('secret.conf', 'x', uid === 0 ? 0o600 : 0o000);
    await mkdir(at('leader-data'));
    await chmod(at('leader-data'), uid === 0 ? 0o700 : 0o000);
    expect(await withoutRoot(() => readFileState(workspace, 'secret.conf'))).toMatchObject({
      kind: 'file',
      bytes: 1,
      text: null,
    });
    expect(await withoutRoot(() => readFileState(workspace, 'leader-data'))).toMatchObject({
      kind: 'folder',
      entries: null,
    });
    await chmod(at('leader-data'), 0o700);
  });
});

describe('a script', () => {
  it.each([
    ['is content with a good one', '#!/usr/bin/env bash\nset -euo pipefail\necho "it\'s fine"\n', /^$/],
    ['is content with an empty one', '', /^$/],
    ['tells a line that is not closed', '#!/usr/bin/env bash\nif true; then\n  echo x\n', /syntax error/],
    ['tells a quote that is not closed', 'echo "x\n', /unexpected EOF/],
    ['stumbles over the line ends of Windows', 'if true; then\r\n  echo x\r\nfi\r\n', /syntax error/],
  ])('bash %s, and does not run it', async (_, text, says) => {
    await put('setup.sh', `${text}`);
    const state = await readFileState(workspace, 'setup.sh');
    expect(state.kind === 'file' ? state.syntax : state).toMatch(says);
  });

  it('is never run to find out', async () => {
    await put('setup.sh', `touch ${at('it-ran')}\n`);
    await readFileState(workspace, 'setup.sh');
    expect(await readFileState(workspace, 'it-ran')).toEqual({ kind: 'missing' });
  });

  it('is shown to bash again when its text has changed, and only then', async () => {
    const syntax = async () => {
      const state = await readFileState(workspace, 'setup.sh');
      return state.kind === 'file' ? state.syntax : state;
    };
    await put('setup.sh', 'if true; then\n');
    const [before, PATH] = [await syntax(), process.env.PATH];
    expect(before).toMatch(/syntax error/);
    process.env.PATH = at('no-bash-here');
    try {
      expect(await syntax()).toBe(before);
      await put('setup.sh', 'true\n');
      expect(await syntax()).toMatch(/ENOENT/);
    } finally {
      process.env.PATH = PATH;
    }
    expect(await syntax()).toBe('');
  });

  it('is only what ends in .sh', async () => {
    await put('a.conf', 'if then');
    expect(await readFileState(workspace, 'a.conf')).not.toHaveProperty('syntax');
  });
});

it('are told apart, each script with what bash says of it, and a path that was asked for is always there', async () => {
  await put('good.sh', 'echo one\n');
  await put('bad.sh', 'if true; then\n');
  await put('notes.txt', 'if true; then\n');
  const states = await readFileStates(workspace, ['good.sh', 'notes.txt', 'bad.sh', 'none.sh']);
  expect(states['good.sh']).toMatchObject({ kind: 'file', syntax: '' });
  expect(states['bad.sh']).toMatchObject({ kind: 'file', syntax: expect.stringContaining('syntax error') });
  expect(states['notes.txt']).not.toHaveProperty('syntax');
  expect(states['none.sh']).toEqual({ kind: 'missing' });
});
