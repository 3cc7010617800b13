import type { Variables } from '../env/template.ts';
import { isMapping, type Mapping, mapping, type Value } from '../value.ts';
import { checkConsistency } from './consistency.ts';
import { type Decoded, decode } from './decode.ts';
import { withImpliedDependencies } from './depends.ts';
import { entriesOf, sorted, sortedTree } from './fields.ts';
import type { Folders } from './paths.ts';
import type { ResourceKind } from './resource-fields.ts';
import { inPrintOrder } from './service-fields.ts';

export interface Surroundings {
  project: string;
  folders: Folders;
  variables: Variables;
  /** Services with one of these profiles are there, too. `*` is all of them. */
  profiles: string[];
  /** Variables that a service's `env_file` sets. */
  envFile(service: Mapping): Promise<Map<string, string>>;
}

/** What a checked compose file comes to, in the order in which Compose prints it. */
export async function buildProject(file: Mapping, around: Surroundings): Promise<Mapping> {
  const decoded = decode(file, around.project, around.folders);
  decoded.networks = withDefaultNetwork(decoded.networks, around.project);
  decoded.services = new Map(
    [...decoded.services]
      .filter(([, service]) => isEnabled(service, around.profiles))
      .map(([name, service]) => [name, withImpliedDependencies(service)]),
  );
  checkConsistency(decoded);
  const services: [string, Value][] = [];
  for (const [name, service] of decoded.services) {
    services.push([name, await withEnvironment(service, around)]);
  }
  return {
    name: around.project,
    services: mapping(services),
    ...used('networks', decoded, (service, key) => isMapping(service.networks) && key in service.networks),
    ...used('volumes', decoded, (service, key) => mentions(service.volumes, key, 'volume')),
    ...used('secrets', decoded, (service, key) => mentions(service.secrets, key)),
    ...used('configs', decoded, (service, key) => mentions(service.configs, key)),
    ...extensions(file),
  };
}

function withDefaultNetwork(networks: Map<string, Mapping>, project: string): Map<string, Mapping> {
  return new Map([['default', { name: `${project}_default`, ipam: {} }], ...networks]);
}

function isEnabled({ profiles }: Mapping, wanted: string[]): boolean {
  if (!Array.isArray(profiles) || wanted.includes('*')) return true;
  return profiles.some((profile) => wanted.includes(String(profile)));
}

/** With the variables of its files, and the values from here of those that it only names. */
async function withEnvironment(service: Mapping, around: Surroundings): Promise<Mapping> {
  const { env_file: _, environment, ...rest } = service;
  const own = entriesOf(environment).map(([name, value]): [string, Value] => [
    name,
    value ?? around.variables.get(name) ?? null,
  ]);
  const all = sorted([...(await around.envFile(service)), ...own]);
  return Object.keys(all).length === 0 ? rest : inPrintOrder({ ...rest, environment: all });
}

/** Compose leaves away what no service uses. */
function used(
  kind: ResourceKind,
  decoded: Decoded,
  uses: (service: Mapping, key: string) => boolean,
): Mapping {
  const services = [...decoded.services.values()];
  const kept = [...decoded[kind]].filter(([key]) => services.some((service) => uses(service, key)));
  return kept.length === 0 ? {} : { [kind]: sorted(kept) };
}

function mentions(items: Value | undefined, key: string, type?: string): boolean {
  if (!Array.isArray(items)) return false;
  return items.some((item) => isMapping(item) && item.source === key && (type ?? item.type) === item.type);
}

function extensions(file: Mapping): Mapping {
  const own = Object.entries(file).filter(([name]) => name.startsWith('x-'));
  return sorted(own.map(([name, value]) => [name, sortedTree(value)]));
}
