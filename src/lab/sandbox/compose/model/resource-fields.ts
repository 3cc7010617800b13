import { isMapping, type Mapping, type Value } from '../value.ts';
import { dictionary, type Field, fieldsOf, flag, type Place, struct, structs, text } from './fields.ts';
import { absolutePath } from './paths.ts';

const NETWORK: Record<string, Field> = {
  name: text,
  driver: text,
  driver_opts: dictionary(''),
  ipam: struct({
    driver: text,
    config: structs({ subnet: text, gateway: text, ip_range: text, aux_addresses: dictionary('') }),
  }),
  external: flag,
  internal: flag,
  attachable: flag,
  labels: dictionary(''),
  enable_ipv6: flag,
};

const VOLUME: Record<string, Field> = {
  name: text,
  driver: text,
  driver_opts: dictionary(''),
  external: flag,
  labels: dictionary(''),
};

const file: Field = (value, place) => absolutePath(String(value), place.folders);

const GRANTED: Record<string, Field> = {
  name: text,
  file,
  environment: text,
  content: text,
  external: flag,
  labels: dictionary(''),
  driver: text,
  driver_opts: dictionary(''),
  template_driver: text,
};

const RESOURCES = { networks: NETWORK, volumes: VOLUME, secrets: GRANTED, configs: GRANTED };

export type ResourceKind = keyof typeof RESOURCES;

/** A network, volume, secret or config with its full name: `<project>_<key>` unless it says another. */
export function decodeResource(
  kind: ResourceKind,
  key: string,
  value: Value,
  project: string,
  place: Place,
): Mapping {
  const written = isMapping(value) ? value : {};
  const name = written.name || (written.external === true ? key : `${project}_${key}`);
  const ipam: Mapping = kind === 'networks' ? { ipam: {} } : {};
  return fieldsOf(RESOURCES[kind], { ...ipam, ...written, name }, place);
}
