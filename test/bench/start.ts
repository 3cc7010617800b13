/**
 * npm run bench:start [-- ROUNDS]: time to the first line of output, to the first interactive frame in a real
 * terminal, and resident memory then, each beside `node -e 0` in the same round. Prints medians and ratios; exits 1
 * when one is over its limit (1.5 times, 4 times, 90 MB).
 */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { spawn as spawnPty } from '@lydell/node-pty';

const LIMITS = { line: 1.5, frame: 4, megabytes: 90 };
const rounds = Number(process.argv[2] ?? 9);
const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

/** Milliseconds until the process ends, or, with `until`, until its first byte on stdout. */
function spawned(argv: string[], until: 'exit' | 'output'): Promise<number> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'ignore'] });
    const done = () => resolve(performance.now() - started);
    child.on('error', reject);
    if (until === 'exit') child.on('exit', done);
    else
      child.stdout.once('data', () => {
        done();
        child.kill();
      });
  });
}

/** Milliseconds until the legend of keys is on the screen, and resident megabytes at that moment. */
async function firstFrame(): Promise<{ ms: number; megabytes: number }> {
  const root = await mkdtemp(path.join(tmpdir(), 'walkthrough-bench-'));
  const { CI: _, ...env } = process.env;
  const started = performance.now();
  const pty = spawnPty(process.execPath, [cli, '--dir', path.join(root, 'solutions')], {
    cols: 100,
    rows: 30,
    env: { ...env, TERM: 'xterm-256color' },
  });
  let text = '';
  const ms = await new Promise<number>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no frame within 10 s, but:\n${text}`)), 10_000);
    pty.onData((data) => {
      text += data;
      if (!/quit/.test(text)) return;
      clearTimeout(timer);
      resolve(performance.now() - started);
    });
  });
  const status = await readFile(`/proc/${pty.pid}/status`, 'utf8');
  const megabytes = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
  const ended = new Promise((resolve) => pty.onExit(resolve));
  pty.write('q');
  await ended;
  await rm(root, { recursive: true, force: true });
  return { ms, megabytes };
}

const median = (values: number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const node: number[] = [];
const line: number[] = [];
const frame: number[] = [];
const memory: number[] = [];
const empty = await mkdtemp(path.join(tmpdir(), 'walkthrough-bench-'));
for (let round = -1; round < rounds; round++) {
  const bare = await spawned(['-e', '0'], 'exit');
  const first = await spawned([cli, 'run', '--dir', path.join(empty, 'solutions'), '--to', '1'], 'output');
  const shown = await firstFrame();
  if (round < 0) continue; // the first round warms the file cache
  node.push(bare);
  line.push(first);
  frame.push(shown.ms);
  memory.push(shown.megabytes);
}
await rm(empty, { recursive: true, force: true });
const base = median(node);
const rows: [string, number, number, string][] = [
  ['first line of output', median(line) / base, LIMITS.line, `${median(line).toFixed(0)} ms`],
  ['first interactive frame', median(frame) / base, LIMITS.frame, `${median(frame).toFixed(0)} ms`],
  ['resident memory, MB', median(memory), LIMITS.megabytes, ''],
];
console.log(`node -e 0: ${base.toFixed(0)} ms (median of ${rounds})`);
for (const [what, value, limit, extra] of rows)
  console.log(`${what.padEnd(25)} ${value.toFixed(2)} (at most ${limit}) ${extra}`);
process.exitCode = rows.every(([, value, limit]) => value <= limit) ? 0 : 1;
