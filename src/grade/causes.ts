import type { Finding } from '../check/finding.ts';
import type { FindingWithCause, RunRecord } from './types.ts';

/** A line of output that says what went wrong, as psql, PostgreSQL's programs, bash and Docker write theirs. */
const COMPLAINT =
  /\b(?:error|fatal|panic|denied|refused|not found|no such|cannot|can't|could not|invalid|failed|unknown|does not know|may not)\b/i;
/** So surely an error that it counts even where the script went on and ended well. */
const SURE = /^\S*: error: |^(?:\S+: )?(?:ERROR|FATAL|PANIC):|Error response from daemon/;
/** Characters of it that a report has room for. */
const LONGEST = 300;

/**
 * Findings of a lesson with what its commands complained of, where they ended badly: that a follower is a cluster of
 * its own is only what came of `replication slot "x" does not exist`.
 */
export function withCauses(findings: readonly Finding[], runs: readonly RunRecord[]): FindingWithCause[] {
  const causes = runs.flatMap(causeOf);
  if (causes.length === 0) return [...findings];
  return findings.map((finding) =>
    finding.state === 'passed' ? finding : { ...finding, cause: causes.join(' ') },
  );
}

function causeOf({ command, exitCode, timedOut, output }: RunRecord): string[] {
  const lines = output.text.split('\n').map((line) => line.trim());
  if (timedOut) return [`\`${command}\` was ended because its time was over.`];
  const complaint = lastComplaint(lines, exitCode === 0 ? SURE : COMPLAINT);
  if (exitCode === 0) return complaint ? [`\`${command}\` said: ${sentence(complaint)}`] : [];
  const said = complaint ?? lines.findLast((line) => line !== '');
  const ended = exitCode === null ? 'was ended from outside' : `ended with exit code ${exitCode}`;
  return [`\`${command}\` ${ended}${said ? ` and said: ${sentence(said)}` : '.'}`];
}

/** The first line of the last complaint: a program that ends because of an error tells the cause before the rest. */
function lastComplaint(lines: readonly string[], pattern: RegExp): string | undefined {
  let at = lines.findLastIndex((line) => pattern.test(line));
  while (at > 0 && pattern.test(lines[at - 1] ?? '')) at--;
  return lines[at];
}

function sentence(said: string): string {
  // The full id of a container says nothing to a reader.
  const line = said.replace(/\b([0-9a-f]{12})[0-9a-f]{52}\b/g, '$1');
  const short = line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
  return /[.!?…]$/.test(short) ? short : `${short}.`;
}
