import type { ComposeConfig, ComposeService, NodeName, Observation } from '../../observe/types.ts';
import { node, only, optionalMap, optionalText, optionalTexts } from '../args.ts';
import { COMPOSED_MISTAKES, composed } from '../composed.ts';
import { ArgumentError, type CheckKind } from '../kind.ts';
import { and, failed, passed, quote } from '../verdict.ts';
import { sameImage } from './image.ts';

const TEXTS = ['image', 'container-name', 'hostname', 'restart', 'network'] as const;
const ACCEPTS = [...TEXTS, 'port', 'mount', 'command', 'environment', 'depends-on'] as const;

interface ServiceArgs {
  service: NodeName;
  texts: Partial<Record<(typeof TEXTS)[number], string>>;
  /** As in the file: `5433:5432`, host first. */
  port?: { published: string; target: number } | undefined;
  mounts: { source: string; target: string }[];
  command: string[];
  environment: Record<string, string>;
  dependsOn: string[];
}

/** A property that is not as wanted. */
interface Difference {
  saw: string;
  wanted: string;
  wrongPort?: true;
}

/** Judges what `docker compose config` resolves to, so that any way to write it counts. */
export const service: CheckKind<ServiceArgs> = {
  kind: 'service',
  accepts: ACCEPTS,
  mistakes: [...COMPOSED_MISTAKES, 'compose-property', 'wrong-container-port'],
  parse(raw) {
    only(raw, 'service', ACCEPTS);
    const found = TEXTS.map((key) => [key, optionalText(raw, key)] as const).filter(
      ([, value]) => value !== undefined,
    );
    const args = {
      service: node(raw, 'service'),
      texts: Object.fromEntries(found) as ServiceArgs['texts'],
      port: portOf(optionalText(raw, 'port')),
      mounts: (optionalTexts(raw, 'mount') ?? []).map(mountOf),
      command: optionalTexts(raw, 'command') ?? [],
      environment: optionalMap(raw, 'environment') ?? {},
      dependsOn: optionalTexts(raw, 'depends-on') ?? [],
    };
    if (properties(args).length === 0)
      throw new ArgumentError('service', 'service needs at least one property to judge.');
    return args;
  },
  title: (args) => `${args.service} in docker-compose.yml has the right ${and(properties(args))}`,
  why: () => 'The container is made from exactly these values, and later steps rely on them.',
  reads: () => ({ parts: ['engine', 'compose'] }),
  judge(observation, args) {
    const found = composed(observation, [args.service]);
    if (found.state !== 'ok') return found;
    const own = found.config.services[args.service] ?? {};
    const differences = compare(observation, args, own, found.config);
    const probe = `service ${args.service} in docker compose config`;
    if (differences.length === 0)
      return passed({ probe, wanted: service.title(args) }, `the right ${and(properties(args))}`);
    const wrongPort = differences.find((one) => one.wrongPort);
    const question = { probe, wanted: differences.map(({ wanted }) => wanted).join('; ') };
    const saw = differences.map((one) => one.saw).join('; ');
    if (!wrongPort) return failed(question, 'compose-property', saw, service.why(args));
    const why =
      'The second number is the port inside the container. PostgreSQL listens on 5432 there, on both nodes.';
    return failed(question, 'wrong-container-port', saw, why);
  },
};

function properties(args: ServiceArgs): string[] {
  return [
    ...Object.keys(args.texts).map((key) => key.replace('-', ' ')),
    ...(args.port ? ['port'] : []),
    ...(args.mounts.length > 0 ? ['mounts'] : []),
    ...(args.command.length > 0 ? ['command'] : []),
    ...(Object.keys(args.environment).length > 0 ? ['environment'] : []),
    ...(args.dependsOn.length > 0 ? ['depends_on'] : []),
  ];
}

function compare(
  observation: Observation,
  args: ServiceArgs,
  own: ComposeService,
  config: ComposeConfig,
): Difference[] {
  const found: (Difference | null)[] = [];
  for (const [key, wanted] of Object.entries(args.texts)) found.push(compareText(key, wanted, own, config));
  if (args.port) found.push(comparePort(args.port, own));
  for (const mount of args.mounts) found.push(compareMount(observation, mount, own));
  if (args.command.length > 0) found.push(compareCommand(args.command, own));
  for (const [name, wanted] of Object.entries(args.environment)) {
    const value = own.environment?.[name] ?? null;
    // Values of passwords are never shown.
    const shown = (text: string) => (/password/i.test(name) ? 'the value of the lesson' : text);
    if (value === wanted) continue;
    const saw =
      value === null ? `no ${name}` : `${name} is ${/password/i.test(name) ? 'another value' : quote(value)}`;
    found.push({ saw, wanted: `${name}: ${shown(wanted)}` });
  }
  for (const name of args.dependsOn) {
    if (!own.depends_on?.[name])
      found.push({ saw: `does not depend on ${name}`, wanted: `depends_on: ${name}` });
  }
  return found.filter((one) => one !== null);
}

function compareText(
  key: string,
  wanted: string,
  own: ComposeService,
  config: ComposeConfig,
): Difference | null {
  if (key === 'network') {
    const networks = Object.keys(own.networks ?? {});
    if (networks.some((name) => name === wanted || config.networks?.[name]?.name === wanted)) return null;
    return { saw: `networks: ${and(networks)}`, wanted: `network ${wanted}` };
  }
  const value = {
    image: own.image,
    'container-name': own.container_name,
    hostname: own.hostname,
    restart: own.restart,
  }[key];
  if (value !== undefined && (key === 'image' ? sameImage(value, wanted) : value === wanted)) return null;
  const name = key.replace('-', '_');
  return {
    saw: `${name} is ${value === undefined ? 'not set' : quote(value)}`,
    wanted: `${name}: ${wanted}`,
  };
}

function comparePort(port: { published: string; target: number }, own: ComposeService): Difference | null {
  const ports = (own.ports ?? []).map(({ published = '', target }) => ({
    published: String(published),
    target,
  }));
  if (ports.some(({ published, target }) => published === port.published && target === port.target))
    return null;
  const listed = ports.map(({ published, target }) => `${published}:${target}`);
  const wrong = ports.some(({ published, target }) => published === port.published && target !== port.target);
  const saw = listed.length > 0 ? `ports: ${and(listed)}` : 'no ports';
  return {
    saw,
    wanted: `ports: ${port.published}:${port.target}`,
    ...(wrong && { wrongPort: true as const }),
  };
}

function compareMount(
  { workspace }: Observation,
  { source, target }: { source: string; target: string },
  own: ComposeService,
): Difference | null {
  const found = own.volumes?.find((volume) => volume.target.replace(/\/+$/, '') === target);
  const wanted = `./${source} on ${target}`;
  if (!found) return { saw: `nothing mounted on ${target}`, wanted };
  if (found.type !== 'bind')
    return { saw: `${target} is a ${found.type} named ${found.source ?? '(none)'}`, wanted };
  const plain = (path: string) => path.replaceAll('\\', '/').replace(/\/+$/, '');
  const from = plain(found.source ?? '');
  // Compose may name the workspace by another path than ours (a symbolic link such as /tmp on macOS).
  const folder = plain(workspace).split('/').at(-1);
  if (from === `${plain(workspace)}/${source}` || from.endsWith(`/${folder}/${source}`)) return null;
  return { saw: `${from} is mounted on ${target}`, wanted };
}

function compareCommand(wanted: string[], own: ComposeService): Difference | null {
  const words = commandWords(own.command);
  let at = 0;
  for (const word of words) if (word === wanted[at]) at++;
  if (at === wanted.length) return null;
  return {
    saw: words.length > 0 ? `command: ${quote(words.join(' '))}` : 'no command',
    wanted: `command: ${wanted.join(' ')}`,
  };
}

/** `--name=value` is the long form of `-c name=value`, and the image puts `postgres` before a leading option. */
function commandWords(command: ComposeService['command']): string[] {
  const words = (typeof command === 'string' ? command.split(/\s+/) : (command ?? [])).flatMap((word) => {
    const long = /^(?:--|-c)([a-z_-]+=.*)$/.exec(word);
    return long?.[1] ? ['-c', long[1].replace(/^[^=]+/, (name) => name.replaceAll('-', '_'))] : [word];
  });
  return words[0]?.startsWith('-') ? ['postgres', ...words] : words.filter((word) => word !== '');
}

function portOf(value: string | undefined): ServiceArgs['port'] {
  if (value === undefined) return undefined;
  const match = /^(\d+):(\d+)$/.exec(value);
  if (!match?.[1]) throw new ArgumentError('port', '"port" must look like "5433:5432".');
  return { published: match[1], target: Number(match[2]) };
}

function mountOf(value: string): { source: string; target: string } {
  const match = /^\.\/([^:]+):(\/[^:]+?)\/?(?::ro|:rw)?$/.exec(value);
  if (!match?.[1] || !match[2]) throw new ArgumentError('mount', '"mount" must look like "./folder:/path".');
  return { source: match[1].replace(/\/+$/, ''), target: match[2] };
}
