import { describe, expect, it } from 'vitest';
import { type Query, QueryError } from '../../../src/lab/lab.ts';
import { lsnValue, sendNonce, tryWrite } from '../../../src/observe/experiments.ts';

describe('an LSN as a number', () => {
  it.each([
    ['0/0', 0n],
    ['0/3027988', 0x3027988n],
    ['1/0', 1n << 32n],
    ['A/FF', (10n << 32n) | 0xffn],
    ['a/ff', (10n << 32n) | 0xffn],
    ['00000000/03027988', 0x3027988n],
    ['FFFFFFFF/FFFFFFFF', 0xffff_ffff_ffff_ffffn],
  ])('%s', (lsn, value) => {
    expect(lsnValue(lsn)).toBe(value);
  });

  it.each([
    ['0/9', '0/10'],
    ['0/FFFFFFFF', '1/0'],
    ['9/0', '10/0'],
  ])('%s is before %s, which text would have the other way round', (before, after) => {
    expect(lsnValue(before) < lsnValue(after)).toBe(true);
  });
});

/** A session whose server answers by the first pattern that fits the statement. */
function stubQuery(answers: [RegExp, () => unknown][]): Query & { asked: string[] } {
  const asked: string[] = [];
  const query = async (sql: string) => {
    asked.push(sql);
    return answers.find(([pattern]) => pattern.test(sql))?.[1]();
  };
  return Object.assign(query, { asked });
}
const fail = (message: string, code: string) => () => {
  throw new QueryError(message, code);
};

describe('a write on the follower', () => {
  it('that the server refuses is refused, with its own words', async () => {
    const query = stubQuery([
      [/CREATE TABLE/, fail('cannot execute CREATE TABLE in a read-only transaction', '25006')],
    ]);
    expect(await tryWrite(query)).toEqual({
      state: 'refused',
      code: '25006',
      message: 'cannot execute CREATE TABLE in a read-only transaction',
    });
    expect(query.asked.at(-1)).toMatch(/^ROLLBACK/);
  });

  it('is kept out of the log for its own transaction, and only by who may do that', async () => {
    const query = stubQuery([]);
    await tryWrite(query);
    expect(query.asked[0]).toMatch(
      /^BEGIN; SELECT WHERE CASE WHEN current_setting\('is_superuser'\) = 'on' THEN set_config\('log_min_messages', 'fatal', true\).*; CREATE TABLE/,
    );
  });

  it('that works is accepted, and leaves nothing behind', async () => {
    const query = stubQuery([]);
    expect(await tryWrite(query)).toEqual({ state: 'accepted' });
    expect(query.asked.join()).toMatch(/BEGIN;.*ROLLBACK/s);
  });

  it.each(['ECONNRESET', ''])('during which the connection is lost (%s) says nothing', async (code) => {
    const query = stubQuery([[/./, fail('connection lost', code)]]);
    expect(await tryWrite(query)).toEqual({ state: 'not-tried', reason: 'connection lost' });
  });
});

describe('a record that is sent from the leader to the follower', () => {
  const leaderAt = (lsn: string) =>
    stubQuery([
      [/pg_logical_emit_message/, () => '0/100'],
      [/pg_current_wal_lsn/, () => lsn],
    ]);
  const followerAt = (...lsns: (string | null)[]) => {
    const left = [...lsns];
    return stubQuery([[/pg_last_wal_replay_lsn/, () => (left.length > 1 ? left.shift() : left[0])]]);
  };

  it('arrives once the follower has replayed as far', async () => {
    const nonce = await sendNonce(leaderAt('0/200'), followerAt(null, '0/FF', '0/100'));
    expect(nonce).toEqual({
      state: 'arrived',
      lsn: '0/100',
      ms: expect.any(Number),
      leaderLsn: '0/200',
      followerLsn: '0/100',
    });
  });

  it('is not compared as text', async () => {
    expect((await sendNonce(leaderAt('0/200'), followerAt('0/9F', '0/100'))).state).toBe('arrived');
  });

  it('finds a follower that wrote WAL of its own: it is ahead', async () => {
    expect(await sendNonce(leaderAt('0/200'), followerAt('0/210'))).toEqual({
      state: 'ahead',
      lsn: '0/100',
      aheadBytes: 16,
      leaderLsn: '0/200',
      followerLsn: '0/210',
    });
  });

  it('is late when the follower does not come so far in a second and a half', async () => {
    const nonce = await sendNonce(leaderAt('0/200'), followerAt('0/50'));
    expect(nonce).toMatchObject({ state: 'late', lsn: '0/100', followerLsn: '0/50' });
    expect(nonce.state === 'late' ? nonce.waitedMs : 0).toBeGreaterThanOrEqual(1500);
  });
});
