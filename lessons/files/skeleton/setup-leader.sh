#!/usr/bin/env bash
# Prepares the leader for replication. Lesson 8 fills it in:
#   1. create a user that may replicate
#   2. create a replication slot
#   3. let the user in: a line in pg_hba.conf, then a reload
set -euo pipefail
