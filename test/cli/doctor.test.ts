import path from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { CLI, freshDist, openFolder, runCli } from '../helpers/cli.ts';
import { Pty } from '../helpers/pty.ts';

beforeAll(freshDist);

const ENV = { DOCKER_HOST: 'unix:///nowhere.sock' };

it('is wrapped between words in a terminal, and left as it is for a program', async () => {
  const args = ['doctor', '--dir', path.join(await openFolder(), 'solutions')];
  const { stdout } = await runCli(args, { env: ENV });
  expect(stdout).toMatch(
    /lab +sandbox, because no Docker engine answers at unix:\/\/\/nowhere\.sock \(from DOCKER_HOST\)\n/,
  );
  const pty = new Pty([CLI, ...args], { env: ENV, columns: 60 });
  await pty.exit;
  const rows = pty.raw.split('\r\n');
  expect(rows).toContain('ok      lab      sandbox, because no Docker engine answers');
  expect(rows).toContain('                 at unix:///nowhere.sock (from DOCKER_HOST)');
  // A path may be too long for the window; words never are.
  for (const row of rows) expect(row.length).toBeLessThanOrEqual(60);
});

it.skipIf(process.platform !== 'linux')('tells of a folder that can not be made', async () => {
  const { exitCode, stdout } = await runCli(['doctor', '--dir', '/proc/x'], { env: ENV });
  expect(exitCode).toBe(3);
  expect(stdout).toMatch(/^PROBLEM folder +\/proc\/x\n +You may not write in the folder \/proc\.\n/m);
});
