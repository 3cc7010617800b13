import type { ControlFile, DataFolder, NodeName, Observation } from '../../observe/types.ts';
import { node, only, text } from '../args.ts';
import type { Verdict } from '../finding.ts';
import type { CheckKind } from '../kind.ts';
import { logsOf, misfit, recordedLogs } from '../logs.ts';
import { bytesBetween } from '../lsn.ts';
import type { MistakeId } from '../mistakes.ts';
import { REACH_TROUBLE, reach, type UpServer, upServer } from '../needs.ts';
import { diverged, nonceMissing, relation, STANDING_MISTAKES } from '../relation.ts';
import { CONNINFO_MISTAKES, conninfoTrouble, isTrouble, SLOT_MISTAKES, usableSlot } from '../source.ts';
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

/** States in which pg_control is left by a server that ran as a primary. A fresh copy has them too, from its leader. */
const PRIMARY_STATES: readonly ControlFile['state'][] = [
  'shut down',
  'shutting down',
  'in production',
  'in crash recovery',
];

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
  const arrived = observation.experiments.nonce?.state === 'arrived';
  if (found && !arrived && !recordedLogs(observation.nodes[args.follower])) {
    // A copy that fits and one that does not look the same while nothing is replayed: only the log tells.
    const why = 'Whether the copy still fits its leader shows only when the follower replays, or in its log.';
    return cannotAsk(question(args), null, `${found.saw} (${found.probe})`, why);
  }
  return passed(question(args), `${args.follower} runs as a standby of ${args.of} and uses ${args.slot}`);
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
      data.state === 'missing' ? 'no such folder' : data.empty ? 'it is empty' : 'no complete database in it';
    return failed(ask, 'no-base-backup', saw, 'pg_basebackup must copy the leader into this folder first.');
  }
  const copy = copyVerdict(observation, args, data, data.control, leader);
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

type ReadFolder = Extract<DataFolder, { state: 'read' }>;

/** Whose copy it is, and what has become of it since. */
function copyVerdict(
  observation: Observation,
  args: BaseBackupArgs,
  data: ReadFolder,
  control: ControlFile,
  leader: UpServer,
): Verdict | null {
  const ask = question(args);
  const { probe } = leader;
  if (control.systemId !== probe.systemId) {
    const saw = `system identifier ${control.systemId}, ${args.of} has ${probe.systemId}`;
    const why = 'The follower was started before the base backup and made a database cluster of its own.';
    return failed(ask, 'follower-own-cluster', saw, why);
  }
  const major = String(Math.floor(probe.version / 10000));
  if (data.version !== major) {
    const why = 'A data folder works only with the PostgreSQL version that made it.';
    return failed(ask, 'version-differs', `PG_VERSION ${data.version}, ${args.of} runs ${major}`, why);
  }
  const signal = data.present.includes('standby.signal');
  // Without backup_label it was started since it was copied.
  const started = !data.present.includes('backup_label');
  const ahead = bytesBetween(probe.lsn, control.checkpoint) ?? 0n;
  const line = misfit(logsOf(observation.nodes[args.follower]), null, 2);
  const pair = { follower: args.follower, leader: args.of };
  if (ahead > 0n || (probe.timeline !== null && control.timeline > probe.timeline)) {
    const saw = `its checkpoint is ${control.checkpoint} on timeline ${control.timeline}, ${args.of} is at ${probe.lsn} on timeline ${probe.timeline}`;
    return { state: 'failed', ...diverged(pair, saw) };
  }
  if (started && PRIMARY_STATES.includes(control.state)) {
    const saw = `no backup_label, and pg_control says "${control.state}"`;
    if (signal) return { state: 'failed', ...diverged(pair, `it ran as a primary: ${saw}`) };
    const why = 'It was started as a primary of its own. It needs a new base backup, made with -R.';
    return failed(ask, 'follower-is-primary', `${saw}; no standby.signal`, why);
  }
  if (started && line)
    return { state: 'failed', ...diverged(pair, `it replayed nothing in its last run: ${line}`) };
  if (!signal) {
    const why = 'Without standby.signal it would start as a second primary. `pg_basebackup -R` writes it.';
    return failed(ask, 'backup-without-signal', 'no standby.signal in the folder', why);
  }
  return null;
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
