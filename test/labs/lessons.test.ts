import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allLastingChecks, examine } from '../../src/learn/examine.ts';
import { openLines, openRig, type Rig } from '../helpers/lab-rig.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await openRig();
});
afterAll(() => rig.remove());

/** Whether Docker is there is a matter of the machine, and the last lesson only looks at what the one before made. */
const HOLDS_BEFORE = new Set([2, 12]);

describe('each lesson on a real pair: open before its tasks, proved after, unharmed by a second time', () => {
  for (let step = 1; step <= 12; step++) {
    it(`step ${step}`, async () => {
      const before = openLines(await rig.judge(step));
      if (!HOLDS_BEFORE.has(step)) expect(before, 'open before its tasks').not.toEqual([]);

      const first = await rig.walk(step);
      expect(first.code, first.text).toBe(0);
      expect(openLines(await rig.judgeSoon(step)), first.text).toEqual([]);

      const second = await rig.walk(step);
      expect(second.code, second.text).toBe(0);
      expect(openLines(await rig.judgeSoon(step)), second.text).toEqual([]);

      if (step === 10) expect(openLines(await rig.judge(12)), 'step 12 before step 11').not.toEqual([]);
    });
  }
});

describe('the finished pair', () => {
  it('passes all checks, and looking at it changes nothing that a learner can see', async () => {
    const before = await visible(rig);
    const { findings } = await examine(rig.lab, rig.course, allLastingChecks(rig.course));
    expect(openLines(findings)).toEqual([]);
    expect(findings.length).toBeGreaterThan(40);
    expect(await visible(rig)).toEqual(before);
    expect((await rig.sh(`docker logs ${rig.own.follower} 2>&1`)).output).not.toContain(
      'walkthrough_write_test',
    );
  });

  it('gives every finding a probe, what was seen, what was wanted, and why', async () => {
    const { findings } = await examine(rig.lab, rig.course, allLastingChecks(rig.course));
    for (const finding of findings) {
      for (const text of [finding.title, finding.probe, finding.saw, finding.wanted, finding.why])
        expect(text.length).toBeGreaterThan(2);
    }
  });

  it('is rebuilt from nothing by the files in the workspace alone', async () => {
    await rig.lab.clear();
    const script = [
      'mkdir -p leader-data follower-data',
      'docker compose up -d leader',
      'bash leader/setup-leader.sh',
      'bash follower/setup-follower.sh',
      'docker compose up -d follower',
      `docker exec -i --user postgres ${rig.own.leader} psql -v ON_ERROR_STOP=1 -U postgres -d appdb < inventory.sql`,
    ];
    const { exitCode, output } = await rig.sh(`set -e\n${script.join('\n')}`);
    expect(exitCode, output).toBe(0);
    for (let step = 1; step <= 12; step++)
      expect(openLines(await rig.judgeSoon(step)), `step ${step}`).toEqual([]);
  });

  it('is gone after clear: no container, no network, no data folder', async () => {
    const removed = await rig.lab.clear();
    expect(removed).toEqual([
      expect.stringContaining('container'),
      expect.stringContaining('container'),
      `network ${rig.lab.project}_replication-net`,
      'folder leader-data',
      'folder follower-data',
    ]);
    const left = await rig.sh(
      `docker ps -aq --filter label=com.docker.compose.project=${rig.lab.project}; docker network ls -q --filter name=${rig.lab.project}; ls`,
    );
    expect(left.output.split('\n').filter(Boolean).sort()).toEqual([
      'docker-compose.yml',
      'follower',
      'inventory.sql',
      'leader',
    ]);
  });
});

/** What a learner can see: containers, networks, logs, files, and what the servers hold. */
async function visible({ lab, own }: Rig): Promise<unknown> {
  const run = async (command: string) => {
    let output = '';
    await lab.run(command, { onOutput: (chunk) => (output += chunk), signal: new AbortController().signal });
    return output;
  };
  const sql =
    'SELECT count(*) FROM pg_class; SELECT slot_name, active FROM pg_replication_slots; SELECT rolname FROM pg_roles ORDER BY 1; SELECT * FROM inventory';
  return {
    containers: await run("docker ps -a --format '{{.ID}} {{.Names}}' | sort"),
    networks: await run("docker network ls --format '{{.ID}} {{.Name}}' | sort"),
    volumes: await run('docker volume ls -q | sort'),
    leaderLog: await run(`docker logs ${own.leader} 2>&1 | grep -v checkpoint`),
    // With the refused write that proves the follower read-only: it must not stand there.
    followerLog: await run(`docker logs ${own.follower} 2>&1 | grep -vE 'checkpoint|restartpoint'`),
    leader: await run(`docker exec ${own.leader} psql -XAtU postgres -d appdb -c "${sql}"`),
    follower: await run(`docker exec ${own.follower} psql -XAtU postgres -d appdb -c "${sql}"`),
    files: await treeOf(own.workspace),
  };
}

/** The learner's files by name and content. The servers' own data folders are looked at through the servers. */
async function treeOf(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const tree: Record<string, string> = {};
  for (const entry of entries) {
    const full = path.join(entry.parentPath, entry.name);
    const relative = path.relative(folder, full);
    // The sandbox keeps its containers' logs and states there; they are compared above, as docker shows them.
    if (/^((leader|follower)-data|\.walkthrough\/sandbox)\//.test(relative)) continue;
    tree[relative] = entry.isFile()
      ? createHash('sha256')
          .update(await readFile(full))
          .digest('hex')
      : 'folder';
  }
  return tree;
}
