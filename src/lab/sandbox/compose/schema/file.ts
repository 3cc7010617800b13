import {
  driverOptions,
  flag,
  list,
  listOrDict,
  NAMES,
  named,
  object,
  oneOf,
  open,
  strict,
  text,
  textOrTexts,
} from './forms.ts';
import { service } from './service.ts';
import type { Schema } from './validate.ts';

const external: Schema = { ...object({ name: text }), types: ['boolean', 'string', 'object'] };
const orNothing = (schema: Schema): Schema => ({ ...schema, types: ['object', 'null'] });

const pool = object({
  subnet: text,
  ip_range: text,
  gateway: text,
  aux_addresses: named(/^.+$/, text),
});

const network = orNothing(
  object({
    name: text,
    driver: text,
    driver_opts: driverOptions,
    ipam: object({ driver: text, config: list(pool), options: named(/^.+$/, text) }),
    external,
    internal: flag,
    enable_ipv4: flag,
    enable_ipv6: flag,
    attachable: flag,
    labels: listOrDict,
  }),
);

const volume = orNothing(
  object({ name: text, driver: text, driver_opts: driverOptions, external, labels: listOrDict }),
);

const secret = object({
  name: text,
  environment: text,
  file: text,
  external: open(external),
  labels: listOrDict,
  driver: text,
  driver_opts: driverOptions,
  template_driver: text,
});

const config = object({
  name: text,
  content: text,
  environment: text,
  file: text,
  external: open(external),
  labels: listOrDict,
  template_driver: text,
});

const include = list(
  oneOf(text, strict(object({ path: textOrTexts, env_file: textOrTexts, project_directory: text }))),
);

/** A compose file: https://github.com/compose-spec/compose-spec */
export const composeFile = object({
  version: text,
  name: text,
  include,
  services: named(NAMES, service),
  networks: open(named(NAMES, network)),
  volumes: named(NAMES, volume),
  secrets: named(NAMES, secret),
  configs: named(NAMES, config),
});
