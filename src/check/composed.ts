import type { ComposeConfig, Observation } from '../observe/types.ts';
import type { Verdict } from './finding.ts';
import type { MistakeId } from './mistakes.ts';
import { needEngine } from './needs.ts';
import { and, cannotAsk, failed, quote } from './verdict.ts';

export const COMPOSED_MISTAKES: readonly MistakeId[] = [
  'no-engine',
  'compose-file-missing',
  'compose-file-invalid',
  'service-missing',
];

export type Composed = { state: 'ok'; config: ComposeConfig } | Verdict;

/** What docker-compose.yml resolves to, with all the named services in it; or the verdict that says why not. */
export function composed(observation: Observation, services: readonly string[]): Composed {
  const { compose } = observation;
  const question = {
    probe: 'docker compose config',
    wanted: `services ${and(services)} in docker-compose.yml`,
  };
  if (compose.state === 'missing') {
    const why = 'Docker Compose reads what to start from this file.';
    return failed(question, 'compose-file-missing', 'no docker-compose.yml', why);
  }
  if (compose.state === 'invalid') {
    const tab = /\btab\b|cannot start any token/.test(compose.message);
    const why = tab
      ? 'Docker Compose can not read the file. YAML does not allow the Tab key at the beginning of a line: use spaces.'
      : 'Docker Compose can not read the file. In YAML, two spaces more or less change the meaning.';
    return failed(question, 'compose-file-invalid', quote(compose.message), why);
  }
  if (compose.state === 'unknown') {
    const why = 'Only Docker Compose itself can tell what the file means.';
    return needEngine(observation) ?? cannotAsk(question, null, quote(compose.message), why);
  }
  const missing = services.filter((name) => !(name in compose.config.services));
  if (missing.length === 0) return compose;
  const found = Object.keys(compose.config.services);
  const saw = `no service ${and(missing)}, only ${and(found)}`;
  return failed(
    question,
    'service-missing',
    saw,
    'Each node is a service of its own, named as in the lesson.',
  );
}
