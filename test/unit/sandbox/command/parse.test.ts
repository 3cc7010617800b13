import { describe, expect, it } from 'vitest';
import type { Action } from '../../../../src/lab/sandbox/command/action.ts';
import { parseDocker } from '../../../../src/lab/sandbox/command/parse.ts';

/** The words of a line without quotes or escapes. */
function action(line: string): Action {
  const parsed = parseDocker(line.split(' ').filter((word) => word !== ''));
  if (!parsed.ok) throw new Error(`refused: ${parsed.message}`);
  return parsed.action;
}

function refusal(line: string): { message: string; exitCode: number } {
  const parsed = parseDocker(line.split(' ').filter((word) => word !== ''));
  if (parsed.ok) throw new Error(`accepted: ${JSON.stringify(parsed.action)}`);
  return { message: parsed.message, exitCode: parsed.exitCode };
}

describe('exec', () => {
  it('takes options only before the container, and the rest as the program', () => {
    expect(action('exec -it --user postgres leader psql -U postgres -c x --format')).toEqual({
      kind: 'exec',
      container: 'leader',
      argv: ['psql', '-U', 'postgres', '-c', 'x', '--format'],
      interactive: true,
      tty: true,
      user: 'postgres',
      env: [],
      workdir: null,
      detach: false,
    });
  });

  it.each([
    ['exec -i -e A=1 --env=B -eC=3 -w/tmp leader env', { env: ['A=1', 'B', 'C=3'], workdir: '/tmp' }],
    ['exec -itu postgres leader id', { interactive: true, tty: true, user: 'postgres' }],
    ['exec -u=999:999 leader id', { user: '999:999' }],
    ['exec -i=false --tty=true leader id', { interactive: false, tty: true }],
    ['container exec leader id', { kind: 'exec', container: 'leader' }],
    ['exec -- leader id', { container: 'leader', argv: ['id'] }],
    ['-D exec --privileged leader id', { container: 'leader', argv: ['id'] }],
  ])('%s', (line, part) => {
    expect(action(line)).toMatchObject(part);
  });

  it('is the same in compose, with the keyboard and the terminal given by default', () => {
    expect(action('compose exec leader psql -U postgres')).toMatchObject({
      kind: 'compose-exec',
      service: 'leader',
      argv: ['psql', '-U', 'postgres'],
      interactive: true,
      tty: true,
      files: [],
      project: null,
    });
    expect(action('compose exec -T --user postgres leader id')).toMatchObject({
      tty: false,
      user: 'postgres',
    });
  });
});

describe('run', () => {
  it("reads the base backup's line", () => {
    const line =
      'run --rm -e PGPASSWORD=x --network solutions_replication-net -v /w/follower-data:/output postgres:14 pg_basebackup -h leader -D /output --slot=s -v -R';
    expect(action(line)).toMatchObject({
      kind: 'run',
      image: 'postgres:14',
      argv: ['pg_basebackup', '-h', 'leader', '-D', '/output', '--slot=s', '-v', '-R'],
      remove: true,
      env: ['PGPASSWORD=x'],
      network: 'solutions_replication-net',
      volumes: ['/w/follower-data:/output'],
      name: null,
      entrypoint: null,
    });
  });

  it('does not take -h for help', () => {
    expect(refusal('run -h x postgres:14 id').message).toContain('the option -h of docker run');
  });
});

describe('compose run', () => {
  it('takes the options of docker run that Compose has, before the service', () => {
    const line =
      'compose -f a.yml run --rm -T --no-deps -e PGPASSWORD=x -u postgres -w /tmp -v ./a:/a --name one --entrypoint sh follower -c id --rm';
    expect(action(line)).toEqual({
      kind: 'compose-run',
      files: ['a.yml'],
      project: null,
      directory: null,
      service: 'follower',
      argv: ['-c', 'id', '--rm'],
      interactive: true,
      tty: false,
      ttyOnScreen: false,
      user: 'postgres',
      env: ['PGPASSWORD=x'],
      workdir: '/tmp',
      detach: false,
      remove: true,
      name: 'one',
      volumes: ['./a:/a'],
      entrypoint: 'sh',
      noDeps: true,
    });
  });

  it.each([
    ['', { interactive: true, tty: false, ttyOnScreen: true, noDeps: false, remove: false }],
    ['-it', { interactive: true, tty: true, ttyOnScreen: false }],
    ['-t', { interactive: true, tty: true }],
    ['--interactive=false --no-TTY', { interactive: false, tty: false, ttyOnScreen: false }],
    ['--no-TTY=false', { tty: true }],
    ['-d', { detach: true }],
    ['-q --quiet-pull --build --label a=b --pull never', { argv: ['id'] }],
  ])('%s', (options, part) => {
    expect(action(`compose run ${options} follower id`)).toMatchObject(part);
  });

  it('shows its help with -h, as every verb of Compose', () => {
    expect(action('compose run -h')).toEqual({ kind: 'help', topic: ['compose', 'run'] });
  });
});

describe('other verbs', () => {
  it.each([
    ['ps', { kind: 'ps', all: false, format: null }],
    [
      'ps -aq --filter name=x -f status=exited',
      { all: true, quiet: true, filters: ['name=x', 'status=exited'] },
    ],
    ['container ls --all --no-trunc', { kind: 'ps', all: true, noTrunc: true }],
    ['ps --format {{.Names}}', { format: '{{.Names}}' }],
    ['logs --tail 30 leader', { kind: 'logs', container: 'leader', tail: 30, follow: false }],
    ['logs leader -f -n5', { tail: 5, follow: true }],
    ['logs --tail all leader', { tail: null }],
    ['logs --tail=-1 leader', { tail: null }],
    ['logs -t leader', { timestamps: true }],
    ['inspect leader -f {{.Id}}', { kind: 'inspect', names: ['leader'], format: '{{.Id}}', type: null }],
    ['inspect --type container a b', { names: ['a', 'b'], type: 'container' }],
    ['container inspect leader', { kind: 'inspect', type: 'container' }],
    ['image inspect postgres:14', { kind: 'inspect', type: 'image' }],
    ['network inspect n', { kind: 'network-inspect', names: ['n'] }],
    ['volume inspect v', { kind: 'volume-inspect', names: ['v'] }],
    ['start a b', { kind: 'start', names: ['a', 'b'] }],
    ['stop -t 3 a', { kind: 'stop', graceSeconds: 3, names: ['a'] }],
    ['stop --time 3 a', { kind: 'stop', graceSeconds: 3 }],
    ['restart a', { kind: 'restart', graceSeconds: null }],
    ['kill a', { kind: 'kill', signal: 'KILL' }],
    ['kill -s HUP a', { kind: 'kill', signal: 'HUP' }],
    ['rm -fv a', { kind: 'rm', force: true, volumes: true }],
    ['images', { kind: 'image-ls', names: [] }],
    ['image ls postgres', { kind: 'image-ls', names: ['postgres'] }],
    ['network ls -q', { kind: 'network-ls', quiet: true }],
    ['volume list', { kind: 'volume-ls' }],
    ['pull postgres:14', { kind: 'pull', image: 'postgres:14' }],
    ['version --format json', { kind: 'version', format: 'json' }],
    ['system info', { kind: 'info' }],
    ['--version', { kind: 'client-version' }],
    ['', { kind: 'help', topic: [] }],
    ['exec --help', { kind: 'help', topic: ['exec'] }],
    ['help run', { kind: 'help', topic: ['run'] }],
    ['network', { kind: 'help', topic: ['network'] }],
    ['compose', { kind: 'help', topic: ['compose'] }],
    ['compose up --help', { kind: 'help', topic: ['compose', 'up'] }],
  ])('%s', (line, part) => {
    expect(action(line)).toMatchObject(part);
  });
});

describe('compose', () => {
  it('takes the file, the project and the folder before its verb', () => {
    expect(
      action('compose -f a.yml --file=b.yml -p x --project-directory /w --ansi never up -d leader'),
    ).toEqual({
      kind: 'compose-up',
      files: ['a.yml', 'b.yml'],
      project: 'x',
      directory: '/w',
      services: ['leader'],
      detach: true,
      wait: false,
      forceRecreate: false,
      noRecreate: false,
      noDeps: false,
      removeOrphans: false,
      graceSeconds: null,
    });
  });

  it.each([
    ['compose up', { detach: false, services: [] }],
    ['compose up leader -d', { detach: true, services: ['leader'] }],
    ['compose up --wait', { detach: true, wait: true }],
    ['compose up -d --quiet-pull --no-color --pull always --build', { detach: true, services: [] }],
    ['compose up -d --force-recreate --no-deps follower', { forceRecreate: true, noDeps: true }],
    ['compose down -v --remove-orphans -t 1', { volumes: true, removeOrphans: true, graceSeconds: 1 }],
    ['compose stop follower', { kind: 'compose-stop', services: ['follower'], graceSeconds: null }],
    ['compose restart -t 5 leader', { kind: 'compose-restart', graceSeconds: 5, services: ['leader'] }],
    ['compose start', { kind: 'compose-start', services: [] }],
    ['compose rm -sf follower', { kind: 'compose-rm', stop: true, services: ['follower'] }],
    ['compose ps -a', { kind: 'compose-ps', all: true, quiet: false, listServices: false }],
    ['compose ps --services', { listServices: true }],
    ['compose logs --tail 3 -f leader', { kind: 'compose-logs', tail: 3, follow: true, prefix: true }],
    ['compose logs --no-log-prefix --no-color', { prefix: false }],
    ['compose config', { kind: 'compose-config', format: 'yaml', list: null, quiet: false }],
    ['compose config --format json -q', { format: 'json', quiet: true }],
    ['compose config --services', { list: 'services' }],
    ['compose version', { kind: 'compose-version', short: false, format: 'pretty' }],
    ['compose version -f json', { format: 'json' }],
    ['compose --version', { kind: 'compose-version' }],
    ['compose ls -a', { kind: 'compose-ls', all: true }],
  ])('%s', (line, part) => {
    expect(action(line)).toMatchObject(part);
  });
});

describe('what the sandbox does not know', () => {
  it.each([
    ['exec --foo leader id', 'the sandbox does not know the option --foo of docker exec'],
    ['exec -z leader id', 'the sandbox does not know the option -z of docker exec'],
    ['exec -iz leader id', 'the sandbox does not know the option -z of docker exec'],
    ['ps --size=true', 'the sandbox does not know the option --size of docker ps'],
    ['container ls -n 3', 'the sandbox does not know the option -n of docker container ls'],
    ['-H tcp://x ps', 'the sandbox does not know the option -H of docker'],
    ['compose --profile x up', 'the sandbox does not know the option --profile of docker compose'],
    ['compose run -P leader id', 'the sandbox does not know the option -P of docker compose run'],
    ['compose up --scale a=2', 'the sandbox does not know the option --scale of docker compose up'],
    ['build .', 'the sandbox does not know docker build'],
    ['system prune', 'the sandbox does not know docker system prune'],
    ['network create x', 'the sandbox does not know docker network create'],
    ['compose build', 'the sandbox does not know docker compose build'],
    ['compose down leader', 'the sandbox does not know docker compose down for a single service'],
  ])('%s is refused by name, with the next step', (line, message) => {
    const refused = refusal(line);
    expect(refused.message.split('\n')[0]).toBe(message);
    expect(refused.message.split('\n')[1]).toMatch(
      /\. Where Docker runs, use the docker lab: --lab docker\.$/,
    );
    expect(refused.exitCode).toBe(125);
  });
});

describe('what Docker itself refuses, in its words', () => {
  it.each([
    [
      'exec leader',
      1,
      "docker: 'docker exec' requires at least 2 arguments\n\nUsage:  docker exec [OPTIONS] CONTAINER COMMAND [ARG...]\n\nSee 'docker exec --help' for more information",
    ],
    [
      'container exec x',
      1,
      "docker: 'docker container exec' requires at least 2 arguments\n\nUsage:  docker container exec [OPTIONS] CONTAINER COMMAND [ARG...]\n\nSee 'docker container exec --help' for more information",
    ],
    [
      'run',
      1,
      "docker: 'docker run' requires at least 1 argument\n\nUsage:  docker run [OPTIONS] IMAGE [COMMAND] [ARG...]\n\nSee 'docker run --help' for more information",
    ],
    [
      'ps foo',
      1,
      "docker: 'docker ps' accepts no arguments\n\nUsage:  docker ps [OPTIONS]\n\nRun 'docker ps --help' for more information",
    ],
    [
      'logs a b',
      1,
      "docker: 'docker logs' requires 1 argument\n\nUsage:  docker logs [OPTIONS] CONTAINER\n\nRun 'docker logs --help' for more information",
    ],
    [
      'image ls a b',
      1,
      "docker: 'docker image ls' requires at most 1 argument\n\nUsage:  docker image ls [OPTIONS] [REPOSITORY[:TAG]]\n\nRun 'docker image ls --help' for more information",
    ],
    [
      'logs --tail',
      125,
      "flag needs an argument: --tail\n\nUsage:  docker logs [OPTIONS] CONTAINER\n\nRun 'docker logs --help' for more information",
    ],
    [
      'logs -t -n',
      125,
      "flag needs an argument: 'n' in -n\n\nUsage:  docker logs [OPTIONS] CONTAINER\n\nRun 'docker logs --help' for more information",
    ],
    [
      'stop -t x y',
      125,
      'invalid argument "x" for "-t, --timeout" flag: strconv.ParseInt: parsing "x": invalid syntax\n\nUsage:  docker stop [OPTIONS] CONTAINER [CONTAINER...]\n\nRun \'docker stop --help\' for more information',
    ],
    ['foo', 1, "docker: unknown command: docker foo\n\nRun 'docker --help' for more information"],
    ['compose foo', 16, 'unknown docker command: "compose foo"\n\nSee what it knows: docker compose --help'],
    ['compose run --rm', 1, 'requires at least 1 arg(s), only received 0'],
    ['compose run -T --tty leader id', 1, "--tty and --no-TTY can't be used together"],
    ['compose exec leader', 1, 'requires at least 2 arg(s), only received 1'],
    ['compose logs --tail', 16, 'flag needs an argument: --tail'],
    [
      'compose stop -t x',
      16,
      'invalid argument "x" for "-t, --timeout" flag: strconv.ParseInt: parsing "x": invalid syntax',
    ],
    ['compose ls x', 1, 'unknown command "x" for "docker compose ls"'],
    ['compose config --format foo', 1, 'unsupported format "foo"'],
    ['compose up --force-recreate --no-recreate', 1, '--force-recreate and --no-recreate are incompatible'],
  ])('%s (%i)', (line, exitCode, message) => {
    expect(refusal(line)).toEqual({ exitCode, message });
  });
});
