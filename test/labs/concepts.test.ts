import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askLive, type LiveAnswer } from '../../src/learn/live-answer.ts';
import type { NodeName } from '../../src/observe/types.ts';
import { layFiles, openPair, type Pair, startFollower, startLeader } from '../helpers/lab-pair.ts';
import { LAB } from '../helpers/lab-rig.ts';

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

let pair: Pair;
beforeAll(async () => {
  pair = await openPair();
  await layFiles(pair);
});
afterAll(() => pair.remove());

const ask = (on: NodeName, sql: string) => askLive(pair.lab, pair.course, { on, sql });

async function page(id: string): Promise<LiveAnswer> {
  const query = pair.course.concepts.find((concept) => concept.id === id)?.query;
  if (!query) throw new Error(`${id} has no query`);
  return askLive(pair.lab, pair.course, query);
}

/** The answer's rows as records; throws with the reason where there is none. */
async function records(id: string): Promise<Record<string, string | null>[]> {
  const answer = await page(id);
  if (answer.state !== 'answered') throw new Error(`${id}: ${answer.why}`);
  return answer.rows.map((row) =>
    Object.fromEntries(answer.columns.map((name, at) => [name, row[at] ?? null])),
  );
}

/** What `walkthrough concepts ID` prints. */
async function printed(...words: string[]): Promise<string> {
  const where = ['--lab', LAB, '--course', pair.own.course, '--dir', pair.own.workspace];
  return (await promisify(execFile)(process.execPath, [CLI, 'concepts', ...words, ...where])).stdout;
}

describe('before anything was started', () => {
  it('the page says which lesson starts the server', async () => {
    expect(await page('lag')).toEqual({
      state: 'unanswered',
      why: 'The leader is not running yet: lesson 7 starts it.',
    });
    expect(await page('timeline')).toEqual({
      state: 'unanswered',
      why: 'The follower is not running yet: lesson 10 starts it.',
    });
  });
});

describe('on a pair that streams', () => {
  beforeAll(async () => {
    await startLeader(pair);
    await startFollower(pair);
    await pair.passes(10);
  });

  it('every page with a query has an answer with rows', async () => {
    const asked = pair.course.concepts.filter((concept) => concept.query);
    expect(asked).toHaveLength(pair.course.concepts.length);
    for (const { id } of asked) expect((await records(id)).length, id).toBeGreaterThan(0);
  });

  it('the answers say what the pages say', async () => {
    const sql = 'SELECT system_identifier FROM pg_control_system()';
    expect(await records('base-backup')).toEqual([{ system_identifier: await pair.sql('leader', sql) }]);
    expect(await records('bind-mount')).toEqual([
      { name: 'config_file', setting: '/etc/postgresql/postgresql.conf' },
      { name: 'data_directory', setting: '/var/lib/postgresql/data' },
    ]);
    expect(await records('hot-standby')).toEqual([
      { is_follower: 't', hot_standby: 'on', change_waits: '30s' },
    ]);
    expect(await records('lag')).toEqual([
      {
        name: expect.any(String),
        unsent: expect.stringMatching(/^\d+$/),
        unwritten: expect.any(String),
        unapplied: expect.any(String),
      },
    ]);
    expect(await records('pg-basebackup')).toContainEqual({ file: 'standby.signal' });
    expect(await records('pg-hba')).toContainEqual(expect.objectContaining({ user_name: '{replicator}' }));
    expect(await records('primary-standby')).toEqual([{ pg_is_in_recovery: 't' }]);
    expect(await records('replication-slot')).toEqual([
      expect.objectContaining({ slot_name: 'follower_slot', active: 't', wal_status: 'reserved' }),
    ]);
    expect(await records('standby-signal')).toEqual([{ file_there: 't', is_follower: 't' }]);
    expect(await records('streaming-replication')).toEqual([expect.objectContaining({ state: 'streaming' })]);
    expect(await records('timeline')).toEqual([{ timeline: '1', status: 'streaming' }]);
  });

  it('a query that writes is refused, one that never ends is cut, and nothing is changed', async () => {
    await pair.sql('leader', 'CREATE SEQUENCE counter');
    expect(await ask('leader', "SELECT nextval('counter')")).toEqual({
      state: 'unanswered',
      why: 'The leader refuses the query: cannot execute nextval() in a read-only transaction.',
    });
    expect(await ask('leader', 'SELECT pg_sleep(60)')).toEqual({
      state: 'unanswered',
      why: 'The leader did not answer within 2 seconds.',
    });
    expect(await ask('leader', 'SELECT 1 FROM')).toMatchObject({
      why: expect.stringContaining('syntax error'),
    });
  });

  it('no rows keep their columns, many are counted, and values are as psql shows them', async () => {
    expect(await ask('leader', 'SELECT 1 AS one, 2 AS two WHERE false')).toMatchObject({
      columns: ['one', 'two'],
      rows: [],
      total: 0,
    });
    const many = await ask('leader', 'SELECT n FROM generate_series(1, 20) AS n ORDER BY n DESC; -- down');
    expect(many).toMatchObject({
      total: 20,
      rows: [['20'], ['19'], ['18'], ['17'], ['16'], ['15'], ['14'], ['13']],
    });
    const values = `SELECT true AS b, NULL AS n, '' AS e, 'a "b", \\ (c)' AS t, ARRAY['x y', 'z'] AS a, 9007199254740993 AS big`;
    expect(await ask('leader', values)).toMatchObject({
      columns: ['b', 'n', 'e', 't', 'a', 'big'],
      rows: [['t', null, '', 'a "b", \\ (c)', '{"x y",z}', '9007199254740993']],
    });
  });

  it('walkthrough concepts NAME prints the answer under the page, and as JSON', async () => {
    expect(await printed('timeline')).toMatch(
      /\n\nWhat your follower says now:\n {4}timeline \| status\n {4}-+\+-+\n {4} +1 \| streaming\n$/,
    );
    const [concept] = JSON.parse(await printed('timeline', '--json')).concepts;
    expect(concept.answer).toEqual({
      state: 'answered',
      columns: ['timeline', 'status'],
      rows: [['1', 'streaming']],
      total: 1,
      note: '',
    });
  });

  it('a server that has stopped is said to have stopped', async () => {
    await pair.must('docker compose stop follower');
    const why = 'The follower has stopped. Start it, then look again.';
    expect(await page('timeline')).toEqual({ state: 'unanswered', why });
    expect(await printed('timeline')).toContain(`\n\n${why}\n`);
  });
});
