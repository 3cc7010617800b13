import type { ComposeConfig, ComposeService, NodeName, Observation } from '../observe/types.ts';
import { sameImage } from './image-name.ts';
import { and, quote } from './verdict.ts';

/** Properties whose value is one text. */
export const TEXTS = ['image', 'container-name', 'hostname', 'restart', 'network'] as const;

export interface ServiceArgs {
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

/** Every property of the resolved service that is not as wanted. */
export function compare(
  observation: Observation,
  args: ServiceArgs,
  own: ComposeService,
  config: ComposeConfig,
): Difference[] {
  const found: (Difference | null)[] = [];
  for (const [key, wanted] of Object.entries(args.texts)) found.push(compareText(key, wanted, own, config));
  if (args.port) found.push(comparePort(args.port, own), sharedPort(args, own, config));
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

/**
 * The container's half must be right; on the machine any fixed port will do, for the documented one may be taken.
 * Everything that looks at the servers asks the engine which one it is.
 */
function comparePort(port: { published: string; target: number }, own: ComposeService): Difference | null {
  const ports = own.ports ?? [];
  const isFixed = (published = '') => /^[1-9]\d*$/.test(String(published));
  if (ports.some(({ published, target }) => target === port.target && isFixed(published))) return null;
  const listed = ports.map(({ published, target }) => `${published ?? ''}:${target}`);
  return {
    saw: listed.length > 0 ? `ports: ${and(listed)}` : 'no ports',
    wanted: `ports: ${port.published}:${port.target}`,
    ...(ports.length > 0 &&
      ports.every(({ target }) => target !== port.target) && { wrongPort: true as const }),
  };
}

/**
 * A port of the machine can be published once. Where two services want the same one, the one that left the documented
 * number is told so.
 */
function sharedPort(
  { service, port }: ServiceArgs,
  own: ComposeService,
  { services }: ComposeConfig,
): Difference | null {
  const publishedBy = ({ ports = [] }: ComposeService) =>
    ports.map(({ published }) => String(published ?? ''));
  const others = Object.entries(services).filter(([name]) => name !== service);
  for (const published of publishedBy(own)) {
    if (published === '' || published === port?.published) continue;
    const other = others.find(([, one]) => publishedBy(one).includes(published));
    if (other)
      return {
        saw: `${service} and ${other[0]} both use port ${published} of your machine`,
        wanted: `a port of its own: ${port?.published}:${port?.target}`,
      };
  }
  return null;
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
