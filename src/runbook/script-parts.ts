import type { Names } from '../course/types.ts';
import { quoted } from './shell-text.ts';

// The parts of runbook.sh that are the same for every learner. For bash 3.2 on, which macOS has.

/** What comes before everything: no half-done run over somebody's files. */
export function guards(paths: readonly string[]): string[] {
  return [
    '# Read from stdin, this script would be eaten by the first command that reads it too.',
    `if [ -z "\${BASH_SOURCE[0]:-}" ]; then`,
    `  echo 'Run this script from its file: bash runbook.sh' >&2`,
    '  exit 2',
    'fi',
    'exec </dev/null # no command waits for the keyboard',
    '',
    `for name in ${paths.map(quoted).join(' ')}; do`,
    '  if [ -e "$name" ]; then',
    '    echo "$name is here already. Run this script in an empty folder." >&2',
    '    exit 2',
    '  fi',
    'done',
  ];
}

export const STEP = [`step() {`, `  printf '\\n== %s\\n' "$1"`, '}'];

/** Waits for a server. TRIES seconds are enough for the first start on a slow machine. */
const TRIES = 120;

export function waitFor(names: Names): string[] {
  const { superuser = 'postgres', database = 'postgres' } = names;
  return [
    '# Waits until the server in a container takes connections, at most two minutes. Over TCP: the temporary server of',
    '# a first start answers on its socket only.',
    'wait_for() {',
    `  local tries=${TRIES}`,
    `  until docker exec "$1" pg_isready -q -h 127.0.0.1 -U ${quoted(superuser)} -d ${quoted(database)} 2>/dev/null; do`,
    '    tries=$((tries - 1))',
    '    if [ "$tries" -eq 0 ]; then',
    '      echo "The server in the container $1 does not answer. Look at: docker logs --tail 30 $1" >&2',
    '      exit 1',
    '    fi',
    '    sleep 1',
    '  done',
    '}',
  ];
}

export function waitForReplay(names: Names): string[] {
  const { leader = 'leader', follower = 'follower', superuser = 'postgres', database = 'postgres' } = names;
  const psql = (container: string) =>
    `docker exec --user postgres ${quoted(container)} psql -U ${quoted(superuser)} -d ${quoted(database)} -At -c`;
  return [
    '# Waits until the follower has repeated all that the leader has written, at most two minutes: replication is',
    '# asynchronous. A follower that is no standby yet repeats nothing, and nobody waits for it.',
    'wait_for_replay() {',
    `  local tries=${TRIES} written reached`,
    `  written=$(${psql(leader)} 'SELECT pg_current_wal_lsn();')`,
    `  reached="SELECT NOT pg_is_in_recovery() OR pg_last_wal_replay_lsn() >= '$written';"`,
    `  until [ "$(${psql(follower)} "$reached" 2>/dev/null)" = t ]; do`,
    '    tries=$((tries - 1))',
    '    if [ "$tries" -eq 0 ]; then',
    `      echo "The follower does not repeat what the leader wrote. Look at: docker logs --tail 30 ${follower}" >&2`,
    '      exit 1',
    '    fi',
    '    sleep 1',
    '  done',
    '}',
  ];
}

/** The Compose project is the folder's name, unless somebody says otherwise; Compose itself knows. */
export const PROJECT_LINES = [
  '# The name that Compose puts before the names of networks. It hangs on the folder.',
  `project=$(docker compose config | sed -n 's/^name: *//p' | tr -d "\\"'")`,
  'if [ -z "$project" ]; then',
  `  echo 'docker compose config gives no name of the project. Update Compose: version 2.20 or later is needed.' >&2`,
  '  exit 1',
  'fi',
];
