import { ComposeError, goText, goType, isMapping, type Mapping, mapping, type Value } from '../value.ts';
import { parseVolume } from './volumes.ts';

/** What makes an item of a list the same as another: then the later one takes the place of the earlier. */
type Indexer = (item: Value, path: string) => string;

const keyValue: Indexer = (item, path) => {
  if (typeof item !== 'string') throw new ComposeError(`${path}: unexpected type ${goType(item)}`);
  return item.split('=')[0] ?? '';
};

const expose: Indexer = (item, path) => {
  if (typeof item === 'string' || typeof item === 'number') return String(item);
  throw new ComposeError(`${path}: unsupported expose value %!s(${goType(item)}=${goText(item)})`);
};

const volume: Indexer = (item, path) => {
  if (typeof item === 'string') return parseVolume(item).target;
  if (!isMapping(item)) return '';
  if (typeof item.target === 'string') return item.target;
  throw new ComposeError(`service volume ${path} is missing a mount target`);
};

const port: Indexer = (item, path) => {
  if (!isMapping(item)) return typeof item === 'string' || typeof item === 'number' ? String(item) : '';
  if (item.target === undefined) {
    throw new ComposeError(`service ports ${path} is missing a target port`);
  }
  const [published, target] = [goText(item.published ?? ''), goText(item.target)];
  return `${item.host_ip ?? '0.0.0.0'}:${published}:${target}/${item.protocol ?? 'tcp'}`;
};

const grant =
  (folder: string): Indexer =>
  (item, path) => {
    if (typeof item === 'string') return `${folder}/${item}`;
    if (!isMapping(item)) throw new ComposeError(`${path}: unsupported expose value ${goText(item)}`);
    return typeof item.target === 'string' ? item.target : `${folder}/${goText(item.source ?? '')}`;
  };

const device: Indexer = (item) => {
  if (isMapping(item)) return goText(item.target ?? item.source ?? '');
  const [source = '', target = source] = goText(item).split(':');
  return target;
};

const envFile: Indexer = (item, path) => {
  if (!isMapping(item)) return goText(item);
  if (typeof item.path === 'string') return item.path;
  throw new ComposeError(`environment path attribute ${path} is missing`);
};

const INDEXERS: Record<string, Indexer> = {
  annotations: keyValue,
  cap_add: keyValue,
  cap_drop: keyValue,
  configs: grant(''),
  devices: device,
  dns: keyValue,
  dns_opt: keyValue,
  dns_search: keyValue,
  env_file: envFile,
  environment: keyValue,
  expose,
  labels: keyValue,
  links: keyValue,
  ports: port,
  profiles: keyValue,
  secrets: grant('/run/secrets'),
  sysctls: keyValue,
  tmpfs: keyValue,
  volumes: volume,
};

/** Leaves of each repeated item in a service's lists the last one, in the place of the first. */
export function uniqueItems(file: Mapping): Mapping {
  if (!isMapping(file.services)) return file;
  const services = Object.entries(file.services).map(
    ([name, service]) =>
      [name, isMapping(service) ? uniqueInService(service, `services.${name}`) : service] as const,
  );
  return { ...file, services: mapping(services) };
}

function uniqueInService(service: Mapping, path: string): Mapping {
  return mapping(
    Object.entries(service).map(([name, value]) => {
      if (name === 'networks') return [name, uniqueInNetworks(value, `${path}.${name}`)];
      const indexer = Object.hasOwn(INDEXERS, name) ? INDEXERS[name] : undefined;
      if (indexer === undefined || !Array.isArray(value)) return [name, value];
      return [name, lastOfEach(value, indexer, `${path}.${name}`)];
    }),
  );
}

function uniqueInNetworks(networks: Value, path: string): Value {
  if (!isMapping(networks)) return networks;
  return mapping(
    Object.entries(networks).map(([name, value]) => {
      if (!isMapping(value) || !Array.isArray(value.aliases)) return [name, value];
      return [name, { ...value, aliases: lastOfEach(value.aliases, keyValue, `${path}.${name}.aliases`) }];
    }),
  );
}

function lastOfEach(items: Value[], indexer: Indexer, path: string): Value[] {
  return [...new Map(items.map((item, i) => [indexer(item, `${path}.[${i}]`), item])).values()];
}
