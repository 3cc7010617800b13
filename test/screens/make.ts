/**
 * npm run screens: walks a real course in a real terminal and writes the README's pictures to assets/screens. Takes
 * the documented names and ports, so that the pictures show them; refuses when something else has them.
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

const folder = await mkdtemp(path.join(tmpdir(), 'walkthrough-screens-'));
const where = ['--dir', path.join(folder, 'solutions')];
const doctor = await execa('node', [CLI, 'doctor', ...where], { reject: false });
if (doctor.exitCode !== 0) {
  console.error(`${doctor.stdout}\nThe pictures need the documented names and ports.`);
  process.exit(3);
}
try {
  await execa('node', [CLI, 'run', '--to', '9', ...where]);
  const pty = new Pty([CLI, ...where], { columns: 100, rows: 30 });
  await pty.until(/Enter/, 20_000);
  for (let presses = 0; !(await pty.rows()).some((row) => /step 11, task 1/.test(row)); presses++) {
    if (presses > 200) throw new Error(`step 11 is out of reach:\n${(await pty.rows()).join('\n')}`);
    if (/Enter (run|write|next|skip|check)/.test((await pty.rows()).join('\n'))) pty.type('\r');
    await sleep(400);
  }
  await pty.quiet(600);
  const title =
    'The walk at lesson 11: the leader streams to the follower, and a question comes before the command';
  await writeFile(path.join(ROOT, 'assets/screens/walk.svg'), toSvg(pty.screen.emulated, title));
  pty.type('q');
  await pty.exit;
} finally {
  await execa('node', [CLI, 'reset', '--yes', ...where], { reject: false });
  await rm(folder, { recursive: true, force: true });
}
