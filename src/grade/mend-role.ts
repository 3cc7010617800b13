import type { Finding } from '../check/finding.ts';
import type { CheckSpec } from '../course/types.ts';
import { ask, type Bench } from './stages.ts';

/**
 * Gives the replication user what its own check has missed, so that the login can be judged by itself: a mistake in
 * the user costs the user's points and no others. Answers whether there was something to mend.
 */
export async function mendRole(
  { room, course }: Bench,
  specs: readonly CheckSpec[],
  findings: readonly Finding[],
): Promise<boolean> {
  const { replicator = '', replicator_password = '' } = course.names;
  const failed = findings.find((finding) => finding.state === 'failed' && isOfRole(specs, finding));
  if (failed?.mistake !== 'role-missing' && failed?.mistake !== 'role-cannot-replicate') return false;
  // One that is there keeps its password: that is no matter of its own check.
  const change =
    failed.mistake === 'role-missing'
      ? `CREATE ROLE "${replicator}" LOGIN REPLICATION PASSWORD '${replicator_password}'`
      : `ALTER ROLE "${replicator}" LOGIN REPLICATION`;
  return (await ask(room, 'leader', `${change}; SELECT true::text`)) === true;
}

/** Whether a finding is a role check's. */
export const isOfRole = (specs: readonly CheckSpec[], { id }: Finding): boolean =>
  specs.some((spec) => spec.id === id && spec.kind === 'role');
