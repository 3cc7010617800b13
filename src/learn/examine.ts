import type { Finding } from '../check/finding.ts';
import { judge, requestFor } from '../check/registry.ts';
import type { CheckSpec, Course } from '../course/types.ts';
import type { Lab } from '../lab/lab.ts';
import { observe, type Subject } from '../observe/observe.ts';
import type { Observation, ObservationRequest } from '../observe/types.ts';
import { lastingChecks } from './select.ts';

export interface Examination {
  observation: Observation;
  findings: Finding[];
}

/** What of the course an observation needs to know. */
function subjectOf(course: Course): Subject {
  return { image: course.names.image ?? '', table: course.names.table ?? 'inventory' };
}

/** What is changed between asking and judging. */
interface Adjustments {
  request?(request: ObservationRequest): ObservationRequest;
  observation?(observation: Observation): Observation;
}

/**
 * Observes once what these checks need, and judges them all on that. The walk, `run`, `check` and the grader all come
 * through here.
 */
export async function examine(
  lab: Lab,
  course: Course,
  specs: CheckSpec[],
  { request = (same) => same, observation: adjusted = (same) => same }: Adjustments = {},
): Promise<Examination> {
  const observation = adjusted(await observe(lab, subjectOf(course), request(requestFor(specs))));
  return { observation, findings: judge(specs, observation) };
}

/** Every check that proves the course at any time. */
export function allLastingChecks(course: Course): CheckSpec[] {
  return course.lessons.flatMap(lastingChecks);
}
