import { COMPOSE, edit, editFollower, remove, type Submission } from './change.ts';
import { composeLost } from './lost.ts';

/** What comes after a leader that does not start, or that the scripts do not find. */
const AFTER_COMPOSE = [
  'start-leader',
  'prepare-leader',
  'base-backup',
  'start-follower',
  'inventory',
  'verify',
];

/** Mistakes in the compose file. What later lessons lose by them is given back. */
export const IN_COMPOSE: readonly Submission[] = [
  {
    // One line is indented with a tab, so Compose reads nothing of the file. It loses what it is worth, and no more.
    name: 'compose-tab',
    change: edit(COMPOSE, '    image:', '\timage:'),
    score: 86,
    lost: composeLost('compose-file-invalid'),
    givenBack: AFTER_COMPOSE,
  },
  {
    // The network is not declared at the bottom, and Compose refuses the whole file.
    name: 'compose-undeclared-network',
    change: edit(COMPOSE, /\nnetworks:\n.*\n$/, '\n'),
    score: 86,
    lost: composeLost('compose-file-invalid'),
    givenBack: AFTER_COMPOSE,
  },
  {
    // The file was forgotten. All others are there, and are judged with the reference's.
    name: 'compose-missing',
    change: remove(COMPOSE),
    score: 86,
    lost: composeLost('compose-file-missing'),
    givenBack: AFTER_COMPOSE,
  },
  {
    // Nothing listens on that port in the container. The follower does not need it, so all else holds.
    name: 'compose-wrong-port',
    change: edit(COMPOSE, '5433:5432', '5433:5433'),
    score: 99,
    lost: { 'compose-file/leader-port': [1, 'wrong-container-port'] },
  },
  {
    // Copied and not changed. A port of the machine can be had once, so the follower does not start.
    name: 'compose-shared-port',
    change: edit(COMPOSE, '5434:5432', '5433:5432'),
    score: 99,
    lost: { 'compose-file/follower-basics': [1, 'compose-property'] },
    givenBack: ['start-follower', 'verify'],
  },
  {
    // The container is called solutions-leader-1, and no command of the scripts finds it.
    name: 'compose-no-container-name',
    change: edit(COMPOSE, '    container_name: leader\n', ''),
    score: 99,
    lost: { 'compose-file/leader-names': [1, 'compose-property'] },
    givenBack: ['prepare-leader', 'base-backup', 'start-follower', 'verify'],
    remarks: ['script-time'],
  },
  {
    // The leader's data is mounted one folder too high, so it is in a volume that nobody sees. The pair works.
    name: 'compose-wrong-mount-target',
    change: edit(COMPOSE, './leader-data:/var/lib/postgresql/data', './leader-data:/var/lib/postgresql'),
    score: 99,
    lost: { 'compose-file/leader-data-mount': [1, 'compose-property'] },
  },
  {
    // The copy goes into a folder that the follower does not mount: it starts with a database of its own.
    name: 'compose-no-follower-data',
    change: editFollower(/ +- \.\/follower-data.*\n/, ''),
    score: 99,
    lost: { 'compose-file/follower-mounts': [1, 'compose-property'] },
    givenBack: ['base-backup', 'start-follower', 'verify'],
  },
  {
    // The follower's part was copied from the leader's, and one path was not changed: two servers, one folder. In two
    // containers each takes the lock for its own, for both have process number 1, and the copy can't be told any more.
    name: 'compose-shared-data',
    change: editFollower('./follower-data:', './leader-data:'),
    score: 99,
    lost: { 'compose-file/follower-mounts': [1, 'compose-property'] },
    givenBack: ['start-follower', 'verify'],
    givenBackOnDocker: ['base-backup', 'start-follower', 'verify'],
  },
  {
    // The settings are not mounted, so the leader stops at its start.
    name: 'compose-no-settings',
    change: edit(COMPOSE, / +- \.\/leader\/postgresql\.conf.*\n/, ''),
    score: 99,
    lost: { 'compose-file/leader-config-mount': [1, 'compose-property'] },
    givenBack: AFTER_COMPOSE,
  },
  {
    // The leader is in the default network, and the copy is made in another one.
    name: 'compose-no-network',
    change: edit(COMPOSE, / {4}networks:\n {6}- replication-net\n/, ''),
    score: 99,
    lost: { 'compose-file/leader-network': [1, 'compose-property'] },
    givenBack: ['base-backup', 'start-follower', 'verify'],
  },
  {
    // Nothing else shows it: whoever follows the exercise starts the leader first.
    name: 'compose-no-order',
    change: editFollower(/ {4}depends_on:\n.*\n/, ''),
    score: 99,
    lost: { 'compose-file/follower-order': [1, 'compose-property'] },
  },
  {
    // Nothing stops by itself here, so only the file shows it.
    name: 'compose-no-restart',
    change: edit(COMPOSE, '    restart: always\n', ''),
    score: 99,
    lost: { 'compose-file/leader-restart': [1, 'compose-property'] },
  },
  {
    // The scripts and the data go to appdb, which the leader does not have.
    name: 'compose-wrong-database',
    change: edit(COMPOSE, 'POSTGRES_DB: appdb', 'POSTGRES_DB: app'),
    score: 99,
    lost: { 'compose-file/leader-environment': [1, 'compose-property'] },
    givenBack: AFTER_COMPOSE,
  },
];
