import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, it } from 'vitest';
import { layFiles, openPair, type Pair, startLeader } from '../helpers/lab-pair.ts';

/** Needs two containers in one network namespace, which only a real engine has. */
let pair: Pair;
beforeAll(async () => {
  pair = await openPair();
  await layFiles(pair);
  await startLeader(pair);
});
afterAll(() => pair.remove());

it('refuses a follower that is the leader itself, under another name', async () => {
  await pair.must('docker compose rm -sf follower');
  await writeFile(
    path.join(pair.own.workspace, 'imposter.yml'),
    `services:
  follower:
    network_mode: service:leader
    networks: !reset []
    ports: !reset []
    hostname: !reset null
    command: sleep 600
    stop_signal: SIGKILL
`,
  );
  await pair.must('docker compose -f docker-compose.yml -f imposter.yml up -d follower');
  await pair.ready('follower');
  for (const check of ['base-backup/copy-complete', 'start-follower/follower-streams', 'verify/rows-arrived'])
    await pair.names(check, 'follower-is-primary');
  await pair.names('verify/follower-refuses-writes', 'follower-is-primary');
  await pair.must('docker compose rm -sf follower');
});
