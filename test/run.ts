/**
 * npm test, after the checks: the container tests beside all others, because both mostly wait for servers to start.
 * Prints the others' output as it comes, then that of the container tests. Exits 1 when either fails.
 */
import { execa } from 'execa';

const vitest = (...words: string[]) => ['vitest', 'run', ...words];
const others = execa('npx', vitest('--project', '!docker'), { stdio: 'inherit', reject: false });
const containers = execa('npx', vitest('--project', 'docker', '--passWithNoTests'), {
  all: true,
  reject: false,
});

const { exitCode } = await others;
const ran = await containers;
process.stdout.write(`\n${ran.all}\n`);
process.exitCode = exitCode === 0 && ran.exitCode === 0 ? 0 : 1;
