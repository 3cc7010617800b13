import path from 'node:path';
import type { ComposeConfig } from '../../../../observe/types.ts';
import type { Container } from '../../engine/types.ts';
import { isGraded } from '../../graded.ts';
import type { ComposeScope } from '../action.ts';
import { CommandError, refused } from '../refusal.ts';
import { complain, type World } from '../world.ts';

export interface Project {
  name: string;
  config: ComposeConfig;
}

/** Reads the compose file for a command. Throws CommandError in Compose's words where it can't be used. */
export async function openProject(scope: ComposeScope, world: World): Promise<Project> {
  const { workspace, confined } = world.engine;
  const outside = () => refused(`the sandbox works in the folder ${workspace} only`, 'Go there with cd');
  if (!isWithin(world.cwd, workspace)) throw outside();
  const { resolveCompose } = await import('../../compose/resolve.ts');
  const within = confined || isGraded(world.env) ? { within: workspace } : {};
  const resolved = await resolveCompose({ workspace, cwd: world.cwd, env: world.env, ...within, ...scope });
  const time = `${new Date().toISOString().slice(0, 19)}Z`;
  for (const warning of resolved.warnings)
    complain(world, `time="${time}" level=warning msg=${JSON.stringify(warning)}`);
  if (resolved.state === 'unknown') throw refused(resolved.text);
  if (resolved.state !== 'ok') throw new CommandError(resolved.text, resolved.exitCode);
  // A file in a folder above, or one that was named.
  if (!isWithin(resolved.directory, workspace)) throw outside();
  return { name: resolved.config.name, config: resolved.config };
}

function isWithin(place: string, folder: string): boolean {
  return place === folder || place.startsWith(`${folder}${path.sep}`);
}

/** The services that a command names, or all of them. Throws for one that the file does not have. */
export function chooseServices({ config }: Project, named: string[]): string[] {
  for (const service of named)
    if (!(service in config.services)) throw new CommandError(`no such service: ${service}`);
  return named.length > 0 ? [...new Set(named)] : Object.keys(config.services).sort();
}

/** All containers of the project, also of services that the file no longer has, in the order of their names. */
export async function projectContainers({ name }: Project, { engine }: World): Promise<Container[]> {
  const all = (await engine.containers()).filter(
    ({ spec }) => spec.project === name && spec.service !== null,
  );
  return all.sort((a, b) => (a.spec.name < b.spec.name ? -1 : 1));
}

/** The containers of the named services; without names, of all services in the file. */
export async function serviceContainers(
  project: Project,
  named: string[],
  world: World,
): Promise<Container[]> {
  const services = chooseServices(project, named);
  return (await projectContainers(project, world)).filter(({ spec }) =>
    services.includes(spec.service ?? ''),
  );
}

/** Services that a service waits for, with the condition. */
export function dependencies({ config }: Project, service: string): [service: string, condition: string][] {
  const needs = Object.entries(config.services[service]?.depends_on ?? {});
  return needs.map(([name, { condition }]) => [name, condition]);
}

/**
 * Containers in the order in which they may stop: first those on which no other depends. What is in one group stops at
 * the same time.
 */
export function stopGroups(project: Project, containers: Container[]): Container[][] {
  const depth = (service: string, seen: string[] = []): number =>
    seen.includes(service)
      ? 0
      : Math.max(0, ...dependencies(project, service).map(([one]) => 1 + depth(one, [...seen, service])));
  const groups = new Map<number, Container[]>();
  for (const container of containers) {
    const level = depth(container.spec.service ?? '');
    groups.set(level, [...(groups.get(level) ?? []), container]);
  }
  return [...groups].sort(([a], [b]) => b - a).map(([, group]) => group);
}
