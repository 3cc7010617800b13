import type { ComposeScope } from '../action.ts';
import { refusal } from '../refusal.ts';
import { execOptions, LOG_OPTIONS, logOptions, ONE_OFF, oneOffOptions } from './docker.ts';
import { flag, ignored, list, type Option, type Scanned, text, whole } from './options.ts';
import { ANY, Refused, type Verb } from './verb.ts';

/** Options of `docker compose` itself, before the verb. */
export const COMPOSE_OPTIONS: Option[] = [
  list('f', 'file'),
  text('p', 'project-name'),
  text(null, 'project-directory'),
  flag('v', 'version'),
  ignored(text(null, 'ansi')),
  ignored(text(null, 'progress')),
  ignored(whole(null, 'parallel')),
  ignored(flag(null, 'verbose')),
];

export function composeScope(scanned: Scanned): ComposeScope {
  return {
    files: scanned.list('file'),
    project: scanned.text('project-name'),
    directory: scanned.text('project-directory'),
  };
}

const SERVICES = { usage: '[OPTIONS] [SERVICE...]', args: { least: 0, most: ANY } };
const NONE = { usage: '[OPTIONS]', args: { least: 0, most: 0 } };
const GRACE = whole('t', 'timeout');
const NO_COLOR = ignored(flag(null, 'no-color'));

/** Compose's verbs. The scope is what was given before the verb. */
export function composeVerbs(scope: ComposeScope): Verb[] {
  return [
    {
      names: ['up'],
      ...SERVICES,
      summary: 'Create and start containers',
      options: [
        flag('d', 'detach'),
        flag(null, 'force-recreate'),
        flag(null, 'no-deps'),
        flag(null, 'no-recreate'),
        flag(null, 'remove-orphans'),
        GRACE,
        flag(null, 'wait'),
        NO_COLOR,
        ignored(flag(null, 'build')),
        ignored(flag(null, 'no-build')),
        ignored(flag(null, 'no-log-prefix')),
        ignored(text(null, 'pull')),
        ignored(flag(null, 'quiet-pull')),
      ],
      make: (scanned) =>
        scanned.flag('force-recreate') && scanned.flag('no-recreate')
          ? new Refused('--force-recreate and --no-recreate are incompatible', 1)
          : {
              kind: 'compose-up',
              ...scope,
              services: scanned.rest,
              detach: scanned.flag('detach') || scanned.flag('wait'),
              wait: scanned.flag('wait'),
              forceRecreate: scanned.flag('force-recreate'),
              noRecreate: scanned.flag('no-recreate'),
              noDeps: scanned.flag('no-deps'),
              removeOrphans: scanned.flag('remove-orphans'),
              graceSeconds: scanned.whole('timeout'),
            },
    },
    {
      names: ['down'],
      ...SERVICES,
      summary: 'Stop and remove containers, networks',
      options: [flag(null, 'remove-orphans'), GRACE, flag('v', 'volumes')],
      make: (scanned) =>
        scanned.rest.length > 0
          ? new Refused(
              refusal(
                'the sandbox does not know docker compose down for a single service',
                `Remove it with docker compose rm -sf ${scanned.rest.join(' ')}`,
              ),
            )
          : {
              kind: 'compose-down',
              ...scope,
              volumes: scanned.flag('volumes'),
              removeOrphans: scanned.flag('remove-orphans'),
              graceSeconds: scanned.whole('timeout'),
            },
    },
    ...(['stop', 'restart'] as const).map(
      (name): Verb => ({
        names: [name],
        ...SERVICES,
        summary: name === 'stop' ? 'Stop services' : 'Restart service containers',
        options: name === 'stop' ? [GRACE] : [GRACE, ignored(flag(null, 'no-deps'))],
        make: (scanned) => ({
          kind: `compose-${name}`,
          ...scope,
          services: scanned.rest,
          graceSeconds: scanned.whole('timeout'),
        }),
      }),
    ),
    {
      names: ['start'],
      usage: '[SERVICE...]',
      args: SERVICES.args,
      summary: 'Start services',
      options: [],
      make: ({ rest }) => ({ kind: 'compose-start', ...scope, services: rest }),
    },
    {
      names: ['rm'],
      ...SERVICES,
      summary: 'Removes stopped service containers',
      options: [flag('f', 'force'), flag('s', 'stop'), flag('v', 'volumes')],
      make: (scanned) =>
        scanned.flag('force')
          ? {
              kind: 'compose-rm',
              ...scope,
              services: scanned.rest,
              stop: scanned.flag('stop'),
              volumes: scanned.flag('volumes'),
            }
          : new Refused(
              refusal('the sandbox does not ask before it removes something', 'Add the option --force'),
            ),
    },
    ...programVerbs(scope),
    ...listVerbs(scope),
  ];
}

/** What `exec` and `run` take in the same way. */
const PROGRAM: Option[] = [
  flag('d', 'detach'),
  list('e', 'env'),
  flag('T', 'no-TTY', 'no-tty'),
  text('u', 'user'),
  text('w', 'workdir'),
];

function programVerbs(scope: ComposeScope): Verb[] {
  return [
    {
      names: ['exec'],
      usage: '[OPTIONS] SERVICE COMMAND [ARGS...]',
      summary: 'Execute a command in a running container',
      options: [
        ...PROGRAM,
        ignored(flag('i', 'interactive')),
        ignored(flag('t', 'tty')),
        ignored(flag(null, 'privileged')),
      ],
      leading: true,
      args: { least: 2, most: ANY },
      // Compose gives the keyboard and a terminal unless told not to.
      make: (scanned) => ({
        kind: 'compose-exec',
        ...scope,
        service: scanned.rest[0] ?? '',
        ...execOptions(scanned),
        interactive: true,
        tty: !scanned.flag('no-TTY'),
      }),
    },
    {
      names: ['run'],
      usage: '[OPTIONS] SERVICE [COMMAND] [ARGS...]',
      summary: 'Run a one-off command on a service',
      options: [
        ...PROGRAM,
        ...ONE_OFF,
        flag('i', 'interactive'),
        flag(null, 'no-deps'),
        flag('t', 'tty'),
        ignored(flag(null, 'build')),
        ignored(list('l', 'label')),
        ignored(text(null, 'pull')),
        ignored(flag('q', 'quiet')),
        ignored(flag(null, 'quiet-build')),
        ignored(flag(null, 'quiet-pull')),
      ],
      leading: true,
      args: { least: 1, most: ANY },
      make: oneOff(scope),
    },
  ];
}

function oneOff(scope: ComposeScope): Verb['make'] {
  return (scanned) => {
    const [tty, noTty] = [scanned.text('tty'), scanned.text('no-TTY')];
    if (tty !== null && noTty !== null) return new Refused("--tty and --no-TTY can't be used together", 1);
    return {
      kind: 'compose-run',
      ...scope,
      service: scanned.rest[0] ?? '',
      ...oneOffOptions(scanned),
      interactive: scanned.text('interactive') !== 'false',
      tty: tty === 'true' || noTty === 'false',
      ttyOnScreen: tty === null && noTty === null,
      noDeps: scanned.flag('no-deps'),
    };
  };
}

function listVerbs(scope: ComposeScope): Verb[] {
  return [
    {
      names: ['ps'],
      ...SERVICES,
      summary: 'List containers',
      options: [
        flag('a', 'all'),
        text(null, 'format'),
        flag('q', 'quiet'),
        flag(null, 'services'),
        ignored(flag(null, 'orphans')),
      ],
      make: (scanned) => ({
        kind: 'compose-ps',
        ...scope,
        services: scanned.rest,
        all: scanned.flag('all'),
        quiet: scanned.flag('quiet'),
        format: scanned.text('format'),
        listServices: scanned.flag('services'),
      }),
    },
    {
      names: ['logs'],
      ...SERVICES,
      summary: 'View output from containers',
      options: [...LOG_OPTIONS, flag(null, 'no-log-prefix'), NO_COLOR],
      make: (scanned) => ({
        kind: 'compose-logs',
        ...scope,
        ...logOptions(scanned),
        services: scanned.rest,
        prefix: !scanned.flag('no-log-prefix'),
      }),
    },
    {
      names: ['config'],
      ...SERVICES,
      summary: 'Parse, resolve and render compose file in canonical format',
      options: [
        text(null, 'format'),
        flag(null, 'images'),
        flag('q', 'quiet'),
        flag(null, 'services'),
        flag(null, 'volumes'),
      ],
      make: config(scope),
    },
    {
      names: ['version'],
      ...NONE,
      summary: 'Show the Docker Compose version information',
      options: [text('f', 'format'), flag(null, 'short')],
      make: (scanned) => ({
        kind: 'compose-version',
        short: scanned.flag('short'),
        format: scanned.text('format') === 'json' ? 'json' : 'pretty',
      }),
    },
    {
      names: ['ls'],
      ...NONE,
      summary: 'List running compose projects',
      options: [flag('a', 'all')],
      make: (scanned) => ({ kind: 'compose-ls', all: scanned.flag('all') }),
    },
  ];
}

function config(scope: ComposeScope): Verb['make'] {
  return (scanned) => {
    const format = scanned.text('format') ?? 'yaml';
    if (format !== 'yaml' && format !== 'json') return new Refused(`unsupported format "${format}"`, 1);
    if (scanned.rest.length > 0) {
      return new Refused(
        refusal('the sandbox does not know docker compose config for a single service', 'Print all of it'),
      );
    }
    const lists = (['services', 'volumes', 'images'] as const).filter((one) => scanned.flag(one));
    return { kind: 'compose-config', ...scope, format, quiet: scanned.flag('quiet'), list: lists[0] ?? null };
  };
}

/** Compose's other verbs. A word that is in neither list is refused in Compose's own words. */
export const UNKNOWN_COMPOSE_VERBS = new Set(
  `alpha attach build commit convert cp create events export images kill pause port publish pull push scale stats
  top unpause wait watch`.split(/\s+/),
);
