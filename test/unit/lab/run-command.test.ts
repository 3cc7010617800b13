import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommand } from '../../../src/lab/run-command.ts';
import { temporaryFolder } from '../learn/temp-folder.ts';

const PATH = process.env.PATH ?? '/usr/bin:/bin';

async function run(
  command: string,
  options: { env?: NodeJS.ProcessEnv; cwd?: string; cancelOn?: string; signal?: AbortSignal } = {},
) {
  const abort = new AbortController();
  let output = '';
  const result = await runCommand(
    command,
    { cwd: options.cwd ?? (await temporaryFolder()), env: options.env ?? { PATH } },
    {
      onOutput: (chunk) => {
        output += chunk;
        if (options.cancelOn && output.includes(options.cancelOn)) abort.abort();
      },
      signal: options.signal ?? abort.signal,
    },
  );
  return { output, ...result };
}

/** True while a process of that number runs; one that nobody has waited for yet (a zombie) does not. */
async function runs(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  if (process.platform === 'linux') return stat !== '' && !/\) [ZX] /.test(stat);
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

const pidIn = (output: string) => Number(/pid (\d+)/.exec(output)?.[1] ?? 0);

describe('a command', () => {
  it.each([
    ['true', 0],
    ['false', 1],
    ['exit 7', 7],
    ['no-such-program', 127],
    ['set -e; false; echo never', 1],
  ])('%s ends with %i', async (command, exitCode) => {
    expect(await run(command)).toMatchObject({ exitCode, cancelled: false });
  });

  it('that a signal ends has no exit code, and was not cancelled', async () => {
    expect(await run('kill -9 $$')).toMatchObject({ exitCode: null, cancelled: false });
  });

  it('runs in the lab’s folder, with bash', async () => {
    const cwd = await temporaryFolder();
    const { output } = await run(`pwd; words=(a b); echo "\${words[1]}"; echo x > made.txt`, { cwd });
    expect(output).toBe(`${cwd}\nb\n`);
    expect(await readFile(path.join(cwd, 'made.txt'), 'utf8')).toBe('x\n');
  });

  it('may have several lines, quotes and a here-document', async () => {
    const { output } = await run(`echo "it's"\ncat <<'END'\n$HOME\nEND\necho \\\n  done`);
    expect(output).toBe("it's\n$HOME\ndone\n");
  });

  it('has its output and its errors in the order in which they were written', async () => {
    const { output } = await run('for i in 1 2 3 4 5; do echo "out $i"; echo "err $i" >&2; done');
    expect(output).toBe([1, 2, 3, 4, 5].map((i) => `out ${i}\nerr ${i}\n`).join(''));
  });

  it('has its output as it comes, and letters whole that arrive in two pieces', async () => {
    const started = performance.now();
    const times: number[] = [];
    let output = '';
    await runCommand(
      "printf '\\360\\237'; sleep 0.2; printf '\\220\\230\\n'; sleep 0.2; echo end",
      { cwd: await temporaryFolder(), env: { PATH } },
      {
        onOutput: (chunk) => {
          output += chunk;
          times.push(performance.now() - started);
        },
        signal: new AbortController().signal,
      },
    );
    expect(output).toBe('\u{1f418}\nend\n');
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThan(100);
  });

  it('finds nothing on its standard input', async () => {
    const { output, exitCode } = await run('read -r line || echo "end of file: [$line]"');
    expect([output, exitCode]).toEqual(['end of file: []\n', 0]);
  });

  it('has the lab’s environment and nothing of ours', async () => {
    process.env.WALKTHROUGH_UNIT_TEST = 'ours';
    try {
      const { output } = await run(`echo "\${WALKTHROUGH_UNIT_TEST-unset} \${MARK-unset}"`, {
        env: { PATH, MARK: 'lab' },
      });
      expect(output).toBe('unset lab\n');
    } finally {
      delete process.env.WALKTHROUGH_UNIT_TEST;
    }
  });

  it.each([
    ['bash is not there', { env: { PATH: '/no/such/folder' } }],
    ['its folder is gone', { cwd: '/no/such/folder' }],
  ])('that can not be started because %s says so', async (_, options) => {
    const { output, exitCode, cancelled } = await run('true', options);
    expect([exitCode, cancelled]).toEqual([null, false]);
    expect(output).toMatch(/ENOENT|not be started|cwd/);
  });

  it('takes a flood without a loss', async () => {
    const { output } = await run('seq 200000');
    expect(output.split('\n').length).toBe(200_001);
    expect(output.endsWith('199999\n200000\n')).toBe(true);
  });

  it('tells how long it took', async () => {
    expect((await run('sleep 0.2')).durationMs).toBeGreaterThanOrEqual(190);
  });
});

describe('cancelling', () => {
  it('ends a command at once that does as it is told', async () => {
    const { cancelled, exitCode, durationMs } = await run('echo begun; sleep 60', { cancelOn: 'begun' });
    expect([cancelled, exitCode]).toEqual([true, null]);
    expect(durationMs).toBeLessThan(2000);
  });

  it('lets a command clean up', async () => {
    const { output, cancelled } = await run(
      `trap 'echo cleaned; exit 5' INT; echo begun; for i in $(seq 100); do sleep 0.05; done`,
      { cancelOn: 'begun' },
    );
    expect([output, cancelled]).toEqual(['begun\ncleaned\n', true]);
  });

  // Bash makes what it starts in the background ignore SIGINT.
  it.concurrent.each([
    ['holds the output', 'sleep 60 & echo "pid $!"; wait'],
    ['is one shell further down', `bash -c 'sleep 60 & echo "pid $!"; wait'; true`],
    ['has let go of the output', 'sleep 60 >/dev/null 2>&1 & echo "pid $!"; wait'],
    ['ignores it with its parent', `trap '' INT; sleep 60 & echo "pid $!"; wait`],
  ])(
    'ends within 4 seconds a grandchild that ignores the signal and %s',
    async (_, command) => {
      const { output, cancelled, durationMs } = await run(command, { cancelOn: 'pid' });
      expect(pidIn(output)).toBeGreaterThan(0);
      expect(cancelled).toBe(true);
      expect(durationMs).toBeLessThan(4000);
      // The signal was sent; the system needs a moment to act on it.
      for (let wait = 0; wait < 40 && (await runs(pidIn(output))); wait++)
        await new Promise((resolve) => setTimeout(resolve, 100));
      const still = await runs(pidIn(output));
      if (still) process.kill(pidIn(output), 'SIGKILL');
      expect(still, 'the grandchild still runs').toBe(false);
    },
    10_000,
  );

  it('before the start ends it as well', async () => {
    const { cancelled, durationMs } = await run('sleep 60', { signal: AbortSignal.abort() });
    expect(cancelled).toBe(true);
    expect(durationMs).toBeLessThan(4000);
  });

  it('after the end does nothing', async () => {
    const abort = new AbortController();
    const result = await run('true', { signal: abort.signal });
    abort.abort();
    expect(result.cancelled).toBe(false);
  });
});
