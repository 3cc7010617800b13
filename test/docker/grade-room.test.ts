import { execFileSync, spawn } from 'node:child_process';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished, vi } from 'vitest';
import { readCourse } from '../../src/course/read.ts';
import { openDockerRoom, sweepRooms } from '../../src/grade/docker-room/room.ts';
import { LIMITS } from '../../src/grade/room.ts';
import { portTaken } from '../../src/lab/docker/ready.ts';
import { openDoor } from '../helpers/docker-door.ts';
import { LESSONS, leftOvers, openRoom, wholeCourse } from '../helpers/docker-room.ts';

it('takes the reference solution to a follower that streams', async () => {
  const room = await openRoom();
  await wholeCourse(room);
  const { nodes, experiments, compose } = await room.observe();
  expect(compose.state).toBe('ok');
  expect(nodes.leader.container).toMatchObject({
    state: 'running',
    name: 'leader',
    port: 5433,
    networks: ['solutions_replication-net'],
    mounts: expect.arrayContaining([
      { type: 'bind', source: `${room.workspace}/leader-data`, target: '/var/lib/postgresql/data' },
    ]),
  });
  expect(nodes.leader.server).toMatchObject({
    state: 'up',
    probe: {
      senders: [expect.objectContaining({ state: 'streaming', user: 'replicator' })],
      slots: [expect.objectContaining({ name: 'follower_slot', active: true })],
    },
  });
  expect(nodes.follower.server).toMatchObject({ state: 'up', probe: { inRecovery: true } });
  expect(nodes.follower.data).toMatchObject({
    state: 'read',
    present: expect.arrayContaining(['standby.signal']),
  });
  expect(experiments['replication-login']).toMatchObject({ state: 'accepted' });
  expect(experiments.nonce).toMatchObject({ state: 'arrived' });
  expect(room.room.remarks()).toEqual([]);
  expect(leftOvers().length).toBeGreaterThan(0);
  await room.room.close();
  expect(leftOvers()).toEqual([]);
  await expect(stat(room.workspace)).rejects.toThrow('ENOENT');
});

it('has two rooms at once, each with a leader of its own, and takes no name and no port', async () => {
  const taken = await Promise.all([5433, 5434].map(portTaken));
  const rooms = await Promise.all([openRoom(), openRoom()]);
  await Promise.all(
    rooms.map(async ({ must, ready }) => {
      await must('compose', 'up', '-d');
      await ready('leader');
    }),
  );
  for (const [number, { must }] of rooms.entries())
    await must(
      'exec',
      'leader',
      'psql',
      '-U',
      'postgres',
      '-d',
      'appdb',
      '-c',
      `CREATE TABLE room_${number} ()`,
    );
  for (const [number, { must, room }] of rooms.entries()) {
    const list = ['exec', 'leader', 'psql', '-h', 'leader', '-U', 'postgres', '-d', 'appdb', '-Atc', '\\dt'];
    expect(await must(...list.toSpliced(1, 0, '-e', 'PGPASSWORD=postgres'))).toContain(`room_${number}`);
    const listed = await room.docker(['ps', '--format', '{{.Names}} {{.Ports}}']);
    expect(listed.output.text.trim().split('\n')).toHaveLength(2);
    expect(listed.output.text).toContain('leader 127.0.0.1:5433->5432/tcp');
  }
  const names = execFileSync('docker', ['ps', '--format', '{{.Names}}'], { encoding: 'utf8' }).split('\n');
  expect(names).not.toContain('leader');
  expect(await Promise.all([5433, 5434].map(portTaken))).toEqual(taken);

  // Neither by the name nor by the id that the engine knows does one room reach the other.
  const [one, other] = rooms as [(typeof rooms)[0], (typeof rooms)[0]];
  const id = (await other.must('inspect', '-f', '{{.Id}}', 'leader')).trim();
  const real = execFileSync('docker', ['inspect', '-f', '{{.Name}}', id], { encoding: 'utf8' })
    .trim()
    .slice(1);
  for (const name of [id, id.slice(0, 12), real]) {
    const { output } = await one.bash(`docker exec ${name} id; docker rm -f ${name}; docker kill ${name}`);
    expect(output.text).toContain(`No such container: ${name}`);
  }
  const [address] = (
    await other.must('inspect', '-f', '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}', 'leader')
  ).split('\n');
  expect(address).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
  const knock = await one.room.docker(['exec', 'leader', 'pg_isready', '-t', '2', '-h', address ?? '']);
  expect(knock.output.text).toContain('no response');
  expect(await other.must('exec', 'leader', 'echo', 'here')).toContain('here');
  await Promise.all(rooms.map(({ room }) => room.close()));
  expect(leftOvers()).toEqual([]);
});

it('gives scripts a docker and a sudo that do what they do on a real machine', async () => {
  const room = await openRoom();
  await room.must('compose', 'up', '-d', 'leader');
  await room.ready('leader');
  const { exitCode, output } = await room.bash(`
set -e
docker exec -i leader psql -U postgres -d appdb -At <<SQL
SELECT 'here ' || 'document';
SQL
echo "SELECT 'through ' || 'compose'" | docker compose exec -T leader psql -U postgres -d appdb -At
docker exec -it leader psql -U postgres -d appdb -Atc "SELECT 'with ' || 'terminal'"
printf '%s\\n' a b | while read -r one; do docker exec leader echo "loop $one"; done
export PGPASSWORD=postgres
docker run --rm -e PGPASSWORD --network=solutions_replication-net postgres:14 psql -h leader -U postgres -Atc "SELECT 'over ' || 'network'"
docker exec leader sh -c 'echo out; echo err >&2; exit 3' 2>/dev/null || echo "code $?"
docker exec leader head -c 3000000 /dev/zero | wc -c
docker logs leader 2>&1 | grep -c 'ready to accept'
docker logs leader | head -n 1 >/dev/null
touch leader-data/mine 2>/dev/null || echo "not mine"
sudo rm -rf leader-data/pg_stat_tmp
sudo -u root ls leader-data | head -n 1
echo text | sudo tee written >/dev/null; cat written
sudo apt-get update || echo "no such sudo"
cd leader && docker compose ps --services
`);
  expect(output.text.split('\n')).toEqual(
    expect.arrayContaining([
      'here document',
      'through compose',
      'with terminal',
      'loop a',
      'loop b',
      'over network',
      'code 3',
      '3000000',
      'not mine',
      'base',
      'text',
      'no such sudo',
      'leader',
    ]),
  );
  expect(output.text).not.toContain('\nout\nerr');
  expect(exitCode).toBe(0);
  expect(room.room.remarks()).toEqual([
    expect.objectContaining({ kind: 'note', id: 'needs-terminal', where: 'tried/1.sh' }),
  ]);
});

it('keeps a hostile script in its room', async () => {
  const room = await openRoom({ script: { memoryMb: 256, cpus: 1, processes: 128, seconds: 60 } });
  const sentinel = path.join(path.dirname(room.workspace), 'sentinel');
  await writeFile(sentinel, 'unchanged');
  await room.must('compose', 'up', '-d', 'leader');
  await room.ready('leader');
  const { output } = await room.bash(`
echo gone > ../sentinel; rm -f ${sentinel}; echo x > /etc/passwd; echo x > /.walkthrough/answers/x
sudo rm -f ${sentinel}; sudo sh -c 'echo gone > ${sentinel}'
(echo > /dev/tcp/1.1.1.1/53) 2>&1; sudo bash -c '(echo > /dev/tcp/1.1.1.1/53)'
docker run --rm -v /:/host postgres:14 sh -c 'echo gone > /host${sentinel}'
docker run --rm -v /var/run/docker.sock:/var/run/docker.sock postgres:14 id
docker run --rm -v "$PWD/..:/up" postgres:14 rm /up/sentinel
ln -s ${path.dirname(room.workspace)} out; docker run --rm -v ./out:/up postgres:14 rm /up/sentinel
ln -s / leader-data2; docker run --rm -v ./leader-data2:/host postgres:14 rm /host${sentinel}
docker run --rm --privileged postgres:14 sh -c 'mount -t tmpfs none /mnt && echo MOUNTED'
docker run --rm --pid=host postgres:14 ps; docker run --rm --cap-add=ALL postgres:14 id
docker run --rm --network=host postgres:14 bash -c 'echo > /dev/tcp/127.0.0.1/22 && echo HOST'
docker run --rm postgres:14 timeout 3 bash -c '(echo > /dev/tcp/1.1.1.1/53) && echo ESCAPED'
docker exec leader timeout 3 bash -c '(echo > /dev/tcp/1.1.1.1/53) && echo ESCAPED'
docker exec leader cat /proc/self/status | grep -E 'CapBnd|NoNewPrivs'
printf 'services:\\n  leader:\\n    image: postgres:14\\n    privileged: true\\n' > bad.yml; docker compose -f bad.yml up -d
printf 'services:\\n  leader:\\n    image: postgres:14\\n    env_file: ${sentinel}\\n' > bad.yml; docker compose -f bad.yml config
ln -s ${sentinel} link.yml; docker compose -f link.yml config; docker compose -f ${sentinel} config
printf 'services:\\n  leader:\\n    image: postgres:14\\n    volumes: ["/:/host"]\\n' > bad.yml; docker compose -f bad.yml up -d
ls /home /root /work /var/run/docker.sock 2>&1 | head -5
`);
  expect(await readFile(sentinel, 'utf8')).toBe('unchanged');
  expect(output.text).not.toMatch(/MOUNTED|ESCAPED|HOST|unchanged/);
  expect(output.text).toMatch(/NoNewPrivs:\s+1/);
  expect(output.text).toMatch(/CapBnd:\s+00000000000000eb/);
  expect(output.text).not.toMatch(/sandbox/);
  const seen = room.room.remarks().map(({ kind, id }) => `${kind} ${id}`);
  expect(seen).toEqual(expect.arrayContaining(['policy mount-outside', 'policy privileged', 'policy pid']));
  // The room still works.
  expect(await room.must('exec', 'leader', 'echo', 'well')).toContain('well');
});

it('ends a script that takes too much, and goes on', async () => {
  const room = await openRoom({ script: { memoryMb: 128, cpus: 1, processes: 64, seconds: 8 } });
  await room.must('compose', 'up', '-d', 'leader');
  await room.ready('leader');
  const [sleeper, inside, bomb, flood, hog] = [
    await room.bash('echo begun; sleep 1000'),
    await room.bash('docker exec leader sleep 1234'),
    await room.bash(':(){ :|:& };:; sleep 2; :'),
    await room.bash('head -c 1000000000 /dev/zero'),
    await room.bash('tail /dev/zero'),
  ];
  expect(sleeper).toMatchObject({ exitCode: null, timedOut: true });
  expect(sleeper?.output.text).toBe('begun\n');
  expect(sleeper?.ms).toBeLessThan(14_000);
  expect(inside).toMatchObject({ exitCode: null, timedOut: true });
  expect((await room.room.docker(['exec', 'leader', 'cat', '/proc/1/comm'])).exitCode).toBe(0);
  const { output: left } = await room.room.docker([
    'exec',
    'leader',
    'sh',
    '-c',
    'grep -az 1234 /proc/[0-9]*/cmdline | tr "\\0" " "',
  ]);
  expect(left.text).not.toContain('sleep 1234');
  expect(bomb?.ms).toBeLessThan(14_000);
  expect(flood?.output.bytes).toBeGreaterThan(10_000_000);
  expect(flood?.output.text.length).toBeLessThan(100_000);
  expect(hog?.exitCode).not.toBe(0);
  const seen = room.room.remarks().map(({ id }) => id);
  expect(seen).toEqual(expect.arrayContaining(['script-time', 'memory', 'processes']));
  expect(await room.must('exec', 'leader', 'echo', 'well')).toContain('well');
});

it('does not follow what a script forges in the spool', async () => {
  const room = await openRoom({ script: { memoryMb: 256, cpus: 1, processes: 128, seconds: 30 } });
  const sentinel = path.join(path.dirname(room.workspace), 'sentinel');
  await writeFile(sentinel, '3\0docker\0/\0unchanged\0');
  const asks = '/.walkthrough/asks';
  const forged = [
    `ln -s ${sentinel} ${asks}/1.1.ask; sleep 20`,
    `mkfifo ${asks}/1.2.ask; sleep 20`,
    `mkdir ${asks}/1.3.ask; sleep 20`,
    `echo x > ${asks}/..ask; sleep 20`,
    `docker exec leader echo "$(head -c 400000 /dev/zero | tr '\\0' x)"; printf '%0400000d' 1 > ${asks}/1.4.ask; sleep 20`,
    `for i in $(seq 6000); do : > ${asks}/$i; done; sleep 20`,
    `for i in $(seq 2100); do printf '%s\\0' 5 docker / 0 0 version > ${asks}/1.$i.ask; done; sleep 20`,
    `printf '%s\\0' 99 docker > ${asks}/1.5.ask; sleep 20`,
  ];
  for (const script of forged) {
    const { exitCode, timedOut } = await room.bash(script);
    expect({ script, exitCode, timedOut }).toEqual({ script, exitCode: null, timedOut: false });
  }
  expect(await readFile(sentinel, 'utf8')).toBe('3\0docker\0/\0unchanged\0');
  const seen = room.room.remarks();
  expect(seen).toHaveLength(forged.length);
  for (const remark of seen) expect(remark).toMatchObject({ kind: 'limit', id: 'commands' });
  expect((await room.bash('docker version >/dev/null && echo well')).output.text).toBe('well\n');
});

it('ends all that runs when the copy grows too large', async () => {
  const room = await openRoom({ diskMb: 200 });
  await room.must('compose', 'up', '-d', 'leader');
  await room.ready('leader');
  const copy = await room.bash('head -c 400000000 /dev/zero > large; sleep 30');
  expect(copy).toMatchObject({ exitCode: null, timedOut: false });
  expect(copy.ms).toBeLessThan(20_000);
  expect(room.room.remarks()).toEqual([expect.objectContaining({ kind: 'limit', id: 'disk' })]);
  const { nodes } = await room.observe();
  expect(nodes.leader.container).toMatchObject({ state: 'exited' });
});

it('starts a container again as its policy says, but never with a mount that became a link', async () => {
  const room = await openRoom();
  await room.must('compose', 'up', '-d', 'leader');
  await room.ready('leader');
  await room.must('exec', 'leader', 'sh', '-c', 'kill -KILL 1; kill -INT 1');
  await vi.waitFor(
    async () =>
      expect((await room.observe()).nodes.leader.container).toMatchObject({
        state: 'running',
        restartCount: 1,
      }),
    { timeout: 20_000, interval: 300 },
  );
  await room.ready('leader');
  const outside = path.join(path.dirname(room.workspace), 'outside');
  await mkdir(outside);
  await room.bash(
    `mv leader-data moved; ln -s ${outside} leader-data; docker exec leader sh -c 'kill -INT 1'`,
  );
  await new Promise((resolve) => setTimeout(resolve, 2000));
  expect((await room.observe()).nodes.leader.container).toMatchObject({ state: 'exited' });
  const { output } = await room.room.docker(['start', 'leader']);
  expect(output.text).toContain('does not mount');
  expect(await readdir(outside)).toEqual([]);
});

it('says what is wrong with the machine, and the next step', async () => {
  const { names } = await readCourse(LESSONS);
  const options = { workspace: '/nowhere/solutions', names, limits: LIMITS };
  const missing = { ...options, names: { ...names, image: 'postgres:14-of-nobody' } };
  await expect(openDockerRoom(missing)).rejects.toMatchObject({
    name: 'UnusableError',
    message: expect.stringContaining('image'),
    next: expect.stringContaining('docker pull'),
  });
  vi.stubEnv('DOCKER_HOST', 'unix:///nowhere/docker.sock');
  onTestFinished(() => void vi.unstubAllEnvs());
  await expect(openDockerRoom(options)).rejects.toMatchObject({
    name: 'UnusableError',
    next: expect.stringContaining('docker info'),
  });
});

it('removes the rooms of a process that was killed', async () => {
  const room = await openRoom();
  const helper = new URL('../helpers/docker-room-process.ts', import.meta.url);
  const child = spawn(process.execPath, ['--import', 'tsx', fileURLToPath(helper)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const root = await new Promise<string>((resolve) =>
    child.stdout.on('data', (chunk: Buffer) => resolve(chunk.toString().trim())),
  );
  const mine = leftOvers();
  expect(leftOvers(child.pid)).not.toEqual([]);
  child.kill('SIGKILL');
  await new Promise((resolve) => child.once('exit', resolve));
  expect(await sweepRooms()).toHaveLength(1);
  expect(leftOvers(child.pid)).toEqual([]);
  // The rooms of a process that lives stay.
  expect(leftOvers()).toEqual(mine);
  await room.must('compose', 'up', '-d', 'leader');
  await rm(root, { recursive: true, force: true });
});

it('mounts no folder that a script swaps for a link at the same moment', async () => {
  const room = await openRoom();
  const outside = path.join(path.dirname(room.workspace), 'outside');
  await mkdir(outside);
  const { exitCode } = await room.bash(`
mkdir a
swap() { while :; do mv a b; ln -s ${outside} a; rm a; mv b a; done; }
swap 2>/dev/null &
for i in 1 2 3 4 5 6 7 8 9 10; do
  docker run --rm -v ./a:/up postgres:14 touch /up/caught || true
done
kill %1; exit 0`);
  expect(exitCode).toBe(0);
  expect(await readdir(outside)).toEqual([]);
});

it('fails as a machine does when the engine goes away under a script', async () => {
  const door = await openDoor();
  vi.stubEnv('DOCKER_HOST', `unix://${door.socket}`);
  onTestFinished(async () => {
    vi.unstubAllEnvs();
    await door.close();
  });
  const room = await openRoom();
  await room.must('compose', 'up', '-d', 'leader');
  const running = room.bash('sleep 30');
  await new Promise((resolve) => setTimeout(resolve, 2000));
  door.shut();
  await expect(running).rejects.toMatchObject({ name: 'UnusableError' });
  await expect(room.room.docker(['ps'])).rejects.toMatchObject({ name: 'UnusableError' });
  door.open();
  expect(await room.must('ps')).toContain('leader');
});
