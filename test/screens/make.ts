/**
 * npm run screens: walks a real course in a real terminal and writes the README's pictures to assets/screens. Takes
 * the documented names and ports, so that the pictures show them; refuses when something else has them. Options are
 * handed on to the walk, as `-- --lab sandbox`.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { Pty, sleep } from '../helpers/pty.ts';
import { toSvg } from './svg.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CLI = path.join(ROOT, 'dist/cli.js');
const BUSY = /Enter (run|write|next|skip|check|finish)/;

const folder = await mkdtemp(path.join(tmpdir(), 'walkthrough-screens-'));
const where = process.argv.slice(2);
// The usual folder, ./solutions, so that commands on the pictures need no --dir.
const at = { cwd: folder };
const window = { columns: 100, rows: 30, cwd: folder };
const doctor = await execa('node', [CLI, 'doctor', ...where], { ...at, reject: false });
if (doctor.exitCode !== 0) {
  console.error(`${doctor.stdout}\nThe pictures need the documented names and ports.`);
  process.exit(3);
}

async function picture(pty: Pty, name: string, title: string): Promise<void> {
  await pty.quiet(600);
  await writeFile(path.join(ROOT, `assets/screens/${name}.svg`), toSvg(pty.screen.emulated, title));
}

/** Presses Enter whenever the walk waits for it, until the screen shows `goal`. */
async function pressUntil(pty: Pty, goal: RegExp): Promise<void> {
  for (let presses = 0; !goal.test((await pty.rows()).join('\n')); presses++) {
    if (presses > 300) throw new Error(`${goal} is out of reach:\n${(await pty.rows()).join('\n')}`);
    if (BUSY.test((await pty.rows()).join('\n'))) pty.type('\r');
    await sleep(400);
  }
}

async function leave(pty: Pty): Promise<void> {
  pty.type('q');
  await pty.exit;
}

try {
  await execa('node', [CLI, 'run', '--to', '8', ...where], at);

  const failing = new Pty([CLI, ...where], window);
  await failing.until(/Enter/, 20_000);
  await pressUntil(failing, /❯ docker run --rm -e PGPASSWORD/);
  if (/Enter skip the question/.test((await failing.rows()).join('\n'))) failing.type('\r');
  await failing.until(/Enter run/);
  failing.type('e');
  await failing.until(/Enter run it/);
  // The password that is a letter short: the usual slip.
  failing.type('\x01');
  for (let step = 0; step < 'docker run --rm -e PGPASSWORD=replicatorpass'.length; step++)
    failing.type('\x1b[C');
  failing.type('\x7f\r');
  await failing.until(/cause/, 60_000);
  await picture(
    failing,
    'failed',
    'A check that failed: what was looked at, what was seen, what was wanted, and the cause',
  );
  await leave(failing);

  await execa('node', [CLI, 'run', '--from', '9', '--to', '10', ...where], at);
  const plain = new Pty([CLI, '--plain', ...where], window);
  await plain.until(/Choose: /, 20_000);
  plain.type('lessons\r');
  await plain.until(/or Enter to stay/);
  plain.type('11\r');
  await plain.until(/Lesson 11 of 12/);
  await picture(plain, 'plain', 'The same walk as plain lines, with numbers to choose from');
  plain.type('quit\r');
  await plain.exit;

  const walk = new Pty([CLI, ...where], window);
  await walk.until(/Enter/, 20_000);
  await pressUntil(walk, /step 11, task 1/);
  await picture(
    walk,
    'walk',
    'The walk at lesson 11: the leader streams to the follower, and a question comes before the command',
  );
  await pressUntil(walk, /All 12 steps hold/);
  await picture(walk, 'done', 'The last page: what holds, how it went, and what to do next');
  await leave(walk);
} finally {
  await execa('node', [CLI, 'reset', '--yes', ...where], { ...at, reject: false });
  await rm(folder, { recursive: true, force: true });
}
