import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MistakeId } from '../../src/check/mistakes.ts';
import {
  LESSON_COPY,
  layFiles,
  openPair,
  type Pair,
  startFollower,
  startLeader,
} from '../helpers/lab-pair.ts';

/**
 * Followers that show the leader's rows, and often even `streaming`, and yet are none. Every step whose proof they
 * could pass for must refuse them, and say what they are.
 */
let pair: Pair;
beforeAll(async () => {
  pair = await openPair();
  await layFiles(pair);
  await startLeader(pair);
});
afterAll(() => pair.remove());

/** The checks that such a follower is shown to: its copy, its streaming, its rows. */
const PROOFS = [
  [9, 'base-backup/copy-complete'],
  [10, 'start-follower/follower-streams'],
  [12, 'verify/rows-arrived'],
] as const;

async function expectRefused(mistake: MistakeId): Promise<void> {
  const found = [];
  for (const [, check] of PROOFS) found.push((await pair.names(check, mistake)).id);
  expect(found).toEqual(PROOFS.map(([, check]) => check));
}

/** Also while it stands still: then only its folder and its log can tell. */
async function expectRefusedStopped(mistake: MistakeId): Promise<void> {
  await pair.must('docker compose stop follower');
  await pair.names('base-backup/copy-complete', mistake);
}

async function up(): Promise<void> {
  await pair.must('docker compose up -d follower');
  await pair.ready('follower');
}

const rows = (node: 'leader' | 'follower') =>
  pair.sql(node, 'SELECT productid, productname, quantity FROM inventory ORDER BY 1');

/** Writes WAL of about `megabytes` on a node that takes writes. */
const write = (node: 'leader' | 'follower', megabytes: number) =>
  pair.sql(
    node,
    `CREATE TABLE IF NOT EXISTS filler (t text);
     INSERT INTO filler SELECT repeat(md5(i::text), 30) FROM generate_series(1, ${megabytes * 1000}) i;`,
  );

describe('a second primary with the same rows', () => {
  it('made by a backup without -R (T53): same system identifier, same timeline, takes writes', async () => {
    await pair.copy('');
    await pair.names('base-backup/copy-complete', 'backup-without-signal');
    await up();
    expect(await rows('follower')).toBe(await rows('leader'));
    await expectRefused('follower-is-primary');
    await pair.names('verify/follower-refuses-writes', 'follower-is-primary');
    await expectRefusedStopped('follower-is-primary');
  });

  it('made by its own first start, the rows typed in by hand (T60)', async () => {
    await pair.inFolder('follower', 'find . -mindepth 1 -delete');
    await up();
    await pair.must(
      `docker exec -i --user postgres ${pair.own.follower} psql -v ON_ERROR_STOP=1 -U postgres -d appdb < inventory.sql`,
    );
    expect(await rows('follower')).toBe(await rows('leader'));
    await expectRefused('follower-own-cluster');
    await pair.names('verify/follower-refuses-writes', 'follower-own-cluster');
  });

  it('restored from a dump: every row equal, to the last digit of the time', async () => {
    const { leader, follower } = pair.own;
    // What pg_dump sends: the rows as COPY writes them. The table is there, from its own inventory.sql.
    const psql = (name: string) =>
      `docker exec -i --user postgres ${name} psql -Xq -v ON_ERROR_STOP=1 -d appdb`;
    await pair.sql('follower', 'TRUNCATE inventory');
    await pair.must(
      `${psql(leader)} -c 'COPY inventory TO STDOUT' | ${psql(follower)} -c 'COPY inventory FROM STDIN'`,
    );
    const all = 'SELECT md5(string_agg(i::text, chr(10) ORDER BY productid)) FROM inventory i';
    expect(await pair.sql('follower', all)).toBe(await pair.sql('leader', all));
    await expectRefused('follower-own-cluster');
    await expectRefusedStopped('follower-own-cluster');
  });

  it('dressed up as a standby afterwards: it answers reads, refuses writes, and has the rows (T60)', async () => {
    const password = pair.course.names.replicator_password;
    await pair.inFolder(
      'follower',
      `touch standby.signal && chown postgres standby.signal && cat >> postgresql.auto.conf <<END
primary_conninfo = '"'host=leader user=replicator password=${password}'"'
primary_slot_name = '"'follower_slot'"'
END`,
    );
    await up();
    expect(await rows('follower')).toBe(await rows('leader'));
    expect(await pair.sql('follower', 'SELECT pg_is_in_recovery()')).toBe('t');
    await expectRefused('follower-own-cluster');
    await expectRefusedStopped('follower-own-cluster');
  });
});

/** Finding 1: it is in recovery, streams through the slot, on the same timeline of the same system. */
describe('a follower that was a primary for a while, and then got standby.signal back', () => {
  it('ahead of the leader: negative lag', async () => {
    await pair.copy(LESSON_COPY, 'rm standby.signal');
    await up();
    await write('follower', 4);
    await pair.sql('follower', 'UPDATE inventory SET quantity = 99 WHERE productid = 101');
    await expectRefused('follower-is-primary');
    await pair.must('docker compose stop follower');
    await pair.inFolder('follower', 'touch standby.signal && chown postgres standby.signal');
    await pair.names('base-backup/copy-complete', 'follower-diverged');
    await up();
    await expectRefused('follower-diverged');
    await expectRefusedStopped('follower-diverged');
  });

  it('out-written by the leader since: it looks like a slow follower', async () => {
    await write('leader', 12);
    await up();
    await expectRefused('follower-diverged');
    // Once more, later: the walreceiver comes and goes every 5 s, and no moment of it may look healthy.
    const end = Date.now() + 6000;
    while (Date.now() < end) await expectRefused('follower-diverged');
    await expectRefusedStopped('follower-diverged');
  });
});

describe('a follower that is fed by the wrong server', () => {
  it('points at itself: it streams to itself, and nothing ever comes', async () => {
    await pair.copy(LESSON_COPY, 'sed -i s/host=leader/host=follower/ postgresql.auto.conf');
    await pair.names('base-backup/copy-complete', 'conninfo-wrong');
    await up();
    await expectRefused('conninfo-wrong');
    await expectRefusedStopped('conninfo-wrong');
  });
});

describe('a true follower', () => {
  it('passes after all of that: nothing of it is held against a new copy', async () => {
    await startFollower(pair);
    for (const [step] of PROOFS) await pair.passes(step);
  });

  it('that streams but has its replay paused is told so, and passes again when it goes on', async () => {
    await pair.sql('follower', 'SELECT pg_wal_replay_pause()');
    await pair.sql('leader', 'UPDATE inventory SET quantity = quantity WHERE productid = 101');
    await pair.names('start-follower/follower-streams', 'replay-paused');
    await pair.names('verify/rows-arrived', 'replay-paused');
    // Its copy is right all the same.
    await pair.passes(9);
    await pair.sql('follower', 'SELECT pg_wal_replay_resume()');
    await pair.passes(12);
  });
});
