#!/usr/bin/env bash
# Makes the follower a fresh copy of the leader. What the follower had is thrown away.
# Prepare the leader first. Then, from the workspace:  bash follower/setup-follower.sh
# Afterwards start the follower:  docker compose up -d follower
set -euo pipefail
cd "$(dirname "$0")/.."

docker compose stop follower

# Empty the folder from inside a container. There we are root: no sudo, and hidden files go too.
mkdir -p follower-data
docker run --rm -v "$(pwd)/follower-data:/data" postgres:14 find /data -mindepth 1 -delete

docker run --rm -e PGPASSWORD=replicatorpass \
  -v "$(pwd)/follower-data:/output" \
  --network=solutions_replication-net \
  postgres:14 \
  pg_basebackup -h leader -D /output -U replicator -p 5432 -vP -R --slot=follower_slot

echo "The copy is complete. Start it with: docker compose up -d follower"
