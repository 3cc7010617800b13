import { readFileSync } from 'node:fs';
import {
  ADDS_RULE,
  all,
  CREATES_SLOT,
  CREATES_USER,
  crlf,
  edit,
  LEADER_SCRIPT,
  put,
  remove,
  type Submission,
} from './change.ts';
import { LEADER_UNPREPARED } from './lost.ts';

/** The pair can't be made without a prepared leader. It is made with the reference's then. */
const AFTER_LEADER_SCRIPT = ['base-backup', 'start-follower', 'verify'];

/** Mistakes of the leader's script. Each of its three results is worth its own points. */
export const IN_LEADER_SCRIPT: readonly Submission[] = [
  {
    // The rule is right: with a user that may replicate it lets in. So the login costs nothing on top.
    name: 'role-without-replication',
    change: edit(LEADER_SCRIPT, 'WITH REPLICATION PASSWORD', 'WITH PASSWORD'),
    score: 94,
    lost: { 'prepare-leader/replicator-exists': [6, 'role-cannot-replicate'] },
    givenBack: AFTER_LEADER_SCRIPT,
  },
  {
    // CREATE ROLE is CREATE USER without LOGIN.
    name: 'role-without-login',
    change: edit(LEADER_SCRIPT, 'CREATE USER replicator', 'CREATE ROLE replicator'),
    score: 94,
    lost: { 'prepare-leader/replicator-exists': [6, 'role-cannot-replicate'] },
    givenBack: AFTER_LEADER_SCRIPT,
  },
  {
    name: 'role-missing',
    change: edit(LEADER_SCRIPT, CREATES_USER, ''),
    score: 94,
    lost: { 'prepare-leader/replicator-exists': [6, 'role-missing'] },
    givenBack: AFTER_LEADER_SCRIPT,
  },
  {
    // The user is there, but nobody comes in with the password of the exercise.
    name: 'role-wrong-password',
    change: edit(LEADER_SCRIPT, "PASSWORD 'replicatorpass'", "PASSWORD 'replicator'"),
    score: 95,
    lost: { 'prepare-leader/replicator-can-log-in': [5, 'wrong-password'] },
    givenBack: AFTER_LEADER_SCRIPT,
  },
  {
    // The base backup asks for a slot that is not there, and stops.
    name: 'slot-missing',
    change: edit(LEADER_SCRIPT, CREATES_SLOT, ''),
    score: 95,
    lost: { 'prepare-leader/slot-exists': [5, 'slot-missing'] },
    givenBack: AFTER_LEADER_SCRIPT,
  },
  {
    name: 'hba-missing',
    change: edit(LEADER_SCRIPT, ADDS_RULE, ''),
    score: 95,
    lost: { 'prepare-leader/replicator-can-log-in': [5, 'hba-missing'] },
    givenBack: AFTER_LEADER_SCRIPT,
  },
  {
    // All databases: the word does not cover replication.
    name: 'hba-for-all',
    change: edit(LEADER_SCRIPT, 'host replication replicator all md5', 'host all replicator all md5'),
    score: 95,
    lost: { 'prepare-leader/replicator-can-log-in': [5, 'hba-missing'] },
    givenBack: AFTER_LEADER_SCRIPT,
  },
  {
    // The rule is in the file, and the server has not read it.
    name: 'hba-not-reloaded',
    change: edit(LEADER_SCRIPT, /docker exec.*pg_ctl reload.*\n/, ''),
    score: 95,
    lost: { 'prepare-leader/replicator-can-log-in': [5, 'hba-not-reloaded'] },
    givenBack: AFTER_LEADER_SCRIPT,
  },
  {
    // A pipe into a command that wants a terminal: Docker refuses that in a terminal too.
    name: 'hba-piped-to-terminal',
    change: edit(LEADER_SCRIPT, 'docker exec -i leader tee', 'docker exec -it leader tee'),
    score: 95,
    lost: { 'prepare-leader/replicator-can-log-in': [5, 'hba-missing'] },
    givenBack: AFTER_LEADER_SCRIPT,
    remarks: ['needs-terminal'],
  },
  {
    // Two lessons ask for the file: as a place in the first, as work in the eighth.
    name: 'leader-script-missing',
    change: remove(LEADER_SCRIPT),
    score: 81,
    lost: {
      'workspace/leader-script-file': [1, 'file-missing'],
      ...LEADER_UNPREPARED,
      'prepare-leader/leader-script': [2, 'file-missing'],
    },
    givenBack: AFTER_LEADER_SCRIPT,
  },
  {
    // Still what lesson 1 put there.
    name: 'leader-script-empty',
    change: put(LEADER_SCRIPT, readFileSync('lessons/files/skeleton/setup-leader.sh', 'utf8')),
    score: 82,
    lost: { ...LEADER_UNPREPARED, 'prepare-leader/leader-script': [2, 'script-empty'] },
    givenBack: AFTER_LEADER_SCRIPT,
  },
  {
    // A quotation mark too few in front of all commands that matter: bash does none of them.
    name: 'leader-script-syntax',
    change: edit(LEADER_SCRIPT, '"$(sql "SELECT 1 FROM pg_roles', '$(sql "SELECT 1 FROM pg_roles'),
    score: 82,
    lost: { ...LEADER_UNPREPARED, 'prepare-leader/leader-script': [2, 'script-syntax'] },
    givenBack: AFTER_LEADER_SCRIPT,
  },
  {
    // Saved on Windows: bash can't read it, but its words are right, and with other line ends it does all it should.
    name: 'leader-script-crlf',
    change: crlf(LEADER_SCRIPT),
    score: 99,
    lost: { 'workspace/leader-script-file': [1, 'crlf-lines'] },
    givenBack: ['prepare-leader', ...AFTER_LEADER_SCRIPT],
  },
  {
    // A command that fails before all others, and `set -e`: a script that looks right and does nothing.
    name: 'leader-script-stops',
    change: edit(LEADER_SCRIPT, 'echo "Waiting', 'cat leader/pg_hba.conf\necho "Waiting'),
    score: 84,
    lost: LEADER_UNPREPARED,
    givenBack: AFTER_LEADER_SCRIPT,
  },
  {
    // `up` without -d stays in front, so that the script never comes to its second line.
    name: 'leader-script-never-ends',
    change: edit(LEADER_SCRIPT, 'echo "Waiting', 'docker compose up leader\necho "Waiting'),
    score: 84,
    lost: LEADER_UNPREPARED,
    givenBack: AFTER_LEADER_SCRIPT,
    remarks: ['script-time'],
  },
  {
    // It works only where one has gone into the folder of the script first, and the exercise does not.
    name: 'leader-script-elsewhere',
    change: all(
      edit(LEADER_SCRIPT, 'cd "$(dirname "$0")/.."\n', ''),
      edit(LEADER_SCRIPT, 'echo "host replication replicator all md5" |', 'cat rule.txt |'),
      put('leader/rule.txt', 'host replication replicator all md5\n'),
    ),
    score: 95,
    lost: { 'prepare-leader/replicator-can-log-in': [5, 'hba-missing'] },
    givenBack: AFTER_LEADER_SCRIPT,
  },
];
