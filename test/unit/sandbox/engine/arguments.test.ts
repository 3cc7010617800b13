import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { argumentFor, namedPaths, serverArguments } from '../../../../src/lab/sandbox/container/arguments.ts';
import { layoutOf, pathTranslator } from '../../../../src/lab/sandbox/container/layout.ts';
import { pinFiles, refreshPins } from '../../../../src/lab/sandbox/container/pins.ts';
import { Store } from '../../../../src/lab/sandbox/engine/store.ts';
import type { ContainerSpec } from '../../../../src/lab/sandbox/engine/types.ts';
import { temporaryFolder } from '../../learn/temp-folder.ts';

async function container(command: string[]) {
  const workspace = await temporaryFolder();
  const bind = (source: string, target: string) =>
    ({ type: 'bind', source: path.join(workspace, source), target, readOnly: false }) as const;
  await mkdir(path.join(workspace, 'leader'));
  await writeFile(path.join(workspace, 'leader/postgresql.conf'), 'port = 5432\n');
  await mkdir(path.join(workspace, 'more'));
  await writeFile(path.join(workspace, 'more/other.conf'), '');
  const spec: ContainerSpec = {
    name: 'leader',
    service: 'leader',
    project: 'p',
    hostname: 'leader',
    image: 'postgres:14',
    command,
    env: {},
    mounts: [
      bind('leader/postgresql.conf', '/etc/postgresql/postgresql.conf'),
      bind('more', '/etc/more'),
      bind('leader-data', '/var/lib/postgresql/data'),
    ],
    ports: [],
    networks: [],
    restart: 'no',
    configHash: '',
  };
  const stored = { id: 'a'.repeat(64), createdAt: '', spec, tcpPort: 7001 };
  const layout = layoutOf(new Store(workspace), path.join(workspace, 'run'), stored);
  await mkdir(layout.runFolder, { recursive: true });
  await pinFiles(layout, spec, namedPaths(spec));
  return { workspace, spec, layout };
}

describe("a container's command", () => {
  it('names files of this machine for the server, and its own in what the server says', async () => {
    const { spec, layout } = await container([
      'postgres',
      '-c',
      'config_file=/etc/postgresql/postgresql.conf',
    ]);
    const pinned = `${layout.rootFolder}/etc/postgresql/postgresql.conf`;
    expect(serverArguments(spec, layout)).toEqual(['-c', `config_file=${pinned}`]);
    const translate = pathTranslator(layout, 7001);
    expect(translate(`in file "${pinned}" line 6`)).toBe('in file "/etc/postgresql/postgresql.conf" line 6');
    expect(translate(`${layout.dataFolder}/postgresql.auto.conf`)).toBe(
      '/var/lib/postgresql/data/postgresql.auto.conf',
    );
    expect(translate(`${layout.runFolder}/.s.PGSQL.7001`)).toBe('/var/run/postgresql/.s.PGSQL.5432');
    expect(translate(layout.rulesFile)).toBe('/var/lib/postgresql/data/pg_hba.conf');
  });

  it('finds files in mounted folders, and leaves what is nowhere for the server to miss', async () => {
    const words = [
      '-c',
      'hba_file=/etc/more/other.conf',
      '--config_file=/etc/nowhere.conf',
      '-cident_file=/var/lib/postgresql/data/ident.conf',
      '-cwal_level=replica',
    ];
    const { spec, layout, workspace } = await container(words);
    const [pinned, rest] = [`hba_file=${layout.rootFolder}/etc/more/other.conf`, words.slice(2, 3)];
    const found = serverArguments(spec, layout);
    expect(found).toEqual([
      '-c',
      pinned,
      ...rest,
      `-cident_file=${workspace}/leader-data/ident.conf`,
      words[4],
    ]);
    expect(serverArguments(spec, layout, '/proc/self/fd/3')?.[3]).toBe(
      '-cident_file=/proc/self/fd/3/ident.conf',
    );
    // In a mounted folder it is the name that counts: an editor's new file is seen.
    await writeFile(path.join(workspace, 'more/new.conf'), 'host all all all trust\n');
    await rename(path.join(workspace, 'more/new.conf'), path.join(workspace, 'more/other.conf'));
    await refreshPins(layout);
    expect(await readFile(`${layout.rootFolder}/etc/more/other.conf`, 'utf8')).toContain('trust');
  });

  it('sees a folder in the place of the settings file as a folder', async () => {
    const { spec, layout, workspace } = await container([
      'postgres',
      '-c',
      'config_file=/etc/postgresql/postgresql.conf',
    ]);
    await rm(path.join(workspace, 'leader/postgresql.conf'));
    await mkdir(path.join(workspace, 'leader/postgresql.conf'));
    await pinFiles(layout, spec, namedPaths(spec));
    const pinned = `${layout.rootFolder}/etc/postgresql/postgresql.conf`;
    expect(serverArguments(spec, layout)).toEqual(['-c', `config_file=${pinned}`]);
    expect((await stat(pinned)).isDirectory()).toBe(true);
  });

  it('is the server without a word, and nothing else than the server', async () => {
    const plain = await container([]);
    expect(serverArguments(plain.spec, plain.layout)).toEqual([]);
    const other = await container(['sleep', '100']);
    expect(serverArguments(other.spec, other.layout)).toBeNull();
  });

  it.each([
    [['-c', 'hba_file=/a', '-c', 'hba_file=/b'], '/b'],
    [['--hba-file=/c'], '/c'],
    [['-chba_file=/d'], '/d'],
    [['-c', 'other=hba_file'], null],
  ])('of %j says of hba_file: %s', (args, value) => {
    expect(argumentFor(args, 'hba_file')).toBe(value);
  });
});
