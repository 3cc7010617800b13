import { bindNames } from '../../src/course/bind.ts';
import { readCourse } from '../../src/course/read.ts';
import { openDockerLab } from '../../src/lab/docker/lab.ts';
import type { OwnCourse } from '../helpers/own-course.ts';

/**
 * The course as a plain shell script: the files by here-documents, the same commands in the form for this machine,
 * and after a command that starts something a poll until that is ready, where a person would look and wait.
 */
export async function plainScript(own: OwnCourse): Promise<string> {
  const read = await readCourse(own.course);
  const lab = await openDockerLab({ workspace: own.workspace, names: read.names });
  const course = bindNames(read, { ...read.names, project: lab.project });
  const psql = (node: string, sql: string) =>
    `docker exec ${node} psql -XAtq -h 127.0.0.1 -U postgres -d appdb -c "${sql}"`;
  const until = (test: string) => `until ${test}; do sleep 0.2; done`;
  const ready = (node: string) =>
    until(`docker exec ${node} pg_isready -q -h 127.0.0.1 -U postgres -d appdb`);
  const waits: [RegExp, string[]][] = [
    [/^docker compose up -d$/m, [ready(own.leader), ready(own.follower)]],
    [
      /^docker compose up -d follower$/m,
      [until(`${psql(own.leader, 'SELECT state FROM pg_stat_replication')} | grep -q streaming`)],
    ],
    [
      /inventory\.sql/,
      [until(`${psql(own.follower, 'SELECT count(*) FROM inventory')} 2>/dev/null | grep -q 3`)],
    ],
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
