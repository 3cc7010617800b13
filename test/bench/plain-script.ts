import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { bindNames } from '../../src/course/bind.ts';
import { readCourse } from '../../src/course/read.ts';
import type { Course } from '../../src/course/types.ts';
import { openDockerLab } from '../../src/lab/docker/lab.ts';
import type { Lab } from '../../src/lab/lab.ts';
import type { OwnCourse } from '../helpers/own-course.ts';

/** The course with the names of this run in it. */
async function boundCourse(own: OwnCourse): Promise<{ course: Course; lab: Lab }> {
  const read = await readCourse(own.course);
  const lab = await openDockerLab({ workspace: own.workspace, names: read.names });
  return { course: bindNames(read, { ...read.names, project: lab.project }), lab };
}

const psql = (node: string, sql: string) =>
  `docker exec ${node} psql -XAtq -h 127.0.0.1 -U postgres -d appdb -c "${sql}"`;
const until = (test: string) => `until ${test}; do sleep 0.2; done`;
const ready = (node: string) => until(`docker exec ${node} pg_isready -q -h 127.0.0.1 -U postgres -d appdb`);
const streams = (leader: string) =>
  until(`${psql(leader, 'SELECT state FROM pg_stat_replication')} | grep -q streaming`);
const filled = (follower: string) =>
  until(`${psql(follower, 'SELECT count(*) FROM inventory')} 2>/dev/null | grep -q 3`);

/** Puts the reference solution into the workspace, and answers what a person would type to try it. */
export async function gradePlainScript(own: OwnCourse): Promise<string> {
  const { course, lab } = await boundCourse(own);
  await lab.close();
  for (const { action } of course.lessons.flatMap((lesson) => lesson.tasks)) {
    if (action.kind !== 'write') continue;
    for (const { path: file, from } of action.files) {
      await mkdir(path.dirname(path.join(own.workspace, file)), { recursive: true });
      await writeFile(path.join(own.workspace, file), course.files[from] ?? '');
    }
  }
  return [
    'set -e',
    'mkdir -p leader-data follower-data',
    'docker compose up -d leader',
    ready(own.leader),
    'bash leader/setup-leader.sh',
    'bash follower/setup-follower.sh',
    'docker compose up -d leader follower',
    streams(own.leader),
    'docker compose exec -T leader psql -v ON_ERROR_STOP=1 -U postgres -d appdb < inventory.sql',
    filled(own.follower),
    'docker compose down -v',
  ].join('\n');
}

/**
 * The course as a plain shell script: the files by here-documents, the same commands in the form for this machine,
 * and after a command that starts something a poll until that is ready, where a person would look and wait.
 */
export async function plainScript(own: OwnCourse): Promise<string> {
  const { course, lab } = await boundCourse(own);
  const waits: [RegExp, string[]][] = [
    [/^docker compose up -d$/m, [ready(own.leader), ready(own.follower)]],
    [/^docker compose up -d follower$/m, [streams(own.leader)]],
    [/inventory\.sql/, [filled(own.follower)]],
  ];
  const lines: string[] = [];
  for (const { action } of course.lessons.flatMap((lesson) => lesson.tasks)) {
    if (action.kind === 'command') {
      const { command } = await lab.adapt(action.command);
      lines.push(command, ...waits.flatMap(([when, wait]) => (when.test(action.command) ? wait : [])));
    }
    if (action.kind === 'write') {
      for (const file of action.files)
        lines.push(`cat > ${file.path} <<'END'`, `${course.files[file.from]}END`);
    }
  }
  await lab.close();
  lines.push('true # the last command of the course is meant to fail: a write on the follower');
  return lines.join('\n');
}
