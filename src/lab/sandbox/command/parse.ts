import type { Parsed } from './action.ts';
import { COMPOSE_OPTIONS, composeScope, composeVerbs, UNKNOWN_COMPOSE_VERBS } from './grammar/compose.ts';
import { DOCKER_GROUPS, DOCKER_OPTIONS, DOCKER_VERBS, UNKNOWN_DOCKER_VERBS } from './grammar/docker.ts';
import { flag, type ScanError, type Scanned, scan } from './grammar/options.ts';
import { Refused, type Verb } from './grammar/verb.ts';
import { REFUSED, refusal } from './refusal.ts';

/**
 * Reads the words after `docker`. What the sandbox does not know is refused by name, and what Docker itself would
 * refuse is refused in its words (docker 28.2.2, Compose 2.26.1) with its exit code; where those name no next step,
 * ours stands below.
 */
export function parseDocker(argv: string[]): Parsed {
  const globals = scan(argv, [...DOCKER_OPTIONS, HELP], { leading: true });
  if (!globals.ok) return complain(globals.error, { path: 'docker', usage: '[OPTIONS] COMMAND' });
  const { scanned } = globals;
  const [word, ...rest] = scanned.rest;
  if (scanned.flag('version')) return { ok: true, action: { kind: 'client-version' } };
  if (word === undefined || scanned.flag('help')) return help([]);
  if (word === 'help') return help(rest);
  if (word === 'compose') return parseCompose(rest);
  if (DOCKER_GROUPS.includes(word)) return parseGroup(word, rest);
  const verb = DOCKER_VERBS.find(({ names }) => names.includes(word));
  if (verb) return read(verb, word, rest, 'docker');
  if (UNKNOWN_DOCKER_VERBS.has(word)) return unknown(`docker ${word}`);
  return wrong(`docker: unknown command: docker ${word}\n\nRun 'docker --help' for more information`, 1);
}

const HELP = flag('h', 'help');
/** With `docker run`, -h is the host's name. */
const LONG_HELP = flag(null, 'help');

function parseGroup(group: string, [word, ...rest]: string[]): Parsed {
  if (word === undefined || word === '--help' || word === '-h') return help([group]);
  const name = `${group} ${word}`;
  const verb = DOCKER_VERBS.find(({ names }) => names.includes(name));
  return verb ? read(verb, name, rest, 'docker') : unknown(`docker ${name}`);
}

function parseCompose(words: string[]): Parsed {
  const globals = scan(words, [...COMPOSE_OPTIONS, HELP], { leading: true });
  if (!globals.ok) return complain(globals.error, { path: 'docker compose', compose: true });
  const { scanned } = globals;
  const [word, ...rest] = scanned.rest;
  if (scanned.flag('version'))
    return { ok: true, action: { kind: 'compose-version', short: false, format: 'pretty' } };
  if (word === undefined || scanned.flag('help')) return help(['compose']);
  if (word === 'help') return help(['compose', ...rest]);
  const verb = composeVerbs(composeScope(scanned)).find(({ names }) => names.includes(word));
  if (verb) return read(verb, word, rest, 'docker compose');
  if (UNKNOWN_COMPOSE_VERBS.has(word)) return unknown(`docker compose ${word}`);
  const said = `unknown docker command: "compose ${word}"`;
  return wrong(`${said}\n\nSee what it knows: docker compose --help`, 16);
}

function read(verb: Verb, name: string, words: string[], program: 'docker' | 'docker compose'): Parsed {
  const compose = program === 'docker compose';
  const place = { path: `${program} ${name}`, usage: verb.usage, compose };
  const result = scan(words, [...verb.options, !compose && name.endsWith('run') ? LONG_HELP : HELP], {
    leading: verb.leading === true,
  });
  if (!result.ok) return complain(result.error, place);
  const { scanned } = result;
  if (scanned.flag('help')) return help(compose ? ['compose', ...name.split(' ')] : name.split(' '));
  const count = miscounted(scanned, verb, place);
  if (count) return count;
  const made = verb.make(scanned, name);
  return made instanceof Refused ? wrong(made.message, made.exitCode) : { ok: true, action: made };
}

interface Place {
  /** The command as typed: `docker container exec`. */
  path: string;
  usage?: string;
  compose?: boolean;
}

function miscounted({ rest }: Scanned, { args }: Verb, place: Place): Parsed | null {
  const { least, most } = args;
  if (rest.length >= least && rest.length <= most) return null;
  if (place.compose) {
    return rest.length < least
      ? wrong(`requires at least ${least} arg(s), only received ${rest.length}`, 1)
      : wrong(`unknown command "${rest[0]}" for "${place.path}"`, 1);
  }
  const several = (number: number) => `${number} argument${number === 1 ? '' : 's'}`;
  if (most === 0) return misused(`docker: '${place.path}' accepts no arguments`, place, 'Run', 1);
  if (least === most) return misused(`docker: '${place.path}' requires ${several(least)}`, place, 'Run', 1);
  return rest.length < least
    ? misused(`docker: '${place.path}' requires at least ${several(least)}`, place, 'See', 1)
    : misused(`docker: '${place.path}' requires at most ${several(most)}`, place, 'Run', 1);
}

function complain(error: ScanError, place: Place): Parsed {
  if (error.kind === 'unknown') {
    return wrong(refusal(`the sandbox does not know the option ${error.option} of ${place.path}`), REFUSED);
  }
  return place.compose ? wrong(error.message, 16) : misused(error.message, place, 'Run', REFUSED);
}

function misused(
  message: string,
  { path, usage = '' }: Place,
  verb: 'Run' | 'See',
  exitCode: number,
): Parsed {
  return wrong(
    `${message}\n\nUsage:  ${path} ${usage}\n\n${verb} '${path} --help' for more information`,
    exitCode,
  );
}

const unknown = (command: string): Parsed =>
  wrong(refusal(`the sandbox does not know ${command}`, 'See what it knows: docker --help'), REFUSED);
const wrong = (message: string, exitCode: number): Parsed => ({ ok: false, message, exitCode });
const help = (topic: string[]): Parsed => ({ ok: true, action: { kind: 'help', topic } });
