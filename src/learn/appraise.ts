import type { Finding } from '../check/finding.ts';
import { requestFor } from '../check/registry.ts';
import type { CheckSpec, Course, Lesson } from '../course/types.ts';
import type { Lab } from '../lab/lab.ts';
import type { Observation } from '../observe/types.ts';
import { examine } from './examine.ts';
import { needsMore, withServers } from './look.ts';
import { lastingChecks } from './select.ts';

/** What was seen of a lesson's proof. */
export interface Appraisal {
  findings: Finding[];
  /** The last look that had the servers in it; null where none had to. */
  observation: Observation | null;
}

/**
 * Looks whether all that proves a lesson holds: the files first, then the servers, last what takes a container or
 * a test record. It ends at the first look in which something does not hold, so that a lesson that is yet to be
 * done costs next to nothing.
 */
export async function appraiseLesson(lab: Lab, course: Course, lesson: Lesson): Promise<Appraisal> {
  const specs = lastingChecks(lesson);
  const files = specs.filter(onlyFiles);
  const others = specs.filter((spec) => !onlyFiles(spec));
  const deep = others.filter((spec) => needsMore([spec]));
  const looks = [
    { specs: files, servers: false },
    { specs: others.filter((spec) => !deep.includes(spec)), servers: true },
    { specs: deep, servers: true },
  ];
  const appraisal: Appraisal = { findings: [], observation: null };
  for (const look of looks) {
    if (look.specs.length === 0) continue;
    const seen = await examine(lab, course, look.specs, look.servers ? { request: withServers } : {});
    appraisal.findings.push(...seen.findings);
    if (look.servers) appraisal.observation = seen.observation;
    if (seen.findings.some((finding) => finding.state !== 'passed')) break;
  }
  return appraisal;
}

function onlyFiles(spec: CheckSpec): boolean {
  const { parts, experiments, data } = requestFor([spec]);
  return parts.length === 0 && experiments.length === 0 && data.length === 0;
}
