import { ComposeError, goText, isMapping, type Value } from '../value.ts';
import {
  anyNumber,
  decoding,
  dictionary,
  duration,
  entriesOf,
  type Field,
  flag,
  items,
  number,
  plainTree,
  size,
  sorted,
  struct,
  structs,
  text,
} from './fields.ts';
import { absolutePath } from './paths.ts';
import { shellWords } from './words.ts';

/** Properties that no lesson needs. They are resolved so that what runs a service can see that they are there. */

export const command: Field = (value, place) =>
  typeof value === 'string' ? decoding(place, () => shellWords(value)) : value;

export const extraHosts: Field = (value, place) =>
  decoding(place, () => {
    const hosts = Array.isArray(value)
      ? value.map((item) => hostAndAddress(goText(item)))
      : entriesOf(value).flatMap(([host, address]) => [address].flat().map((one) => `${host}=${one}`));
    return hosts.length === 0 ? undefined : hosts.toSorted();
  });

function hostAndAddress(written: string): string {
  const [, host, address] = /^([^=:]+)[=:](.+)$/.exec(written) ?? [];
  if (host === undefined) throw new ComposeError(`invalid additional host, missing IP: ${written}`);
  return `${host}=${address}`;
}

export const logging = struct({ driver: text, options: dictionary('') });

export const ulimits: Field = (value) => {
  const limits = entriesOf(value).map(([name, limit]): [string, Value] => [
    name,
    isMapping(limit)
      ? { soft: anyNumber(limit.soft ?? 0), hard: anyNumber(limit.hard ?? 0) }
      : anyNumber(limit),
  ]);
  return limits.length === 0 ? undefined : sorted(limits);
};

export const devices: Field = (value) => {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  return value.map((item) => {
    if (isMapping(item)) return { target: item.source ?? '', permissions: 'rwm', ...item };
    const [source = '', target = source, permissions = 'rwm'] = goText(item).split(':');
    return { source, target, permissions };
  });
};

export const gpus: Field = (value) => (value === 'all' ? [{ count: -1 }] : items(plainTree(value)));

/** Secrets and configs of a service. */
export const grants =
  (folder: string): Field =>
  (value) => {
    if (!Array.isArray(value) || value.length === 0) return undefined;
    return value.map((item) => {
      const long = isMapping(item) ? item : { source: item };
      const target = long.target ?? (folder === '' ? undefined : `${folder}/${goText(long.source ?? '')}`);
      return { ...long, ...(target !== undefined && { target }) };
    });
  };

export const hooks = structs({
  command,
  user: text,
  privileged: flag,
  working_dir: text,
  environment: dictionary(null),
});

const rollout = struct({
  parallelism: number,
  delay: duration,
  failure_action: text,
  monitor: duration,
  max_failure_ratio: number,
  order: text,
});

const resources = struct({
  limits: struct({ cpus: number, memory: size, pids: number }),
  reservations: struct({
    cpus: number,
    memory: size,
    devices: (value) => plainTree(value),
    generic_resources: (value) => plainTree(value),
  }),
});

const deployFields = struct({
  mode: text,
  replicas: anyNumber,
  labels: dictionary(''),
  update_config: rollout,
  rollback_config: rollout,
  resources,
  restart_policy: struct({ condition: text, delay: duration, max_attempts: anyNumber, window: duration }),
  placement: struct({
    constraints: items,
    preferences: structs({ spread: text }),
    max_replicas_per_node: number,
  }),
  endpoint_mode: text,
});

export const deploy: Field = (value, place) =>
  isMapping(value) ? deployFields({ resources: {}, placement: {}, ...value }, place) : undefined;

const buildFields = struct({
  context: (value, place) => absolutePath(goText(value), place.folders),
  dockerfile: text,
  dockerfile_inline: text,
  entitlements: items,
  args: dictionary(null),
  ssh: dictionary(''),
  labels: dictionary(''),
  cache_from: items,
  cache_to: items,
  no_cache: flag,
  additional_contexts: dictionary(''),
  pull: flag,
  extra_hosts: extraHosts,
  isolation: text,
  network: text,
  target: text,
  secrets: grants(''),
  shm_size: size,
  tags: items,
  ulimits,
  platforms: items,
  privileged: flag,
});

export const build: Field = (value, place) => {
  const long = isMapping(value) ? value : { context: value };
  const inline = long.dockerfile_inline !== undefined;
  return buildFields({ context: '.', ...(inline ? {} : { dockerfile: 'Dockerfile' }), ...long }, place);
};
