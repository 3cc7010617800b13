import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readOwnFiles } from '../../../src/runbook/read-files.ts';
import { temporaryFolder } from '../learn/temp-folder.ts';
import { COURSE } from './fixture.ts';

describe("the learner's files", () => {
  it('are those of the lessons, what lies beside them, and what Compose reads', async () => {
    const workspace = await temporaryFolder();
    await mkdir(path.join(workspace, 'leader/deeper'), { recursive: true });
    await mkdir(path.join(workspace, 'leader-data'));
    const names = [
      'docker-compose.yml',
      'docker-compose.override.yml',
      '.env',
      'inventory.sql',
      'leader/pg_hba.conf',
      'leader/postgresql.conf',
      'leader/postgresql.conf~',
      'leader/.x.swp',
      'leader/deeper/x',
      'leader-data/PG_VERSION',
      'notes.txt',
    ];
    for (const name of names) await writeFile(path.join(workspace, name), name, { mode: 0o640 });
    const { files, notices } = await readOwnFiles(workspace, COURSE);
    expect(notices).toEqual([]);
    expect(files.map((file) => file.path).sort()).toEqual([
      '.env',
      'docker-compose.override.yml',
      'docker-compose.yml',
      'inventory.sql',
      'leader/pg_hba.conf',
      'leader/postgresql.conf',
    ]);
    expect(files[0]).toMatchObject({ mode: 0o640, bytes: Buffer.from(files[0]?.path ?? '') });
  });

  it('that can not be taken along are named, with the reason', async () => {
    const workspace = await temporaryFolder();
    const outside = await temporaryFolder();
    await mkdir(path.join(workspace, 'leader/postgresql.conf'), { recursive: true });
    await writeFile(path.join(workspace, 'leader/large.log'), Buffer.alloc(300 * 1024));
    await writeFile(path.join(outside, 'setup-follower.sh'), 'x');
    await symlink(outside, path.join(workspace, 'follower'));
    await symlink(path.join(outside, 'setup-follower.sh'), path.join(workspace, 'inventory.sql'));
    const { files, notices } = await readOwnFiles(workspace, COURSE);
    expect(files).toEqual([]);
    expect(notices).toEqual([
      'follower/setup-follower.sh is left out: its folder is a link that leads out.',
      'leader/postgresql.conf is left out: it is a folder.',
      'inventory.sql is left out: it is a link, or no file at all.',
      'leader/large.log is left out: it is larger than 256 KB.',
    ]);
  });

  it('need not be there', async () => {
    expect(await readOwnFiles(await temporaryFolder(), COURSE)).toEqual({ files: [], notices: [] });
  });
});
