import type { Finding } from '../check/finding.ts';
import type { MistakeId } from '../check/mistakes.ts';
import type { Observation } from '../observe/types.ts';

/**
 * How long a cause may heal by itself, in milliseconds. Servers start, standbys reconnect (every 5 s by default,
 * wal_retrieve_retry_interval), WAL arrives. Everything else stays as it is until somebody acts.
 */
const HEALS_WITHIN: Partial<Record<MistakeId, number>> = {
  'server-down': 60_000,
  'database-missing': 20_000,
  // `up` has returned by then, so this is only the engine catching up.
  'containers-not-running': 3_000,
  // A reload is a signal: the server may read the file a moment later.
  'hba-not-reloaded': 2_000,
  'container-restarting': 8_000,
  'follower-not-streaming': 15_000,
  'replay-behind': 15_000,
  'slot-unused': 6_000,
  'content-differs': 5_000,
  'table-missing': 3_000,
};

/** Causes that heal only while a container runs whose server does not answer yet. One that has stopped stays stopped. */
const NEEDS_A_START: readonly MistakeId[] = ['server-down', 'database-missing'];

/** How long the driver should go on looking before it calls these findings final; 0: they will not change by waiting. */
export function patienceFor(findings: Finding[], observation: Observation): number {
  const starting = Object.values(observation.nodes).some(
    ({ container, server }) => container.state === 'running' && server.state === 'down',
  );
  const heals = ({ mistake }: Finding): number => {
    if (!mistake || (NEEDS_A_START.includes(mistake) && !starting)) return 0;
    return HEALS_WITHIN[mistake] ?? 0;
  };
  const open = findings.filter((finding) => finding.state !== 'passed');
  // One cause that does not heal settles the matter: waiting for the others would only delay the news.
  if (open.some((finding) => finding.state === 'failed' && heals(finding) === 0)) return 0;
  return Math.max(0, ...open.map(heals));
}
