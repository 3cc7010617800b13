import { goText, isMapping, type Mapping, mapping, type Value } from '../value.ts';
import {
  anyNumber,
  asTexts,
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
  text,
  textOrItems,
} from './fields.ts';
import {
  build,
  command,
  deploy,
  devices,
  extraHosts,
  gpus,
  grants,
  hooks,
  logging,
  ulimits,
} from './rare-fields.ts';
import { volumes } from './volumes.ts';

/** A list of names, or a mapping of names to what is said of each; the list's names with nothing said. */
const named =
  (field: Field): Field =>
  (value, place) => {
    const entries: [string, Value][] = Array.isArray(value)
      ? value.map((name) => [goText(name), null])
      : entriesOf(value);
    if (entries.length === 0) return undefined;
    return sorted(entries.map(([name, item]) => [name, field(item, place) ?? null]));
  };

const dependency: Field = (value) => {
  const { condition = 'service_started', restart, required = true } = isMapping(value) ? value : {};
  return { condition, ...(restart === true && { restart }), required };
};

const attachment = struct({
  priority: number,
  gw_priority: number,
  aliases: items,
  ipv4_address: text,
  ipv6_address: text,
  link_local_ips: items,
  mac_address: text,
  driver_opts: dictionary(''),
});

const healthcheck = struct({
  test: (value) => (typeof value === 'string' ? ['CMD-SHELL', value] : items(value)),
  timeout: duration,
  interval: duration,
  retries: anyNumber,
  start_period: duration,
  start_interval: duration,
  disable: flag,
});

const pullPolicy: Field = (value) => (value === 'if_not_present' ? 'missing' : text(value));

/** Properties of a service in the order in which Compose prints them. */
export const SERVICE_FIELDS: Record<string, Field> = {
  profiles: items,
  annotations: dictionary(''),
  attach: plainTree,
  build,
  develop: plainTree,
  blkio_config: plainTree,
  cap_add: items,
  cap_drop: items,
  cgroup_parent: text,
  cgroup: text,
  cpu_count: number,
  cpu_percent: number,
  cpu_period: number,
  cpu_quota: number,
  cpu_rt_period: number,
  cpu_rt_runtime: number,
  cpus: number,
  cpuset: text,
  cpu_shares: number,
  command,
  configs: grants(''),
  container_name: text,
  credential_spec: plainTree,
  depends_on: named(dependency),
  deploy,
  device_cgroup_rules: items,
  devices,
  dns: textOrItems,
  dns_opt: items,
  dns_search: textOrItems,
  domainname: text,
  entrypoint: command,
  environment: dictionary(null),
  env_file: items,
  expose: asTexts,
  external_links: items,
  extra_hosts: extraHosts,
  group_add: asTexts,
  gpus,
  hostname: text,
  healthcheck,
  image: text,
  init: plainTree,
  ipc: text,
  isolation: text,
  labels: dictionary(''),
  links: items,
  logging,
  mem_limit: size,
  mem_reservation: size,
  memswap_limit: size,
  mem_swappiness: size,
  mac_address: text,
  network_mode: text,
  networks: named(attachment),
  oom_kill_disable: flag,
  oom_score_adj: number,
  pid: text,
  pids_limit: number,
  platform: text,
  ports: items,
  privileged: flag,
  pull_policy: pullPolicy,
  read_only: flag,
  restart: text,
  runtime: text,
  scale: anyNumber,
  secrets: grants('/run/secrets'),
  security_opt: items,
  shm_size: size,
  stdin_open: flag,
  stop_grace_period: duration,
  stop_signal: text,
  storage_opt: dictionary(''),
  sysctls: dictionary(''),
  tmpfs: textOrItems,
  tty: flag,
  ulimits,
  user: text,
  userns_mode: text,
  uts: text,
  volumes,
  volumes_from: items,
  working_dir: text,
  post_start: hooks,
  pre_stop: hooks,
};

/** Puts the properties of a service in the order in which Compose prints them. */
export function inPrintOrder(service: Mapping): Mapping {
  const names = Object.keys(SERVICE_FIELDS).filter((name) => service[name] !== undefined);
  return mapping(names.map((name) => [name, service[name] ?? null]));
}
