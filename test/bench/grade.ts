/**
 * npm run bench:grade [-- --lab docker|sandbox] [--rounds N] [--class N] [--jobs N]: what grading costs, with the
 * reference solution.
 * - docker: one submission beside a plain shell script that takes the same steps with its files (up, both scripts, up,
 *   rows, down), one after the other in each round. The restarts of the proofs are not in the script, so they are
 *   taken off. Exits 1 above 1.5 times its time.
 * - sandbox: one submission, all in all. Exits 1 above 10 s.
 * - both: a class of N, once with one job and once with more, in one run. Exits 1 when a mark differs, or when it is
 *   not at least 1.6 times faster.
 */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import type { Grades } from '../../src/grade/types.ts';
import { ownCourse } from '../helpers/own-course.ts';
import { gradePlainScript } from './plain-script.ts';

const LIMITS = { ratio: 1.5, seconds: 10, faster: 1.6 };
const { values } = parseArgs({
  options: {
    lab: { type: 'string', default: 'sandbox' },
    rounds: { type: 'string', default: '3' },
    class: { type: 'string', default: '12' },
    jobs: { type: 'string', default: '3' },
  },
});
const rounds = Number(values.rounds);
const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const reference = fileURLToPath(new URL('../../assets/solutions', import.meta.url));
const median = (times: number[]) => [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
const shown = (times: number[]) => times.map((time) => time.toFixed(2)).join(' ');
let held = true;

/** Grades a folder; seconds, and the record. */
async function grade(folder: string, ...more: string[]): Promise<{ seconds: number; grades: Grades }> {
  const out = await mkdtemp(path.join(tmpdir(), 'walkthrough-bench-'));
  const started = performance.now();
  const trust = values.lab === 'sandbox' ? ['--trust-scripts'] : [];
  const words = ['grade', folder, '--json', '--lab', values.lab, '--out', out, ...trust, ...more];
  const { stdout } = await execa('node', [cli, ...words]);
  await rm(out, { recursive: true });
  return { seconds: (performance.now() - started) / 1000, grades: JSON.parse(stdout) as Grades };
}

/** Seconds that the proofs took, which no script does. */
const proofSeconds = ({ submissions }: Grades): number =>
  (submissions[0]?.lessons.flatMap(({ checks }) => checks).find(({ id }) => id.endsWith('/catches-up'))?.ms ??
    0) / 1000;

async function plain(): Promise<number> {
  const own = await ownCourse();
  const { course, workspace } = own;
  try {
    const script = await gradePlainScript(own);
    const started = performance.now();
    await execa('bash', ['-c', script], { cwd: workspace });
    return (performance.now() - started) / 1000;
  } finally {
    await execa('node', [cli, 'reset', '--yes', '--lab', 'docker', '--course', course, '--dir', workspace]);
    await own.remove();
  }
}

const ours: number[] = [];
const scripts: number[] = [];
for (let round = 0; round < rounds; round += 1) {
  const { seconds, grades } = await grade(reference);
  if (grades.submissions[0]?.score !== 100) throw new Error('the reference has not 100 points');
  ours.push(values.lab === 'docker' ? seconds - proofSeconds(grades) : seconds);
  if (values.lab === 'docker') scripts.push(await plain());
}
if (values.lab === 'docker') {
  const ratio = median(ours) / median(scripts);
  held &&= ratio <= LIMITS.ratio;
  console.log(`one submission   ${shown(ours)} s, without restarts; plain script ${shown(scripts)} s`);
  console.log(`ratio of medians ${ratio.toFixed(2)} (at most ${LIMITS.ratio})`);
} else {
  held &&= median(ours) <= LIMITS.seconds;
  console.log(
    `one submission   ${shown(ours)} s, median ${median(ours).toFixed(2)} (at most ${LIMITS.seconds})`,
  );
}

const folder = await mkdtemp(path.join(tmpdir(), 'walkthrough-class-'));
for (let one = 1; one <= Number(values.class); one += 1)
  await cp(reference, path.join(folder, `student-${one}`), { recursive: true });
const alone = await grade(folder, '--jobs', '1');
const together = await grade(folder, '--jobs', values.jobs);
await rm(folder, { recursive: true });
const marks = ({ submissions }: Grades) => submissions.map(({ name, score }) => `${name} ${score}`).join();
const same = marks(alone.grades) === marks(together.grades);
const faster = alone.seconds / together.seconds;
held &&= same && faster >= LIMITS.faster;
console.log(
  `class of ${values.class}      1 job ${alone.seconds.toFixed(1)} s, ${values.jobs} jobs ${together.seconds.toFixed(1)} s: ${faster.toFixed(2)} times faster (at least ${LIMITS.faster}), ${same ? 'the same marks' : 'OTHER MARKS'}`,
);
process.exitCode = held ? 0 : 1;
