import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MemoryEngine, run, specOf } from './memory-engine.ts';

/** What is expected here was recorded from Docker Compose 2.26.1 without a terminal, with the same files. */

let engine: MemoryEngine;
beforeEach(() => {
  engine = new MemoryEngine();
  mkdirSync(path.join(engine.workspace, 'conf'));
});

afterEach(() => void vi.useRealTimers());

interface Demo {
  alpha?: string;
  be?: string;
  rest?: string;
}

function write({ alpha = '', be = '', rest = '' }: Demo = {}): void {
  const file = `name: demo
services:
  alpha:
    image: postgres:14
    container_name: xalpha
    environment: { POSTGRES_PASSWORD: x }
    ports: ["6543:5432"]
    volumes: ["./conf:/conf:ro", "vol:/vv"]
    networks: [net]
    stop_grace_period: 2s
    ${alpha}
  be:
    image: postgres:14
    restart: always
    environment: { POSTGRES_PASSWORD: x }
    depends_on: [alpha]
    networks: [net]
    ${be}
${rest}
networks: { net: {} }
volumes: { vol: {}, unused: {} }
`;
  writeFileSync(path.join(engine.workspace, 'docker-compose.yml'), file);
}

const compose = (line: string) => run(engine, ['compose', ...line.split(' ')]);
const steps = (text: string) => text.split('\n').filter((line) => line !== '');

describe('up -d', () => {
  it('makes the network, the volume and the containers, then starts them in order', async () => {
    write();
    const { code, stdout, stderr } = await compose('up -d');
    expect(steps(stderr)).toEqual([
      ' Network demo_net  Creating',
      ' Network demo_net  Created',
      ' Volume "demo_vol"  Creating',
      ' Volume "demo_vol"  Created',
      ' Container xalpha  Creating',
      ' Container xalpha  Created',
      ' Container demo-be-1  Creating',
      ' Container demo-be-1  Created',
      ' Container xalpha  Starting',
      ' Container xalpha  Started',
      ' Container demo-be-1  Starting',
      ' Container demo-be-1  Started',
    ]);
    expect([code, stdout]).toEqual([0, '']);
  });

  it('leaves alone what runs and has not changed', async () => {
    write();
    await compose('up -d');
    expect(await compose('up -d')).toEqual({
      code: 0,
      stdout: '',
      stderr: ' Container xalpha  Running\n Container demo-be-1  Running\n',
    });
  });

  it('starts what is stopped', async () => {
    write();
    await compose('up -d');
    await compose('stop alpha');
    expect(steps((await compose('up -d')).stderr)).toEqual([
      ' Container xalpha  Created',
      ' Container demo-be-1  Running',
      ' Container xalpha  Starting',
      ' Container xalpha  Started',
    ]);
  });

  it('makes anew what has changed, and what depends on it', async () => {
    write();
    await compose('up -d');
    write({ alpha: 'hostname: other' });
    engine.asked.length = 0;
    expect(steps((await compose('up -d')).stderr)).toEqual([
      ' Container xalpha  Recreate',
      ' Container xalpha  Recreated',
      ' Container demo-be-1  Recreate',
      ' Container demo-be-1  Recreated',
      ' Container xalpha  Starting',
      ' Container xalpha  Started',
      ' Container demo-be-1  Starting',
      ' Container demo-be-1  Started',
    ]);
    expect(engine.asked.slice(0, 3)).toEqual(['stop xalpha 2', 'remove xalpha', 'create xalpha']);
    write({ alpha: 'hostname: other', be: 'hostname: another' });
    expect(steps((await compose('up -d')).stderr).slice(0, 3)).toEqual([
      ' Container xalpha  Running',
      ' Container demo-be-1  Recreate',
      ' Container demo-be-1  Recreated',
    ]);
  });

  it('obeys --no-recreate, --force-recreate and --no-deps', async () => {
    write();
    await compose('up -d');
    write({ alpha: 'hostname: other' });
    expect(steps((await compose('up -d --no-recreate')).stderr)).toEqual([
      ' Container xalpha  Running',
      ' Container demo-be-1  Running',
    ]);
    expect(steps((await compose('up -d --no-deps --force-recreate be')).stderr)).toEqual([
      ' Container demo-be-1  Recreate',
      ' Container demo-be-1  Recreated',
      ' Container demo-be-1  Starting',
      ' Container demo-be-1  Started',
    ]);
  });

  it('takes the data of a server without a mount over to the new container', async () => {
    write();
    const anonymous = 'f'.repeat(64);
    await engine.create(
      specOf({
        name: 'demo-be-1',
        service: 'be',
        project: 'demo',
        configHash: 'old',
        mounts: [
          { type: 'volume', source: anonymous, target: '/var/lib/postgresql/data', readOnly: false },
          { type: 'bind', source: '/gone', target: '/gone', readOnly: false },
        ],
      }),
    );
    await compose('up -d --no-deps be');
    expect((await engine.find('demo-be-1'))?.spec.mounts.map(({ source }) => source)).toEqual([anonymous]);
  });

  it('names orphans, and removes them when told to', async () => {
    write();
    await engine.create(specOf({ name: 'demo-ce-1', service: 'ce', project: 'demo', networks: [] }));
    expect((await compose('up -d')).stderr).toMatch(
      /time="[-\dT:]+Z" level=warning msg="Found orphan containers \(\[demo-ce-1\]\) for this project\. If you removed or renamed this service in your compose file, you can run this command with the --remove-orphans flag to clean it up\."/,
    );
    await compose('up -d --remove-orphans');
    expect(await engine.find('demo-ce-1')).toBeNull();
  });

  it('stops at the first refusal of the engine', async () => {
    write();
    engine.refusals.set('xalpha', 'Bind for 127.0.0.1:6543 failed: port is already allocated');
    const { code, stderr } = await compose('up -d');
    expect(code).toBe(1);
    expect(steps(stderr).slice(-2)).toEqual([
      ' Container xalpha  Starting',
      'Error response from daemon: Bind for 127.0.0.1:6543 failed: port is already allocated',
    ]);
  });

  it('tells a name that is taken', async () => {
    write();
    const { id } = await engine.create(specOf({ name: 'xalpha', service: null, project: null }));
    const { code, stderr } = await compose('up -d');
    expect([code, steps(stderr).at(-1)]).toEqual([
      1,
      `Error response from daemon: Conflict. The container name "/xalpha" is already in use by container "${id}". You have to remove (or rename) that container to be able to reuse that name.`,
    ]);
  });

  it.each([
    [{ alpha: 'privileged: true' }, 'the sandbox does not know the property privileged (service alpha)'],
    [
      { rest: '  ce: { image: mysql }' },
      'the sandbox does not know the image mysql: it runs PostgreSQL 14 only',
    ],
  ])('refuses %j before anything is done', async (demo: Demo, message) => {
    write(demo);
    const { code, stderr } = await compose('up -d');
    expect([code, steps(stderr)[0]]).toEqual([125, message]);
    expect(engine.asked).toEqual([]);
  });

  it('needs an external network to be there', async () => {
    write({ be: 'hostname: b', rest: '' });
    const file = path.join(engine.workspace, 'docker-compose.yml');
    writeFileSync(
      file,
      'name: demo\nservices: { a: { image: "postgres:14", networks: [ext] } }\nnetworks: { ext: { external: true, name: xext } }\n',
    );
    expect(await compose('up -d')).toEqual({
      code: 1,
      stdout: '',
      stderr: 'Error response from daemon: network xext not found\n',
    });
  });
});

describe('run', () => {
  const made = ({ stderr }: { stderr: string }) => steps(stderr).filter((line) => line.startsWith(' Con'));

  it("runs a program with the service's environment and mounts, and leaves no container", async () => {
    write({ alpha: 'hostname: host' });
    const words = ['-e', 'A=1', '-e', 'POSTGRES_PASSWORD', 'alpha', 'sh', '-c', 'env; pwd; id -un'];
    const { code, stdout, stderr } = await run(engine, ['compose', 'run', '--rm', '-T', ...words]);
    expect([code, steps(stderr)]).toEqual([
      0,
      [
        ' Network demo_net  Creating',
        ' Network demo_net  Created',
        ' Volume "demo_vol"  Creating',
        ' Volume "demo_vol"  Created',
      ],
    ]);
    expect(stdout.split('\n')).toEqual(
      expect.arrayContaining(['HOSTNAME=host', 'POSTGRES_PASSWORD=x', 'A=1', '/', 'root']),
    );
    expect(await engine.containers()).toEqual([]);
  });

  it('starts first what the service depends on, unless told not to', async () => {
    write();
    expect(made(await compose('run --rm --no-deps be true'))).toEqual([]);
    const lines = ['Creating', 'Created', 'Starting', 'Started'].map((step) => ` Container xalpha  ${step}`);
    expect(made(await compose('run --rm be true'))).toEqual(lines);
    expect(made(await compose('run --rm be true'))).toEqual([' Container xalpha  Running']);
    expect((await engine.containers()).map(({ spec }) => spec.name)).toEqual(['xalpha']);
  });

  it('waits for a healthy one in silence', async () => {
    write({ rest: '  ce: { image: "postgres:14", depends_on: { be: { condition: service_healthy } } }' });
    const { code, stderr } = await compose('run --rm ce true');
    expect([code, ...steps(stderr).slice(-2)]).toEqual([
      1,
      ' Container demo-be-1  Started',
      'dependency failed to start: container demo-be-1 has no healthcheck configured',
    ]);
  });

  it("takes a mount in place of the service's own, and the file's names of volumes", async () => {
    write();
    const inside = vi.spyOn(engine, 'inside');
    await compose('run --rm -v ./conf:/vv -v vol:/more -v other:/other alpha true');
    const [{ spec } = { spec: null }] = inside.mock.lastCall ?? [];
    expect(spec?.mounts.map(({ source, target }) => [source, target])).toEqual([
      [path.join(engine.workspace, 'conf'), '/conf'],
      [path.join(engine.workspace, 'conf'), '/vv'],
      ['demo_vol', '/more'],
      ['other', '/other'],
    ]);
    expect(spec).toMatchObject({ service: null, ports: [], restart: 'no' });
    expect(spec?.name).toMatch(/^demo-alpha-run-[0-9a-f]{12}$/);
    expect(spec?.networks).toEqual([{ name: 'demo_net', aliases: [spec?.name] }]);
  });

  it('splits an entrypoint as a shell does', async () => {
    write();
    const entrypoint = (text: string) =>
      run(engine, ['compose', 'run', '--rm', '--entrypoint', text, 'alpha', 'c']);
    expect((await entrypoint('echo "a  b"')).stdout).toBe('a  b c\n');
    expect(await entrypoint('echo "a')).toEqual({
      code: 1,
      stdout: '',
      stderr: 'invalid command line string\n',
    });
  });

  it.each([
    ['run --rm nope true', 1, 'no such service: nope'],
    [
      'run --rm --name xalpha be true',
      1,
      'Error response from daemon: Conflict. The container name "/xalpha" is',
    ],
    ['run --rm -u foo alpha true', 1, 'Error response from daemon: unable to find user foo: no matching'],
    [
      'run --rm -w rel alpha true',
      1,
      "Error response from daemon: the working directory 'rel' is invalid, it",
    ],
    ['run --rm -it alpha true', 1, 'the input device is not a TTY'],
  ])('%s ends with %i', async (line, exitCode, message) => {
    write();
    const { code, stderr } = await compose(line);
    expect([code, steps(stderr).at(-1)]).toEqual([exitCode, expect.stringContaining(message)]);
  });

  it.each([
    ['run --rm alpha', 'the sandbox does not start a server with docker compose run'],
    ['run --rm alpha postgres -c a=b', 'the sandbox does not start a server with docker compose run'],
    ['run -d alpha true', 'the sandbox does not know the option --detach of docker compose run'],
    ['run --rm -v /etc:/d alpha true', 'the sandbox does not mount /etc: it stays in the workspace'],
  ])('%s is refused before anything is made', async (line, message) => {
    write();
    const { code, stderr } = await compose(line);
    expect([code, stderr.split('\n')[0]]).toEqual([125, message]);
  });
});

describe('up --wait and depends_on', () => {
  it('says Error for a dependency without a healthcheck', async () => {
    write({ rest: '  ce: { image: "postgres:14", depends_on: { be: { condition: service_healthy } } }' });
    const { code, stderr } = await compose('up -d');
    expect([code, ...steps(stderr).slice(-3)]).toEqual([
      1,
      ' Container demo-be-1  Waiting',
      ' Container demo-be-1  Error',
      'dependency failed to start: container demo-be-1 has no healthcheck configured',
    ]);
  });

  it('tells a server that has ended', async () => {
    write();
    engine.afterStart.set('xalpha', { status: 'exited', exitCode: 1 });
    const { code, stderr } = await compose('up --wait alpha');
    expect([code, ...steps(stderr).slice(-2)]).toEqual([
      1,
      ' Container xalpha  Waiting',
      'container xalpha exited (1)',
    ]);
  });
});

describe('up --wait of a server that is started again and again', () => {
  const wait = () => compose('up --wait alpha');

  it('gives up after some restarts, counted from now', async () => {
    write();
    await compose('up -d alpha');
    engine.set('xalpha', { status: 'restarting', exitCode: 1, restartCount: 7 });
    const waiting = wait();
    const timer = setInterval(async () => {
      const count = (await engine.find('xalpha'))?.runtime.restartCount ?? 0;
      engine.set('xalpha', { status: 'restarting', exitCode: 1, restartCount: count + 1 });
    }, 300);
    const { code, stderr } = await waiting;
    clearInterval(timer);
    expect([code, steps(stderr).at(-1)]).toEqual([1, 'container xalpha exited (1)']);
    expect((await engine.find('xalpha'))?.runtime.restartCount).toBeGreaterThanOrEqual(10);
  });
});

describe('up without -d', () => {
  it('shows the logs until Ctrl-C, then stops', async () => {
    write();
    const control = new AbortController();
    const up = run(engine, ['compose', 'up'], { signal: control.signal });
    await vi.waitFor(
      async () => expect((await engine.find('demo-be-1'))?.runtime.status).toBe('running'),
      5000,
    );
    const { id = '' } = (await engine.find('xalpha')) ?? {};
    appendFileSync(await engine.logFile(id), '2026-11-25 12:30:29.724 UTC [1] LOG:  ready\n');
    await new Promise((resolve) => setTimeout(resolve, 400));
    control.abort();
    const { code, stdout, stderr } = await up;
    expect([code, stdout]).toEqual([130, 'Attaching to be-1, xalpha\n']);
    expect(steps(stderr).slice(12)).toEqual([
      'xalpha  | 2026-11-25 12:30:29.724 UTC [1] LOG:  ready',
      'Gracefully stopping... (press Ctrl+C again to force)',
      ' Container demo-be-1  Stopping',
      ' Container demo-be-1  Stopped',
      ' Container xalpha  Stopping',
      ' Container xalpha  Stopped',
      'canceled',
    ]);
  });

  it('ends when all have ended', async () => {
    write();
    for (const name of ['xalpha', 'demo-be-1'])
      engine.afterStart.set(name, { status: 'exited', exitCode: 1 });
    const { code, stdout } = await compose('up');
    expect([code, steps(stdout).sort()]).toEqual([
      0,
      ['Attaching to be-1, xalpha', 'be-1 exited with code 1', 'xalpha exited with code 1'],
    ]);
  });
});

describe('stop, start, restart, rm, down', () => {
  it('stops first what depends on others', async () => {
    write();
    await compose('up -d');
    expect((await compose('stop')).stderr).toBe(
      ' Container demo-be-1  Stopping\n Container demo-be-1  Stopped\n Container xalpha  Stopping\n Container xalpha  Stopped\n',
    );
    expect(engine.asked.slice(-2)).toEqual(['stop demo-be-1', 'stop xalpha 2']);
  });

  it('starts a service with what it depends on, and says nothing of what runs', async () => {
    write();
    await compose('up -d');
    await compose('stop -t 1');
    expect(engine.asked.at(-1)).toBe('stop xalpha 1');
    expect((await compose('start be')).stderr).toBe(
      ' Container xalpha  Starting\n Container xalpha  Started\n Container demo-be-1  Starting\n Container demo-be-1  Started\n',
    );
    expect(await compose('start')).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it('restarts', async () => {
    write();
    await compose('up -d');
    expect((await compose('restart alpha')).stderr).toBe(
      ' Container xalpha  Restarting\n Container xalpha  Started\n',
    );
    expect(engine.asked.slice(-2)).toEqual(['stop xalpha 2', 'start xalpha']);
  });

  it('removes with down: containers, then the network, and with -v the volumes', async () => {
    write();
    await compose('up -d');
    expect(steps((await compose('down')).stderr)).toEqual([
      ' Container demo-be-1  Stopping',
      ' Container demo-be-1  Stopped',
      ' Container demo-be-1  Removing',
      ' Container demo-be-1  Removed',
      ' Container xalpha  Stopping',
      ' Container xalpha  Stopped',
      ' Container xalpha  Removing',
      ' Container xalpha  Removed',
      ' Network demo_net  Removing',
      ' Network demo_net  Removed',
    ]);
    expect(await compose('down')).toEqual({ code: 0, stdout: '', stderr: '' });
    await compose('up -d');
    expect(steps((await compose('down -v')).stderr).slice(-4)).toEqual([
      ' Volume demo_vol  Removing',
      ' Volume demo_vol  Removed',
      ' Network demo_net  Removing',
      ' Network demo_net  Removed',
    ]);
    expect(engine.asked).toContain('remove xalpha with volumes');
  });

  it('leaves a network that something else uses', async () => {
    write();
    await compose('up -d');
    await engine.create(specOf({ name: 'x', project: null, networks: [{ name: 'demo_net', aliases: [] }] }));
    expect(steps((await compose('down')).stderr).at(-1)).toBe(' Network demo_net  Resource is still in use');
  });

  it('removes stopped services', async () => {
    write();
    await compose('up -d');
    expect(await compose('rm -f be')).toEqual({ code: 0, stdout: '', stderr: 'No stopped containers\n' });
    expect(await compose('rm -sf be')).toEqual({
      code: 0,
      stdout: 'Going to remove demo-be-1\n',
      stderr:
        ' Container demo-be-1  Stopping\n Container demo-be-1  Stopped\n Container demo-be-1  Removing\n Container demo-be-1  Removed\n',
    });
  });
});

describe('what compose refuses', () => {
  it.each([
    ['up -d nope', 1, 'no such service: nope'],
    ['stop nope', 1, 'no such service: nope'],
    ['ps nope', 1, 'no such service: nope'],
    ['logs nope', 1, 'no such service: nope'],
    ['start alpha', 1, 'service "alpha" has no container to start'],
    ['exec alpha id', 1, 'service "alpha" is not running'],
    ['exec nope id', 1, 'service "nope" is not running'],
  ])('%s', async (line, code, message) => {
    write();
    expect(await compose(line)).toEqual({ code, stdout: '', stderr: `${message}\n` });
  });

  it.each(['up -d', 'ps', 'down'])('%s without a file', async (line) => {
    expect(await compose(line)).toEqual({
      code: 14,
      stdout: '',
      stderr: 'no configuration file provided: not found\n',
    });
  });

  it('ends with 15 for a file that it can not read', async () => {
    writeFileSync(path.join(engine.workspace, 'docker-compose.yml'), 'services: [');
    expect((await compose('ps')).code).toBe(15);
  });

  it('finds the file from a folder below, and not outside of the workspace', async () => {
    write();
    const below = await run(engine, ['compose', 'config', '-q'], {
      cwd: path.join(engine.workspace, 'conf'),
    });
    expect(below).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(await run(engine, ['compose', 'ps'], { cwd: '/' })).toMatchObject({
      code: 125,
      stderr: expect.stringMatching(/^the sandbox works in the folder \S+ only\n/),
    });
  });
});

describe('lists', () => {
  it('shows an empty table before anything is there', async () => {
    write();
    expect((await compose('ps')).stdout).toBe(
      'NAME      IMAGE     COMMAND   SERVICE   CREATED   STATUS    PORTS\n',
    );
    expect((await compose('logs')).stdout).toBe('');
    expect((await compose('ls')).stdout).toBe('NAME                STATUS              CONFIG FILES\n');
  });

  it('shows services by the names of their containers', async () => {
    write();
    await compose('up -d');
    vi.useFakeTimers({ toFake: ['Date'] });
    for (const name of ['xalpha', 'demo-be-1']) engine.age(name, 3_500);
    engine.set('demo-be-1', { startedAt: new Date(Date.now() - 1_200).toISOString() });
    engine.set('xalpha', { status: 'exited', finishedAt: new Date().toISOString() });
    expect((await compose('ps -a')).stdout).toBe(
      'NAME        IMAGE         COMMAND                  SERVICE   CREATED         STATUS                              PORTS\n' +
        'demo-be-1   postgres:14   "docker-entrypoint.s…"   be        3 seconds ago   Up 1 second                         5432/tcp\n' +
        'xalpha      postgres:14   "docker-entrypoint.s…"   alpha     3 seconds ago   Exited (0) Less than a second ago   \n',
    );
    expect((await compose('ps --services')).stdout).toBe('be\n');
    expect((await compose('ps -q be')).stdout).toBe(`${(await engine.find('demo-be-1'))?.id}\n`);
    const [row] = steps((await compose('ps --format json')).stdout).map((line) => JSON.parse(line));
    expect(row).toMatchObject({ Name: 'demo-be-1', Service: 'be', Project: 'demo', ExitCode: 0, Health: '' });
    expect(row.Publishers).toEqual([{ URL: '', TargetPort: 5432, PublishedPort: 0, Protocol: 'tcp' }]);
  });

  it('lists what the file declares', async () => {
    write();
    expect((await compose('config --services')).stdout).toBe('alpha\nbe\n');
    expect((await compose('config --volumes')).stdout).toBe('vol\n');
    expect((await compose('config --images')).stdout).toBe('postgres:14\npostgres:14\n');
    expect((await compose('config')).stdout).toMatch(/^name: demo\nservices:\n {2}alpha:\n/);
  });

  it('shows the logs of services after their names, all on stdout', async () => {
    write();
    await compose('up -d');
    for (const [name, text] of [
      ['xalpha', 'one\ntwo\n'],
      ['demo-be-1', 'three\n'],
    ] as const)
      writeFileSync(await engine.logFile((await engine.find(name))?.id ?? ''), text);
    expect(await compose('logs')).toEqual({
      code: 0,
      stdout: 'be-1    | three\nxalpha  | one\nxalpha  | two\n',
      stderr: '',
    });
    expect((await compose('logs --tail 1 --no-log-prefix alpha')).stdout).toBe('two\n');
  });
});
