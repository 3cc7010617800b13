import { appendFile, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  appendTranscript,
  maskSecrets,
  readTranscript,
  restoreSecrets,
} from '../../../src/learn/transcript.ts';
import { TINY } from '../../helpers/tiny-course.ts';
import { temporaryFolder } from './temp-folder.ts';

describe('a command in the transcript', () => {
  it.each([
    [
      "CREATE USER replicator WITH REPLICATION PASSWORD 'replicatorpass';",
      "CREATE USER replicator WITH REPLICATION PASSWORD '{{replicator_password}}';",
    ],
    [
      'docker run --rm -e PGPASSWORD=replicatorpass postgres:14',
      'docker run --rm -e PGPASSWORD={{replicator_password}} postgres:14',
    ],
    ['docker exec -it leader psql -U postgres -d appdb', 'docker exec -it leader psql -U postgres -d appdb'],
    ['-e POSTGRES_PASSWORD=postgres postgres:14', '-e POSTGRES_PASSWORD={{superuser_password}} postgres:14'],
    [`-e 'PGPASSWORD=replicatorpass' x`, `-e 'PGPASSWORD={{replicator_password}}' x`],
    ['  POSTGRES_PASSWORD: "postgres" # x', '  POSTGRES_PASSWORD: "{{superuser_password}}" # x'],
    ["psql 'password = replicatorpass host=leader'", "psql 'password = {{replicator_password}} host=leader'"],
    [
      'psql postgresql://replicator:replicatorpass@leader/appdb',
      'psql postgresql://replicator:{{replicator_password}}@leader/appdb',
    ],
    ['docker compose up -d', 'docker compose up -d'],
    ['echo replicatorpass x', 'echo {{replicator_password}} x'],
  ])('names a password of the course, and gets it back: %s', (command, masked) => {
    expect(maskSecrets(command, TINY.names)).toBe(masked);
    expect(maskSecrets(masked, TINY.names)).toBe(masked);
    expect(restoreSecrets(masked, TINY.names)).toBe(command);
  });

  it.each([
    ["alter role replicator password 'other'", "alter role replicator PASSWORD '***'"],
    ['docker run -e PGPASSWORD=replicatorpass2 x', 'docker run -e PGPASSWORD=*** x'],
    ['docker run -e DB_PASSWORD=other x', 'docker run -e DB_PASSWORD=*** x'],
    ['  POSTGRES_PASSWORD: other', '  POSTGRES_PASSWORD: ***'],
  ])('nothing of another password stays, and nobody gets it back: %s', (command, masked) => {
    expect(maskSecrets(command, TINY.names)).toBe(masked);
    expect(restoreSecrets(masked, TINY.names)).toBeNull();
  });

  it.each([
    ['a quoted variable with blanks', `docker run -e PGPASSWORD='my secret word' postgres:14`],
    ['a double-quoted variable with blanks', `docker run -e "PGPASSWORD=my secret word" postgres:14`],
    ['a variable whose value is quoted', `PGPASSWORD="my secret word" psql -h leader`],
    ['SQL with a quote in the password', "ALTER USER replicator PASSWORD 'my''secret''word'"],
    ['a connection string', 'psql "host=leader user=replicator password=secret dbname=appdb"'],
    ['a connection string with quotes', `psql "host=leader password = 'my secret word'"`],
    ['a connection URI', 'psql postgresql://replicator:secret@leader:5432/appdb'],
  ])('hides a password that the learner chose, in %s', (_, command) => {
    expect(maskSecrets(command, TINY.names)).not.toMatch(/secret|word['"]/);
  });

  it('hides the longer password first, so that no end of it stays', () => {
    expect(maskSecrets('x abc123 abc', { a_password: 'abc', b_password: 'abc123' })).toBe(
      'x {{b_password}} {{a_password}}',
    );
  });

  it.each(['password', 'a', '0', '_', '{{', '$&', '.*', "it's"])(
    'is not confused by the password %s',
    (odd) => {
      const names = { password: odd, b_password: 'secret0' };
      const command = `echo ${odd} secret0 b_password PGPASSWORD=${odd}`;
      const masked = maskSecrets(command, names);
      expect(masked).not.toContain('secret0');
      expect(maskSecrets(masked, names)).toBe(masked);
      if (!masked.includes('***')) expect(restoreSecrets(masked, names)).toBe(command);
    },
  );

  it('is left alone by a password that is empty', () => {
    expect(maskSecrets('docker ps', { a_password: '' })).toBe('docker ps');
  });
});

describe('the transcript', () => {
  let workspace = '';
  beforeAll(async () => {
    workspace = await mkdtemp(path.join(tmpdir(), 'wt-transcript-'));
  });
  afterAll(() => rm(workspace, { recursive: true }));

  it('has one JSON line a command, in order', async () => {
    const entry = { at: 'x', task: 'server/start', command: 'echo "a\nb"', exitCode: 0, durationMs: 3 };
    await appendTranscript(workspace, entry);
    await appendTranscript(workspace, { ...entry, exitCode: null });
    const lines = (await readFile(path.join(workspace, '.walkthrough/transcript.ndjson'), 'utf8')).split(
      '\n',
    );
    expect(lines.map((line) => line && JSON.parse(line))).toEqual([entry, { ...entry, exitCode: null }, '']);
  });

  it('is read back without the lines that are damaged, which are counted', async () => {
    const own = await temporaryFolder();
    expect(await readTranscript(own)).toEqual({ entries: [], damaged: 0 });
    const entry = {
      at: '2026-11-25T10:00:00.000Z',
      task: 'a/b',
      command: 'x',
      exitCode: null,
      durationMs: 3,
    };
    await appendTranscript(own, entry);
    const wrong = [
      { ...entry, at: 'noon' },
      { ...entry, command: 7 },
      { ...entry, exitCode: '0' },
      [],
      null,
      7,
    ];
    const lines = [
      ...wrong.map((line) => JSON.stringify(line)),
      '',
      '  ',
      JSON.stringify(entry).slice(0, 40),
    ];
    await appendFile(path.join(own, '.walkthrough/transcript.ndjson'), lines.join('\n'));
    expect(await readTranscript(own)).toEqual({ entries: [entry], damaged: 7 });
  });

  it('that can not be read is named', async () => {
    const own = await temporaryFolder();
    await mkdir(path.join(own, '.walkthrough/transcript.ndjson'), { recursive: true });
    await expect(readTranscript(own)).rejects.toMatchObject({
      message: expect.stringMatching(/^The file .*\/transcript\.ndjson can't be read: /),
      exitCode: 3,
    });
  });
});
