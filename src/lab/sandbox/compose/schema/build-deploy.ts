import {
  deviceRequests,
  extraHosts,
  flag,
  grants,
  hook,
  integer,
  list,
  listOrDict,
  number,
  object,
  oneOf,
  text,
  ulimits,
} from './forms.ts';
import type { Schema } from './validate.ts';

export const build = oneOf(
  text,
  object({
    context: text,
    dockerfile: text,
    dockerfile_inline: text,
    entitlements: list(text),
    args: listOrDict,
    ssh: listOrDict,
    labels: listOrDict,
    cache_from: list(text),
    cache_to: list(text),
    no_cache: flag,
    additional_contexts: listOrDict,
    network: text,
    pull: flag,
    target: text,
    shm_size: integer,
    extra_hosts: extraHosts,
    isolation: text,
    privileged: flag,
    secrets: grants,
    tags: list(text),
    ulimits,
    platforms: list(text),
  }),
);

const rollout = object({
  parallelism: integer,
  delay: text,
  failure_action: text,
  monitor: text,
  max_failure_ratio: number,
  order: { ...text, values: ['start-first', 'stop-first'] },
});

const orNothing = (schema: Schema): Schema => ({ ...schema, types: ['object', 'null'] });

export const deploy = orNothing(
  object({
    mode: text,
    endpoint_mode: text,
    replicas: integer,
    labels: listOrDict,
    rollback_config: rollout,
    update_config: rollout,
    resources: object({
      limits: object({ cpus: number, memory: text, pids: integer }),
      reservations: object({
        cpus: number,
        memory: text,
        generic_resources: list(object({ discrete_resource_spec: object({ kind: text, value: number }) })),
        devices: deviceRequests,
      }),
    }),
    restart_policy: object({ condition: text, delay: text, max_attempts: integer, window: text }),
    placement: object({
      constraints: list(text),
      preferences: list(object({ spread: text })),
      max_replicas_per_node: integer,
    }),
  }),
);

export const develop = orNothing(
  object({
    watch: list(
      object(
        {
          ignore: list(text),
          path: text,
          action: { ...text, values: ['rebuild', 'sync', 'restart', 'sync+restart', 'sync+exec'] },
          target: text,
          exec: hook,
        },
        'path',
        'action',
      ),
    ),
  }),
);
