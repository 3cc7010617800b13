import type { Course } from '../course/types.ts';
import { QueryError } from '../lab/lab.ts';
import type { NodeName } from '../observe/types.ts';
import { readFromCopy } from './copy-files.ts';
import type { CleanRoom } from './room.ts';
import type { RunRecord } from './types.ts';

/** One copy of a submission at work: its room, and what is written down of it. */
export interface Bench {
  room: CleanRoom;
  course: Course;
  signal: AbortSignal;
  /** Files of the course, and folders of those, that were not handed in. */
  absent: ReadonlySet<string>;
  /** Milliseconds that the leader's first start took here: how busy this machine is. */
  pace: number;
  /** Told of every command and script once it has ended. */
  ran(run: RunRecord): void;
}

/** What is done for a lesson once its files are there. Lessons without a stage are proved by their files alone. */
export interface Stage {
  /** Id of the lesson that is judged on what came of it. */
  lesson: string;
  /** Answers what it ran. */
  perform(bench: Bench): Promise<RunRecord[]>;
}

/**
 * The order of the documented exercise. Whatever a script did already is left as it is: only the state counts, and
 * one script may do everything.
 */
export const STAGES: readonly Stage[] = [
  {
    lesson: 'start-leader',
    async perform(bench) {
      const began = performance.now();
      const run = await docker(bench, ['compose', 'up', '-d', 'leader']);
      const answers = await untilAnswers(bench, 'leader', 'SELECT true');
      // One that does not come up says nothing of the machine.
      bench.pace = answers ? performance.now() - began : 0;
      return [run];
    },
  },
  { lesson: 'prepare-leader', perform: (bench) => script(bench, 'leader/setup-leader.sh') },
  { lesson: 'base-backup', perform: (bench) => script(bench, 'follower/setup-follower.sh') },
  {
    lesson: 'start-follower',
    async perform(bench) {
      const run = await docker(bench, ['compose', 'up', '-d', 'leader', 'follower']);
      await untilAnswers(bench, 'leader', 'SELECT true');
      await untilAnswers(bench, 'follower', STREAMS);
      return [run];
    },
  },
  { lesson: 'inventory', perform: loadInventory },
];

/** Lessons that only look: judged after all stages. */
export const LOOKING = ['verify'] as const;

/** True once it streams, or when waiting for that is in vain, because it is no standby. */
export const STREAMS =
  "SELECT (NOT pg_is_in_recovery() OR EXISTS (SELECT FROM pg_stat_wal_receiver WHERE status = 'streaming'))::text";

/** Runs a docker command of the grader's own, and writes it down. */
export async function docker(bench: Bench, argv: string[], stdin?: string): Promise<RunRecord> {
  const { room, signal } = bench;
  const ran = await room.docker(argv, { signal, ...(stdin === undefined ? {} : { stdin }) });
  const run = { command: `docker ${argv.join(' ')}`, ...ran };
  bench.ran(run);
  signal.throwIfAborted();
  return run;
}

/**
 * A script that waits for a leader which does not come would use up its whole time. One that brings the leader up by
 * itself needs less than this.
 */
const WITHOUT_LEADER_MS = 15_000;

/** Runs a script of the submission where it is there; a missing one is a check's affair. */
async function script(bench: Bench, file: string): Promise<RunRecord[]> {
  const { room, signal } = bench;
  if ((await readFromCopy(room.lab.workspace, file)) === null) return [];
  const cut = (await comesUp(bench, 'leader')) ? null : AbortSignal.timeout(WITHOUT_LEADER_MS);
  const ran = await room.script(file, { signal: cut ? AbortSignal.any([signal, cut]) : signal });
  const timedOut = ran.timedOut || (ran.exitCode === null && cut?.aborted === true);
  const run = { command: `bash ${file}`, ...ran, timedOut };
  bench.ran(run);
  signal.throwIfAborted();
  return [run];
}

/** Whether the node's container runs and stays up. One that only is slow does. */
async function comesUp({ room }: Bench, node: NodeName): Promise<boolean> {
  const container = await room.lab.node(node).inspect();
  if (!('id' in container) || container.state !== 'running') return false;
  return container.restartCount === 0 || (await ask(room, node, 'SELECT true')) === true;
}

/** Loads the submission's rows, unless its scripts did. */
async function loadInventory(bench: Bench): Promise<RunRecord[]> {
  const { room, course } = bench;
  const { superuser = '', database = '', table = 'inventory' } = course.names;
  const there = await ask(room, 'leader', `SELECT (to_regclass('public.${table}') IS NOT NULL)::text`);
  if (there === true) return [];
  const sql = await readFromCopy(room.lab.workspace, 'inventory.sql');
  if (sql === null) return [];
  const psql = ['psql', '-v', 'ON_ERROR_STOP=1', '-U', superuser, '-d', database];
  return [await docker(bench, ['compose', 'exec', '-T', 'leader', ...psql], sql)];
}

/** The answer of a node; null where it can't be asked. */
export async function ask(room: CleanRoom, node: NodeName, sql: string): Promise<unknown> {
  const answer = await answerOf(room, node, sql);
  return answer instanceof QueryError ? null : answer;
}

async function answerOf(room: CleanRoom, node: NodeName, sql: string): Promise<unknown> {
  try {
    return await room.lab.node(node).session((query) => query(sql));
  } catch (error) {
    if (error instanceof QueryError) return error;
    throw error;
  }
}

/** At least and at most so long is waited, in milliseconds. */
const PATIENCE = { least: 15_000, most: 90_000 };
/** A follower that will stream does so in a part of the time that the leader's first start takes. */
const PACES = 8;

/** How long a wait may take on a machine as busy as this one. A class that is graded side by side slows itself down. */
export const patience = ({ pace }: Pick<Bench, 'pace'>): number =>
  Math.min(PATIENCE.most, Math.max(PATIENCE.least, pace * PACES));

const PAUSE_MS = 100;
/** A first start says for a moment that its database is missing. In milliseconds. */
const IN_VAIN_MS = 5000;

/** What a server says that will not let anybody in: its database is missing, or it is a standby that is never read. */
const inVain = (answer: unknown): boolean =>
  answer instanceof QueryError &&
  (answer.code === '3D000' || /hot standby mode is disabled/i.test(answer.message));
/** A server that was started again so often does not come up. */
const RESTARTS = 3;

/** Waits until the node answers true, or until it is clear that it will not. Whether it did. */
export async function untilAnswers(
  bench: Pick<Bench, 'room' | 'signal' | 'pace'>,
  node: NodeName,
  sql: string,
): Promise<boolean> {
  const { room, signal } = bench;
  const until = performance.now() + patience(bench);
  let before: number | null = null;
  let refusedSince: number | null = null;
  while (performance.now() < until) {
    signal.throwIfAborted();
    const container = await room.lab.node(node).inspect();
    if (!('id' in container) || container.state === 'exited') return false;
    before ??= container.restartCount;
    if (container.restartCount - before >= RESTARTS) return false;
    // It did so before, and Docker waits longer and longer between its tries.
    if (container.state === 'restarting' && before >= RESTARTS) return false;
    const answer = container.state === 'running' ? await answerOf(room, node, sql) : null;
    if (answer === true) return true;
    refusedSince = inVain(answer) ? (refusedSince ?? performance.now()) : null;
    if (refusedSince !== null && performance.now() - refusedSince > IN_VAIN_MS) return false;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  return false;
}
