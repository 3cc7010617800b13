import { readFile, rmdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LESSON_COPY, layFiles, openPair, type Pair } from '../helpers/lab-pair.ts';

/**
 * The traps of the exercise, each made on real servers as a learner makes it. The finding must name the cause, and
 * after the documented remedy the step must pass on the same pair: nothing of the past may be held against it.
 */
let pair: Pair;
beforeAll(async () => {
  pair = await openPair();
  await layFiles(pair);
  await pair.must('mkdir -p leader-data follower-data');
  // A standby tries again every 5 s; five of these tests wait for that.
  await edit('follower/postgresql.conf', (text) => `${text}wal_retrieve_retry_interval = 500ms\n`);
});
afterAll(() => pair.remove());

const full = (file: string) => path.join(pair.own.workspace, file);

/** Changes a file in place: a new file under the old name would not be seen through the mount. Returns the undo. */
async function edit(file: string, change: (text: string) => string): Promise<() => Promise<void>> {
  const before = await readFile(full(file), 'utf8');
  const after = change(before);
  expect(after, `${file} must change`).not.toBe(before);
  await writeFile(full(file), after);
  return () => writeFile(full(file), before);
}

const leader = (statements: string, database?: string) => pair.sql('leader', statements, database);
const inLeader = (command: string) => pair.must(`docker exec -i ${pair.own.leader} ${command}`);
const restart = (node: 'leader' | 'follower') => pair.must(`docker compose restart -t 5 ${node}`);

/** A container that will crash does run for a moment first, and that is all its check asks. */
const LOOP = { mayPass: true };
const REPLICATOR = "LOGIN REPLICATION PASSWORD 'replicatorpass'";
const HBA = '/var/lib/postgresql/data/pg_hba.conf';

describe('the compose file and the start (steps 3 to 7)', () => {
  it('P2: the right half of the port is not 5432', async () => {
    const undo = await edit('docker-compose.yml', (text) =>
      text.replace(`${pair.own.leaderPort}:5432`, `${pair.own.leaderPort}:${pair.own.leaderPort}`),
    );
    await pair.names('compose-file/leader-port', 'wrong-container-port');
    await undo();
    await pair.passes(3);
  });

  it('P5: the settings file was missing, so Docker made a folder of its name', async () => {
    await pair.must('mv leader/postgresql.conf kept.conf && docker compose up -d leader');
    expect((await stat(full('leader/postgresql.conf'))).isDirectory()).toBe(true);
    await pair.names('start-leader/leader-running', 'file-is-folder', LOOP);
    await pair.names('start-leader/leader-is-primary', 'file-is-folder');
    await pair.names('leader-conf/leader-conf-file', 'file-is-folder');
    await pair.must('docker compose down -t 5');
    await rmdir(full('leader/postgresql.conf'));
    await pair.must('mv kept.conf leader/postgresql.conf');
    await pair.passes(4);
  });

  it('T21: the first start broke off, so the next one skips making the database', async () => {
    await pair.must('docker compose up -d leader');
    await pair.names('start-leader/leader-is-primary', 'database-missing');
    await pair.must('docker compose down -t 5');
    await pair.inFolder('leader', 'find . -mindepth 1 -delete');
    await pair.must('docker compose up -d leader');
    await pair.passes(7, 60);
  });

  it('P9: a misspelt setting, then P13: wal_level minimal with WAL senders, and a restart loop', async () => {
    const undo = await edit('leader/postgresql.conf', (text) => text.replace('wal_level', 'wal_levl'));
    // Found while the old server still runs, before it is restarted.
    await pair.names('leader-conf/leader-wal-level', 'conf-broken');
    await restart('leader');
    const typo = 'unrecognized configuration parameter "wal_levl"';
    await pair.names('start-leader/leader-is-primary', 'conf-broken', { saw: typo });
    await edit('leader/postgresql.conf', (text) => text.replace('wal_levl = replica', 'wal_level = minimal'));
    await restart('leader');
    await pair.names('start-leader/leader-is-primary', 'conf-broken', { saw: 'requires wal_level' });
    await pair.names('start-leader/leader-running', 'conf-broken', LOOP);
    await undo();
    await restart('leader');
    await pair.passes(7);
  });

  it('T23: chown of the data folder while the server runs', async () => {
    await pair.inFolder('leader', 'chown -R 1234:1234 .');
    await pair.names('start-leader/leader-is-primary', 'data-ownership');
    await restart('leader');
    await pair.passes(7);
    await pair.passes(4);
  });
});

describe('user, slot and rule (step 8)', () => {
  it('T36: no rule for replication; T44: the role may not replicate', async () => {
    await leader("CREATE ROLE replicator LOGIN PASSWORD 'replicatorpass'");
    await pair.names('prepare-leader/replicator-exists', 'role-cannot-replicate');
    await pair.names('prepare-leader/replicator-can-log-in', 'hba-missing');
    await inLeader(`sh -c 'echo "host replication replicator all md5" >> ${HBA}'`);
    // T35: the file has the rule, the server has not.
    await pair.names('prepare-leader/replicator-can-log-in', 'hba-not-reloaded');
    await leader('SELECT pg_reload_conf()');
    await pair.names('prepare-leader/replicator-can-log-in', 'role-cannot-replicate');
    await leader(`ALTER ROLE replicator ${REPLICATOR}`);
  });

  it('T40: the new line is glued to the one before', async () => {
    await inLeader(`sh -c 'sed -i /replicator/d ${HBA} && chown postgres ${HBA}'`);
    await inLeader(`sh -c 'printf "host all all 10.0.0.0/8 md5" >> ${HBA}'`);
    await inLeader(`sh -c 'echo "host replication replicator all md5" >> ${HBA}'`);
    await leader('SELECT pg_reload_conf()');
    const found = await pair.names('prepare-leader/replicator-can-log-in', 'hba-broken');
    expect(found.saw).toContain('invalid authentication');
    await inLeader(
      `sh -c 'sed -i /replicator/d ${HBA} && echo "host replication replicator all md5" >> ${HBA} && chown postgres ${HBA}'`,
    );
    await leader('SELECT pg_reload_conf()');
  });

  it('T37: another password; T48: no slot', async () => {
    await leader("ALTER ROLE replicator PASSWORD 'another'");
    await pair.names('prepare-leader/replicator-can-log-in', 'wrong-password');
    await leader(`ALTER ROLE replicator ${REPLICATOR}`);
    await leader("SELECT pg_create_physical_replication_slot('folower_slot')");
    const found = await pair.names('prepare-leader/slot-exists', 'slot-missing');
    expect(found.saw).toContain('folower_slot');
  });
});

describe('the copy (step 9)', () => {
  it('T60: the follower was started before it had one', async () => {
    await pair.must('docker compose up -d follower');
    await pair.ready('follower');
    await pair.names('base-backup/follower-stopped', 'follower-running');
    await pair.names('base-backup/copy-complete', 'follower-own-cluster');
    await pair.names('start-follower/follower-streams', 'follower-own-cluster');
  });

  it('T48: the backup names a slot that is not there, and removes what it had copied', async () => {
    await expect(pair.copy()).rejects.toThrow('replication slot "follower_slot" does not exist');
    await pair.names('base-backup/copy-complete', 'no-base-backup');
    await leader(
      "SELECT pg_drop_replication_slot('folower_slot'), pg_create_physical_replication_slot('follower_slot')",
    );
    await pair.passes(8);
  });

  it('T53: -R was forgotten', async () => {
    await pair.copy('--slot=follower_slot');
    // What it becomes when it is started all the same is in imposters.test.ts.
    await pair.names('base-backup/copy-complete', 'backup-without-signal');
    await pair.copy();
    await pair.passes(9);
  });

  it('T47: the follower runs, so the slot is busy', async () => {
    await pair.must('docker compose up -d follower');
    await pair.passes(10);
    await pair.names('base-backup/follower-stopped', 'follower-running');
    const network = `${pair.lab.project}_replication-net`;
    const { output } = await pair.sh(
      `docker run --rm -e PGPASSWORD=replicatorpass -v "$PWD/copy:/copy" --network=${network} postgres:14 pg_basebackup -c fast -h leader -D /copy -U replicator ${LESSON_COPY}`,
    );
    expect(output).toContain('replication slot "follower_slot" is active for PID');
    await pair.must('rmdir copy');
    await pair.passes(10);
  });
});

describe('the follower (step 10)', () => {
  it('T62: the slot is dropped while the follower is away', async () => {
    await pair.must('docker compose stop follower');
    await leader("SELECT pg_drop_replication_slot('follower_slot')");
    await pair.must('docker compose start follower');
    await pair.ready('follower');
    await pair.names('start-follower/follower-streams', 'slot-missing');
    await pair.names('start-follower/slot-reserved', 'slot-missing');
    await leader("SELECT pg_create_physical_replication_slot('follower_slot')");
    // By itself, at its next try.
    await pair.passes(10);
  });

  it('T37 again, later: the log still tells of the slot, but that is history', async () => {
    await leader(
      "ALTER ROLE replicator PASSWORD 'another'; SELECT pg_terminate_backend(pid) FROM pg_stat_replication",
    );
    await pair.names('start-follower/follower-streams', 'wrong-password');
    await leader(`ALTER ROLE replicator ${REPLICATOR}`);
    await pair.passes(10);
  });

  it('T65: it streams, but not through the slot', async () => {
    await pair.sql('follower', "ALTER SYSTEM SET primary_slot_name = ''; SELECT pg_reload_conf()");
    await pair.names('start-follower/follower-streams', 'slot-unused');
    await pair.names('base-backup/copy-complete', 'backup-without-slot');
    await pair.sql('follower', 'ALTER SYSTEM SET primary_slot_name = follower_slot; SELECT pg_reload_conf()');
    await pair.passes(10);
  });

  it('T66: a limit is lower than on the leader, at the start', async () => {
    const undo = await edit('follower/postgresql.conf', (text) => `${text}max_connections = 50\n`);
    await restart('follower');
    const saw = 'max_connections = 50 is a lower setting';
    await pair.names('start-follower/follower-streams', 'follower-too-small', { saw });
    await undo();
    await restart('follower');
    await pair.passes(10);
  });

  it('T66: a limit is raised on the leader while the follower runs', async () => {
    await edit('leader/postgresql.conf', (text) => `${text}max_connections = 120\n`);
    await restart('leader');
    await pair.ready('leader');
    // It reconnects, and pauses as soon as it reads of the new limit.
    await pair.names('start-follower/follower-streams', 'follower-too-small', { seconds: 30 });
    // To lower it again on the leader would not help: the follower has the record of the higher one to get past.
    await edit('follower/postgresql.conf', (text) => `${text}max_connections = 120\n`);
    await restart('follower');
    await pair.passes(10, 30);
  });

  it('T67: hot_standby is off', async () => {
    const undo = await edit('follower/postgresql.conf', (text) =>
      text.replace('hot_standby = on', 'hot_standby = off'),
    );
    await pair.names('follower-conf/follower-hot-standby', 'setting-not-applied');
    await restart('follower');
    await pair.names('start-follower/follower-streams', 'hot-standby-off');
    await undo();
    await restart('follower');
    await pair.passes(10);
    await pair.passes(5);
  });
});

describe('the table (steps 11 and 12)', () => {
  it('T70: it was made in the database postgres', async () => {
    const { leader: name } = pair.own;
    await pair.must(`docker exec -i ${name} psql -v ON_ERROR_STOP=1 -U postgres < inventory.sql`);
    await pair.names('inventory/inventory-filled', 'table-in-wrong-database');
    await pair.names('verify/rows-arrived', 'table-in-wrong-database');
    await leader('DROP TABLE inventory', 'postgres');
    await pair.names('inventory/inventory-filled', 'table-missing');
  });

  it('T69: made on the follower it is refused; on the leader it comes by itself, and all lessons pass', async () => {
    const psql = (node: 'leader' | 'follower') =>
      `docker exec -i ${pair.own[node]} psql -v ON_ERROR_STOP=1 -U postgres -d appdb < inventory.sql`;
    const refused = await pair.sh(psql('follower'));
    expect(refused.output).toContain('cannot execute CREATE TABLE in a read-only transaction');
    await pair.must(psql('leader'));
    await pair.allPass();
  });
});
