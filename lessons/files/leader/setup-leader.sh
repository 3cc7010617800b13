#!/usr/bin/env bash
# Prepares the leader for replication: a user, a slot, and a rule that lets the user in.
# Start the leader first. Then, from the workspace:  bash leader/setup-leader.sh
# You may run it again: it leaves alone what is already there.
set -euo pipefail
cd "$(dirname "$0")/.."

# Runs one SQL statement on the leader and prints the bare result. No -t: a script has no terminal.
sql() {
  docker exec -i --user postgres {{leader}} \
    psql -U {{superuser}} -d {{database}} -v ON_ERROR_STOP=1 -At -c "$1" </dev/null
}

# Over TCP (-h), because the temporary server of a first start answers on the socket only.
echo "Waiting for the leader."
tries=60
until docker exec {{leader}} pg_isready -q -h 127.0.0.1 -U {{superuser}} -d {{database}}; do
  tries=$((tries - 1))
  if [ "$tries" -eq 0 ]; then
    echo "The leader does not answer after 60 tries. Look at: docker logs --tail 30 {{leader}}" >&2
    exit 1
  fi
  sleep 1
done

if [ -z "$(sql "SELECT 1 FROM pg_roles WHERE rolname = '{{replicator}}';")" ]; then
  sql "CREATE USER {{replicator}} WITH REPLICATION PASSWORD '{{replicator_password}}';"
fi

if [ -z "$(sql "SELECT 1 FROM pg_replication_slots WHERE slot_name = '{{slot}}';")" ]; then
  sql "SELECT * FROM pg_create_physical_replication_slot('{{slot}}');"
fi

if [ -z "$(sql "SELECT 1 FROM pg_hba_file_rules WHERE 'replication' = ANY (database) AND '{{replicator}}' = ANY (user_name) LIMIT 1;")" ]; then
  echo "host replication {{replicator}} all md5" | docker exec -i {{leader}} tee -a /var/lib/postgresql/data/pg_hba.conf
fi
docker exec -i --user postgres {{leader}} pg_ctl reload </dev/null

echo "The leader is ready for a base backup."
