import { readFileSync } from 'node:fs';
import {
  all,
  append,
  COPIES,
  EMPTIES_FOLDER,
  edit,
  FOLLOWER_SCRIPT,
  put,
  remove,
  type Submission,
} from './change.ts';

/** With the reference's copy in its place. */
const AFTER_COPY = ['start-follower', 'verify'];

const UNTIL_IT_ANSWERS =
  'until docker exec follower pg_isready -q -h 127.0.0.1 -U postgres -d appdb; do sleep 0.2; done';

/** Mistakes of the follower's script. The copy is one result, and a copy that can't be followed is none. */
export const IN_FOLLOWER_SCRIPT: readonly Submission[] = [
  {
    // It follows, but the slot that was made for it is not used.
    name: 'backup-without-slot',
    change: edit(FOLLOWER_SCRIPT, ' --slot=follower_slot', ''),
    score: 84,
    lost: { 'base-backup/copy-complete': [16, 'backup-without-slot'] },
    givenBack: AFTER_COPY,
  },
  {
    // Without -R the copy starts as a second primary.
    name: 'backup-without-signal',
    change: edit(FOLLOWER_SCRIPT, ' -R ', ' '),
    score: 84,
    lost: { 'base-backup/copy-complete': [16, 'follower-is-primary'] },
    givenBack: AFTER_COPY,
  },
  {
    // In the container that copies, localhost is that container. The follower starts with a database of its own.
    name: 'backup-wrong-host',
    change: edit(FOLLOWER_SCRIPT, '-h leader', '-h localhost'),
    score: 84,
    lost: { 'base-backup/copy-complete': [16, 'follower-own-cluster'] },
    givenBack: AFTER_COPY,
  },
  {
    // Docker does not know the network by the name that stands in the compose file.
    name: 'backup-wrong-network',
    change: edit(FOLLOWER_SCRIPT, 'solutions_replication-net', 'replication-net'),
    score: 84,
    lost: { 'base-backup/copy-complete': [16, 'follower-own-cluster'] },
    givenBack: AFTER_COPY,
  },
  {
    // Both servers run at first, as in lesson 7, and nothing empties the follower's folder: it can't be copied into.
    name: 'backup-folder-not-empty',
    change: all(
      edit(FOLLOWER_SCRIPT, EMPTIES_FOLDER, ''),
      edit(
        FOLLOWER_SCRIPT,
        'docker compose stop',
        `docker compose up -d\n${UNTIL_IT_ANSWERS}\ndocker compose stop`,
      ),
    ),
    score: 84,
    lost: { 'base-backup/copy-complete': [16, 'follower-own-cluster'] },
    givenBack: AFTER_COPY,
  },
  {
    name: 'follower-script-missing',
    change: remove(FOLLOWER_SCRIPT),
    score: 81,
    lost: {
      'workspace/follower-script-file': [1, 'file-missing'],
      'base-backup/copy-complete': [16, 'follower-own-cluster'],
      'base-backup/follower-script': [2, 'file-missing'],
    },
    givenBack: AFTER_COPY,
  },
  {
    // Still what lesson 1 put there.
    name: 'follower-script-empty',
    change: put(FOLLOWER_SCRIPT, readFileSync('lessons/files/skeleton/setup-follower.sh', 'utf8')),
    score: 82,
    lost: {
      'base-backup/copy-complete': [16, 'follower-own-cluster'],
      'base-backup/follower-script': [2, 'script-empty'],
    },
    givenBack: AFTER_COPY,
  },
  {
    // The rows of the leader at that time, in a database of its own. It shows the same rows and follows nobody.
    name: 'dump-and-restore',
    change: edit(
      FOLLOWER_SCRIPT,
      COPIES,
      `docker compose up -d follower
${UNTIL_IT_ANSWERS}
docker exec -i leader psql -q -U postgres -d appdb < inventory.sql
docker exec -i follower psql -q -U postgres -d appdb < inventory.sql
docker exec follower psql -U postgres -d appdb -c 'TRUNCATE inventory'
docker exec leader psql -U postgres -d appdb -c 'COPY inventory TO STDOUT' |
  docker exec -i follower psql -U postgres -d appdb -c 'COPY inventory FROM STDIN'
`,
    ),
    score: 84,
    lost: { 'base-backup/copy-complete': [16, 'follower-own-cluster'] },
    givenBack: AFTER_COPY,
  },
  {
    // A true copy without -R, and the rows of the leader typed in by hand: it has all rows, and takes writes.
    name: 'rows-typed-in',
    change: all(
      edit(FOLLOWER_SCRIPT, ' -R ', ' '),
      append(
        FOLLOWER_SCRIPT,
        `docker compose up -d follower
${UNTIL_IT_ANSWERS}
docker exec -i follower psql -q -U postgres -d appdb < inventory.sql
`,
      ),
    ),
    score: 84,
    lost: { 'base-backup/copy-complete': [16, 'follower-is-primary'] },
    givenBack: AFTER_COPY,
  },
  {
    // It did follow, until it was made a primary, because rows could not be written on it.
    name: 'follower-promoted',
    change: append(
      FOLLOWER_SCRIPT,
      `docker compose up -d follower
${UNTIL_IT_ANSWERS}
docker exec -i follower psql -U postgres -d appdb -c 'SELECT pg_promote()'
`,
    ),
    score: 84,
    lost: { 'base-backup/copy-complete': [16, 'follower-is-primary'] },
    givenBack: AFTER_COPY,
  },
];
