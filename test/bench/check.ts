/**
 * npm run bench:check [-- ROUNDS]: `check` of all twelve steps on a running pair, in milliseconds from the first look
 * to the last answer, as `check --json` reports them. Builds a pair of its own. Exits 1 when the median is above 400.
 */
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { ownCourse } from '../helpers/own-course.ts';

const LIMIT_MS = 400;
const rounds = Number(process.argv[2] ?? 9);
const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const own = await ownCourse();
const where = ['--course', own.course, '--dir', own.workspace];
const times: number[] = [];
try {
  await execa('node', [cli, 'run', '--lab', 'docker', '--json', ...where]);
  for (let round = -1; round < rounds; round++) {
    const { stdout } = await execa('node', [cli, 'check', '--json', ...where]);
    const result = JSON.parse(stdout) as { ms: number; passed: number };
    if (result.passed !== 12) throw new Error(`only ${result.passed} steps passed`);
    if (round >= 0) times.push(result.ms);
  }
} finally {
  await execa('node', [cli, 'reset', '--yes', ...where]);
  await own.remove();
}
const sorted = [...times].sort((a, b) => a - b);
const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
console.log(`check of all twelve: ${times.join(' ')} ms, median ${median} ms (at most ${LIMIT_MS})`);
process.exitCode = median <= LIMIT_MS ? 0 : 1;
