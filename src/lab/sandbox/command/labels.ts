import { existsSync } from 'node:fs';
import path from 'node:path';
import { COMPOSE_FILES } from '../../compose-source.ts';
import type { Container } from '../engine/types.ts';

/** The version that the sandbox's compose behaves like. */
export const COMPOSE_VERSION = '2.26.1';

/** The labels that Compose would have put on it; none on what `docker run` makes. */
export function labelsOf({ spec }: Container, workspace: string): Record<string, string> {
  const { service, project } = spec;
  if (service === null || project === null) return {};
  const file = COMPOSE_FILES.find((name) => existsSync(path.join(workspace, name))) ?? 'docker-compose.yml';
  return {
    'com.docker.compose.config-hash': spec.configHash,
    'com.docker.compose.container-number': '1',
    'com.docker.compose.oneoff': 'False',
    'com.docker.compose.project': project,
    'com.docker.compose.project.config_files': path.join(workspace, file),
    'com.docker.compose.project.working_dir': workspace,
    'com.docker.compose.service': service,
    'com.docker.compose.version': COMPOSE_VERSION,
  };
}

/** `a=1,b=2`, the form in which lists show labels. */
export function labelText(labels: Record<string, string>): string {
  const entries = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([name, value]) => `${name}=${value}`).join(',');
}
