import type { NodeName, Observation } from '../../observe/types.ts';
import { node, only, text } from '../args.ts';
import { copyVerdict } from '../copy.ts';
import type { Verdict } from '../finding.ts';
import type { CheckKind } from '../kind.ts';
import { recordedLogs } from '../logs.ts';
import { bytesBetween } from '../lsn.ts';
import type { MistakeId } from '../mistakes.ts';
import { REACH_TROUBLE, reach, type UpServer, upServer } from '../needs.ts';
import { nonceMissing, relation } from '../relation.ts';
import { CONNINFO_MISTAKES, conninfoTrouble, isTrouble, SLOT_MISTAKES, usableSlot } from '../source.ts';
import { STANDING_MISTAKES } from '../standing.ts';
import { cannotAsk, failed, passed, quote } from '../verdict.ts';

const ACCEPTS = ['of', 'slot', 'user'] as const;

interface BaseBackupArgs {
  follower: NodeName;
  of: NodeName;
  slot: string;
  user: string;
}

/** Troubles of a running follower that tell of its copy. That it does not stream right now is no fault of the copy. */
const OF_THE_COPY: readonly MistakeId[] = [...STANDING_MISTAKES, 'follower-diverged', ...CONNINFO_MISTAKES];

/** It does not replay, and that may be the fault of its copy. The other causes lie elsewhere, and can be seen there. */
const UNEXPLAINED: readonly MistakeId[] = ['follower-not-streaming', 'replay-behind'];

/** The follower's data folder is a copy of the leader's that will follow it, or already does. */
export const baseBackup: CheckKind<BaseBackupArgs> = {
  kind: 'base-backup',
  accepts: ACCEPTS,
  mistakes: [
    ...new Set([
      ...REACH_TROUBLE,
      ...OF_THE_COPY,
      ...SLOT_MISTAKES,
      'no-base-backup' as const,
      'backup-without-signal' as const,
      'backup-without-slot' as const,
      'version-differs' as const,
    ]),
  ],
  parse(raw) {
    only(raw, 'base-backup', ACCEPTS);
    return {
      follower: node(raw, 'base-backup'),
      of: node(raw, 'of', 'leader'),
      slot: text(raw, 'slot'),
      user: text(raw, 'user'),
    };
  },
  title: ({ follower, of }) => `${follower} holds a base backup of ${of}, set up to follow it`,
  why: () => 'A follower starts as an exact copy of its leader. WAL only fits onto such a copy.',
  reads: ({ follower }) => ({ parts: ['servers'], data: [follower], experiments: ['nonce'] }),
  judge(observation, args) {
    const leader = reach(observation, args.of);
    if (leader.state !== 'up') return leader;
    const follower = upServer(observation, args.follower);
    return follower
      ? judgeRunning(observation, args, follower, leader)
      : judgeFolder(observation, args, leader);
  },
};

function judgeRunning(
  observation: Observation,
  args: BaseBackupArgs,
  follower: UpServer,
  leader: UpServer,
): Verdict {
  const found = relation(observation, { ...args, leader: args.of }, follower, leader);
  if (found?.mistake && OF_THE_COPY.includes(found.mistake)) return { state: 'failed', ...found };
  const untried = nonceMissing(observation);
  if (untried) return untried;
  const { settings, receiver } = follower.probe;
  const slot = slotVerdict(args, receiver?.slot ?? settings.primary_slot_name?.value ?? '', leader);
  if (slot) return slot;
  const open = found?.mistake === undefined || UNEXPLAINED.includes(found.mistake);
  if (found && !replays(observation, follower) && (open || !recordedLogs(observation.nodes[args.follower]))) {
    // A copy that fits and one that does not look the same while nothing is replayed: only the log tells, and
    // after a start it takes two tries of the follower, 5 s apart, until it does.
    const why = 'Whether the copy still fits its leader shows only when the follower replays, or in its log.';
    return cannotAsk(question(args), null, `${found.saw} (${found.probe})`, why);
  }
  return passed(question(args), `${args.follower} runs as a standby of ${args.of} and uses ${args.slot}`);
}

/** WAL of the leader was replayed while we looked: the test record, or at least something before it. */
function replays({ experiments: { nonce } }: Observation, { probe }: UpServer): boolean {
  if (nonce?.state === 'late') return (bytesBetween(probe.lsn, nonce.followerLsn) ?? 0n) > 0n;
  return nonce?.state === 'arrived';
}

function judgeFolder(observation: Observation, args: BaseBackupArgs, leader: UpServer): Verdict {
  const ask = question(args);
  const { container, data } = observation.nodes[args.follower];
  if (!data || data.state === 'unreadable') {
    return cannotAsk(
      ask,
      null,
      quote(data?.message ?? 'nobody looked into it'),
      'The folder could not be looked into.',
    );
  }
  if (data.state === 'missing' || !data.version || !data.control) {
    const saw =
      data.state === 'missing'
        ? 'no such folder'
        : data.empty
          ? 'an empty folder'
          : 'no complete database in it';
    return failed(ask, 'no-base-backup', saw, 'pg_basebackup must copy the leader into this folder first.');
  }
  const copy = copyVerdict(observation, args, ask, data, data.control, leader);
  if (copy) return copy;
  const source = conninfoTrouble(observation, data.autoConf.primary_conninfo ?? '', {
    ...args,
    leader: args.of,
  });
  if (source) return { state: 'failed', ...source, probe: `postgresql.auto.conf in ${args.follower}-data` };
  const slot = slotVerdict(args, data.autoConf.primary_slot_name ?? '', leader);
  if (slot) return slot;
  const held = leader.probe.slots.find(({ name }) => name === args.slot);
  if (held?.active && container.state !== 'running' && container.state !== 'restarting') {
    const saw = `process ${held.activePid} still reads through ${args.slot}, although ${args.follower} does not run`;
    return failed(
      ask,
      null,
      saw,
      'The base backup may still be going on. Only one reader can use a slot at a time.',
    );
  }
  // --no-manifest is a choice, so its absence alone tells nothing.
  const manifest = data.present.includes('backup_manifest') ? 'with' : 'without';
  return passed(ask, `a copy of ${args.of} ${manifest} backup_manifest, standby.signal, ${args.slot}`);
}

/** The follower is set to use the slot, and something has streamed through it: the backup itself. */
function slotVerdict(args: BaseBackupArgs, name: string, leader: UpServer): Verdict | null {
  if (name !== args.slot) {
    const ask = { probe: `primary_slot_name of ${args.follower}`, wanted: args.slot };
    const why = 'The follower would stream without the slot, so the leader would keep no WAL for it.';
    return failed(ask, 'backup-without-slot', name ? quote(name) : 'it is not set', why);
  }
  const slot = usableSlot(args.slot, args.of, leader);
  if (isTrouble(slot)) return { state: 'failed', ...slot };
  if (slot.restartLsn !== null) return null;
  const ask = { probe: `pg_replication_slots on ${args.of}`, wanted: `${args.slot} with a restart_lsn` };
  const why = 'The base backup did not go through the slot, so WAL that the follower needs may be removed.';
  return failed(ask, 'backup-without-slot', `${args.slot} has no restart_lsn`, why);
}

function question({ follower, of, slot, user }: BaseBackupArgs) {
  return {
    probe: `${follower}-data`,
    wanted: `a base backup of ${of} with standby.signal, host=${of}, user=${user} and slot ${slot}`,
  };
}
