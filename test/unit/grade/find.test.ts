import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../../src/errors.ts';
import { findSubmissions, type Search } from '../../../src/grade/intake/find.ts';
import { temporaryFolder } from '../learn/temp-folder.ts';

let room = '';
beforeEach(async () => {
  room = await temporaryFolder();
});

/** Makes files, and folders where a path ends in `/`. */
async function make(...paths: string[]): Promise<void> {
  for (const one of paths) {
    const full = path.join(room, one);
    await mkdir(one.endsWith('/') ? full : path.dirname(full), { recursive: true });
    if (!one.endsWith('/')) await writeFile(full, '');
  }
}

const at = (...parts: string[]) => path.join(room, ...parts);
const shown = ({ submissions }: Search) => submissions.map(({ name, kind }) => `${kind} ${name}`);
const only = (submission: Search['submissions'][number]) => ({ submissions: [submission], leftOut: [] });

describe('a path is one submission', () => {
  it.each([
    'docker-compose.yml',
    'compose.yaml',
    'compose.yml',
    'docker-compose.yaml',
    'leader/',
    'follower/',
  ])('where the folder has %s', async (inside) => {
    await make(`anna/${inside}`, 'anna/other/');
    expect(await findSubmissions([at('anna')])).toEqual(
      only({ name: 'anna', path: at('anna'), kind: 'folder' }),
    );
  });
  it.each([
    ['anna.zip', 'zip'],
    ['anna.tar', 'tar'],
    ['anna.tar.gz', 'tar'],
    ['anna.tgz', 'tar'],
    ['anna.ZIP', 'zip'],
  ])('where it is an archive: %s', async (file, kind) => {
    await make(file);
    expect(await findSubmissions([at(file)])).toEqual(
      only({ name: 'anna', path: at(file), kind: kind as 'zip' | 'tar' }),
    );
  });
  it('also by a link, under its own name', async () => {
    await make('real/docker-compose.yml');
    await symlink(at('real'), at('link'));
    expect(await findSubmissions([at('link')])).toEqual(
      only({ name: 'real', path: at('real'), kind: 'folder' }),
    );
  });
});

describe('a folder of submissions', () => {
  it('gives its folders and archives by name, numbers in their order', async () => {
    await make('class/s10.zip', 'class/s9/', 'class/s1.tar.gz', 'class/Bert/', 'class/anna.tgz');
    expect(shown(await findSubmissions([at('class')]))).toEqual([
      'tar anna',
      'folder Bert',
      'tar s1',
      'folder s9',
      'zip s10',
    ]);
  });
  it('gives no link and no other file, and tells their names; nothing hidden', async () => {
    await make(
      'class/.hidden/',
      'class/.x.zip',
      'class/.DS_Store',
      'class/Thumbs.db',
      'class/__MACOSX/',
      'class/anna/',
      'class/pia.rar',
      'class/ines essay.pdf',
      'class/a\x1b[31mb.txt',
    );
    await symlink('/etc', at('class', 'etc'));
    await symlink('/etc/passwd', at('class', 'p.zip'));
    const search = await findSubmissions([at('class'), at('class')]);
    expect(shown(search)).toEqual(['folder anna']);
    expect(search.leftOut.sort()).toEqual(['a[31mb.txt', 'etc', 'ines essay.pdf', 'p.zip', 'pia.rar']);
  });
  it('takes a folder with one archive in it for that archive, under the name of the folder', async () => {
    await make(
      'class/Anna Smith_12345_assignsubmission_file_/solutions.zip',
      'class/ben/ben.tar.gz',
      'class/ben/.DS_Store',
      'class/ben/__MACOSX/x',
      'class/cleo/one.zip',
      'class/cleo/two.zip',
      'class/dan/dan.zip',
      'class/dan/essay.pdf',
      'class/eve/eve.rar',
      'class/solutions.zip',
    );
    await mkdir(at('class', 'fay'));
    await symlink(at('class', 'solutions.zip'), at('class', 'fay', 'fay.zip'));
    const search = await findSubmissions([at('class')]);
    expect(shown(search)).toEqual([
      'zip Anna Smith_12345',
      'tar ben',
      'folder cleo',
      'folder dan',
      'folder eve',
      'folder fay',
      'zip solutions',
    ]);
    expect(search.submissions[0]?.path).toBe(
      at('class', 'Anna Smith_12345_assignsubmission_file_', 'solutions.zip'),
    );
    expect(search.leftOut).toEqual([]);
  });
  it('is told from a file and a folder of the wrong kind', async () => {
    await make('class/docker-compose.yml/', 'class/leader');
    // A folder of that name is no compose file; a file of that name is no folder.
    expect(shown(await findSubmissions([at('class')]))).toEqual(['folder docker-compose.yml']);
  });
  it('names each once that is given twice', async () => {
    await make('class/anna/', 'class/bert/leader/');
    expect(shown(await findSubmissions([at('class'), at('class', 'bert'), at('class')]))).toEqual([
      'folder anna',
      'folder bert',
    ]);
  });
});

describe('names', () => {
  const namesOf = async () => (await findSubmissions([at('class')])).submissions.map(({ name }) => name);

  it('are unique, whatever the case', async () => {
    await make('class/anna/', 'class/anna.zip', 'class/Anna.tar', 'class/anna (2).zip');
    const names = await namesOf();
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(4);
    expect(names).toContain('anna');
  });
  it('count on in one batch', async () => {
    await make('a/anna/leader/', 'b/anna/leader/', 'c/anna/leader/');
    const { submissions } = await findSubmissions([at('a', 'anna'), at('b', 'anna'), at('c', 'anna')]);
    expect(submissions.map(({ name }) => name)).toEqual(['anna', 'anna (2)', 'anna (3)']);
  });
  it.each([
    ['control characters', 'a\x1b[31mb\x07', 'a[31mb'],
    ['line breaks', 'a\nb', 'ab'],
    ['marks that reorder text', 'a\u202egpj.exe\u2066\u200f', 'agpj.exe'],
    ['backslashes', 'a\\..\\x', 'a_.._x'],
    ['spaces around', ' a ', 'a'],
  ])('have no %s', async (_, folder, name) => {
    await make(`class/${folder}/`);
    expect(await namesOf()).toEqual([name]);
  });
  it('are never . or .. or empty', async () => {
    await make('class/a/', 'class/\u200b/', 'class/\u200b..\u200b.zip', 'class/\u200b..zip');
    expect(await namesOf()).toEqual(
      expect.arrayContaining(['a', 'submission', 'submission (2)', 'submission (3)']),
    );
  });
  it('have 100 characters at most, with their number', async () => {
    await make(`class/${'x'.repeat(150)}/`, `class/${'x'.repeat(160)}/`, `class/${'😀'.repeat(60)}/`);
    const names = await namesOf();
    expect(names).toContain('x'.repeat(100));
    expect(names).toContain(`${'x'.repeat(96)} (2)`);
    expect(names).toContain('😀'.repeat(50));
  });
});

describe('a path without a submission', () => {
  it('that is not there', async () => {
    await expect(findSubmissions([at('nothing')])).rejects.toThrow(UserError);
    await expect(findSubmissions([at('nothing')])).rejects.toThrow(
      `There is no file or folder "${at('nothing')}".`,
    );
  });
  it('that is an empty folder', async () => {
    await make('class/notes.txt');
    await expect(findSubmissions([at('class')])).rejects.toMatchObject({
      message: `The folder ${at('class')} has no submission in it.`,
      next: expect.stringContaining('docker-compose.yml'),
    });
  });
  it('that is another file', async () => {
    await make('anna.rar');
    await expect(findSubmissions([at('anna.rar')])).rejects.toMatchObject({
      message: `${at('anna.rar')} is no folder, .zip, .tar.gz, .tgz or .tar.`,
    });
  });
});
