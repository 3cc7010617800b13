import { describe, expect, it } from 'vitest';
import { adaptCommand, type MachineFacts } from '../../../src/lab/adapt.ts';

const PLAIN: MachineFacts = {
  root: false,
  sudo: true,
  ownData: false,
  rootless: false,
  imagePresent: false,
  image: 'postgres:14',
  leader: 'leader',
  superuser: 'postgres',
  database: 'appdb',
  uid: 1000,
  gid: 1001,
};

const CHOWN = 'sudo chown -R $(id -u):$(id -g) ./leader-data ./follower-data';
const CLEAR = 'sudo rm -rf ./follower-data/*';
const inContainer = (script: string) =>
  `docker run --rm -v "$(pwd):/workspace" -w /workspace postgres:14 sh -c '${script}'`;

/** Who sits at the machine, and how the two commands with sudo look for them; null: as documented. */
const MACHINES: [string, Partial<MachineFacts>, { chown: string | null; clear: string | null }][] = [
  ['root', { root: true, sudo: true }, { chown: CHOWN.slice(5), clear: 'rm -rf ./follower-data/*' }],
  [
    'root without sudo',
    { root: true, sudo: false },
    { chown: CHOWN.slice(5), clear: 'rm -rf ./follower-data/*' },
  ],
  ['a user with sudo', {}, { chown: null, clear: `sudo sh -c 'rm -rf ./follower-data/*'` }],
  [
    'a user without sudo',
    { sudo: false },
    {
      chown: inContainer('chown -R 1000:1001 ./leader-data ./follower-data'),
      clear: inContainer('rm -rf ./follower-data/*'),
    },
  ],
  [
    'a user of rootless Docker, where root in a container is the user outside',
    { rootless: true, sudo: false },
    {
      chown: inContainer('chown -R 0:0 ./leader-data ./follower-data'),
      clear: inContainer('rm -rf ./follower-data/*'),
    },
  ],
  [
    'a user who owns the data folders already',
    { ownData: true, sudo: false },
    { chown: CHOWN.slice(5), clear: 'rm -rf ./follower-data/*' },
  ],
  [
    'a user of rootless Docker who owns the data folders already',
    { ownData: true, rootless: true, sudo: false },
    { chown: CHOWN.slice(5), clear: 'rm -rf ./follower-data/*' },
  ],
];

describe.each(MACHINES)('for %s', (_, facts, expected) => {
  it.each([
    ['the owner of the data folders', CHOWN, expected.chown],
    ['the emptied data folder', CLEAR, expected.clear],
  ])('%s', (_what, command, adapted) => {
    const { command: form, reasons } = adaptCommand(command, { ...PLAIN, ...facts });
    expect(form).toBe(adapted ?? command);
    // A form that differs has a reason, and one that does not has none.
    expect(reasons).toHaveLength(adapted === null ? 0 : 1);
  });
});

describe('sudo', () => {
  it('is called missing only where it is missing', () => {
    const reasonFor = (facts: Partial<MachineFacts>) =>
      adaptCommand(CHOWN, { ...PLAIN, ...facts }).reasons.join();
    expect(reasonFor({ sudo: false })).toContain('sudo is not there');
    expect(reasonFor({ sudo: true, rootless: true })).not.toContain('sudo is not there');
  });
});

const IN_LEADER = 'docker exec -it --user postgres leader';

describe('a documented command', () => {
  it.each([
    `${IN_LEADER} psql -U postgres -d appdb -c "CREATE USER replicator WITH REPLICATION PASSWORD 'replicatorpass';"`,
    `${IN_LEADER} psql -U postgres -d appdb -c "SELECT * FROM pg_create_physical_replication_slot('follower_slot');"`,
    `${IN_LEADER} pg_ctl reload`,
    `docker exec -it --user postgres follower psql -U postgres -d appdb -c "SELECT * FROM inventory;"`,
  ])('that asks for a terminal is run without one: %s', (command) => {
    const { command: form, reasons } = adaptCommand(command, PLAIN);
    expect(form).toBe(command.replace(' -it ', ' -i '));
    expect(reasons).toEqual([expect.stringMatching(/^-t needs a terminal/)]);
  });

  it('that waits for five seconds asks the server instead', () => {
    const { command, reasons } = adaptCommand('sleep 5', PLAIN);
    expect(command).toBe(
      [
        'for try in $(seq 300); do',
        '  docker exec leader pg_isready -q -h 127.0.0.1 -U postgres -d appdb && break',
        '  sleep 0.2',
        'done',
      ].join('\n'),
    );
    expect(reasons).toHaveLength(1);
  });

  it('that pulls the image only looks at it when it is there', () => {
    const there = adaptCommand('docker pull postgres:14', { ...PLAIN, imagePresent: true });
    expect(there).toEqual({
      command: 'docker image ls postgres:14',
      reasons: ['The image is on this machine already.'],
    });
    expect(adaptCommand('docker pull postgres:14', PLAIN)).toEqual({
      command: 'docker pull postgres:14',
      reasons: [],
    });
  });

  it.each([
    'mkdir -p leader follower leader-data follower-data',
    'docker version',
    'docker compose version',
    'docker compose up -d',
    'docker compose down -v',
    'docker compose up -d leader',
    'docker compose stop follower',
    'docker exec -i --user postgres leader psql -U postgres -d appdb < inventory.sql',
    'echo "host replication replicator all md5" | docker exec -i leader tee -a /var/lib/postgresql/data/pg_hba.conf',
    [
      'docker run --rm -e PGPASSWORD=replicatorpass \\',
      '  -v "$(pwd)/follower-data:/output" \\',
      '  --network=solutions_replication-net \\',
      '  postgres:14 \\',
      '  pg_basebackup -h leader -D /output -U replicator -p 5432 -vP -R --slot=follower_slot',
    ].join('\n'),
  ])('is left as it is on any machine: %s', (command) => {
    for (const [, facts] of MACHINES) {
      expect(adaptCommand(command, { ...PLAIN, imagePresent: true, ...facts })).toEqual({
        command,
        reasons: [],
      });
    }
  });
});

describe('a command of a course author', () => {
  it.each([
    ['docker exec -ti leader psql', 'docker exec -i leader psql'],
    ['docker exec -i -t leader psql', 'docker exec -i leader psql'],
    ['docker compose exec -it leader psql', 'docker compose exec -i leader psql'],
    [
      'docker compose run --rm -v a:/a -it follower ls -t',
      'docker compose run --rm -v a:/a -i follower ls -t',
    ],
    ['docker exec --interactive --tty leader psql', 'docker exec --interactive leader psql'],
    ['docker exec \\\n  -it leader psql', 'docker exec \\\n  -i leader psql'],
  ])('may ask for a terminal in another way: %s', (command, form) => {
    expect(adaptCommand(command, PLAIN).command).toBe(form);
  });

  it.each([
    'docker exec -i leader psql -t -c "SELECT 1"',
    'docker exec leader pg_ctl -t 60 restart',
    'docker exec -i leader psql -c "SELECT \'a -t b\'"',
  ])('keeps the options of the program in the container: %s', (command) => {
    expect(adaptCommand(command, PLAIN)).toEqual({ command, reasons: [] });
  });

  it('that asks for a terminal keeps the options of the program all the same', () => {
    expect(adaptCommand('docker exec -it leader psql -t -c "SELECT 1"', PLAIN).command).toBe(
      'docker exec -i leader psql -t -c "SELECT 1"',
    );
  });

  it('may hold several documented lines: each is adapted', () => {
    const { command, reasons } = adaptCommand(`docker compose stop follower\n${CLEAR}`, PLAIN);
    expect(command).toBe(`docker compose stop follower\nsudo sh -c 'rm -rf ./follower-data/*'`);
    expect(reasons).toHaveLength(1);
  });
});
