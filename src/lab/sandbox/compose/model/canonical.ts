import { isMapping, type Mapping, mapping, type Value } from '../value.ts';
import { entriesOf } from './fields.ts';
import { canonicalPorts } from './ports.ts';

/** Brings into one form what has to be compared before the rest: ports, and what belongs to other projects. */
export function canonical(file: Mapping, warn: (message: string) => void, mostPorts: number): Mapping {
  const changed = Object.entries(file).map(([section, value]): [string, Value] => {
    if (section === 'services')
      return [section, mapping(entriesOf(value).map((entry) => canonicalService(entry, mostPorts)))];
    if (!['networks', 'volumes', 'secrets', 'configs'].includes(section)) return [section, value];
    const resources = entriesOf(value).map(([key, one]): [string, Value] => [
      key,
      isMapping(one) ? flatExternal(one, `${section}.${key}`, warn) : {},
    ]);
    return [section, mapping(resources)];
  });
  return mapping(changed);
}

function canonicalService([name, service]: [string, Value], mostPorts: number): [string, Value] {
  if (!isMapping(service) || !Array.isArray(service.ports)) return [name, service];
  return [name, { ...service, ports: canonicalPorts(service.ports, `services.${name}.ports`, mostPorts) }];
}

/** `external: {name: x}` is an old way to write `external: true` and `name: x`. */
function flatExternal(resource: Mapping, path: string, warn: (message: string) => void): Mapping {
  if (!isMapping(resource.external)) return resource;
  const { name } = resource.external;
  warn(`${path}: external.name is deprecated. Please set name and external: true`);
  return { ...resource, external: true, ...(name !== undefined && { name }) };
}
