import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appendTranscript, maskSecrets } from '../../../src/learn/transcript.ts';
import { TINY } from '../../helpers/tiny-course.ts';

describe('a command in the transcript', () => {
  it.each([
    [
      "CREATE USER replicator WITH REPLICATION PASSWORD 'replicatorpass';",
      "CREATE USER replicator WITH REPLICATION PASSWORD '***';",
    ],
    [
      'docker run --rm -e PGPASSWORD=replicatorpass postgres:14',
      'docker run --rm -e PGPASSWORD=*** postgres:14',
    ],
    ['docker exec -it leader psql -U postgres -d appdb', 'docker exec -it leader psql -U postgres -d appdb'],
    ['-e POSTGRES_PASSWORD=postgres postgres:14', '-e POSTGRES_PASSWORD=*** postgres:14'],
    ["alter role replicator password 'other'", "alter role replicator PASSWORD '***'"],
    ['docker compose up -d', 'docker compose up -d'],
    ['echo replicatorpass replicatorpass', 'echo *** ***'],
  ])('%s', (command, masked) => {
    expect(maskSecrets(command, TINY.names)).toBe(masked);
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
    expect(maskSecrets('x abc123 abc', { a_password: 'abc', b_password: 'abc123' })).toBe('x *** ***');
  });

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
});
