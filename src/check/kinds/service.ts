import { node, only, optionalMap, optionalText, optionalTexts } from '../args.ts';
import { COMPOSED_MISTAKES, composed } from '../composed.ts';
import { ArgumentError, type CheckKind } from '../kind.ts';
import { compare, type ServiceArgs, TEXTS } from '../service-properties.ts';
import { and, failed, passed } from '../verdict.ts';

const ACCEPTS = [...TEXTS, 'port', 'mount', 'command', 'environment', 'depends-on'] as const;

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
