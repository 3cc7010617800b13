import type { ComposeConfig } from '../observe/types.ts';
import { printable } from './intake/names.ts';
import { isOutside } from './policy/paths.ts';
import { entries, fields, isEmpty, isOn, list, type Problem, problem, shown } from './policy/problem.ts';
import { serviceProblems } from './policy/service.ts';
import type { Remark } from './types.ts';

/**
 * What a compose file asks for that a submission may not have. `config`: a resolved file, or the content of one as it
 * is written; whatever it holds, nothing is thrown. `copy`: folder of the submission, where relative paths begin. Asks
 * the file system where links lead, and nothing else.
 */
export function judgeCompose(
  config: ComposeConfig | object,
  copy: string,
  where = 'docker-compose.yml',
): Remark[] {
  return composeProblems(config, copy).map((one) => asRemark(one, where));
}

export function asRemark({ id, message }: Problem, where: string): Remark {
  return { kind: 'policy', id, where, message };
}

/** The same, with what each is about. */
export function composeProblems(config: object, copy: string): Problem[] {
  const { services, networks, volumes, configs, secrets, include } = fields(config);
  return [
    ...countProblems(services),
    ...each('Service', services, (service, name) => serviceProblems(service, name, copy)),
    ...each('Network', networks, networkProblems),
    ...each('Volume', volumes, volumeProblems),
    ...each('Config', configs, (one, name) => grantProblems(one, name, copy)),
    ...each('Secret', secrets, (one, name) => grantProblems(one, name, copy)),
    ...list(include).flatMap((one) => includeProblems(one, copy)),
  ];
}

function each(kind: string, all: unknown, judge: (one: unknown, name: string) => Problem[]): Problem[] {
  return entries(all).flatMap(([key, one]) => judge(one, `${kind} ${printable(key, 60)}`));
}

/** Services of a submission: the two servers, whatever they are called. */
const SERVICES = 2;

function countProblems(services: unknown): Problem[] {
  const names = entries(services).map(([name]) => name);
  if (names.length <= SERVICES) return [];
  const extra = names.filter((name) => name !== 'leader' && name !== 'follower');
  const message = `The compose file has ${names.length} services, but a submission may not have others than its two servers: ${shown(extra)}.`;
  return [{ id: 'too-many-services', subject: 'The compose file', property: 'services', message }];
}

const OTHERS = 'use what it did not make itself';

function networkProblems(network: unknown, name: string): Problem[] {
  const { external, driver, driver_opts } = fields(network);
  if (isExternal(external)) return [problem('external-network', name, 'external', OTHERS)];
  const may = 'choose how networks of this machine are made';
  if (!isEmpty(driver) && driver !== 'bridge')
    return [problem('network-driver', name, 'driver', may, driver)];
  return isEmpty(driver_opts) ? [] : [problem('network-driver', name, 'driver_opts', may)];
}

function volumeProblems(volume: unknown, name: string): Problem[] {
  const { external, driver, driver_opts } = fields(volume);
  if (isExternal(external)) return [problem('external-volume', name, 'external', OTHERS)];
  const may = 'choose where volumes of this machine are kept';
  if (!isEmpty(driver) && driver !== 'local') return [problem('volume-driver', name, 'driver', may, driver)];
  return isEmpty(driver_opts) ? [] : [problem('volume-driver', name, 'driver_opts', may)];
}

/** Configs and secrets. */
function grantProblems(grant: unknown, name: string, copy: string): Problem[] {
  const { external, file, environment, driver, template_driver } = fields(grant);
  if (isExternal(external)) return [problem('external-secret', name, 'external', OTHERS)];
  if (typeof file === 'string' && isOutside(file, copy))
    return [problem('file-outside', name, 'file', 'read files outside of its folder', file)];
  if (!isEmpty(environment))
    return [problem('host-environment', name, 'environment', 'read variables of this machine', environment)];
  const used = isEmpty(driver) ? template_driver : driver;
  return isEmpty(used) ? [] : [problem('external-secret', name, 'driver', OTHERS, used)];
}

const isExternal = (value: unknown): boolean => isOn(value) || (typeof value === 'object' && !isEmpty(value));

function includeProblems(include: unknown, copy: string): Problem[] {
  const { path, env_file, project_directory } =
    typeof include === 'string' ? { path: include } : (fields(include) as Record<string, unknown>);
  return [path, env_file, project_directory].flatMap(list).flatMap((file) => {
    const text = String(file);
    const isRemote = /^[a-z+]+:\/\/|^git@|^oci:|\.git(?:#|$)/i.test(text);
    if (!isRemote && !isOutside(text, copy)) return [];
    const may = 'read files outside of its folder';
    return [problem('file-outside', 'The compose file', 'include', may, text)];
  });
}
