import type { Observation } from '../observe/types.ts';
import type { Verdict } from './finding.ts';
import { type Both, behind, notStreaming, paused } from './flow.ts';
import { FOLLOW_MISTAKES } from './logs.ts';
import type { MistakeId } from './mistakes.ts';
import type { UpServer } from './needs.ts';
import { REFUSAL_MISTAKES } from './refusal.ts';
import { CONNINFO_MISTAKES, isTrouble, type Pair, SLOT_MISTAKES, senderOf, usableSlot } from './source.ts';
import { diverged, STANDING_MISTAKES, standing } from './standing.ts';
import { cannotAsk, quote, type Trouble, trouble } from './verdict.ts';

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

/** A verdict for a test record that could not be written; null when the experiment has an answer. */
export function nonceMissing(observation: Observation): Verdict | null {
  const { nonce } = observation.experiments;
  if (nonce && nonce.state !== 'not-tried') return null;
  const question = { probe: 'a test record written on the leader', wanted: 'the follower replays it' };
  const why = 'Only a record that arrives proves that the follower follows. Try again.';
  return cannotAsk(question, null, `not tried: ${quote(nonce?.reason ?? 'nobody asked for it')}`, why);
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
