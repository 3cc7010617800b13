import type { Lab, Query } from '../lab/lab.ts';
import { QueryError } from '../lab/lab.ts';
import type { Experiments } from './types.ts';

type Login = NonNullable<Experiments['replication-login']>;
type Write = NonNullable<Experiments['write-on-follower']>;
type Nonce = NonNullable<Experiments['nonce']>;

/** Logs in for replication over the network, as the follower will. */
export async function tryLogin(lab: Lab): Promise<Login> {
  const { ok, ...answer } = await lab.replicationLogin();
  return ok
    ? { state: 'accepted', ...(answer as { systemId: string; timeline: number; from: string }) }
    : { state: 'refused', ...(answer as { message: string; from: string }) };
}

/**
 * Ends with the transaction. Only a superuser may set it, and a session that may not would be refused for that; CASE
 * keeps it from being tried. No row comes of it, for psql 15 and later prints the rows of every statement.
 */
const KEEP_OUT_OF_LOG =
  "SELECT WHERE CASE WHEN current_setting('is_superuser') = 'on' THEN set_config('log_min_messages', 'fatal', true) END = ''";

/**
 * Tries to make a table on the follower, without a line in its log: the refusal is wanted, and a learner who reads
 * the log would take it for a mistake of his own. Rolled back whatever happens: a primary would take it. */
export async function tryWrite(follower: Query): Promise<Write> {
  try {
    await follower(`BEGIN; ${KEEP_OUT_OF_LOG}; CREATE TABLE walkthrough_write_test (); ROLLBACK; SELECT 1`);
    return { state: 'accepted' };
  } catch (error) {
    await follower('ROLLBACK; SELECT 1').catch(() => {});
    const { code, message } = error as QueryError;
    // Only an answer from the server is an answer: a lost connection says nothing of read-only.
    if (error instanceof QueryError && /^[0-9A-Z]{5}$/.test(code)) return { state: 'refused', code, message };
    return { state: 'not-tried', reason: message };
  }
}

/** How long one observation waits for the record. The driver asks again where more patience is due. */
const WAIT_MS = 1500;

/**
 * Writes one record into the leader's WAL and waits until the follower has replayed it. A logical message touches
 * no table and writes no log line; a transactional one is flushed with its commit, so that it is sent at once.
 * Both LSNs are read after the wait, the follower's first: read the other way, a busy leader looks diverged.
 */
export async function sendNonce(leader: Query, follower: Query): Promise<Nonce> {
  const started = performance.now();
  // `local`: with a synchronous standby that is away, the commit would wait for ever.
  const lsn = String(
    await leader(
      "SET synchronous_commit = local; SELECT pg_logical_emit_message(true, 'walkthrough', clock_timestamp()::text)::text",
    ),
  );
  let pause = 2;
  for (;;) {
    const followerLsn = (await follower('SELECT pg_last_wal_replay_lsn()::text')) as string | null;
    const leaderLsn = String(await leader('SELECT pg_current_wal_lsn()::text'));
    const waited = Math.round(performance.now() - started);
    if (followerLsn !== null) {
      const ahead = lsnValue(followerLsn) - lsnValue(leaderLsn);
      if (ahead > 0n) return { state: 'ahead', lsn, aheadBytes: Number(ahead), leaderLsn, followerLsn };
      if (lsnValue(followerLsn) >= lsnValue(lsn))
        return { state: 'arrived', lsn, ms: waited, leaderLsn, followerLsn };
    }
    if (waited > WAIT_MS) return { state: 'late', lsn, waitedMs: waited, leaderLsn, followerLsn };
    await new Promise((resolve) => setTimeout(resolve, pause));
    pause = Math.min(pause * 2, 100);
  }
}

/** An LSN as a number. Never compare LSNs as text: `0/9` and `0/10`, and later versions pad with zeros. */
export function lsnValue(lsn: string): bigint {
  const [high = '0', low = '0'] = lsn.split('/');
  return (BigInt(`0x${high}`) << 32n) | BigInt(`0x${low}`);
}
