import path from 'node:path';
import { type ResolvedCompose, resolveCompose } from '../lab/sandbox/compose/resolve.ts';
import { printable } from './intake/names.ts';
import type { Problem } from './policy/problem.ts';
import { asRemark, composeProblems } from './policy.ts';
import type { Remark } from './types.ts';

/**
 * Resolves the compose file of a submission as a stranger's: with an empty environment, and reading nothing outside of
 * its copy. `remarks`: what it asks for that it may not have; nothing of it may be started when there are any. They
 * speak of what is written, too, which a resolved file no longer shows: services of other profiles, files that are read.
 */
export async function readSubmittedCompose(
  copy: string,
): Promise<{ resolved: ResolvedCompose; remarks: Remark[] }> {
  const documents: { document: object; file: string }[] = [];
  const resolved = await resolveCompose({
    workspace: copy,
    env: {},
    within: copy,
    written: (document, file) => void documents.push({ document, file: path.basename(file) }),
  });
  const where = documents[0]?.file ?? 'docker-compose.yml';
  const found = resolved.state === 'ok' ? composeProblems(resolved.config, copy) : [];
  const remarks = found.map((one) => asRemark(one, where));
  const told = new Set(found.map(keyOf));
  for (const { document, file } of documents) {
    const more = composeProblems(document, copy).filter((one) => !told.has(keyOf(one)));
    remarks.push(...more.map((one) => asRemark(one, file)));
    for (const one of more) told.add(keyOf(one));
  }
  const outside = resolved.state === 'invalid' ? resolved.outside : undefined;
  if (outside !== undefined && !remarks.some(({ id }) => id === 'file-outside')) {
    const message = `The compose file reads ${printable(outside)}, but a submission may not read files outside of its folder.`;
    remarks.push({ kind: 'policy', id: 'file-outside', where, message });
  }
  return { resolved, remarks };
}

const keyOf = ({ id, subject, property }: Problem) => `${id}\0${subject}\0${property}`;
