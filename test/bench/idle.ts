/**
 * npm run bench:idle [-- --lab docker] [--at TASK]... [--seconds N]: what the live walk costs while nobody touches
 * it. Builds a pair of its own, opens the walk on it in a real terminal, at the last page and at tasks that look at
 * most, waits until it rests, and reads from /proc the processor time of its process and of what that started and
 * waited for. The servers are no part of that. Prints percent of one core; exits 1 when one place takes above 1.
 * Linux only.
 */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { ownCourse } from '../helpers/own-course.ts';
import { Pty, sleep } from '../helpers/pty.ts';

const LIMIT_PERCENT = 1;
/** A minute without a key or a change is what the walk calls rest. */
const SETTLE_MS = 65_000;
/** The finished walk, and tasks that look at Compose's file, at data folders, and at rows. */
const PLACES = [
  'end',
  'compose-file/the-whole-file',
  'base-backup/the-copy',
  'verify/the-rows-on-the-follower',
];
/** Clock ticks a second: USER_HZ is 100 on every Linux. */
const TICKS = 100;

const { values } = parseArgs({
  options: {
    lab: { type: 'string', default: 'sandbox' },
    seconds: { type: 'string', default: '60' },
    at: { type: 'string', multiple: true, default: PLACES },
  },
});
const seconds = Number(values.seconds);
const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

/** Seconds of processor time since the process began: its own, and of children that it waited for. */
async function cpuSeconds(pid: number): Promise<{ own: number; children: number }> {
  // The second field, the program's name, may hold blanks and parentheses; utime is field 14.
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).replace(/^.*\) /s, '').split(' ');
  const ticks = (from: number) => Number(fields[from]) + Number(fields[from + 1]);
  return { own: ticks(11) / TICKS, children: ticks(13) / TICKS };
}

const own = await ownCourse();
const where = ['--lab', values.lab, '--course', own.course, '--dir', own.workspace];

/** Percent of one core that the walk takes at a task, or at the end of the course. */
async function measure(at: string): Promise<number> {
  if (at !== 'end') {
    const file = path.join(own.workspace, '.walkthrough', 'progress.json');
    const progress = JSON.parse(await readFile(file, 'utf8')) as object;
    await writeFile(file, JSON.stringify({ ...progress, at }));
  }
  const pty = new Pty([cli, ...where]);
  try {
    await pty.until('q quit', 20_000);
    await pty.until(/follower.*standby/, 20_000);
    await sleep(SETTLE_MS);
    const [before, began, written] = [await cpuSeconds(pty.pid), performance.now(), pty.raw.length];
    await sleep(seconds * 1000);
    const [after, took] = [await cpuSeconds(pty.pid), (performance.now() - began) / 1000];
    const ownPercent = ((after.own - before.own) / took) * 100;
    const childPercent = ((after.children - before.children) / took) * 100;
    const percent = ownPercent + childPercent;
    console.log(
      `${values.lab}, at ${at}, for ${took.toFixed(0)} s: ${percent.toFixed(2)} % of one core (at most ${LIMIT_PERCENT}), its own ${ownPercent.toFixed(2)} %, children ${childPercent.toFixed(2)} %; ${pty.raw.length - written} characters drawn`,
    );
    pty.type('q');
    await pty.exit;
    return percent;
  } finally {
    await pty.close();
  }
}

const percents: number[] = [];
try {
  await execa('node', [cli, 'run', '--json', ...where]);
  for (const at of values.at) percents.push(await measure(at));
} finally {
  await execa('node', [cli, 'reset', '--yes', ...where]);
  await own.remove();
}
process.exitCode = percents.every((percent) => percent <= LIMIT_PERCENT) ? 0 : 1;
