import type { Mapping, Value } from '../value.ts';
import { entriesOf, sorted } from './fields.ts';
import { inPrintOrder } from './service-fields.ts';

/** Adds the dependencies that follow from other properties of a service. */
export function withImpliedDependencies(service: Mapping): Mapping {
  const needed = [...implied(service), ...entriesOf(service.depends_on)];
  return needed.length === 0 ? service : inPrintOrder({ ...service, depends_on: sorted(needed) });
}

function implied(service: Mapping): [string, Value][] {
  const sources = asItems(service.volumes_from).filter((source) => !source.startsWith('container:'));
  const modes = [service.network_mode, service.ipc, service.pid, service.uts, service.cgroup]
    .map(String)
    .filter((mode) => mode.startsWith('service:'))
    .map((mode) => mode.slice('service:'.length));
  const followed = [...asItems(service.links).map(beforeColon), ...modes];
  return [
    ...sources.map((source): [string, Value] => [beforeColon(source), STARTED]),
    ...followed.map((name): [string, Value] => [name, STARTED_AGAIN]),
  ];
}

const STARTED = { condition: 'service_started', required: true };
const STARTED_AGAIN = { condition: 'service_started', restart: true, required: true };

function asItems(value: Value | undefined): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function beforeColon(text: string): string {
  return text.split(':')[0] ?? '';
}
