import {
  byName,
  ComposeError,
  Float,
  goText,
  isMapping,
  type Mapping,
  mapping,
  type Value,
} from '../value.ts';
import type { Folders } from './paths.ts';
import { durationText, sizeText } from './units.ts';

/** Where a property is, for messages, and where relative paths begin. */
export interface Place {
  /** `services[leader].command`. */
  path: string;
  folders: Folders;
  /** What can't be read; all of it is told at once. */
  problems: string[];
}

/** Brings a checked property into the form that Compose prints; undefined for what it leaves away. */
export type Field = (value: Value, place: Place) => Value | undefined;

export const same = (value: Value) => value;
export const text = (value: Value) => (value === '' || value === null ? undefined : value);
export const flag = (value: Value) => (value === true ? true : undefined);
export const items = (value: Value) => (Array.isArray(value) && value.length === 0 ? undefined : value);
export const textOrItems = (value: Value) => (typeof value === 'string' ? [value] : items(value));

/** A number that may be written as text. 0 counts as absent. */
export const number = (value: Value) => (Number(anyNumber(value)) === 0 ? undefined : anyNumber(value));

export const anyNumber = (value: Value) => {
  const isText = typeof value === 'string' && value !== '' && Number.isFinite(Number(value));
  return isText ? Number(value) : plainTree(value);
};

/** Items as text: `[5432]` is `["5432"]`. */
export const asTexts = (value: Value) =>
  Array.isArray(value) && value.length > 0 ? value.map(goText) : undefined;

/** Without Go's number types, so that it can be written as JSON. */
export function plainTree(value: Value): Value {
  if (value instanceof Float) return value.number;
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(plainTree);
  if (!isMapping(value)) return value;
  return mapping(Object.entries(value).map(([name, item]) => [name, plainTree(item)]));
}

/** A tree with all names in order. */
export function sortedTree(value: Value): Value {
  if (Array.isArray(value)) return value.map(sortedTree);
  return isMapping(value)
    ? sorted(Object.entries(value).map(([name, item]) => [name, sortedTree(item)]))
    : value;
}

/** A list of `NAME=value` or a mapping, as a mapping of texts. `bare`: the value of a name without one. */
export const dictionary = (bare: null | string) => (value: Value) => {
  const pairs: [string, Value][] = Array.isArray(value)
    ? value.map((item) => cut(goText(item), bare))
    : entriesOf(value).map(([name, item]) => [name, item === null ? bare : goText(item)]);
  return pairs.length === 0 ? undefined : sorted(pairs);
};

function cut(item: string, bare: Value): [string, Value] {
  const at = item.indexOf('=');
  return at === -1 ? [item, bare] : [item.slice(0, at), item.slice(at + 1)];
}

export function sorted(pairs: [string, Value][]): Mapping {
  return mapping(byName(Object.entries(mapping(pairs))));
}

export function entriesOf(value: Value | undefined): [string, Value][] {
  return isMapping(value) ? Object.entries(value) : [];
}

/** Notes what can't be read in the words of Compose's decoder. */
export function decoding(place: Place, decode: () => Value | undefined): Value | undefined {
  try {
    return decode();
  } catch (error) {
    if (!(error instanceof ComposeError)) throw error;
    place.problems.push(`error decoding '${place.path}': ${error.message}`);
    return undefined;
  }
}

export const duration: Field = (value, place) => decoding(place, () => durationText(goText(value)));
export const size: Field = (value, place) => decoding(place, () => text(sizeText(value)));

/** A mapping with these fields, in this order. */
export function struct(fields: Record<string, Field>): Field {
  return (value, place) => (isMapping(value) ? fieldsOf(fields, value, place) : undefined);
}

export function structs(fields: Record<string, Field>): Field {
  return (value, place) => {
    if (!Array.isArray(value) || value.length === 0) return undefined;
    return value
      .filter(isMapping)
      .map((item, i) => fieldsOf(fields, item, { ...place, path: `${place.path}[${i}]` }));
  };
}

/** The fields that a mapping has, in the order of `fields`. */
export function fieldsOf(fields: Record<string, Field>, value: Mapping, place: Place): Mapping {
  const shown = Object.entries(fields).flatMap(([name, field]): [string, Value][] => {
    if (!Object.hasOwn(value, name)) return [];
    const item = field(value[name] ?? null, { ...place, path: `${place.path}.${name}` });
    return item === undefined ? [] : [[name, item]];
  });
  return mapping(shown);
}
