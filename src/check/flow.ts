import type { Observation } from '../observe/types.ts';
import { parseConninfo } from './conninfo.ts';
import { followCause, lastError, logsOf, misfit, sinceStreaming } from './logs.ts';
import { bytesBetween } from './lsn.ts';
import type { UpServer } from './needs.ts';
import { explainRefusal, isRefusal } from './refusal.ts';
import { conninfoTrouble, isTrouble, type Pair, senderOf, usableSlot, userTrouble } from './source.ts';
import { diverged } from './standing.ts';
import { type Trouble, trouble } from './verdict.ts';

/** How WAL flows from the leader to a follower that is one: sent, received, replayed. */

export interface Both extends Pair {
  observation: Observation;
  standby: UpServer;
  primary: UpServer;
}

/** The five parameters that a standby must not set lower than its primary. */
const FLOORS = [
  'max_connections',
  'max_worker_processes',
  'max_wal_senders',
  'max_prepared_transactions',
  'max_locks_per_transaction',
];

/** Nothing flows from the leader to the follower, and why. Null when WAL streams. */
export function notStreaming(both: Both): Trouble | null {
  const { observation, follower, leader, slot, user, standby, primary } = both;
  const { receiver, settings } = standby.probe;
  const sender = senderOf(observation, follower, primary);
  if (receiver?.status === 'streaming' && sender?.state === 'streaming') return userTrouble(sender, both);
  if (sender?.state === 'catchup') {
    const catching = { probe: `pg_stat_replication on ${leader}`, wanted: 'state streaming' };
    return trouble(
      catching,
      'replay-behind',
      'state catchup',
      'The follower is still fetching old WAL. Wait a little.',
    );
  }
  const stuck = stuckAt(both, 2);
  if (stuck) return stuck;
  const source =
    settings.primary_conninfo && conninfoTrouble(observation, settings.primary_conninfo.value, both);
  if (source) return source;
  const question = { probe: `pg_stat_wal_receiver on ${follower}`, wanted: `it streams from ${leader}` };
  const held = slot && settings.primary_slot_name?.value === slot ? usableSlot(slot, leader, primary) : null;
  if (held && isTrouble(held)) return held;
  const logs = sinceStreaming(logsOf(observation.nodes[follower]));
  const refusedAt = logs.findLastIndex(isRefusal);
  // The newest of both counts: the cause before it may be mended.
  const cause = followCause(logs.slice(refusedAt + 1));
  const said = { ...question, probe: `log of ${follower}` };
  if (cause) return trouble(said, cause.mistake, cause.line, cause.means);
  const asks = user ?? parseConninfo(settings.primary_conninfo?.value ?? '').user ?? 'the follower’s user';
  const refused = logs[refusedAt];
  const refusal = refused && explainRefusal(refused, asks, primary);
  if (refusal) return trouble(said, refusal.mistake, refusal.saw, refusal.why);
  const status = receiver
    ? `status ${receiver.status}, ${sender ? `sender ${sender.state}` : `no sender on ${leader}`}`
    : 'no row';
  const line = lastError(logs);
  const why = 'A standby that does not stream keeps old data. It tries again every 5 seconds.';
  return trouble(question, 'follower-not-streaming', line ? `${status}; its log: ${line}` : status, why);
}

/** WAL arrives and is not applied, because somebody or the server itself paused that. */
export function paused({ observation, follower, leader, standby, primary }: Both): Trouble | null {
  const { replayPause } = standby.probe;
  if (replayPause === null || replayPause === 'not paused') return null;
  const low = FLOORS.filter((name) => {
    const [own, wanted] = [standby, primary].map(({ probe }) =>
      Number(probe.settings[name]?.value ?? Number.NaN),
    );
    return own !== undefined && wanted !== undefined && own < wanted;
  });
  const cause = followCause(logsOf(observation.nodes[follower]));
  if (low.length > 0 || cause?.mistake === 'follower-too-small') {
    const question = { probe: `settings of ${follower}`, wanted: `not lower than on ${leader}` };
    const values = low.map(
      (name) =>
        `${name} is ${standby.probe.settings[name]?.value}, on ${leader} ${primary.probe.settings[name]?.value}`,
    );
    const saw = values.join('; ') || (cause?.line ?? '');
    const why = 'A follower must allow at least as many connections, workers and senders as its leader does.';
    return trouble(question, 'follower-too-small', saw, why);
  }
  const question = { probe: `pg_get_wal_replay_pause_state() on ${follower}`, wanted: 'not paused' };
  const why = 'WAL arrives but is not applied, so readers see old rows. pg_wal_replay_resume() goes on.';
  return trouble(question, 'replay-paused', replayPause, why);
}

/** WAL streams, but the test record was not replayed in time. */
export function behind(both: Both): Trouble | null {
  const { follower } = both;
  const { nonce } = both.observation.experiments;
  if (nonce?.state !== 'late') return null;
  const stuck = stuckAt(both, 1);
  if (stuck) return stuck;
  const question = {
    probe: 'a test record written on the leader',
    wanted: `${follower} replays it within seconds`,
  };
  const saw = `written at ${nonce.lsn}, after ${nonce.waitedMs} ms ${follower} is at ${nonce.followerLsn ?? 'no position'}`;
  const why =
    'The follower receives WAL but has not applied the newest part. A long query on it can hold it up.';
  return trouble(question, 'replay-behind', saw, why);
}

/**
 * Replay stands still because the leader's WAL does not fit there: the follower has written WAL of its own, and the
 * leader has out-written it since. Its lag then looks like that of any slow follower. Seen on 15: it connects,
 * fails and hangs up every 5 seconds, so that most of the time nothing streams at all.
 * @param times How often the log must say so, see `misfit`.
 */
function stuckAt({ observation, follower, leader, standby }: Both, times: number): Trouble | null {
  const { nonce } = observation.experiments;
  const { lsn } = standby.probe;
  if (nonce?.state !== 'late' || (bytesBetween(lsn, nonce.followerLsn) ?? 0n) !== 0n) return null;
  const line = misfit(logsOf(observation.nodes[follower]), lsn, times);
  return line === null
    ? null
    : diverged({ follower, leader }, `${follower} stands at ${lsn} and can not go on: ${line}`);
}
