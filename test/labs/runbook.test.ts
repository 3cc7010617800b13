import { appendFile, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { drive } from '../../src/commands/run.ts';
import { startDriver } from '../../src/learn/driver.ts';
import { loadProgress } from '../../src/learn/progress.ts';
import { freshDist, runCli } from '../helpers/cli.ts';
import { openPair, type Pair } from '../helpers/lab-pair.ts';
import { LAB } from '../helpers/lab-rig.ts';

const USER_TASK = 'prepare-leader/a-user-that-may-replicate';

let first: Pair;
beforeAll(async () => {
  await freshDist();
  first = await openPair();
});
afterAll(() => first.remove());

/** The same course in another folder. Names and ports are taken once on a machine, so the pair of before must go. */
async function openFolder(name: string, before: Pair): Promise<Pair> {
  await before.lab.clear();
  const pair = await openPair(LAB, {
    ...first.own,
    workspace: path.join(path.dirname(first.own.workspace), name),
  });
  onTestFinished(async () => {
    await pair.lab.clear();
    await pair.lab.close();
  });
  return pair;
}

const runbook = ({ own }: Pair) => runCli(['runbook', '--course', own.course, '--dir', own.workspace]);

/** A walk that goes on with what was done before, as the command does. */
async function goOn(more: Partial<Parameters<typeof startDriver>[0]>) {
  const { course, lab } = first;
  const { progress } = await loadProgress(lab.workspace, course);
  return startDriver({
    course,
    lab,
    records: progress?.tasks ?? {},
    startedAt: progress?.startedAt ?? new Date().toISOString(),
    streamOutput: false,
    poll: false,
    ...more,
  });
}

it('builds the same passing pair in an empty folder, of what a learner did in another one', async () => {
  const { own } = first;
  const one = await first.walk(1, 7);
  expect(one.code, one.text).toBe(0);
  await appendFile(path.join(own.workspace, 'leader/postgresql.conf'), 'work_mem = 5MB # my own\n');
  await writeFile(path.join(own.workspace, 'follower/hello.sh'), "echo 'it is mine'", { mode: 0o755 });

  // By hand: a failed try, then a command of the learner's own in place of the lesson's.
  const hand = await goOn({ at: USER_TASK });
  const submit = async (command: string) => {
    const settled = new Promise<void>((resolve) => {
      hand.subscribe(() => {
        if (hand.getState().visit.judged && hand.getState().activity.kind === 'idle') resolve();
      });
    });
    hand.send({ kind: 'submit', command });
    await settled;
  };
  await new Promise<void>((resolve) => {
    hand.subscribe(() => hand.getState().activity.kind === 'idle' && resolve());
  });
  await submit(`docker exec -i ${own.leader} psql -U postgres -d appdb -c "CREATE USR replicator"`);
  const CREATE = `docker exec -i --user postgres ${own.leader} psql -U postgres -d appdb -c "CREATE ROLE replicator LOGIN REPLICATION PASSWORD 'replicatorpass'"`;
  await submit(CREATE);
  hand.send({ kind: 'quit' });
  await hand.finished;
  const { progress } = await loadProgress(own.workspace, first.course);
  expect(progress?.tasks[USER_TASK]?.heldAfter, JSON.stringify(progress?.tasks[USER_TASK])).toBeDefined();
  expect(await drive(await goOn({ unattended: true, firstLesson: 7 }))).toBe(0);

  const written = await runbook(first);
  expect({ exitCode: written.exitCode, stderr: written.stderr }, written.stdout).toEqual({
    exitCode: 0,
    stderr: '',
  });
  const script = path.join(own.workspace, 'runbook.sh');
  const text = await readFile(script, 'utf8');
  expect(text).toContain(`  ${CREATE}\n`);
  expect(text).not.toContain("this is the lesson's");
  const told = await readFile(path.join(own.workspace, 'runbook.md'), 'utf8');
  expect(told).toContain('12 of 12 lessons passed.');
  expect(told).toContain("CREATE ROLE replicator LOGIN REPLICATION PASSWORD '{{replicator_password}}'");
  expect(told).toContain('**Failed**: exit code 1');
  expect(told).toContain(`- Lab: ${LAB}.`);
  expect(told).not.toContain('replicatorpass');

  const second = await openFolder('A new folder', first);
  const run = await second.sh(`bash '${script}'`);
  expect(run.exitCode, run.output).toBe(0);
  await second.allPass();
  expect(await second.sql('leader', 'SHOW work_mem')).toBe('5MB');
  expect(await second.must('follower/hello.sh')).toBe('it is mine\n');

  // A script of the learner's names the network, which has another name here.
  await second.must('bash follower/setup-follower.sh && docker compose up -d follower');
  await second.allPass();
  const again = await second.sh(`bash '${script}'`);
  expect(again.exitCode).toBe(2);
  expect(again.output).toContain('Run this script in an empty folder.');
  await second.allPass();
});

it('builds a passing pair also of a walk that has hardly begun', async () => {
  const begun = await openFolder('begun', first);
  expect((await begun.walk(1)).code).toBe(0);
  expect((await runbook(begun)).exitCode).toBe(0);
  const script = path.join(begun.own.workspace, 'runbook.sh');
  expect(await readFile(script, 'utf8')).toContain("# Not done yet: this is the lesson's command.");
  const built = await openFolder('built', begun);
  const run = await built.sh(`bash '${script}'`);
  expect(run.exitCode, run.output).toBe(0);
  await built.allPass();
});
