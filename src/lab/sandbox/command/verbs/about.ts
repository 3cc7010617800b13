import { VERSION } from '../../../../version.ts';
import { knownImage, noSuchImage, USE_KNOWN_IMAGE } from '../../image.ts';
import type { Action } from '../action.ts';
import { isUp } from '../container-row.ts';
import type { Value } from '../go-values.ts';
import { goJson } from '../go-values.ts';
import { COMPOSE_OPTIONS, composeVerbs } from '../grammar/compose.ts';
import { DOCKER_OPTIONS, DOCKER_VERBS } from '../grammar/docker.ts';
import type { Option } from '../grammar/options.ts';
import type { Verb } from '../grammar/verb.ts';
import { COMPOSE_VERSION } from '../labels.ts';
import { refused } from '../refusal.ts';
import { compileTemplate } from '../template.ts';
import { say, type World } from '../world.ts';

type Of<K extends Action['kind']> = Extract<Action, { kind: K }>;

/** The version of Docker that the command behaves like. */
const DOCKER_VERSION = '28.2.2';
const ARCHITECTURE = process.arch === 'x64' ? 'amd64' : process.arch;

export function clientVersion(world: World): number {
  say(world, `Docker version ${DOCKER_VERSION} (sandbox of walkthrough)`);
  return 0;
}

/** Says plainly that it is not Compose itself. `--short` is a bare number, for programs. */
export function composeVersion({ short, format }: Of<'compose-version'>, world: World): number {
  if (short) say(world, COMPOSE_VERSION);
  else if (format === 'json') say(world, JSON.stringify({ version: COMPOSE_VERSION }));
  else say(world, `Docker Compose version ${COMPOSE_VERSION} (sandbox of walkthrough)`);
  return 0;
}

export function version({ format }: Of<'version' | 'info'>, world: World): number {
  const half = { Version: DOCKER_VERSION, Os: process.platform, Arch: ARCHITECTURE };
  const platform = { Name: 'walkthrough sandbox' };
  const value = {
    Client: { Platform: platform, ...half, Context: 'sandbox' },
    Server: { Platform: platform, ...half, Components: [{ Name: 'Engine', Version: DOCKER_VERSION }] },
  };
  if (format !== null) return filled(value, format, world);
  say(
    world,
    `Client: walkthrough sandbox
 Version:           ${DOCKER_VERSION} (sandbox of walkthrough ${VERSION})
 OS/Arch:           ${process.platform}/${ARCHITECTURE}
 Context:           sandbox

Server: walkthrough sandbox
 Engine:
  Version:          ${DOCKER_VERSION} (sandbox of walkthrough ${VERSION})
  OS/Arch:          ${process.platform}/${ARCHITECTURE}
 PostgreSQL:
  Version:          14 (real servers, started as processes of this machine)`,
  );
  return 0;
}

export async function info({ format }: Of<'version' | 'info'>, world: World): Promise<number> {
  const containers = await world.engine.containers();
  const running = containers.filter(isUp).length;
  const value = {
    Containers: containers.length,
    ContainersRunning: running,
    ContainersPaused: 0,
    ContainersStopped: containers.length - running,
    Images: 1,
    ServerVersion: DOCKER_VERSION,
    OperatingSystem: 'walkthrough sandbox',
    OSType: process.platform,
    Architecture: process.arch,
    DockerRootDir: world.engine.workspace,
    Name: 'sandbox',
  };
  if (format !== null) return filled(value, format, world);
  say(
    world,
    `Client: walkthrough sandbox
 Version:    ${DOCKER_VERSION} (sandbox of walkthrough ${VERSION})
 Context:    sandbox
 Plugins:
  compose: the sandbox's own
    Version:  ${COMPOSE_VERSION}

Server:
 Containers: ${containers.length}
  Running: ${running}
  Paused: 0
  Stopped: ${containers.length - running}
 Images: 1
 Server Version: ${DOCKER_VERSION}
 Operating System: walkthrough sandbox
 Docker Root Dir: ${world.engine.workspace}`,
  );
  return 0;
}

function filled(value: Value, format: string, world: World): number {
  if (format === 'json') say(world, goJson(value));
  else {
    const fill = compileTemplate(format, {
      failure: 'template parsing error',
      missing: (field) => `map has no entry for key "${field}"`,
    });
    say(world, fill(value));
  }
  return 0;
}

export function pull({ image, quiet }: Of<'pull'>, world: World): number {
  const known = knownImage(image);
  if (known === null) throw refused(noSuchImage(image), USE_KNOWN_IMAGE);
  const name = `${known.repository}:${known.tag}`;
  say(
    world,
    quiet ? name : `${name} is here already: the sandbox runs real PostgreSQL 14 servers of its own.`,
  );
  return 0;
}

/** Help is made from the tables that the command line is read by. */
export function help({ topic }: Of<'help'>, world: World): number {
  const compose = topic[0] === 'compose';
  const program = compose ? 'docker compose' : 'docker';
  const verbs = compose ? composeVerbs({ files: [], project: null, directory: null }) : DOCKER_VERBS;
  const name = (compose ? topic.slice(1) : topic).join(' ');
  const verb = verbs.find(({ names }) => names.includes(name));
  if (verb) say(world, verbHelp(verb, `${program} ${name}`));
  else {
    const inGroup = verbs.flatMap((one) =>
      one.names.filter((each) => each.startsWith(`${name} `)).map((each) => [each, one] as const),
    );
    const listed = inGroup.length > 0 ? inGroup : verbs.map((one) => [one.names[0], one] as const);
    const options = compose ? COMPOSE_OPTIONS : DOCKER_OPTIONS;
    const extra = compose ? [] : [['compose', 'Docker Compose: docker compose --help'] as const];
    const rows = [...listed.map(([each, { summary }]) => [each, summary] as const), ...extra];
    say(
      world,
      `Usage:  ${program} [OPTIONS] COMMAND\n\nThe commands that the sandbox knows:\n${rows.map(([each, text]) => `  ${each.padEnd(18)} ${text}`).join('\n')}${optionLines(options)}\n\nRun '${program} COMMAND --help' for more information on a command.`,
    );
  }
  return 0;
}

function verbHelp({ usage, summary, options }: Verb, name: string): string {
  return `Usage:  ${name} ${usage}\n\n${summary}${optionLines(options)}`;
}

function optionLines(options: Option[]): string {
  const shown = options.filter(({ ignored }) => !ignored);
  if (shown.length === 0) return '';
  const value = { nothing: '', text: ' string', list: ' list', whole: ' int' };
  const lines = shown.map(
    ({ names, short, takes }) => `  ${short ? `-${short}, ` : '    '}--${names[0]}${value[takes]}`,
  );
  return `\n\nOptions:\n${lines.join('\n')}`;
}
