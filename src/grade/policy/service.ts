import { knownImage } from '../../lab/sandbox/image.ts';
import { mountProblems } from './mounts.ts';
import { isOutside } from './paths.ts';
import { entries, fields, isEmpty, isOn, list, type Problem, problem } from './problem.ts';

/** Looks at one property. `name`: of the service, fit for a message. */
type Rule = (value: unknown, name: string, copy: string) => Problem[];

/** A property that may not be there at all, unless it says nothing. */
const never =
  (id: string, property: string, may: string): Rule =>
  (value, name) =>
    isEmpty(value) ? [] : [problem(id, name, property, may, brief(value))];

/** A property of which only some values are fine. */
const only =
  (id: string, property: string, may: string, fine: RegExp): Rule =>
  (value, name) => {
    const bad = list(value).filter((one) => !isEmpty(one) && !fine.test(String(one)));
    return bad.length === 0 ? [] : [problem(id, name, property, may, bad)];
  };

/** Mappings and long lists would fill the message. */
function brief(value: unknown): unknown {
  const plain = list(value).every((one) => typeof one !== 'object');
  return plain && value !== true ? value : undefined;
}

const SHARE = 'share what belongs to this machine or to other containers';
const DEVICES = 'use devices of this machine';
const RIGHTS = 'have more rights than its image gives';
const OTHERS = 'use what it did not make itself';

const files =
  (property: string): Rule =>
  (value, name, copy) =>
    list(value)
      .map((one) => (typeof one === 'object' ? fields(one).path : one))
      .filter((file) => typeof file === 'string' && isOutside(file, copy))
      .map((file) => problem('file-outside', name, property, 'read files outside of its folder', file));

const image: Rule = (value, name) => {
  // Not resolved yet.
  if (typeof value !== 'string' || value.includes('$') || knownImage(value) !== null) return [];
  return [problem('image', name, 'image', 'use another image than postgres:14', value)];
};

const entrypoint: Rule = (value, name) => {
  if (isEmpty(value) || /^(?:\S*\/)?docker-entrypoint\.sh$/.test(String(list(value)[0]))) return [];
  return [
    problem('entrypoint', name, 'entrypoint', 'start another program than its image does', brief(value)),
  ];
};

const deploy: Rule = (value, name) => {
  const { replicas, resources } = fields(value);
  const { devices, generic_resources } = fields(fields(resources).reservations);
  const asked = [devices, generic_resources].some((one) => !isEmpty(one));
  const found = asked ? [problem('devices', name, 'deploy.resources.reservations.devices', DEVICES)] : [];
  return [...found, ...more(replicas, name, 'deploy.replicas')];
};

function more(value: unknown, name: string, property: string): Problem[] {
  if (isEmpty(value) || Number(value) <= 1) return [];
  return [problem('replicas', name, property, 'start a service more than once', value)];
}

const extended: Rule = (value, name, copy) => files('extends')(fields(value).file, name, copy);

const RULES: Record<string, Rule> = {
  build: never('build', 'build', 'build images'),
  image,
  privileged: (value, name) => (isOn(value) ? [problem('privileged', name, 'privileged', RIGHTS)] : []),
  network_mode: only('host-namespace', 'network_mode', SHARE, /^(?:bridge|default|none|service:.*)$/),
  pid: only('host-namespace', 'pid', SHARE, /^service:/),
  ipc: only('host-namespace', 'ipc', SHARE, /^(?:private|shareable|none|service:.*)$/),
  uts: only('host-namespace', 'uts', SHARE, /^service:/),
  userns_mode: only('host-namespace', 'userns_mode', SHARE, /^$/),
  cgroup: only('host-namespace', 'cgroup', SHARE, /^private$/),
  cgroup_parent: never('cgroup-parent', 'cgroup_parent', SHARE),
  devices: never('devices', 'devices', DEVICES),
  device_cgroup_rules: never('devices', 'device_cgroup_rules', DEVICES),
  gpus: never('devices', 'gpus', DEVICES),
  cap_add: never('capabilities', 'cap_add', RIGHTS),
  security_opt: only(
    'security-opt',
    'security_opt',
    'turn off what guards this machine',
    /^no-new-privileges(?:[:=]true)?$/,
  ),
  sysctls: never('sysctls', 'sysctls', 'change settings of the kernel'),
  runtime: only('runtime', 'runtime', 'choose what runs its containers', /^runc$/),
  volumes: mountProblems,
  volumes_from: never('volumes-from', 'volumes_from', OTHERS),
  group_add: never('group-add', 'group_add', RIGHTS),
  user: (value, name) =>
    /^(?:root|0+)?(?::(?:root|0+))?$/.test(String(value ?? '')) && !isEmpty(value)
      ? [problem('user', name, 'user', RIGHTS, value)]
      : [],
  entrypoint,
  extra_hosts: never('extra-hosts', 'extra_hosts', 'give names to other machines'),
  external_links: never('external-links', 'external_links', OTHERS),
  env_file: files('env_file'),
  label_file: files('label_file'),
  extends: extended,
  deploy,
  scale: (value, name) => more(value, name, 'scale'),
  post_start: never('lifecycle-hook', 'post_start', 'have commands run beside its server'),
  pre_stop: never('lifecycle-hook', 'pre_stop', 'have commands run beside its server'),
  develop: never('lifecycle-hook', 'develop', 'have commands run beside its server'),
  logging: (value, name) => {
    const { driver } = fields(value);
    const rule = only('logging', 'logging.driver', 'send its log elsewhere', /^(?:json-file|local|none)$/);
    return rule(driver, name, '');
  },
  oom_kill_disable: (value, name) =>
    isOn(value) ? [problem('oom', name, 'oom_kill_disable', 'keep memory that it should give back')] : [],
  oom_score_adj: (value, name) =>
    Number(value) < 0
      ? [problem('oom', name, 'oom_score_adj', 'keep memory that it should give back', value)]
      : [],
};

/** What can do no harm. Whether the lessons want it is for the checks to say. */
const HARMLESS = new Set(
  `annotations attach blkio_config cap_drop command configs container_name cpu_count cpu_percent cpu_period cpu_quota
  cpu_rt_period cpu_rt_runtime cpu_shares cpus cpuset depends_on dns dns_opt dns_search domainname environment expose
  healthcheck hostname init labels links mac_address mem_limit mem_reservation mem_swappiness memswap_limit networks
  pids_limit platform ports profiles pull_policy read_only restart secrets shm_size stdin_open stop_grace_period
  stop_signal tmpfs tty ulimits working_dir`.split(/\s+/),
);

/** What a service may not have. A property that nobody knows is refused, too. */
export function serviceProblems(service: unknown, name: string, copy: string): Problem[] {
  return entries(service).flatMap(([property, value]) => {
    const rule = Object.hasOwn(RULES, property) ? RULES[property] : undefined;
    if (rule !== undefined) return rule(value, name, copy);
    if (HARMLESS.has(property) || property.startsWith('x-') || isEmpty(value)) return [];
    return [problem('unknown-property', name, property, 'use a property that is not known')];
  });
}
