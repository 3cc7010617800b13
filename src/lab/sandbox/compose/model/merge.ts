import { byName, ComposeError, goText, isMapping, type Mapping, mapping, type Value } from '../value.ts';

type Merger = (base: Value, over: Value, path: string[]) => Value;

/** Puts a later file, or a later document of a file, over an earlier one. */
export function merge(base: Mapping, over: Mapping): Mapping {
  return mergeMappings(base, over, []);
}

function mergeMappings(base: Mapping, over: Mapping, path: string[]): Mapping {
  const merged = new Map(Object.entries(base));
  for (const [name, value] of Object.entries(over)) {
    const below = merged.get(name);
    const plain = below === undefined || name.startsWith('x-');
    merged.set(name, plain ? value : mergeValues(below, value, [...path, name]));
  }
  return mapping(merged);
}

function mergeValues(base: Value, over: Value, path: string[]): Value {
  const special = specialMerger(path);
  if (special !== undefined) return special(base, over, path);
  if (isMapping(base)) {
    if (!isMapping(over)) throw new ComposeError(`cannot override ${path.join('.')}`);
    return mergeMappings(base, over, path);
  }
  if (Array.isArray(base)) {
    if (!Array.isArray(over)) throw new ComposeError(`cannot override ${path.join('.')}`);
    return [...base, ...over];
  }
  return over;
}

const replace: Merger = (_, over) => over;

const sequences: Merger = (base, over) => [...asSequence(base), ...asSequence(over)];

function asSequence(value: Value): Value[] {
  if (Array.isArray(value)) return value;
  if (!isMapping(value)) return value === null ? [] : [value];
  return byName(Object.entries(value)).map(([name, item]) =>
    item === null ? name : `${name}=${goText(item)}`,
  );
}

/** Lists of names become mappings, so that each name is there once. */
const byKey =
  (nothingSaid: Value): Merger =>
  (base, over, path) => {
    const keyed = (value: Value) =>
      Array.isArray(value) ? mapping(value.map((name) => [goText(name), nothingSaid])) : value;
    const [one, other] = [keyed(base), keyed(over)];
    if (!isMapping(one) || !isMapping(other)) throw new ComposeError(`cannot override ${path.join('.')}`);
    const said = Object.entries(other).filter(([name, value]) => value !== null || !(name in one));
    return mergeMappings(one, mapping(said), path);
  };

const limit: Merger = (base, over, path) =>
  isMapping(base) && isMapping(over) ? mergeMappings(base, over, path) : over;

const logging: Merger = (base, over, path) => {
  if (!isMapping(base) || !isMapping(over)) return over;
  const same = base.driver === over.driver || base.driver === undefined || over.driver === undefined;
  return same ? mergeMappings(base, over, path) : over;
};

const SPECIAL: Record<string, Merger> = {
  annotations: sequences,
  'build.args': sequences,
  'build.labels': sequences,
  command: replace,
  depends_on: byKey({ condition: 'service_started', required: true }),
  'deploy.labels': sequences,
  dns: sequences,
  dns_opt: sequences,
  dns_search: sequences,
  entrypoint: replace,
  env_file: sequences,
  environment: sequences,
  extra_hosts: sequences,
  'healthcheck.test': replace,
  label_file: sequences,
  labels: sequences,
  logging,
  networks: byKey(null),
  sysctls: sequences,
  tmpfs: sequences,
};

function specialMerger([section, , ...property]: string[]): Merger | undefined {
  if (section === 'services' && property[0] === 'ulimits' && property.length === 2) return limit;
  if (section === 'services') return SPECIAL[property.join('.')];
  const labels = (section === 'networks' || section === 'volumes') && property.join('.') === 'labels';
  return labels ? sequences : undefined;
}
