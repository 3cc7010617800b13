import { appendFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MemoryEngine, run, specOf } from './memory-engine.ts';

let engine: MemoryEngine;
let leader: string;
let follower: string;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  engine = new MemoryEngine();
  leader = (await engine.create(specOf())).id;
  follower = (
    await engine.create(
      specOf({ name: 'follower', service: 'follower', ports: [{ target: 5432, published: null }] }),
    )
  ).id;
  engine.age('leader', 62_000);
  engine.age('follower', 6_000);
  engine.set('leader', { status: 'running', startedAt: new Date(Date.now() - 3_000).toISOString(), pid: 42 });
  engine.set('follower', {
    status: 'exited',
    exitCode: 1,
    finishedAt: new Date(Date.now() - 150_000).toISOString(),
  });
});

afterEach(() => void vi.useRealTimers());

const docker = (...words: string[]) => run(engine, words);
const no = (message: string) => ({ code: 1, stdout: '', stderr: `${message}\n` });

describe('docker ps', () => {
  it('shows what runs, in the columns of docker', async () => {
    const id = leader.slice(0, 12);
    expect(await docker('ps')).toEqual({
      code: 0,
      stderr: '',
      stdout:
        'CONTAINER ID   IMAGE         COMMAND                  CREATED              STATUS         PORTS                      NAMES\n' +
        `${id}   postgres:14   "docker-entrypoint.s…"   About a minute ago   Up 3 seconds   127.0.0.1:5433->5432/tcp   leader\n`,
    });
  });

  it('shows all with -a, the newest first', async () => {
    const { stdout } = await docker('ps', '-a');
    const lines = stdout.trimEnd().split('\n');
    expect(lines[1]).toMatch(
      /"docker-entrypoint\.s…" {3}6 seconds ago {8}Exited \(1\) 2 minutes ago {30}follower$/,
    );
    expect(lines[2]).toMatch(/leader$/);
  });

  it('tells a container that is restarting', async () => {
    engine.set('follower', {
      status: 'restarting',
      finishedAt: new Date(Date.now() - 4_200).toISOString(),
    });
    const { stdout } = await docker('ps', '--format', '{{.Names}}: {{.Status}} [{{.Ports}}]');
    expect(stdout).toBe(
      'follower: Restarting (1) 4 seconds ago []\nleader: Up 3 seconds [127.0.0.1:5433->5432/tcp]\n',
    );
  });

  it.each([
    [['ps', '-q'], () => `${leader.slice(0, 12)}\n`],
    [['ps', '-q', '--no-trunc'], () => `${leader}\n`],
    [['ps', '-aq', '--filter', 'name=foll'], () => `${follower.slice(0, 12)}\n`],
    [['ps', '--filter', 'status=exited', '--format', '{{.Names}}'], () => 'follower\n'],
    [['ps', '--filter', 'name=leader', '--filter', 'status=exited'], null],
    [
      ['ps', '-a', '-f', 'label=com.docker.compose.service=leader', '--format', '{{.Names}}'],
      () => 'leader\n',
    ],
    [['ps', '-a', '--format', '{{.Label "com.docker.compose.service"}}'], () => 'follower\nleader\n'],
    [
      ['ps', '-a', '--format', 'table {{.Names}}\\t{{.State}}'],
      () => 'NAMES      STATE\nfollower   exited\nleader     running\n',
    ],
    [
      ['ps', '--no-trunc', '--format', '{{.Command}}'],
      () => '"docker-entrypoint.sh postgres -c config_file=/etc/postgresql/postgresql.conf"\n',
    ],
  ])('%j', async (words, expected) => {
    const { stdout, code } = await docker(...words);
    expect(code).toBe(0);
    expect(stdout).toBe(
      expected === null
        ? 'CONTAINER ID   IMAGE     COMMAND   CREATED   STATUS    PORTS     NAMES\n'
        : expected(),
    );
  });

  it('prints one JSON object a line, with the keys of docker', async () => {
    const row = JSON.parse((await docker('ps', '--format', 'json')).stdout);
    expect(Object.keys(row).join()).toBe(
      'Command,CreatedAt,ID,Image,Labels,LocalVolumes,Mounts,Names,Networks,Platform,Ports,RunningFor,Size,State,Status',
    );
    expect(row).toMatchObject({ Names: 'leader', State: 'running', Networks: 'solutions_replication-net' });
    expect((await docker('ps', '--format', 'json')).stdout).toContain('5433-\\u003e5432');
    expect((await docker('ps', '--format', '{{json .Ports}}')).stdout).toBe('"127.0.0.1:5433->5432/tcp"\n');
  });

  it('refuses what docker refuses', async () => {
    expect(await docker('ps', '--filter', 'foo=bar')).toEqual(
      no("Error response from daemon: Invalid filter 'foo'"),
    );
    expect(await docker('ps', '--format', '{{.Foo}}')).toEqual(
      no(
        'failed to execute template: template: :1:2: executing "" at <.Foo>: can\'t evaluate field Foo in type *formatter.ContainerContext',
      ),
    );
    expect(await docker('ps', '--format', '{{')).toEqual(
      no('failed to parse template: template: :1: unclosed action'),
    );
    expect((await docker('ps', '--filter', 'health=healthy')).code).toBe(125);
  });
});

describe('start, stop, restart, kill, rm', () => {
  it('prints the names as they were typed', async () => {
    expect(await docker('start', 'follower')).toEqual({ code: 0, stdout: 'follower\n', stderr: '' });
    expect(await docker('stop', leader.slice(0, 5), 'follower')).toEqual({
      code: 0,
      stdout: `${leader.slice(0, 5)}\nfollower\n`,
      stderr: '',
    });
    expect(await docker('restart', '-t', '3', 'leader')).toMatchObject({ code: 0, stdout: 'leader\n' });
    expect(await docker('kill', '-s', 'hup', 'leader')).toMatchObject({ code: 0, stdout: 'leader\n' });
    expect(await docker('kill', '-s', 'int', 'leader')).toMatchObject({ code: 0, stdout: 'leader\n' });
    expect(await docker('rm', '-fv', 'leader')).toMatchObject({ code: 0, stdout: 'leader\n' });
    expect(engine.asked.slice(2)).toEqual([
      'start follower',
      'stop leader',
      'stop follower',
      'stop leader 3',
      'start leader',
      'SIGHUP leader',
      // Not SIGINT: the image's stop signal does not ask the restart policy.
      'stop leader 3600',
      'remove leader with volumes',
    ]);
  });

  it('goes on with the next name, and fails in the end', async () => {
    expect(await docker('start', 'nope', 'leader')).toEqual({
      code: 1,
      stdout: 'leader\n',
      stderr:
        'Error response from daemon: No such container: nope\nError: failed to start containers: nope\n',
    });
  });

  it.each([
    [['stop', 'nope'], 'Error response from daemon: No such container: nope'],
    [['kill', 'nope'], 'Error response from daemon: Cannot kill container: nope: No such container: nope'],
    [['kill', '-s', 'FOO', 'leader'], 'Error response from daemon: Invalid signal: FOO'],
    [['rm', 'nope'], 'Error response from daemon: No such container: nope'],
    [['logs', 'nope'], 'Error response from daemon: No such container: nope'],
    [
      ['rm', 'leader'],
      'Error response from daemon: cannot remove container "/leader": container is running: stop the container before removing or force remove',
    ],
  ])('%j', async (words, message) => {
    expect(await docker(...words)).toEqual(no(message));
  });

  it('tells a kill of what does not run', async () => {
    expect(await docker('kill', 'follower')).toEqual(
      no(`Error response from daemon: Cannot kill container: follower: Container ${follower} is not running`),
    );
  });

  it('is content with rm -f of what is not there', async () => {
    expect(await docker('rm', '-f', 'nope')).toMatchObject({
      code: 0,
      stderr: 'Error response from daemon: No such container: nope\n',
    });
  });

  it("says the engine's refusal of a start", async () => {
    engine.refusals.set('follower', 'Bind for 127.0.0.1:5434 failed: port is already allocated');
    expect(await docker('start', 'follower')).toEqual(
      no(
        'Error response from daemon: Bind for 127.0.0.1:5434 failed: port is already allocated\nError: failed to start containers: follower',
      ),
    );
  });
});

describe('docker inspect', () => {
  it('has what programs ask for', async () => {
    const [found] = JSON.parse((await docker('inspect', 'leader')).stdout);
    expect(found).toMatchObject({
      Id: leader,
      Name: '/leader',
      RestartCount: 0,
      State: {
        Status: 'running',
        Running: true,
        Restarting: false,
        Pid: 42,
        ExitCode: 0,
        FinishedAt: '0001-01-01T00:00:00Z',
      },
      Config: {
        Image: 'postgres:14',
        Hostname: 'leader',
        Cmd: ['postgres', '-c', 'config_file=/etc/postgresql/postgresql.conf'],
        Labels: {
          'com.docker.compose.project': 'solutions',
          'com.docker.compose.service': 'leader',
          'com.docker.compose.project.working_dir': engine.workspace,
          'com.docker.compose.config-hash': 'a1',
          'com.docker.compose.oneoff': 'False',
        },
      },
      HostConfig: {
        NetworkMode: 'solutions_replication-net',
        RestartPolicy: { Name: 'always', MaximumRetryCount: 0 },
        PortBindings: { '5432/tcp': [{ HostIp: '', HostPort: '5433' }] },
      },
      NetworkSettings: {
        Ports: { '5432/tcp': [{ HostIp: '127.0.0.1', HostPort: '5433' }] },
        Networks: {
          'solutions_replication-net': { IPAddress: '127.0.0.1', Aliases: ['leader', leader.slice(0, 12)] },
        },
      },
    });
    expect(found.Config.Env).toContain('POSTGRES_USER=postgres');
    expect(found.Config.Env).toContain('PGDATA=/var/lib/postgresql/data');
  });

  it('fills templates, one line an object', async () => {
    const { stdout } = await docker('inspect', '-f', '{{.Name}} {{.State.ExitCode}}', 'leader', 'follower');
    expect(stdout).toBe('/leader 0\n/follower 1\n');
    expect((await docker('inspect', 'leader', '-f', '{{json .NetworkSettings.Networks}}')).stdout).toMatch(
      /^\{"solutions_replication-net":\{"Aliases":\["leader",/,
    );
    expect((await docker('inspect', 'follower', '-f', '{{json .NetworkSettings.Ports}}')).stdout).toBe(
      '{}\n',
    );
  });

  it.each([
    [['inspect', 'nope'], '[]\n', 'Error: No such object: nope'],
    [['inspect', '-f', '{{.Name}}', 'nope'], '\n', 'Error: No such object: nope'],
    [['inspect', '-f', '{{.Name}}', 'nope', 'leader'], '/leader\n', 'Error: No such object: nope'],
    [['container', 'inspect', 'nope'], '[]\n', 'Error response from daemon: No such container: nope'],
    [['network', 'inspect', 'nope'], '[]\n', 'Error response from daemon: network nope not found'],
    [['volume', 'inspect', 'nope'], '[]\n', 'Error response from daemon: get nope: no such volume'],
    [
      ['inspect', '-f', '{{.Foo}}', 'leader'],
      '',
      'template parsing error: template: :1:2: executing "" at <.Foo>: map has no entry for key "Foo"',
    ],
  ])('%j', async (words, stdout, message) => {
    expect(await docker(...words)).toEqual({ code: 1, stdout, stderr: `${message}\n` });
  });

  it('finds images, networks and volumes, too', async () => {
    await engine.createNetwork('solutions_replication-net', 'solutions');
    await engine.createVolume('solutions_data', 'solutions');
    const of = async (...words: string[]) => JSON.parse((await docker(...words)).stdout)[0];
    expect(await of('image', 'inspect', 'postgres:14')).toMatchObject({ RepoTags: ['postgres:14'] });
    expect(await of('inspect', 'solutions_replication-net')).toMatchObject({
      Labels: { 'com.docker.compose.network': 'replication-net' },
      Containers: { [leader]: { Name: 'leader' } },
    });
    expect(await of('volume', 'inspect', 'solutions_data')).toMatchObject({
      Mountpoint: engine.volumeFolder('solutions_data'),
    });
  });
});

describe('docker logs', () => {
  const INIT = [
    'The files belonging to this database system will be owned by user "postgres".',
    'syncing data to disk ... ok',
    'initdb: warning: enabling "trust" authentication for local connections',
    'You can change this by editing pg_hba.conf or using the option -A, or',
    '--auth-local and --auth-host, the next time you run initdb.',
    'PostgreSQL init process complete; ready for start up.',
    '',
  ];
  const SERVER = [
    '2026-11-25 12:30:29.724 UTC [1] LOG:  starting PostgreSQL 14.23',
    '\tcontinued',
    'LOG:  another prefix',
  ];

  beforeEach(async () => writeFileSync(await engine.logFile(leader), [...INIT, ...SERVER, ''].join('\n')));

  it('gives initdb and the entrypoint to stdout, the server to stderr', async () => {
    const { stdout, stderr } = await docker('logs', 'leader');
    expect(stdout.split('\n')).toEqual([...INIT.slice(0, 2), ...INIT.slice(5), '']);
    expect(stderr.split('\n')).toEqual([...INIT.slice(2, 5), ...SERVER, '']);
  });

  it('takes the last lines of all', async () => {
    expect(await docker('logs', '--tail', '2', 'leader')).toEqual({
      code: 0,
      stdout: '',
      stderr: `${SERVER.slice(1).join('\n')}\n`,
    });
    expect((await docker('logs', '--tail', '0', 'leader')).stderr).toBe('');
  });

  it("stamps lines with the server's own time", async () => {
    const { stderr } = await docker('logs', '-t', '--tail', '3', 'leader');
    expect(stderr.split('\n')[0]).toBe(`2026-11-25T12:30:29.724000000Z ${SERVER[0]}`);
    expect(stderr.split('\n')[1]).toBe('2026-11-25T12:30:29.724000000Z \tcontinued');
  });

  it('follows until the container ends', async () => {
    const followed = docker('logs', '-f', '--tail', '0', 'leader');
    await new Promise((resolve) => setTimeout(resolve, 100));
    appendFileSync(await engine.logFile(leader), 'first half');
    await new Promise((resolve) => setTimeout(resolve, 300));
    appendFileSync(await engine.logFile(leader), ' and the other\nthe last');
    engine.set('leader', { status: 'exited' });
    expect(await followed).toEqual({ code: 0, stdout: '', stderr: 'first half and the other\nthe last\n' });
  });

  it('ends with 130 at Ctrl-C', async () => {
    const control = new AbortController();
    const followed = run(engine, ['logs', '-f', 'leader'], { signal: control.signal });
    setTimeout(() => control.abort(), 100);
    expect((await followed).code).toBe(130);
  });

  it('is empty for a container that was never started', async () => {
    expect(await docker('logs', 'follower')).toEqual({ code: 0, stdout: '', stderr: '' });
  });
});

describe('other lists', () => {
  it('lists networks by name', async () => {
    await engine.createNetwork('demo_net', 'demo');
    const { stdout } = await docker('network', 'ls');
    expect(stdout.replace(/[0-9a-f]{12}/g, 'ID')).toBe(
      'NETWORK ID     NAME       DRIVER    SCOPE\nID   bridge     bridge    local\nID   demo_net   bridge    local\nID   host       host      local\nID   none       null      local\n',
    );
    expect((await docker('network', 'ls', '--filter', 'name=demo', '--format', '{{.Name}}')).stdout).toBe(
      'demo_net\n',
    );
  });

  it('lists volumes', async () => {
    expect((await docker('volume', 'ls')).stdout).toBe('DRIVER    VOLUME NAME\n');
    await engine.createVolume('demo_vol', 'demo');
    expect((await docker('volume', 'ls')).stdout).toBe('DRIVER    VOLUME NAME\nlocal     demo_vol\n');
  });

  it('lists the image that the servers stand for', async () => {
    expect((await docker('image', 'ls', '--format', '{{.Repository}}:{{.Tag}}')).stdout).toBe(
      'postgres:14\n',
    );
    expect((await docker('images', 'postgres:15')).stdout).toBe(
      'REPOSITORY   TAG       IMAGE ID   CREATED   SIZE\n',
    );
  });
});

describe('what the sandbox says of itself', () => {
  it.each([
    [['compose', 'version'], 'Docker Compose version 2.26.1 (sandbox of walkthrough)\n'],
    [['compose', 'version', '--short'], '2.26.1\n'],
    [['compose', 'version', '-f', 'json'], '{"version":"2.26.1"}\n'],
    [['--version'], 'Docker version 28.2.2 (sandbox of walkthrough)\n'],
    [['version', '--format', '{{.Server.Version}}'], '28.2.2\n'],
    [
      ['pull', 'postgres:14'],
      'postgres:14 is here already: the sandbox runs real PostgreSQL 14 servers of its own.\n',
    ],
  ])('%j', async (words, stdout) => {
    expect(await docker(...words)).toEqual({ code: 0, stdout, stderr: '' });
  });

  it('shows a client and a server', async () => {
    expect((await docker('version')).stdout).toMatch(
      /^Client: [\s\S]*\nServer: [\s\S]*Engine:\n {2}Version:/,
    );
    expect((await docker('info')).stdout).toContain(' Containers: 2\n  Running: 1\n');
  });

  it('refuses to pull another image', async () => {
    expect(await docker('pull', 'mysql:8')).toMatchObject({
      code: 125,
      stderr: expect.stringMatching(/^the sandbox does not know the image mysql:8: /),
    });
  });

  it('makes its help from the tables', async () => {
    expect((await docker('exec', '--help')).stdout).toMatch(
      /^Usage: {2}docker exec \[OPTIONS\] CONTAINER COMMAND \[ARG\.\.\.\][\s\S]*-u, --user string/,
    );
    expect((await docker('compose', '--help')).stdout).toContain('  up ');
    expect((await docker('network')).stdout).toContain('  network ls ');
  });
});
