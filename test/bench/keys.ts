/**
 * npm run bench:keys [-- PRESSES]: how long a key of the walk takes until its effect is on the screen, in a real
 * terminal, idle and while a command prints 50 MB, and the walk's largest resident memory in that flood and after
 * two hours' worth of commands. Prints the 99th percentile and megabytes; exits 1 above 33 ms or 120 MB.
 */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { ownCourse } from '../helpers/own-course.ts';
import { Pty, sleep } from '../helpers/pty.ts';

const LIMITS = { ms: 33, megabytes: 120 };
const presses = Number(process.argv[2] ?? 100);
/** Somebody who reads runs hardly more than two commands a minute. */
const COMMANDS = 240;
const FLOOD = "head -c 50000000 /dev/zero | tr '\\0' x | fold -w 80";
const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

const has = (text: string) => (rows: string[]) => rows.some((row) => row.includes(text));
const hasNot = (text: string) => (rows: string[]) => !has(text)(rows);
const percentile = (values: number[], share: number) =>
  [...values].sort((a, b) => a - b)[Math.ceil(values.length * share) - 1] ?? Number.NaN;

const own = await ownCourse();
const pty = new Pty([cli, '--lab', 'sandbox', '--course', own.course, '--dir', own.workspace], {
  columns: 100,
  rows: 30,
});
const peak = async () =>
  Number(/VmHWM:\s+(\d+)/.exec(await readFile(`/proc/${pty.pid}/status`, 'utf8'))?.[1]) / 1000;

async function ownCommand(command: string): Promise<void> {
  await pty.answer(':', has('A command of your own'));
  pty.type(command);
  await pty.until((rows) => rows.some((row) => row.includes(command.slice(-12))));
  pty.type('\r');
}

try {
  await pty.until('Enter next', 20_000);
  const idle: number[] = [];
  for (let press = 0; press < presses; press++) {
    idle.push(await pty.answer('l', has('Lessons')));
    // Esc alone could be the start of a sequence: the terminal's own wait is not ours. `l` closes, too.
    idle.push(await pty.answer('\x1b', hasNot('Lessons')));
  }
  // A flood that goes on as long as keys are pressed.
  await ownCommand(`while :; do ${FLOOD}; done`);
  await pty.until('xxxxxxxx');
  const flooded: number[] = [];
  for (let press = 0; press < presses; press++) {
    flooded.push(await pty.answer('q', has('Stop it and quit?')));
    flooded.push(await pty.answer('n', hasNot('Stop it and quit?')));
  }
  pty.type('\x03');
  await pty.until('Stopped', 10_000);
  await ownCommand(FLOOD);
  await pty.until((rows) => rows.some((row) => row.includes('Done in')), 60_000);
  await sleep(500);
  const afterFlood = await peak();
  for (let round = 0; round < COMMANDS; round++) {
    await ownCommand(`seq 1 40 # ${round}`);
    await pty.until(hasNot('A command of your own'));
    await pty.until(has('Enter next'));
  }
  const afterHours = await peak();

  const worst = Math.max(percentile(idle, 0.99), percentile(flooded, 0.99));
  const row = (name: string, values: number[]) =>
    console.log(
      `${name} median ${percentile(values, 0.5).toFixed(1)} ms, 99th percentile ${percentile(values, 0.99).toFixed(1)} ms of ${values.length} (at most ${LIMITS.ms})`,
    );
  row('idle          ', idle);
  row('in a flood    ', flooded);
  console.log(
    `memory         ${afterFlood.toFixed(0)} MB after the flood, ${afterHours.toFixed(0)} MB after ${COMMANDS} commands (at most ${LIMITS.megabytes})`,
  );
  process.exitCode = worst <= LIMITS.ms && afterHours <= LIMITS.megabytes ? 0 : 1;
} finally {
  // Killed, it would leave its command running.
  pty.type('\x03');
  await sleep(500);
  pty.type('\x03');
  await Promise.race([pty.exit, sleep(5000)]);
  await pty.close();
  await own.remove();
}
