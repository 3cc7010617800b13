#!/usr/bin/env bash
# Makes the follower a copy of the leader. Lesson 9 fills it in:
#   1. stop the follower
#   2. empty its data folder
#   3. take a base backup from the leader into that folder
set -euo pipefail
