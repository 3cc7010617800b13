import type { ExecOptions, LogOptions } from '../action.ts';
import { flag, ignored, list, type Option, type Scanned, text, whole } from './options.ts';
import { ANY, type Verb } from './verb.ts';

/** Options of `docker` itself, before the verb. */
export const DOCKER_OPTIONS: Option[] = [
  flag('v', 'version'),
  ignored(flag('D', 'debug')),
  ignored(text('l', 'log-level')),
];

const EXEC: Option[] = [
  flag('d', 'detach'),
  list('e', 'env'),
  flag('i', 'interactive'),
  flag('t', 'tty'),
  text('u', 'user'),
  text('w', 'workdir'),
  ignored(flag(null, 'privileged')),
];

/** What `docker run` and `docker compose run` take in the same way. */
export const ONE_OFF: Option[] = [
  text(null, 'entrypoint'),
  text(null, 'name'),
  flag(null, 'rm'),
  list('v', 'volume'),
];

export function oneOffOptions(scanned: Scanned) {
  return {
    ...execOptions(scanned),
    remove: scanned.flag('rm'),
    name: scanned.text('name'),
    volumes: scanned.list('volume'),
    entrypoint: scanned.text('entrypoint'),
  };
}

/** `argv` is what follows the container's or the image's name. */
export function execOptions(scanned: Scanned): ExecOptions {
  return {
    argv: scanned.rest.slice(1),
    interactive: scanned.flag('interactive'),
    tty: scanned.flag('tty'),
    user: scanned.text('user'),
    env: scanned.list('env'),
    workdir: scanned.text('workdir'),
    detach: scanned.flag('detach'),
  };
}

/** A number of lines that is none, such as `all`, means all of them: the engine reads it so. */
export function logOptions(scanned: Scanned): LogOptions {
  const tail = scanned.text('tail') ?? 'all';
  return {
    follow: scanned.flag('follow'),
    tail: /^\d+$/.test(tail) ? Number(tail) : null,
    timestamps: scanned.flag('timestamps'),
  };
}

export const LOG_OPTIONS: Option[] = [flag('f', 'follow'), text('n', 'tail'), flag('t', 'timestamps')];

const first = (scanned: Scanned) => scanned.rest[0] ?? '';
const SOME = { least: 1, most: ANY };
const NONE = { least: 0, most: 0 };
const CONTAINERS = '[OPTIONS] CONTAINER [CONTAINER...]';

const CONTAINER_VERBS: Verb[] = [
  {
    names: ['exec', 'container exec'],
    usage: '[OPTIONS] CONTAINER COMMAND [ARG...]',
    summary: 'Execute a command in a running container',
    options: EXEC,
    leading: true,
    args: { least: 2, most: ANY },
    make: (scanned) => ({ kind: 'exec', container: first(scanned), ...execOptions(scanned) }),
  },
  {
    names: ['run', 'container run'],
    usage: '[OPTIONS] IMAGE [COMMAND] [ARG...]',
    summary: 'Create and run a new container from an image',
    options: [
      ...EXEC,
      ...ONE_OFF,
      text(null, 'network', 'net'),
      ignored(flag(null, 'init')),
      ignored(text(null, 'pull')),
      ignored(flag('q', 'quiet')),
    ],
    leading: true,
    args: SOME,
    make: (scanned) => ({
      kind: 'run',
      image: first(scanned),
      ...oneOffOptions(scanned),
      network: scanned.text('network'),
    }),
  },
  {
    names: ['ps', 'container ls', 'container list', 'container ps'],
    usage: '[OPTIONS]',
    summary: 'List containers',
    options: [
      flag('a', 'all'),
      list('f', 'filter'),
      text(null, 'format'),
      flag(null, 'no-trunc'),
      flag('q', 'quiet'),
    ],
    args: NONE,
    make: (scanned) => ({
      kind: 'ps',
      all: scanned.flag('all'),
      quiet: scanned.flag('quiet'),
      noTrunc: scanned.flag('no-trunc'),
      filters: scanned.list('filter'),
      format: scanned.text('format'),
    }),
  },
  {
    names: ['logs', 'container logs'],
    usage: '[OPTIONS] CONTAINER',
    summary: 'Fetch the logs of a container',
    options: LOG_OPTIONS,
    args: { least: 1, most: 1 },
    make: (scanned) => ({ kind: 'logs', container: first(scanned), ...logOptions(scanned) }),
  },
  {
    names: ['inspect', 'container inspect', 'image inspect'],
    usage: '[OPTIONS] NAME|ID [NAME|ID...]',
    summary: 'Return low-level information on Docker objects',
    options: [text('f', 'format'), text(null, 'type'), ignored(flag('s', 'size'))],
    args: SOME,
    make: (scanned, name) => ({
      kind: 'inspect',
      names: scanned.rest,
      format: scanned.text('format'),
      type: name === 'inspect' ? scanned.text('type') : (name.split(' ')[0] ?? null),
    }),
  },
  {
    names: ['start', 'container start'],
    usage: CONTAINERS,
    summary: 'Start one or more stopped containers',
    options: [],
    args: SOME,
    make: ({ rest }) => ({ kind: 'start', names: rest }),
  },
  ...(['stop', 'restart'] as const).map(
    (kind): Verb => ({
      names: [kind, `container ${kind}`],
      usage: CONTAINERS,
      summary: kind === 'stop' ? 'Stop one or more running containers' : 'Restart one or more containers',
      options: [whole('t', 'timeout', 'time')],
      args: SOME,
      make: (scanned) => ({ kind, names: scanned.rest, graceSeconds: scanned.whole('timeout') }),
    }),
  ),
  {
    names: ['kill', 'container kill'],
    usage: CONTAINERS,
    summary: 'Kill one or more running containers',
    options: [text('s', 'signal')],
    args: SOME,
    make: (scanned) => ({ kind: 'kill', names: scanned.rest, signal: scanned.text('signal') ?? 'KILL' }),
  },
  {
    names: ['rm', 'container rm', 'container remove'],
    usage: CONTAINERS,
    summary: 'Remove one or more containers',
    options: [flag('f', 'force'), flag('v', 'volumes')],
    args: SOME,
    make: (scanned) => ({
      kind: 'rm',
      names: scanned.rest,
      force: scanned.flag('force'),
      volumes: scanned.flag('volumes'),
    }),
  },
];

const LIST: Option[] = [list('f', 'filter'), text(null, 'format'), flag('q', 'quiet')];

function lister(kind: 'network-ls' | 'volume-ls' | 'image-ls', verb: Omit<Verb, 'make'>): Verb {
  return {
    ...verb,
    make: (scanned) => ({
      kind,
      quiet: scanned.flag('quiet'),
      format: scanned.text('format'),
      filters: scanned.list('filter'),
      names: scanned.rest,
    }),
  };
}

const OTHER_VERBS: Verb[] = [
  lister('image-ls', {
    names: ['images', 'image ls', 'image list'],
    usage: '[OPTIONS] [REPOSITORY[:TAG]]',
    summary: 'List images',
    options: [...LIST, ignored(flag('a', 'all'))],
    args: { least: 0, most: 1 },
  }),
  lister('network-ls', {
    names: ['network ls', 'network list'],
    usage: '[OPTIONS]',
    summary: 'List networks',
    options: LIST,
    args: NONE,
  }),
  lister('volume-ls', {
    names: ['volume ls', 'volume list'],
    usage: '[OPTIONS]',
    summary: 'List volumes',
    options: LIST,
    args: NONE,
  }),
  ...(['network', 'volume'] as const).map(
    (what): Verb => ({
      names: [`${what} inspect`],
      usage: `[OPTIONS] ${what.toUpperCase()} [${what.toUpperCase()}...]`,
      summary: `Display detailed information on one or more ${what}s`,
      options: [text('f', 'format')],
      args: SOME,
      make: (scanned) => ({
        kind: `${what}-inspect`,
        names: scanned.rest,
        format: scanned.text('format'),
      }),
    }),
  ),
  {
    names: ['pull', 'image pull'],
    usage: '[OPTIONS] NAME[:TAG|@DIGEST]',
    summary: 'Download an image from a registry',
    options: [flag('q', 'quiet'), ignored(flag(null, 'disable-content-trust'))],
    args: { least: 1, most: 1 },
    make: (scanned) => ({ kind: 'pull', image: first(scanned), quiet: scanned.flag('quiet') }),
  },
  ...(['version', 'info'] as const).map(
    (kind): Verb => ({
      names: kind === 'info' ? ['info', 'system info'] : ['version'],
      usage: '[OPTIONS]',
      summary: kind === 'info' ? 'Display system-wide information' : 'Show the Docker version information',
      options: [text('f', 'format')],
      args: NONE,
      make: (scanned) => ({ kind, format: scanned.text('format') }),
    }),
  ),
];

export const DOCKER_VERBS: Verb[] = [...CONTAINER_VERBS, ...OTHER_VERBS];

/** First words that take a second one. */
export const DOCKER_GROUPS = ['container', 'image', 'network', 'volume', 'system'];

/** Docker's other verbs. A word that is in neither list is refused in Docker's own words. */
export const UNKNOWN_DOCKER_VERBS = new Set(
  `attach build builder buildx commit config context cp create diff events export history image import load login
  logout manifest node pause plugin port push rename rmi save search secret service stack stats swarm tag top trust
  unpause update wait`.split(/\s+/),
);
