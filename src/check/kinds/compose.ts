import type { NodeName } from '../../observe/types.ts';
import { nodes, only } from '../args.ts';
import { COMPOSED_MISTAKES, composed } from '../composed.ts';
import type { CheckKind } from '../kind.ts';
import { and, passed } from '../verdict.ts';

interface ComposeArgs {
  services: NodeName[];
}

export const compose: CheckKind<ComposeArgs> = {
  kind: 'compose',
  accepts: [],
  mistakes: COMPOSED_MISTAKES,
  parse(raw) {
    only(raw, 'compose', []);
    return { services: nodes(raw, 'compose') };
  },
  title: ({ services }) => `docker-compose.yml is valid and defines ${and(services)}`,
  why: () => 'Docker Compose starts what this file defines, and nothing else.',
  reads: () => ({ parts: ['engine', 'compose'] }),
  judge(observation, args) {
    const found = composed(observation, args.services);
    if (found.state !== 'ok') return found;
    const question = { probe: 'docker compose config', wanted: compose.title(args) };
    return passed(question, `project ${found.config.name} with ${and(Object.keys(found.config.services))}`);
  },
};
