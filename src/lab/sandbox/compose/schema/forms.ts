import type { Schema } from './validate.ts';

/** Forms that many properties of the compose specification share. */

export const text: Schema = { types: ['string'] };
export const flag: Schema = { types: ['boolean', 'string'] };
export const number: Schema = { types: ['number', 'string'] };
export const integer: Schema = { types: ['integer', 'string'] };

export const list = (items: Schema): Schema => ({ types: ['array'], items });
export const set = (items: Schema): Schema => ({ types: ['array'], items, unique: true });
export const oneOf = (...forms: Schema[]): Schema => ({ oneOf: forms });

/** A mapping with these properties and extensions only. */
export const object = (properties: Record<string, Schema>, ...required: string[]): Schema => ({
  types: ['object'],
  properties,
  required,
  closed: true,
});

/** A mapping whose names match, all with the same form. */
export const named = (names: RegExp, form: Schema): Schema => ({
  types: ['object'],
  names,
  named: form,
  closed: true,
});

/** The same where other names may be there, too, with anything. */
export const open = (schema: Schema): Schema => ({ ...schema, closed: false });

/** The same without extensions, `x-…`. */
export const strict = (schema: Schema): Schema => ({ ...schema, names: /^$/ });

export const texts = set(text);
export const textOrTexts = oneOf(text, texts);
export const listOrDict = oneOf(named(/.+/, { types: ['string', 'number', 'boolean', 'null'] }), texts);
export const command = oneOf({ types: ['null'] }, text, list(text));
export const extraHosts = oneOf(named(/.+/, oneOf(text, list(text))), texts);
export const driverOptions = open(named(/^.+$/, { types: ['string', 'number'] }));
export const ulimits = open(
  named(
    /^[a-z]+$/,
    oneOf({ types: ['integer', 'string'] }, object({ hard: integer, soft: integer }, 'soft', 'hard')),
  ),
);
export const grants = list(
  oneOf(text, object({ source: text, target: text, uid: text, gid: text, mode: number })),
);

/** Names of services, networks and volumes. */
export const NAMES = /^[a-zA-Z0-9._-]+$/;

export const hook = object({
  command,
  user: text,
  privileged: flag,
  working_dir: text,
  environment: listOrDict,
});

const device: Record<string, Schema> = {
  capabilities: texts,
  count: { types: ['string', 'integer'] },
  device_ids: texts,
  driver: text,
  options: listOrDict,
};
export const deviceRequests = list(object(device, 'capabilities'));
export const gpus = oneOf({ ...text, values: ['all'] }, list(open(object(device))));
