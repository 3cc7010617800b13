import type { ControlFile, DataFolder, NodeName, Observation } from '../observe/types.ts';
import type { Verdict } from './finding.ts';
import { logsOf, misfit } from './logs.ts';
import { bytesBetween } from './lsn.ts';
import type { UpServer } from './needs.ts';
import { diverged } from './standing.ts';
import { failed, type Question } from './verdict.ts';

/** States in which pg_control is left by a server that ran as a primary. A fresh copy has them too, from its leader. */
const PRIMARY_STATES: readonly ControlFile['state'][] = [
  'shut down',
  'shutting down',
  'in production',
  'in crash recovery',
];

type ReadFolder = Extract<DataFolder, { state: 'read' }>;

/**
 * Whose copy the data folder is, and what has become of it since. Null when it is the leader's and can follow.
 * @param ask Place and wish, as the check words them.
 */
export function copyVerdict(
  observation: Observation,
  args: { follower: NodeName; of: NodeName },
  ask: Question,
  data: ReadFolder,
  control: ControlFile,
  leader: UpServer,
): Verdict | null {
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
  if (started && PRIMARY_STATES.includes(control.state)) {
    const saw = `no backup_label, and pg_control says "${control.state}"`;
    if (signal) return { state: 'failed', ...diverged(pair, `it ran as a primary: ${saw}`) };
    const why = 'It was started as a primary of its own. It needs a new base backup, made with -R.';
    return failed(ask, 'follower-is-primary', `${saw}; no standby.signal`, why);
  }
  if (ahead > 0n || (probe.timeline !== null && control.timeline > probe.timeline)) {
    const saw = `its checkpoint is ${control.checkpoint} on timeline ${control.timeline}, ${args.of} is at ${probe.lsn} on timeline ${probe.timeline}`;
    return { state: 'failed', ...diverged(pair, saw) };
  }
  if (started && line)
    return { state: 'failed', ...diverged(pair, `it replayed nothing in its last run: ${line}`) };
  if (!signal) {
    const why = 'Without standby.signal it would start as a second primary. `pg_basebackup -R` writes it.';
    return failed(ask, 'backup-without-signal', 'no standby.signal in the folder', why);
  }
  return null;
}
