import { execFileSync, spawnSync } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { renderScript } from '../../../src/runbook/script.ts';
import { temporaryFolder } from '../learn/temp-folder.ts';
import { at, COURSE, file, lessonCommand, progress, ran, runbookOf, TASKS, WORKSPACE } from './fixture.ts';

/** Answers as Docker would to this script, writes down what it is asked, and refuses to write on the follower. */
const DOCKER = `#!/usr/bin/env bash
printf '%s\\n' "$*" | tr '\\n' ' ' >> "$ASKED"
echo >> "$ASKED"
case "$*" in
  'compose config') printf 'name: %s\\nservices:\\n  leader:\\n    name: no\\n' "$(basename "$PWD")" ;;
  *INSERT*) exit 1 ;;
  *'SELECT NOT'*) echo t ;;
esac
`;

/** Runs the script in a folder of its own, against a docker command that only takes notes. */
async function perform(script: string, { fill, stdin = false }: { fill?: string; stdin?: boolean } = {}) {
  const root = await temporaryFolder();
  const folder = path.join(root, 'clean');
  await mkdir(folder);
  await mkdir(path.join(root, 'bin'));
  await writeFile(path.join(root, 'bin/docker'), DOCKER);
  await chmod(path.join(root, 'bin/docker'), 0o755);
  await writeFile(path.join(root, 'runbook.sh'), script);
  if (fill) await writeFile(path.join(folder, fill), 'mine');
  const asked = path.join(root, 'asked');
  await writeFile(asked, '');
  const env = { ...process.env, PATH: `${root}/bin:${process.env.PATH}`, ASKED: asked };
  const result = spawnSync('bash', stdin ? [] : ['../runbook.sh'], {
    cwd: folder,
    env,
    encoding: 'utf8',
    ...(stdin ? { input: script } : {}),
  });
  const text = await readFile(asked, 'utf8');
  return {
    folder,
    ...result,
    asked: text
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== ''),
  };
}

const ALL = progress(
  Object.fromEntries(
    COURSE.lessons.flatMap(({ tasks }) =>
      tasks.map(({ id }) => [id, { everPassed: at(2), provenance: 'learner' as const }]),
    ),
  ),
);

describe('the script', () => {
  it('is bash, and does all that the lessons ask, in their order, with waits where a server starts', async () => {
    const { status, stderr, asked, stdout } = await perform(renderScript(runbookOf({ progress: ALL })));
    expect({ status, stderr }, stdout).toEqual({ status: 0, stderr: '' });
    const at = (what: string | RegExp, from = 0) => {
      const found = asked.findIndex((line, index) => index >= from && line.match(what));
      expect(found, `${what} after ${from} in\n${asked.join('\n')}`).toBeGreaterThanOrEqual(0);
      return found;
    };
    let place = 0;
    for (const what of [
      /^compose config$/,
      /^version$/,
      /^compose up -d$/,
      /^exec leader pg_isready -q -h 127\.0\.0\.1/,
      /^exec follower pg_isready/,
      /^compose down -v$/,
      /^compose up -d leader$/,
      /^exec leader pg_isready/,
      /CREATE USER replicator WITH REPLICATION PASSWORD 'replicatorpass'/,
      /pg_create_physical_replication_slot/,
      /tee -a/,
      /pg_ctl reload/,
      /^compose stop follower$/,
      /--network=clean_replication-net .*pg_basebackup/,
      /^compose up -d follower$/,
      /^exec follower pg_isready/,
      /pg_current_wal_lsn/,
      /SELECT \* FROM inventory/,
      /INSERT INTO inventory/,
    ])
      place = at(what, place) + 1;
  });

  it('writes the learner’s own files, with their modes, and the lesson’s where there is none', async () => {
    const files = [
      file('docker-compose.yml', 'services: {} # mine\n'),
      file('leader/postgresql.conf', "listen_addresses = '*' # mine, without an end"),
      file(
        'leader/my hook.sh',
        `#!/bin/sh\ncd ${WORKSPACE} && docker network inspect solutions_replication-net\n`,
        0o750,
      ),
      file('follower/setup-follower.sh', COURSE.files['files/skeleton/setup-follower.sh'] ?? '', 0o755),
    ];
    const script = renderScript(runbookOf({ progress: ALL, files }));
    const { folder, status, stderr } = await perform(script);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const text = (name: string) => readFile(path.join(folder, name), 'utf8');
    expect(await text('docker-compose.yml')).toBe('services: {} # mine\n');
    expect(await text('leader/postgresql.conf')).toBe("listen_addresses = '*' # mine, without an end");
    expect(await text('leader/my hook.sh')).toBe(
      '#!/bin/sh\ncd . && docker network inspect clean_replication-net\n',
    );
    expect((await stat(path.join(folder, 'leader/my hook.sh'))).mode & 0o777).toBe(0o750);
    expect((await stat(path.join(folder, 'leader/postgresql.conf'))).mode & 0o777).toBe(0o644);
    expect(await text('inventory.sql')).toBe(COURSE.files['files/inventory.sql']);
    // The empty script of lesson 1 is not what lesson 9 asks for.
    expect(await text('follower/setup-follower.sh')).toContain('pg_basebackup');
    expect(await text('follower/setup-follower.sh')).toContain('--network=clean_replication-net');
    expect(script).toContain(
      `# inventory.sql. Yours is not in the folder any more: this is the lesson's own.`,
    );
  });

  it('leaves no name of the old folder behind: the files are what the lessons write in the new one', async () => {
    const { folder } = await perform(renderScript(runbookOf({})));
    for (const name of ['docker-compose.yml', 'follower/setup-follower.sh'])
      expect(await readFile(path.join(folder, name), 'utf8')).toBe(
        COURSE.files[`files/${name}`]?.replaceAll('solutions_', 'clean_'),
      );
    expect((await readdir(folder)).sort()).toEqual(
      ['docker-compose.yml', 'follower', 'inventory.sql', 'leader', 'follower-data', 'leader-data'].sort(),
    );
  });

  it('takes the learner’s one Compose file, whatever its name is', async () => {
    const { folder } = await perform(
      renderScript(runbookOf({ files: [file('compose.yaml', 'services: {}\n')] })),
    );
    expect(await readdir(folder)).toContain('compose.yaml');
    expect(await readdir(folder)).not.toContain('docker-compose.yml');
  });

  it('leaves a network that has its name from the Compose file as it is', async () => {
    const compose = 'networks:\n  replication-net:\n    name: solutions_replication-net # mine\n';
    const { asked } = await perform(
      renderScript(runbookOf({ files: [file('docker-compose.yml', compose)] })),
    );
    expect(asked.some((line) => line.includes('--network=solutions_replication-net'))).toBe(true);
    expect(asked).not.toContain('compose config');
  });

  it('runs the learner’s own command as it ran: no setting of the script gets in its way', async () => {
    const own = `false; echo "$UNSET" | cat; docker exec leader psql -c "CREATE USER replicator"`;
    const tasks = { [TASKS.user]: { everPassed: at(2), heldAfter: at(1), provenance: 'learner' as const } };
    for (const command of [own, `cat <<X >/dev/null\nit's\nX\n${own} # the end`]) {
      const script = renderScript(
        runbookOf({ entries: [ran(TASKS.user, command)], progress: progress(tasks) }),
      );
      const { status, stderr, asked } = await perform(script);
      expect({ status, stderr }, script).toEqual({ status: 0, stderr: '' });
      expect(asked).toContain('exec leader psql -c CREATE USER replicator');
    }
  });

  it('stops at the first command that fails, and where what must be refused is not', async () => {
    const own = `docker exec leader psql -c "INSERT"`;
    const tasks = { [TASKS.user]: { everPassed: at(2), heldAfter: at(1), provenance: 'learner' as const } };
    const failing = await perform(
      renderScript(runbookOf({ entries: [ran(TASKS.user, own)], progress: progress(tasks) })),
    );
    expect(failing.status).toBe(1);
    expect(failing.asked.at(-1)).toBe('exec leader psql -c INSERT');
    const script = renderScript(runbookOf({})).replace('INSERT INTO inventory VALUES', 'SELECT');
    const taken = await perform(script);
    expect({ status: taken.status, stderr: taken.stderr }).toEqual({
      status: 1,
      stderr: 'It was not refused.\n',
    });
  });

  it.each(['docker-compose.yml', 'leader', 'follower-data'])(
    'does nothing where %s is already',
    async (fill) => {
      const { status, stderr, asked, folder } = await perform(renderScript(runbookOf({})), { fill });
      expect({ status, stderr, asked }).toEqual({
        status: 2,
        stderr: `${fill} is here already. Run this script in an empty folder.\n`,
        asked: [],
      });
      expect(await readdir(folder)).toEqual([fill]);
    },
  );

  it('does nothing when it is read from stdin', async () => {
    const { status, stderr, asked } = await perform(renderScript(runbookOf({})), { stdin: true });
    expect({ status, stderr, asked }).toEqual({
      status: 2,
      stderr: 'Run this script from its file: bash runbook.sh\n',
      asked: [],
    });
  });

  it('is not broken by a folder with a strange name, nor by what could not be read', async () => {
    const script = renderScript(
      runbookOf({ workspace: '/home/a\nrm -rf x/`id`', notices: ['One line\nis damaged.'] }),
    );
    execFileSync('bash', ['-n'], { input: script });
    const comments = script.split('set -euo pipefail')[0]?.trim().split('\n') ?? [];
    expect(comments.every((line) => line.startsWith('#'))).toBe(true);
    expect(script).toContain('# One line is damaged.');
  });

  it('says how to run it with the sandbox, and how to prove another course', () => {
    const sandbox = { dockerFolder: '/opt/my tool/bin', courseFolder: "/home/me/it's mine" };
    const script = renderScript(runbookOf({ ...sandbox, runner: { uid: 1000, gid: 1000, lab: 'sandbox' } }));
    expect(script).toContain(
      `#   PATH='/opt/my tool/bin':"$PATH" WALKTHROUGH_SANDBOX="$PWD" bash runbook.sh\n`,
    );
    const end = execFileSync('bash', ['-c', script.trim().split('\n').at(-1) ?? ''], { encoding: 'utf8' });
    expect(end).toBe(
      `\nThe pair is built. To prove it: npx walkthrough check --dir . --course '/home/me/it'\\''s mine'\n`,
    );
    expect(renderScript(runbookOf({}))).not.toContain('WALKTHROUGH_SANDBOX');
  });

  it('pulls an image, and goes on where it is here and can not be pulled', async () => {
    const script = renderScript(runbookOf({ entries: [ran(TASKS.pull, lessonCommand(TASKS.pull))] }));
    expect(script).toContain('docker pull postgres:14 || docker image inspect postgres:14 >/dev/null\n');
  });
});
