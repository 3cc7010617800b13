import type { Observation } from '../observe/types.ts';
import type { Verdict } from './finding.ts';
import { FOLLOW_MISTAKES, followCause, lastError, logsOf, misfit } from './logs.ts';
import { bytesBetween } from './lsn.ts';
import type { MistakeId } from './mistakes.ts';
import type { UpServer } from './needs.ts';
import { explainRefusal, isRefusal, REFUSAL_MISTAKES } from './refusal.ts';
import {
  CONNINFO_MISTAKES,
  conninfoTrouble,
  isTrouble,
  type Pair,
  SLOT_MISTAKES,
  senderOf,
  usableSlot,
  userTrouble,
} from './source.ts';
import { cannotAsk, quote, type Trouble, trouble } from './verdict.ts';

/** The ways in which a follower is none at all, worst first. */
export const STANDING_MISTAKES: readonly MistakeId[] = [
  'leader-is-standby',
  'follower-own-cluster',
  'follower-is-primary',
];

/** Every mistake that `relation` can name. */
export const RELATION_MISTAKES: readonly MistakeId[] = [
  ...new Set([
    ...STANDING_MISTAKES,
    'follower-diverged' as const,
    ...CONNINFO_MISTAKES,
    ...SLOT_MISTAKES,
    ...FOLLOW_MISTAKES,
    ...REFUSAL_MISTAKES,
    'follower-not-streaming' as const,
    'replay-paused' as const,
    'replay-behind' as const,
    'slot-unused' as const,
  ]),
];

/** The five parameters that a standby must not set lower than its primary. */
const FLOORS = [
  'max_connections',
  'max_worker_processes',
  'max_wal_senders',
  'max_prepared_transactions',
  'max_locks_per_transaction',
];

interface Both extends Pair {
  observation: Observation;
  standby: UpServer;
  primary: UpServer;
}

/**
 * How the follower stands to the leader: the worst thing that is wrong, or null when it follows. All checks ask
 * this one function, so that they can't disagree.
 *
 * "streaming" alone proves nothing: a former primary with a standby.signal streams too, and replays nothing. Its
 * lag is negative, or the test record (nonce) does not arrive. A log line only explains what is wrong anyway; it
 * never makes something wrong, for old lines are still there when the cluster is mended.
 */
export function relation(
  observation: Observation,
  pair: Pair,
  standby: UpServer,
  primary: UpServer,
): Trouble | null {
  const both = { ...pair, observation, standby, primary };
  return (
    standing(pair, standby, primary) ??
    ownHistory(both) ??
    notStreaming(both) ??
    paused(both) ??
    unused(both) ??
    behind(both)
  );
}

/** Whether the follower is a standby of this leader at all. */
export function standing(pair: Pair, standby: UpServer, primary: UpServer | null): Trouble | null {
  const { follower, leader } = pair;
  if (primary?.probe.inRecovery) {
    const question = { probe: `pg_is_in_recovery() on ${leader}`, wanted: `${leader} is a primary (false)` };
    const why =
      'The leader must take writes. It runs as a standby: there is a standby.signal in its data folder.';
    return trouble(question, 'leader-is-standby', `${leader} is in recovery (true)`, why);
  }
  if (primary && primary.probe.systemId !== standby.probe.systemId) {
    const question = {
      probe: `system_identifier of ${follower} and ${leader}`,
      wanted: `the identifier of ${leader}, ${primary.probe.systemId}`,
    };
    const why =
      'The follower is a database cluster of its own, not a copy of the leader. Equal rows do not make it one.';
    return trouble(question, 'follower-own-cluster', `${follower} has ${standby.probe.systemId}`, why);
  }
  if (!standby.probe.inRecovery) {
    const question = {
      probe: `pg_is_in_recovery() on ${follower}`,
      wanted: `${follower} is a standby (true)`,
    };
    const why =
      'It started as a second primary and takes writes of its own, so it receives nothing from the leader.';
    return trouble(question, 'follower-is-primary', `${follower} is not in recovery (false)`, why);
  }
  return null;
}

/** The follower has written WAL that the leader does not know. */
function ownHistory({ observation, follower, leader, primary, standby }: Both): Trouble | null {
  const { nonce } = observation.experiments;
  const lag = senderOf(observation, follower, primary)?.lagBytes ?? 0;
  const ahead = nonce?.state === 'ahead' ? nonce.aheadBytes : lag < 0 ? -lag : 0;
  if (ahead > 0) return diverged({ follower, leader }, `${follower} is ${ahead} bytes ahead of ${leader}`);
  const received = standby.probe.receiver?.timeline ?? null;
  const current = primary.probe.timeline;
  if (standby.probe.receiver?.status !== 'streaming' || received === null || current === null) return null;
  if (received === current) return null;
  return diverged(
    { follower, leader },
    `${follower} is on timeline ${received}, ${leader} on timeline ${current}`,
  );
}

export function diverged({ follower, leader }: Pair, saw: string): Trouble {
  const question = {
    probe: `WAL positions of ${follower} and ${leader}`,
    wanted: `one history, that of ${leader}`,
  };
  const why =
    'The follower has written WAL of its own, so the WAL of the leader no longer fits. It needs a new base backup.';
  return trouble(question, 'follower-diverged', saw, why);
}

function notStreaming(both: Both): Trouble | null {
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
  const logs = logsOf(observation.nodes[follower]);
  const cause = followCause(logs);
  const said = { ...question, probe: `log of ${follower}` };
  if (cause) return trouble(said, cause.mistake, cause.line, cause.means);
  const refused = logs.findLast(isRefusal);
  const refusal = refused && explainRefusal(refused, user ?? userIn(refused), primary);
  if (refusal) return trouble(said, refusal.mistake, refusal.saw, refusal.why);
  const status = receiver
    ? `status ${receiver.status}, ${sender ? `sender ${sender.state}` : `no sender on ${leader}`}`
    : 'no row';
  const line = lastError(logs);
  const why = 'A standby that does not stream keeps old data. It tries again every 5 seconds.';
  return trouble(question, 'follower-not-streaming', line ? `${status}; its log: ${line}` : status, why);
}

/** A verdict for a test record that could not be written; null when the experiment has an answer. */
export function nonceMissing(observation: Observation): Verdict | null {
  const { nonce } = observation.experiments;
  if (nonce && nonce.state !== 'not-tried') return null;
  const question = { probe: 'a test record written on the leader', wanted: 'the follower replays it' };
  const why = 'Only a record that arrives proves that the follower follows. Try again.';
  return cannotAsk(question, null, `not tried: ${quote(nonce?.reason ?? 'nobody asked for it')}`, why);
}

function userIn(message: string): string {
  return /user "([^"]+)"/.exec(message)?.[1] ?? '';
}

function paused({ observation, follower, leader, standby, primary }: Both): Trouble | null {
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

function unused({ observation, follower, leader, slot, standby, primary }: Both): Trouble | null {
  if (!slot) return null;
  const found = usableSlot(slot, leader, primary);
  if (isTrouble(found)) return found;
  const sender = senderOf(observation, follower, primary);
  const receiver = standby.probe.receiver;
  if (found.activePid === sender?.pid && (receiver?.slot ?? slot) === slot) return null;
  const question = {
    probe: `pg_replication_slots on ${leader}`,
    wanted: `${slot} is active, used by ${follower}`,
  };
  const own = receiver?.slot ? `slot ${receiver.slot}` : 'no slot';
  const why = 'It streams, but no slot keeps WAL for it. And a slot that nobody reads holds WAL for ever.';
  return trouble(
    question,
    'slot-unused',
    `${slot} is ${found.active ? 'used by another' : 'not active'}; ${follower} uses ${own}`,
    why,
  );
}

function behind(both: Both): Trouble | null {
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
