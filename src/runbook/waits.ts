import type { Names } from '../course/types.ts';
import { NODES, type NodeName } from '../observe/types.ts';

/** One simple command of a line, without the words that begin it. */
const COMPOSE = /\bdocker(?:-|\s+)compose\b([^\n;&|]*)/g;
const DOCKER = /\bdocker\s+(?:container\s+)?(?:start|restart)\b([^\n;&|]*)/g;
const STARTING = ['up', 'start', 'restart'];

/** The servers that a command starts, in the order of NODES: each needs time before it answers. */
export function startedBy(command: string, names: Names): NodeName[] {
  const line = command.replaceAll('\\\n', ' ');
  const started = new Set<NodeName>();
  for (const [, rest = ''] of line.matchAll(COMPOSE)) {
    const words = rest.trim().split(/\s+/);
    const verb = words.findIndex((word) => STARTING.includes(word));
    if (verb < 0) continue;
    const named = NODES.filter((node) => words.slice(verb + 1).includes(node));
    for (const node of named.length > 0 ? named : NODES) started.add(node);
  }
  for (const [, rest = ''] of line.matchAll(DOCKER)) {
    const words = rest.trim().split(/\s+/);
    for (const node of NODES) if (words.includes(names[node] ?? node)) started.add(node);
  }
  return NODES.filter((node) => started.has(node));
}

/** Whether a command asks the follower's server something: what the leader wrote may still be on its way. */
export function asksFollower(command: string, names: Names): boolean {
  const container = names.follower ?? 'follower';
  return /\bdocker\b.*\bexec\b/s.test(command) && command.split(/\s+/).includes(container);
}
