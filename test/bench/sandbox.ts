/**
 * npm run bench:sandbox [-- ROUNDS]: the whole course by `walkthrough run --lab sandbox --json` from an empty folder,
 * and the start of the sandbox's docker command (`docker version`) beside `node -e 0` in the same round. Prints
 * medians; exits 1 when the course takes more than 10 s or the command more than 2.5 times as long as node.
 */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { ownCourse } from '../helpers/own-course.ts';

const LIMITS = { seconds: 10, start: 2.5 };
const rounds = Number(process.argv[2] ?? 3);
const dist = fileURLToPath(new URL('../../dist', import.meta.url));
const median = (values: number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

const courses: number[] = [];
for (let round = 0; round < rounds; round++) {
  const own = await ownCourse();
  const where = ['--lab', 'sandbox', '--course', own.course, '--dir', own.workspace];
  try {
    const started = performance.now();
    const { stdout } = await execa('node', [path.join(dist, 'cli.js'), 'run', '--json', ...where]);
    courses.push((performance.now() - started) / 1000);
    const { passed, total } = JSON.parse(stdout) as { passed: number; total: number };
    if (passed !== total) throw new Error(`only ${passed} of ${total} passed`);
  } finally {
    await execa('node', [path.join(dist, 'cli.js'), 'reset', '--yes', ...where]);
    await own.remove();
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
console.log(
  `whole course   ${courses.map((one) => one.toFixed(2)).join(' ')} s, median ${median(courses).toFixed(2)} s (at most ${LIMITS.seconds})`,
);
console.log(
  `docker version ${median(times.docker).toFixed(0)} ms, node -e 0 ${median(times.node).toFixed(0)} ms, ratio ${ratio.toFixed(2)} (at most ${LIMITS.start})`,
);
process.exitCode = median(courses) <= LIMITS.seconds && ratio <= LIMITS.start ? 0 : 1;
