import { randomBytes } from 'node:crypto';
import type { Finding } from '../check/finding.ts';
import type { Course, Lesson } from '../course/types.ts';
import { ask, type Bench, docker, patience, STREAMS, untilAnswers } from './stages.ts';

/**
 * What only a grader may try, because it stops servers and writes rows: it can't be prepared by a file, a view or a
 * row that was typed in by hand. Asked over connections that the grader opened itself.
 */
interface Proof {
  /** Kind of the lesson's check beside which it stands. */
  beside: string;
  name: string;
  title: string;
  why: string;
}

const THROUGH_SLOT: Proof = {
  beside: 'streaming',
  name: 'catches-up',
  title: 'The follower catches up on rows that were written while it was down',
  why: 'The slot keeps the WAL that a stopped follower has not read yet. Without it the copy breaks sooner or later.',
};
const AFTER_RESTARTS: Proof = {
  beside: 'replicated',
  name: 'after-restarts',
  title: 'New rows arrive after both servers were restarted',
  why: 'A pair that streams only until the next restart is not set up: what it needs must be in its files.',
};

/** The proofs that belong to a lesson. */
export function proofsOf(lesson: Lesson): { id: string; title: string; proof: Proof }[] {
  const kinds = lesson.tasks.flatMap((task) => task.checks.map((check) => check.kind));
  return [THROUGH_SLOT, AFTER_RESTARTS]
    .filter(({ beside }) => kinds.includes(beside))
    .map((proof) => ({ id: `${lesson.id}/${proof.name}`, title: proof.title, proof }));
}

/**
 * Stops the follower, writes a row that nobody can know, restarts the leader, starts the follower, and looks for the
 * row there; then writes another one. Answers a finding for every proof of the course.
 * @param streams Whether the follower streams now. Where it does not, nothing is tried.
 */
export async function prove(bench: Bench, streams: boolean): Promise<Finding[]> {
  const asked = proofsIn(bench.course);
  if (asked.length === 0) return [];
  if (!streams) return asked.map((one) => blocked(one));
  const began = performance.now();
  const found = await tryBoth(bench);
  const ms = Math.round(performance.now() - began);
  return asked.map((one) => verdict(one, one.proof === THROUGH_SLOT ? found.caughtUp : found.arrived, ms));
}

type Asked = ReturnType<typeof proofsOf>[number];

const proofsIn = (course: Course): Asked[] => course.lessons.flatMap((lesson) => proofsOf(lesson));

interface Seen {
  holds: boolean;
  probe: string;
  saw: string;
  wanted: string;
}

async function tryBoth(bench: Bench): Promise<{ caughtUp: Seen; arrived: Seen }> {
  const { slot = '' } = bench.course.names;
  await docker(bench, ['compose', 'stop', 'follower']);
  const held = await ask(bench.room, 'leader', heldSql(slot));
  const first = await writeNonce(bench);
  await docker(bench, ['compose', 'restart', 'leader']);
  await untilAnswers(bench, 'leader', 'SELECT true');
  await docker(bench, ['compose', 'start', 'follower']);
  await untilAnswers(bench, 'follower', STREAMS);
  const found = await arrives(bench, first);
  const used = await ask(bench.room, 'follower', SLOT_IN_USE);
  const caughtUp = {
    holds: found && held === true && used === slot,
    probe: 'a row written on the leader while the follower was stopped, read on the follower',
    saw: caughtUpSaw(found, held === true, used, slot),
    wanted: `the row, through the slot ${slot}`,
  };
  const second = await writeNonce(bench);
  const arrived = await arrives(bench, second);
  return {
    caughtUp,
    arrived: {
      holds: arrived,
      probe: 'a row written on the leader after both servers were restarted, read on the follower',
      saw: arrived ? 'the row' : 'no such row',
      wanted: 'the row',
    },
  };
}

function caughtUpSaw(found: boolean, held: boolean, used: unknown, slot: string): string {
  if (!found) return 'no such row';
  if (!held) return `the row, but ${slot} held no WAL for the follower while it was stopped`;
  return used === slot
    ? `the row, through ${slot}`
    : `the row, through ${used ? `the slot ${used}` : 'no slot'}`;
}

/** Whether the slot keeps WAL for a follower that is away. */
const heldSql = (slot: string): string =>
  `SELECT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = '${slot}' AND restart_lsn IS NOT NULL)::text`;

const SLOT_IN_USE = 'SELECT to_json(slot_name)::text FROM pg_stat_wal_receiver';

const TABLE = 'walkthrough_proof';

/** Writes a row of random text on the leader; null when the leader does not take it. */
async function writeNonce({ room }: Bench): Promise<string | null> {
  const nonce = randomBytes(16).toString('hex');
  // Not synchronous: with a synchronous standby that is away the commit would wait for ever.
  const sql = `SET synchronous_commit = local; CREATE TABLE IF NOT EXISTS public.${TABLE} (nonce text);
    INSERT INTO public.${TABLE} VALUES ('${nonce}'); SELECT to_json('${nonce}'::text)::text`;
  return (await ask(room, 'leader', sql)) === nonce ? nonce : null;
}

/** Whether the row is read on the follower, which must be a standby: a primary could have been told it. */
async function arrives(bench: Bench, nonce: string | null): Promise<boolean> {
  if (nonce === null) return false;
  const { room, signal } = bench;
  const sql = `SELECT (pg_is_in_recovery() AND EXISTS (SELECT FROM public.${TABLE} WHERE nonce = '${nonce}'))::text`;
  const until = performance.now() + patience(bench);
  while (performance.now() < until) {
    signal.throwIfAborted();
    if ((await ask(room, 'follower', sql)) === true) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

function verdict({ id, title, proof }: Asked, seen: Seen, ms: number): Finding {
  const { probe, saw, wanted } = seen;
  return { id, title, state: seen.holds ? 'passed' : 'failed', probe, saw, wanted, why: proof.why, ms };
}

function blocked({ id, title, proof }: Asked): Finding {
  return {
    id,
    title,
    state: 'blocked',
    probe: 'the follower',
    saw: 'it does not stream from the leader',
    wanted: 'a follower that streams',
    why: proof.why,
    ms: 0,
  };
}
