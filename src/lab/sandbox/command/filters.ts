import type { Container } from '../engine/types.ts';
import { labelsOf } from './labels.ts';
import { CommandError, refused } from './refusal.ts';

type Test<T> = (one: T, value: string) => boolean;

/**
 * Reads `--filter name=value` options. Several values of one name: any of them; several names: all of them.
 * `others` are filters that Docker has and the sandbox has not.
 */
export function filterBy<T>(
  filters: string[],
  tests: Record<string, Test<T>>,
  others: string[],
): (one: T) => boolean {
  const wanted = new Map<string, string[]>();
  for (const filter of filters) {
    const at = filter.indexOf('=');
    if (at < 0)
      throw new CommandError(
        `invalid argument "${filter}" for "-f, --filter" flag: bad format of filter (expected name=value)`,
        125,
      );
    const name = filter.slice(0, at).trim().toLowerCase();
    if (others.includes(name)) throw refused(`the sandbox does not know the filter ${name}`);
    if (!(name in tests)) throw new CommandError(`Error response from daemon: Invalid filter '${name}'`);
    wanted.set(name, [...(wanted.get(name) ?? []), filter.slice(at + 1)]);
  }
  return (one) => [...wanted].every(([name, values]) => values.some((value) => tests[name]?.(one, value)));
}

/** The name of a container is a pattern, as for the engine; one that is no pattern is taken as it stands. */
export function matchesName(name: string, pattern: string): boolean {
  try {
    return new RegExp(pattern).test(name);
  } catch {
    return name.includes(pattern);
  }
}

export function containerFilter(filters: string[], workspace: string): (container: Container) => boolean {
  const tests: Record<string, Test<Container>> = {
    name: ({ spec }, value) => matchesName(`/${spec.name}`, value) || matchesName(spec.name, value),
    id: ({ id }, value) => id.startsWith(value),
    status: ({ runtime }, value) => runtime.status === value,
    network: ({ spec }, value) => spec.networks.some(({ name }) => name === value),
    ancestor: ({ spec }, value) => spec.image === value || spec.image.startsWith(`${value}:`),
    publish: ({ spec }, value) =>
      spec.ports.some(({ published }) => String(published) === value.replace('/tcp', '')),
    exited: ({ runtime }, value) => runtime.status === 'exited' && String(runtime.exitCode) === value,
    label: (container, value) => {
      const [name = '', wanted] = value.split(/=(.*)/s);
      const found = labelsOf(container, workspace)[name];
      return found !== undefined && (wanted === undefined || found === wanted);
    },
  };
  return filterBy(filters, tests, ['before', 'expose', 'health', 'is-task', 'isolation', 'since', 'volume']);
}
