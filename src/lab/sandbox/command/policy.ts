import { realpath } from 'node:fs/promises';
import path from 'node:path';
import type { ComposeConfig, ComposeService } from '../../../observe/types.ts';
import { plainText } from '../../compose-source.ts';
import type { Mount } from '../engine/types.ts';
import { knownImage, noSuchImage, USE_KNOWN_IMAGE } from '../image.ts';
import { refused } from './refusal.ts';

/** Properties that the sandbox acts on. */
const HONOURED = `command container_name depends_on env_file environment hostname image networks ports restart
  stop_grace_period volumes`;

/** Properties without which the lessons go the same way. */
const HARMLESS = `annotations attach blkio_config cpu_count cpu_percent cpu_period cpu_quota cpu_shares cpus cpuset expose
  healthcheck init labels logging mem_limit mem_reservation mem_swappiness memswap_limit oom_kill_disable oom_score_adj
  pids_limit profiles pull_policy shm_size stdin_open tty ulimits`;

const ACCEPTED = new Set(`${HONOURED} ${HARMLESS}`.split(/\s+/));

/** Refuses, by name, what the sandbox can't honour in these services. Nothing may have been started before. */
export async function checkServices(
  config: ComposeConfig,
  services: string[],
  workspace: string,
): Promise<void> {
  for (const name of services) {
    const service = config.services[name];
    if (!service) continue;
    checkProperties(name, service);
    checkImage(service.image);
    checkCommand(name, service.command);
    checkNetworks(config, name, service);
    for (const { condition } of Object.values(service.depends_on ?? {})) {
      if (condition === 'service_completed_successfully')
        throw refused(`the sandbox does not know the condition ${condition} (service ${name})`);
    }
    for (const mount of service.volumes ?? []) {
      if (mount.type !== 'bind' && mount.type !== 'volume')
        throw refused(`the sandbox does not know volumes of type ${mount.type} (service ${name})`);
      if (mount.type === 'bind') await checkSource(plainText(mount.source ?? ''), workspace);
    }
  }
}

function checkProperties(name: string, service: ComposeService): void {
  if ('build' in service)
    throw refused(`the sandbox does not build images (service ${name})`, USE_KNOWN_IMAGE);
  for (const [key, value] of Object.entries(service)) {
    if (ACCEPTED.has(key) || key.startsWith('x-') || isEmpty(value)) continue;
    if (key === 'deploy' && !('replicas' in Object(value))) continue;
    throw refused(`the sandbox does not know the property ${key} (service ${name})`);
  }
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === false || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

export function checkImage(image: string | undefined): void {
  if (image !== undefined && knownImage(image) === null) throw refused(noSuchImage(image), USE_KNOWN_IMAGE);
}

/** The entrypoint of the image starts the server for `postgres …` and for options alone. */
export function isServer(argv: string[]): boolean {
  const [program = 'postgres'] = argv;
  return program === 'postgres' || program.startsWith('-');
}

function checkCommand(name: string, command: ComposeService['command']): void {
  const argv = typeof command === 'string' ? command.split(/\s+/) : (command ?? []);
  if (isServer(argv)) return;
  throw refused(`the sandbox starts no other program than postgres (service ${name}: ${argv[0]})`);
}

function checkNetworks(config: ComposeConfig, name: string, service: ComposeService): void {
  for (const [key, options] of Object.entries(service.networks ?? {})) {
    for (const option of ['ipv4_address', 'ipv6_address', 'mac_address', 'link_local_ips'])
      if (options !== null && typeof options === 'object' && option in options)
        throw refused(`the sandbox does not know the property ${option} (service ${name}, network ${key})`);
    const driver = config.networks[key]?.driver;
    if (driver !== undefined && driver !== 'bridge')
      throw refused(`the sandbox does not know networks of the driver ${driver} (network ${key})`);
  }
}

/** Refuses a bind source that is outside of the workspace, also by links. Returns its real path. */
async function checkSource(source: string, workspace: string): Promise<string> {
  const real = await realOfExisting(path.resolve(source));
  if (real !== workspace && !real.startsWith(`${workspace}${path.sep}`))
    throw refused(
      `the sandbox does not mount ${source}: it stays in the workspace`,
      `Mount a folder of ${workspace}`,
    );
  return real;
}

/** Real path of what is there, with the names that are not there yet. */
async function realOfExisting(place: string): Promise<string> {
  try {
    return await realpath(place);
  } catch {
    const parent = path.dirname(place);
    return parent === place ? place : path.join(await realOfExisting(parent), path.basename(place));
  }
}

const MODES = new Set('ro rw z Z cached delegated consistent nocopy'.split(' '));

/**
 * Reads `source:target[:mode]` of `docker run -v`. `cwd` is where a source such as `./data` begins. Throws Docker's
 * words for a wrong one, without its prefix, as `invalid`.
 */
export async function readVolume(
  written: string,
  { cwd, workspace, invalid }: { cwd: string; workspace: string; invalid(message: string): Error },
): Promise<Mount | null> {
  const parts = written.split(':');
  if (parts.length === 1) return null; // an anonymous volume: nobody can look into it afterwards
  const [source = '', target = '', mode = ''] = parts;
  const wrong = (why: string) => invalid(`invalid volume specification: '${written}': ${why}`);
  if (parts.length > 3 || source === '' || target === '')
    throw invalid(`invalid volume specification: '${written}'`);
  if (!target.startsWith('/'))
    throw wrong(
      `invalid mount config for type "bind": invalid mount path: '${target}' mount path must be absolute`,
    );
  const modes = mode === '' ? [] : mode.split(',');
  const strange = modes.find((one) => !MODES.has(one));
  if (strange !== undefined) throw invalid(`invalid mode: ${mode}`);
  const readOnly = modes.includes('ro');
  const normal = path.posix.normalize(target).replace(/(.)\/$/, '$1');
  if (!/^[./~]/.test(source)) {
    if (!/^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/.test(source))
      throw invalid(
        `create ${source}: "${source}" includes invalid characters for a local volume name, only "[a-zA-Z0-9][a-zA-Z0-9_.-]" are allowed. If you intended to pass a host directory, use absolute path`,
      );
    return { type: 'volume', source, target: normal, readOnly };
  }
  const real = await checkSource(path.resolve(cwd, source), workspace);
  return { type: 'bind', source: real, target: normal, readOnly };
}
