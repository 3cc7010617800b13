import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Box, CONF, DATA } from './box.ts';

let box: Box;
beforeEach(() => {
  box = new Box();
});
afterEach(() => box.remove());

// What GNU coreutils 9.1, grep 3.8 and sed 4.9 of the image say, seen in a container of it.
const MESSAGES: [string[], number, string][] = [
  [['rm', '-rf', '/output'], 1, "rm: cannot remove '/output': Device or resource busy\n"],
  [['rm', '/output'], 1, "rm: cannot remove '/output': Is a directory\n"],
  [['rm', CONF], 1, `rm: cannot remove '${CONF}': Device or resource busy\n`],
  [['rm', '/output/nope'], 1, "rm: cannot remove '/output/nope': No such file or directory\n"],
  [['rm', "/output/it's"], 1, 'rm: cannot remove "/output/it\'s": No such file or directory\n'],
  [['rm'], 1, "rm: missing operand\nTry 'rm --help' for more information.\n"],
  [['rm', '-r', '/output/.'], 1, "rm: refusing to remove '.' or '..' directory: skipping '/output/.'\n"],
  [['rm', '-rf', '/etc'], 1, `rm: cannot remove '${CONF}': Device or resource busy\n`],
  [['rm', '-f', '/output/nope', '/nope/x'], 0, ''],
  [['cat', '/output'], 1, 'cat: /output: Is a directory\n'],
  [['cat', '/output/a b'], 1, "cat: '/output/a b': No such file or directory\n"],
  [['tee', '/x/y'], 1, 'tee: /x/y: No such file or directory\n'],
  [['tee', '/output'], 1, 'tee: /output: Is a directory\n'],
  [['ls', '/output/nope'], 2, "ls: cannot access '/output/nope': No such file or directory\n"],
  [['mkdir', '/output'], 1, 'mkdir: cannot create directory ‘/output’: File exists\n'],
  [['mkdir', '/output/a/b'], 1, 'mkdir: cannot create directory ‘/output/a/b’: No such file or directory\n'],
  [['mkdir', '-p', '/output'], 0, ''],
  [['rmdir', '/output'], 1, "rmdir: failed to remove '/output': Device or resource busy\n"],
  [['touch', '/output/q/r'], 1, "touch: cannot touch '/output/q/r': No such file or directory\n"],
  [['chown', 'foo', '/output'], 1, 'chown: invalid user: ‘foo’\n'],
  [['chown', 'postgres:bar', '/output'], 1, 'chown: invalid group: ‘postgres:bar’\n'],
  [
    ['chown', 'postgres', '/output/nope'],
    1,
    "chown: cannot access '/output/nope': No such file or directory\n",
  ],
  [
    ['chown', 'postgres'],
    1,
    "chown: missing operand after ‘postgres’\nTry 'chown --help' for more information.\n",
  ],
  [['chmod', '999', '/output'], 1, "chmod: invalid mode: ‘999’\nTry 'chmod --help' for more information.\n"],
  [['stat', '-c', '%u', '/output/nope'], 1, "stat: cannot statx '/output/nope': No such file or directory\n"],
  [['find', '/output/nope'], 1, 'find: ‘/output/nope’: No such file or directory\n'],
  [['head', '-n', 'x', CONF], 1, 'head: invalid number of lines: ‘x’\n'],
  [['head', '/output'], 1, "head: error reading '/output': Is a directory\n"],
  [['tail', '/output/nope'], 1, "tail: cannot open '/output/nope' for reading: No such file or directory\n"],
  [['grep', 'x', '/nope'], 2, 'grep: /nope: No such file or directory\n'],
  [['wc', '-l', '/nope'], 1, 'wc: /nope: No such file or directory\n'],
  [['du', '-sh', '/nope'], 1, "du: cannot access '/nope': No such file or directory\n"],
  [['sleep', 'x'], 1, "sleep: invalid time interval ‘x’\nTry 'sleep --help' for more information.\n"],
  [['cp', '/nope', '/output'], 1, "cp: cannot stat '/nope': No such file or directory\n"],
  [['cp', '/output', '/output/z'], 1, "cp: -r not specified; omitting directory '/output'\n"],
  [['cp', CONF, '/x/y'], 1, "cp: cannot create regular file '/x/y': No such file or directory\n"],
  [['mv', CONF, '/output/e'], 1, `mv: cannot remove '${CONF}': Device or resource busy\n`],
  [['sed', '-i', 's/a/b/', '/output/nope'], 2, "sed: can't read /output/nope: No such file or directory\n"],
];

it.each(MESSAGES)(
  '%j ends with %i and says what the program of the image says',
  async (argv, code, stderr) => {
    const result = await box.run(argv);
    expect(result).toEqual({ code, stdout: '', stderr });
  },
);

describe('what is not known', () => {
  it.each([
    [['ls', '-z', '/output'], 'the sandbox does not know the option -z of ls'],
    [
      ['rm', '--one-file-system', '-rf', '/output/file'],
      'the sandbox does not know the option --one-file-system of rm',
    ],
    [['find', '/output', '-delete', '-exec', 'x'], 'the sandbox does not know the option -exec of find'],
    [
      ['sed', '-i.bak', 's/x/y/', '/output/file'],
      'the sandbox does not know the option --in-place=.bak of sed',
    ],
    [['sed', '-i', '1,3d', '/output/file'], 'the sandbox does not know '],
    [['stat', '-c', '%Z', '/output'], 'the sandbox does not know the format %Z of stat'],
    [['vim', '/output/file'], 'the sandbox does not know the program vim'],
    [['pg_controldata'], 'the sandbox does not know the program pg_controldata'],
    [['toString'], 'the sandbox does not know the program toString'],
  ])('%j is refused with 125, and nothing is done', async (argv, message) => {
    writeFileSync(box.here('out/file'), 'x\n');
    const { code, stdout, stderr } = await box.run(argv);
    expect({ code, stdout }).toEqual({ code: 125, stdout: '' });
    expect(stderr.startsWith(message), stderr).toBe(true);
    expect(stderr.split('\n')[1]).toMatch(/--lab docker/);
    expect(readFileSync(box.here('out/file'), 'utf8')).toBe('x\n');
  });
});

it('tee appends to a file of the data folder and repeats it', async () => {
  writeFileSync(box.here('data/pg_hba.conf'), 'one\n');
  const { stdout } = await box.run(['tee', '-a', `${DATA}/pg_hba.conf`], {
    stdin: 'host replication replicator all md5\n',
  });
  expect(stdout).toBe('host replication replicator all md5\n');
  expect(readFileSync(box.here('data/pg_hba.conf'), 'utf8')).toBe(
    'one\nhost replication replicator all md5\n',
  );
});

it('find -mindepth 1 -delete empties a folder and leaves it', async () => {
  mkdirSync(box.here('data/base/1'), { recursive: true });
  writeFileSync(box.here('data/base/1/.hidden'), '');
  expect(await box.run(['find', DATA, '-mindepth', '1', '-delete'])).toEqual({
    code: 0,
    stdout: '',
    stderr: '',
  });
  expect(readdirSync(box.here('data'))).toEqual([]);
});

it('find finds by name, type and depth', async () => {
  mkdirSync(box.here('data/a/b'), { recursive: true });
  for (const name of ['a/one.conf', 'a/b/two.conf', 'a/b/three']) writeFileSync(box.here('data', name), '');
  const found = async (...words: string[]) =>
    (await box.run(['find', DATA, ...words])).stdout.replaceAll(DATA, '');
  expect(await found('-name', '*.conf', '-type', 'f')).toBe('/a/b/two.conf\n/a/one.conf\n');
  expect(await found('-maxdepth', '1')).toBe('\n/a\n');
  expect(await found('-type', 'd', '-mindepth', '2')).toBe('/a/b\n');
});

it('ls sorts names as the image does and hides those with a dot', async () => {
  for (const name of ['pg_xact', 'PG_VERSION', 'pg_wal', 'pg_twophase', 'base', '.hidden'])
    writeFileSync(box.here('data', name), '');
  expect((await box.run(['ls', DATA])).stdout).toBe('base\npg_twophase\nPG_VERSION\npg_wal\npg_xact\n');
  expect((await box.run(['ls', '-A', DATA])).stdout.split('\n')).toContain('.hidden');
  expect((await box.run(['ls', '-a', DATA])).stdout.split('\n').slice(0, 2)).toEqual(['.', '..']);
});

it('ls -l tells mode, owner, size and time in UTC', async () => {
  writeFileSync(box.here('out/file'), 'abc\n');
  chmodSync(box.here('out/file'), 0o640);
  utimesSync(box.here('out/file'), new Date('2020-01-05T03:04:00Z'), new Date('2020-01-05T03:04:00Z'));
  await box.run(['chown', 'postgres:postgres', '/output/file']);
  expect((await box.run(['ls', '-l', '/output'])).stdout).toBe(
    'total 4\n-rw-r----- 1 postgres postgres 4 Jan  5  2020 file\n',
  );
  expect((await box.run(['stat', '-c', '%u %g %a %U %n', '/output/file'])).stdout).toBe(
    '999 999 640 postgres /output/file\n',
  );
});

it.each([
  ['700', 0o644, 0o700],
  ['u+rwx', 0o044, 0o744],
  ['go-r', 0o644, 0o600],
  ['a=r', 0o755, 0o444],
  ['+w', 0o444, 0o644],
  ['u=rw,g=r,o=', 0o777, 0o640],
  ['-x', 0o755, 0o644],
])('chmod %s', async (mode, before, after) => {
  writeFileSync(box.here('out/file'), '');
  chmodSync(box.here('out/file'), before);
  expect((await box.run(['chmod', mode, '/output/file'])).code).toBe(0);
  expect((statSync(box.here('out/file')).mode & 0o7777).toString(8)).toBe(after.toString(8));
});

it('chown -R reaches all files', async () => {
  mkdirSync(box.here('data/a/b'), { recursive: true });
  writeFileSync(box.here('data/a/b/file'), '');
  expect(await box.run(['chown', '-R', 'postgres:postgres', DATA])).toEqual({
    code: 0,
    stdout: '',
    stderr: '',
  });
  const { uid } = box.accounts.account('postgres') ?? {};
  expect(['data', 'data/a', 'data/a/b/file'].map((name) => statSync(box.here(name)).uid)).toEqual([
    uid,
    uid,
    uid,
  ]);
});

it('sed -i writes a new file, so a file that is a mount itself can not be edited', async () => {
  writeFileSync(box.here('out/file'), 'port = 5432\n');
  const { ino } = statSync(box.here('out/file'));
  await box.run(['sed', '-i', 's/5432/5433/', '/output/file']);
  expect(readFileSync(box.here('out/file'), 'utf8')).toBe('port = 5433\n');
  expect(statSync(box.here('out/file')).ino).not.toBe(ino);
  const { code, stderr } = await box.run(['sed', '-i', 's/hello/bye/', CONF]);
  expect({ code, stderr: stderr.replace(/sed\w{6}:/, 'sed:') }).toEqual({
    code: 4,
    stderr: 'sed: cannot rename /etc/postgresql/sed: Device or resource busy\n',
  });
  expect(readdirSync(box.workspace).sort()).toEqual(['conf', 'data', 'out']);
});

const TEXTS: [string[], string, string][] = [
  [['grep', '-in', 'X'], 'x\ny\nx\n', '1:x\n3:x\n'],
  [['grep', '-c', 'x'], 'x\ny\nx\n', '2\n'],
  [['grep', 'a+'], 'a+\naa\n', 'a+\n'],
  [['grep', '-E', 'a+$'], 'a+\naa\n', 'aa\n'],
  [['grep', 'a\\|b'], 'a\nb\nc\n', 'a\nb\n'],
  [['grep', '-v', '[[:digit:]]'], 'a\n1\n', 'a\n'],
  [['sed', 's/\\(a\\)\\(b\\)/\\2\\1/'], 'abab\n', 'baab\n'],
  [['sed', '-E', 's/(a)(b)/[\\2&]/g'], 'abab\n', '[bab][bab]\n'],
  [['sed', '/x/d'], 'x\ny\n', 'y\n'],
  [['sed', '-n', '2p'], 'x\ny\n', 'y\n'],
  [['head', '-n', '1'], 'a\nb\n', 'a\n'],
  [['tail', '-n', '+2'], 'a\nb\nc\n', 'b\nc\n'],
  [['wc'], 'a b\nc\n', '      2       3       6\n'],
  [['wc', '-l'], 'a\nb\n', '2\n'],
];

it.each(TEXTS)('%j of %j', async (argv, stdin, stdout) => {
  expect(await box.run(argv, { stdin })).toEqual({ code: 0, stdout, stderr: '' });
});

it('grep -q answers by its exit code', async () => {
  expect((await box.run(['grep', '-q', 'hell', CONF])).code).toBe(0);
  expect((await box.run(['grep', '-q', 'nope', CONF])).code).toBe(1);
});

it('cp and mv go from mount to mount', async () => {
  await box.run(['cp', CONF, '/output/copy']);
  await box.run(['mv', '/output/copy', `${DATA}/moved`]);
  expect(readFileSync(box.here('data/moved'), 'utf8')).toBe('hello\n');
  expect(existsSync(box.here('out/copy'))).toBe(false);
});

it('refuses to write into a read-only mount', async () => {
  box.mounts.push({ ...box.mount('data', '/ro'), readOnly: true });
  writeFileSync(box.here('data/file'), 'x');
  expect((await box.run(['tee', '/ro/file'])).stderr).toBe('tee: /ro/file: Read-only file system\n');
  expect((await box.run(['rm', '/ro/file'])).stderr).toBe(
    "rm: cannot remove '/ro/file': Read-only file system\n",
  );
  expect(readFileSync(box.here('data/file'), 'utf8')).toBe('x');
});

it('stops reading at Ctrl-C', async () => {
  const controller = new AbortController();
  const { PassThrough } = await import('node:stream');
  setTimeout(() => controller.abort(), 20);
  expect((await box.run(['cat'], { stdin: new PassThrough(), signal: controller.signal })).code).toBe(130);
});
