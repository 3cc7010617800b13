import { ComposeError, isMapping, type Mapping, type Value } from '../value.ts';
import type { Decoded } from './decode.ts';
import { entriesOf } from './fields.ts';

/** Checks that the parts of a project fit together. */
export function checkConsistency(project: Decoded): void {
  for (const [name, service] of project.services) {
    const problem = problemOf(name, service, project);
    if (problem !== null) throw new ComposeError(`${problem}: invalid compose project`);
    checkOwn(service);
  }
  checkCycles(project.services);
}

function problemOf(name: string, service: Mapping, project: Decoded): string | null {
  if (service.image === undefined && service.build === undefined) {
    return `service "${name}" has neither an image nor a build context specified`;
  }
  if (service.network_mode !== undefined && service.networks !== undefined) {
    return `service ${name} declares mutually exclusive \`network_mode\` and \`networks\``;
  }
  const isMissing = (kind: keyof Decoded) => (key: string) => !project[kind].has(key);
  const network = Object.keys(service.networks ?? {}).find(isMissing('networks'));
  if (network !== undefined) return `service "${name}" refers to undefined network ${network}`;
  const needed = Object.keys(service.depends_on ?? {}).find(isMissing('services'));
  if (needed !== undefined) return `service "${name}" depends on undefined service "${needed}"`;
  const volume = sources(service.volumes, 'volume').find(isMissing('volumes'));
  if (volume !== undefined) return `service "${name}" refers to undefined volume ${volume}`;
  const config = sources(service.configs).find(isMissing('configs'));
  if (config !== undefined) return `service "${name}" refers to undefined config ${config}`;
  const secret = sources(service.secrets).find(isMissing('secrets'));
  if (secret !== undefined) return `service "${name}" refers to undefined secret ${secret}`;
  return scaleProblem(name, service);
}

/** Names of named volumes, configs or secrets that a service uses. */
function sources(value: Value | undefined, type?: string): string[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((item) => {
    if (!isMapping(item) || typeof item.source !== 'string') return [];
    return type === undefined || item.type === type ? [item.source] : [];
  });
}

function scaleProblem(name: string, service: Mapping): string | null {
  if (service.container_name === undefined) return null;
  const replicas = isMapping(service.deploy) ? service.deploy.replicas : undefined;
  const attribute =
    Number(service.scale ?? 1) > 1 ? 'scale' : Number(replicas ?? 1) > 1 ? 'deploy.replicas' : null;
  if (attribute === null) return null;
  return `services.${attribute}: can't set container_name and ${name} as container name must be unique`;
}

/** What Compose refuses in a single service without naming the service. */
function checkOwn({ healthcheck, volumes }: Mapping): void {
  const test = isMapping(healthcheck) ? healthcheck.test : undefined;
  if (Array.isArray(test) && !['CMD', 'CMD-SHELL', 'NONE'].includes(String(test[0]))) {
    throw new ComposeError('healthcheck.test must start either by "CMD", "CMD-SHELL" or "NONE"');
  }
  for (const volume of Array.isArray(volumes) ? volumes : []) {
    if (isMapping(volume) && volume.type === 'bind' && volume.source === undefined) {
      throw new ComposeError('invalid mount config for type "bind": field Source must not be empty');
    }
  }
}

function checkCycles(services: Map<string, Mapping>): void {
  const done = new Set<string>();
  const visit = (name: string, above: string[]): void => {
    if (above.includes(name)) {
      const cycle = [...above.slice(above.indexOf(name)), name];
      throw new ComposeError(`dependency cycle detected: ${cycle.join(' -> ')}`);
    }
    if (done.has(name)) return;
    for (const [next] of entriesOf(services.get(name)?.depends_on)) visit(next, [...above, name]);
    done.add(name);
  };
  for (const name of services.keys()) visit(name, []);
}
