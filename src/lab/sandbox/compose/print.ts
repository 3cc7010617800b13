import type { ComposeConfig } from '../../../observe/types.ts';
import { byName, isMapping, type Mapping, mapping, type Value } from './value.ts';
import { yamlText } from './yaml/write.ts';

const YAML_ORDER = ['name', 'services', 'networks', 'volumes', 'secrets', 'configs'];

/** What `docker compose config` prints of a config. JSON has no line break at its end, as there. */
export function printConfig(config: ComposeConfig, format: 'yaml' | 'json'): string {
  const tree = config as unknown as Mapping;
  if (format === 'json') return goJson(mapping(byName(Object.entries(tree))));
  const known = YAML_ORDER.flatMap((name): [string, Value][] => {
    const value = tree[name];
    if (value === undefined) return [];
    return [
      [
        name,
        isMapping(value)
          ? mapping(byName(Object.entries(value)).map(([key, item]) => [key, shorter(item)]))
          : value,
      ],
    ];
  });
  const rest = Object.entries(tree).filter(([name]) => !YAML_ORDER.includes(name));
  return yamlText(mapping([...known, ...byName(rest)]));
}

/** JSON as Go writes it, which could stand in a web page. */
function goJson(value: Value): string {
  const code = (char: string) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(value, null, 2).replaceAll(/[<>&\u2028\u2029]/g, code);
}

/** A service, network or volume without what only the JSON shows. */
function shorter(value: Value): Value {
  if (!isMapping(value)) return value;
  const kept = Object.entries(value).filter(([name, item]) => {
    if (name === 'command' || name === 'entrypoint') return item !== null;
    return !(name === 'ipam' && isMapping(item) && Object.keys(item).length === 0);
  });
  return mapping(kept.map(([name, item]) => [name, name === 'deploy' ? withoutEmpty(item) : item]));
}

function withoutEmpty(value: Value): Value {
  if (!isMapping(value)) return value;
  return mapping(
    Object.entries(value).filter(([, item]) => !(isMapping(item) && Object.keys(item).length === 0)),
  );
}
