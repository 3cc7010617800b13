import { byName, ComposeError, isMapping, type Mapping, type Value } from '../value.ts';
import { entriesOf, fieldsOf, type Place } from './fields.ts';
import type { Folders } from './paths.ts';
import { decodeResource, type ResourceKind } from './resource-fields.ts';
import { inPrintOrder, SERVICE_FIELDS } from './service-fields.ts';

/** Services, and the networks, volumes, secrets and configs with their full names. */
export type Decoded = Record<'services' | ResourceKind, Map<string, Mapping>>;

/** Brings all of a checked file into Compose's own forms, services sorted by name. */
export function decode(file: Mapping, project: string, folders: Folders): Decoded {
  const problems: string[] = [];
  const services = entriesOf(file.services).map(([name, service]): [string, Mapping] => [
    name,
    decodeService(service, { path: `services[${name}]`, folders, problems }),
  ]);
  const declared = (kind: ResourceKind) =>
    new Map(
      entriesOf(file[kind]).map(([key, value]): [string, Mapping] => {
        const place = { path: `${kind}[${key}]`, folders, problems };
        return [key, decodeResource(kind, key, value, project, place)];
      }),
    );
  const decoded = {
    services: new Map(byName(services)),
    networks: declared('networks'),
    volumes: declared('volumes'),
    secrets: declared('secrets'),
    configs: declared('configs'),
  };
  if (problems.length > 0) {
    throw new ComposeError(`decoding failed due to the following error(s):\n\n${problems.join('\n')}`);
  }
  return decoded;
}

function decodeService(service: Value, place: Place): Mapping {
  const decoded = fieldsOf(SERVICE_FIELDS, isMapping(service) ? service : {}, place);
  // A service that names no network is on the default one.
  const attached = decoded.network_mode !== undefined || decoded.networks !== undefined;
  const networks: Mapping = attached ? {} : { networks: { default: null } };
  return inPrintOrder({ command: null, entrypoint: null, ...networks, ...decoded });
}
