/**
 * npm run bench:run [-- ROUNDS]: the whole course by `walkthrough run --lab docker --json`, and by a plain shell
 * script of the same commands with readiness polling, one after the other, ROUNDS times each. Prints both medians
 * and their ratio; exits 1 when the ratio is above 1.15.
 */
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { ownCourse } from '../helpers/own-course.ts';
import { plainScript } from './plain-script.ts';

const LIMIT = 1.15;
const rounds = Number(process.argv[2] ?? 3);
const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

const median = (values: number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

const ours: number[] = [];
const plain: number[] = [];
for (let round = 0; round < rounds; round++) {
  for (const which of round % 2 === 0 ? (['ours', 'plain'] as const) : (['plain', 'ours'] as const)) {
    const own = await ownCourse();
    const where = ['--course', own.course, '--dir', own.workspace];
    try {
      if (which === 'ours') {
        ours.push(
          await timed(async () => {
            const { stdout } = await execa('node', [cli, 'run', '--lab', 'docker', '--json', ...where]);
            const result = JSON.parse(stdout) as { passed: number; total: number };
            if (result.passed !== 12) throw new Error(`only ${result.passed} of ${result.total} passed`);
          }),
        );
      } else {
        await mkdir(own.workspace, { recursive: true });
        const script = await plainScript(own);
        plain.push(await timed(() => execa('bash', ['-c', script], { cwd: own.workspace })));
      }
    } finally {
      await execa('node', [cli, 'reset', '--yes', ...where]);
      await own.remove();
    }
  }
}
const ratio = median(ours) / median(plain);
const seconds = (values: number[]) => values.map((value) => (value / 1000).toFixed(2)).join(' ');
console.log(`walkthrough run   ${seconds(ours)} s, median ${(median(ours) / 1000).toFixed(2)} s`);
console.log(`plain script      ${seconds(plain)} s, median ${(median(plain) / 1000).toFixed(2)} s`);
console.log(`ratio             ${ratio.toFixed(3)} (at most ${LIMIT})`);
process.exitCode = ratio <= LIMIT ? 0 : 1;
