import {
  all,
  append,
  type Change,
  COMPOSE,
  CREATES_SLOT,
  crlf,
  edit,
  FOLLOWER_SCRIPT,
  INVENTORY,
  LEADER_CONF,
  LEADER_SCRIPT,
  put,
  remove,
  type Submission,
  WAITS,
} from './change.ts';

const right = (name: string, change: Change, remarks: string[] = []): Submission => ({
  name,
  change,
  score: 100,
  lost: {},
  remarks,
});

/** Anchors, a merge, long forms, values with defaults, and no volumes at the bottom. */
const LONG = `
x-server: &server
  image: postgres:\${PG_MAJOR:-14}
  restart: always
  command: ["postgres", "-c", "config_file=/etc/postgresql/postgresql.conf"]
  environment: &environment
    POSTGRES_USER: postgres
    POSTGRES_PASSWORD: \${SECRET:-postgres}
    POSTGRES_DB: appdb
  networks: [replication-net]
services:
  leader:
    <<: *server
    container_name: leader
    hostname: leader
    ports:
      - { target: 5432, published: "5433", protocol: tcp, mode: host }
    volumes:
      - { type: bind, source: ./leader/postgresql.conf, target: /etc/postgresql/postgresql.conf, read_only: true }
      - { type: bind, source: ./leader-data, target: /var/lib/postgresql/data, bind: { create_host_path: true } }
  follower:
    <<: *server
    container_name: follower
    hostname: follower
    environment:
      <<: *environment
      PGTZ: UTC
    ports:
      - { target: 5432, published: "5434" }
    volumes:
      - { type: bind, source: ./follower/postgresql.conf, target: /etc/postgresql/postgresql.conf }
      - { type: bind, source: ./follower-data, target: /var/lib/postgresql/data, bind: { create_host_path: true } }
    depends_on: [leader]
networks:
  replication-net:
`;

const UNTIL_IT_ANSWERS =
  'until docker exec leader pg_isready -q -h 127.0.0.1 -U postgres -d appdb; do sleep 0.2; done';

/** The commands of the lessons as they stand there, for a terminal. */
const AS_TYPED = `#!/bin/bash
docker exec -it --user postgres leader psql -U postgres -d appdb -c "CREATE USER replicator WITH REPLICATION PASSWORD 'replicatorpass';"
docker exec -it --user postgres leader psql -U postgres -d appdb -c "SELECT * FROM pg_create_physical_replication_slot('follower_slot');"
echo "host replication replicator all md5" | docker exec -i leader tee -a /var/lib/postgresql/data/pg_hba.conf
docker exec -it --user postgres leader pg_ctl reload
`;

const BY_HEREDOC = `#!/bin/bash
${UNTIL_IT_ANSWERS}
docker exec -i leader psql -U postgres -d appdb <<SQL
CREATE ROLE replicator WITH LOGIN REPLICATION PASSWORD 'replicatorpass';
SELECT pg_create_physical_replication_slot('follower_slot', true);
SQL
docker exec -i leader bash -c 'echo "host replication replicator all md5" >> /var/lib/postgresql/data/pg_hba.conf'
docker exec -i leader psql -U postgres -c 'SELECT pg_reload_conf()'
`;

/** The service itself makes its copy: its folder, its network and its image are in the compose file. */
const BY_COMPOSE_RUN = `#!/bin/bash
set -e
docker compose stop follower
docker compose run --rm -T --no-deps follower find /var/lib/postgresql/data -mindepth 1 -delete
docker compose run --rm -T --no-deps -e PGPASSWORD=replicatorpass follower pg_basebackup -h leader -U replicator -D /var/lib/postgresql/data -R -C -S follower_slot -X stream
docker compose up -d follower
`;

/** Right in another way than the lessons. Nothing of it may cost a point. */
export const UNUSUAL: readonly Submission[] = [
  right('the-reference', () => {}),
  right(
    // No slot before the copy: pg_basebackup makes it by itself.
    'slot-by-the-backup',
    all(
      edit(LEADER_SCRIPT, CREATES_SLOT, ''),
      edit(FOLLOWER_SCRIPT, '-R --slot=follower_slot', '-R -C --slot=follower_slot'),
    ),
  ),
  right(
    // Compose finds the container by its service.
    'compose-exec',
    all(
      edit(LEADER_SCRIPT, /docker exec -i/g, 'docker compose exec -T'),
      edit(LEADER_SCRIPT, 'docker exec leader', 'docker compose exec -T leader'),
    ),
  ),
  right('compose-run', all(edit(LEADER_SCRIPT, CREATES_SLOT, ''), put(FOLLOWER_SCRIPT, BY_COMPOSE_RUN))),
  right(
    'environment-list',
    edit(
      COMPOSE,
      /POSTGRES_USER: postgres\n\s+POSTGRES_PASSWORD: postgres\n\s+POSTGRES_DB: appdb/g,
      '- POSTGRES_USER=postgres\n      - POSTGRES_PASSWORD=postgres\n      - POSTGRES_DB=appdb',
    ),
  ),
  right('long-forms-and-anchors', put(COMPOSE, LONG)),
  // Made in a folder of another name: Compose calls the network after it.
  right('another-folder', edit(FOLLOWER_SCRIPT, 'solutions_replication-net', 'my-work_replication-net'), [
    'home-folder',
  ]),
  right('compose-yaml', all(remove(COMPOSE), put('compose.yaml', LONG))),
  right('compose-crlf', crlf(COMPOSE)),
  right(
    // A stronger method, and no more addresses than there have to be.
    'scram-and-subnet',
    edit(
      LEADER_SCRIPT,
      'echo "host replication replicator all md5" |',
      `subnet=$(docker network inspect solutions_replication-net --format '{{range .IPAM.Config}}{{.Subnet}}{{end}}')
  echo "host replication replicator $subnet scram-sha-256" |`,
    ),
  ),
  right(
    // Only the state counts. The second script has nothing left to do.
    'one-script-for-both',
    (files) => {
      const follower = (files.get(FOLLOWER_SCRIPT) ?? '').replace(/^#!.*\n/, '');
      append(LEADER_SCRIPT, `${follower}docker compose up -d follower\n`)(files);
      files.set(FOLLOWER_SCRIPT, '#!/usr/bin/env bash\necho "leader/setup-leader.sh has done it all."\n');
    },
  ),
  right(
    // The file has one of the five settings; the server has all of them.
    'settings-by-sql',
    all(
      put(LEADER_CONF, "listen_addresses = '*'\n"),
      edit(
        LEADER_SCRIPT,
        'if [ -z',
        `for one in "wal_level = 'replica'" "max_wal_senders = 10" "wal_keep_size = '256MB'" "hot_standby = on"; do
  sql "ALTER SYSTEM SET $one"
done
docker compose restart leader
${UNTIL_IT_ANSWERS}

if [ -z`,
      ),
    ),
  ),
  right('sql-by-heredoc', put(LEADER_SCRIPT, BY_HEREDOC)),
  right(
    // Right where it was written, in a terminal: a remark, and no loss.
    'asks-for-a-terminal',
    put(LEADER_SCRIPT, AS_TYPED),
    ['needs-terminal'],
  ),
  right(
    // Lesson 8 is done when the leader runs, and lesson 7 has waited for it. So does the grader.
    'leader-script-never-waits',
    edit(LEADER_SCRIPT, WAITS, ''),
  ),
  right(
    // The grader loads the rows only where the student's scripts did not.
    'loads-the-rows-itself',
    append(LEADER_SCRIPT, 'docker compose exec -T leader psql -U postgres -d appdb < inventory.sql\n'),
  ),
  right('no-inventory', remove(INVENTORY), ['file-given']),
];
