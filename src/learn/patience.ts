import type { Finding } from '../check/finding.ts';
import type { MistakeId } from '../check/mistakes.ts';

/**
 * How long a cause may heal by itself, in milliseconds. Servers start, standbys reconnect (every 5 s by default,
 * wal_retrieve_retry_interval), WAL arrives. Everything else stays as it is until somebody acts.
 */
const HEALS_WITHIN: Partial<Record<MistakeId, number>> = {
  'server-down': 60_000,
  'database-missing': 20_000,
  'containers-not-running': 15_000,
  'container-restarting': 8_000,
  'follower-not-streaming': 15_000,
  'replay-behind': 15_000,
  'slot-unused': 6_000,
  'content-differs': 5_000,
  'table-missing': 3_000,
};

/** How long the driver should go on looking before it calls these findings final; 0: they will not change by waiting. */
export function patienceFor(findings: Finding[]): number {
  const open = findings.filter((finding) => finding.state !== 'passed');
  if (open.length === 0) return 0;
  // One cause that does not heal settles the matter: waiting for the others would only delay the news.
  const waits = open.map((finding) => (finding.mistake ? (HEALS_WITHIN[finding.mistake] ?? 0) : 0));
  const failed = open.filter((finding) => finding.state === 'failed');
  if (failed.some((finding) => !finding.mistake || !HEALS_WITHIN[finding.mistake])) return 0;
  return Math.max(...waits);
}
