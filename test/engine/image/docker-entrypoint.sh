#!/usr/bin/env bash
# First program of the stand-in image. It is written anew, and does what users
# of the official image can see: environment, files, users, main log lines.
set -Eeuo pipefail

sockets=/var/run/postgresql

fail() {
  echo "Error: $1" >&2
  exit 1
}

# Options alone mean options of the server.
if [ $# -eq 0 ] || [ "${1:0:1}" = - ]; then set -- postgres "$@"; fi

# Any other program runs as it is, and as root, if the container does.
if [ "$1" != postgres ]; then exec "$@"; fi

for word in "${@:2}"; do
  case $word in
    '-?' | --help | --describe-config | -V | --version) exec "$@" ;;
  esac
done

if [ "$(id -u)" = 0 ]; then
  mkdir -p "$PGDATA"
  # Data that someone else has touched or copied goes back to the server's
  # user. Some mounts refuse these changes, and the server will then say so.
  chmod 700 "$PGDATA" || true
  find "$PGDATA" ! -user postgres -exec chown postgres {} + || true
  mkdir -p "$sockets"
  chown postgres "$sockets" || true
  chmod 3775 "$sockets" || true
  exec gosu postgres "$0" "$@"
fi

shift # from here on "$@" are the server's options

# NAME_FILE names a file with the value of NAME (a secret, for example).
from_file() {
  local name=$1 file_name=$1_FILE
  if [ -n "${!file_name:-}" ]; then
    if [ -n "${!name:-}" ]; then fail "$name and $file_name are both set"; fi
    printf -v "$name" '%s' "$(<"${!file_name}")"
    export "${name?}"
    unset "$file_name"
  fi
}

# The server's built-in socket folder is /tmp, but the clients look into
# $sockets. A folder that the configuration names is kept.
socket_option() {
  socket_option=()
  if [ "$(postgres -C unix_socket_directories "$@" 2>/dev/null)" = /tmp ]; then
    socket_option=(-k "$sockets")
  fi
}

run_sql() {
  PGHOST='' PGHOSTADDR='' psql -v ON_ERROR_STOP=1 --no-psqlrc --no-password \
    --username "$POSTGRES_USER" "$@"
}

run_init_files() {
  local file
  for file in /docker-entrypoint-initdb.d/*; do
    case $file in
      *.sh)
        if [ -x "$file" ]; then
          echo "$0: running $file"
          "$file"
        else
          echo "$0: sourcing $file"
          # shellcheck disable=SC1090
          . "$file"
        fi
        ;;
      *.sql)
        echo "$0: running $file"
        run_sql --dbname "$POSTGRES_DB" -f "$file"
        ;;
      *.sql.gz)
        echo "$0: running $file"
        gunzip -c "$file" | run_sql --dbname "$POSTGRES_DB"
        ;;
      '/docker-entrypoint-initdb.d/*') ;;
      *) echo "$0: ignoring $file" ;;
    esac
  done
}

first_start() {
  local method words
  from_file POSTGRES_PASSWORD
  from_file POSTGRES_USER
  from_file POSTGRES_DB
  from_file POSTGRES_INITDB_ARGS
  export POSTGRES_USER=${POSTGRES_USER:-postgres}
  export POSTGRES_DB=${POSTGRES_DB:-$POSTGRES_USER}
  method=${POSTGRES_HOST_AUTH_METHOD:-}

  if [ -z "${POSTGRES_PASSWORD:-}" ] && [ "$method" != trust ]; then
    fail "Database is uninitialized and superuser password is not specified. Set POSTGRES_PASSWORD."
  fi

  mkdir -p "$PGDATA"
  chmod 700 "$PGDATA" || true

  read -ra words <<<"${POSTGRES_INITDB_ARGS:-}"
  if [ -n "${POSTGRES_INITDB_WALDIR:-}" ]; then words+=(--waldir "$POSTGRES_INITDB_WALDIR"); fi
  initdb --username="$POSTGRES_USER" --pwfile=<(printf '%s\n' "${POSTGRES_PASSWORD:-}") \
    ${words[@]+"${words[@]}"}

  # With the options, because a config file among them may choose md5.
  if [ -z "$method" ]; then method=$(postgres -C password_encryption "$@"); fi
  printf '\nhost all all all %s\n' "$method" >>"$PGDATA/pg_hba.conf"

  # A server that only this container can reach. Its options go through a
  # shell once more, so they are quoted.
  socket_option "$@"
  pg_ctl -w start -o "$(printf '%q ' "$@" ${socket_option[@]+"${socket_option[@]}"} \
    -c listen_addresses= -p "${PGPORT:-5432}")"
  export PGPASSWORD=${PGPASSWORD:-${POSTGRES_PASSWORD:-}}
  if [ -z "$(run_sql --dbname postgres -v name="$POSTGRES_DB" -At \
    <<<"SELECT 1 FROM pg_database WHERE datname = :'name'")" ]; then
    run_sql --dbname postgres -v name="$POSTGRES_DB" <<<'CREATE DATABASE :"name"'
  fi
  run_init_files
  pg_ctl -m fast -w stop
  unset PGPASSWORD

  printf '\nPostgreSQL init process complete; ready for start up.\n\n'
}

if [ -s "$PGDATA/PG_VERSION" ]; then
  printf '\nPostgreSQL Database directory appears to contain a database; Skipping initialization\n\n'
else
  first_start "$@"
fi

socket_option "$@"
exec postgres "$@" ${socket_option[@]+"${socket_option[@]}"}
