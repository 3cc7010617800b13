import { spawn } from 'node:child_process';
import path from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { CLI, freshDist, openFolder, runCli } from '../helpers/cli.ts';
import { Pty } from '../helpers/pty.ts';

beforeAll(freshDist);

const ENV = { DOCKER_HOST: 'unix:///nowhere.sock', SHELL: '/bin/bash' };

it("runs a script from a pipe with the lab's docker, in the folder, and gives its exit code", async () => {
  const dir = path.join(await openFolder(), 'solutions');
  const child = spawn(process.execPath, [CLI, 'shell', '--dir', dir], { env: { ...process.env, ...ENV } });
  let out = '';
  child.stdout.on('data', (chunk) => (out += chunk));
  child.stdin.end('pwd; docker version | head -1; exit 7\n');
  const code = await new Promise((resolve) => child.on('close', resolve));
  expect(out).toBe(`${dir}\nClient: walkthrough sandbox\n`);
  expect(code).toBe(7);
});

it('says that it made the folder, and only when it did', async () => {
  const dir = path.join(await openFolder(), 'typo');
  const shell = () => runCli(['shell', '--dir', dir], { env: ENV, input: 'pwd\n' });
  expect(await shell()).toEqual({ exitCode: 0, stdout: `${dir}\n`, stderr: `Made the folder ${dir}.\n` });
  expect(await shell()).toEqual({ exitCode: 0, stdout: `${dir}\n`, stderr: '' });
});

it('is a shell with a prompt in a terminal, whose Ctrl-C does not end it', async () => {
  const dir = path.join(await openFolder(), 'solutions');
  const pty = new Pty([CLI, 'shell', '--dir', dir], { env: { ...ENV, PS1: 'own$ ', HOME: '/nowhere' } });
  await pty.until('Type exit to come back.');
  pty.type('PS1="own$ "; echo re""ady\r');
  await pty.until((rows) => rows.includes('ready'));
  pty.type('sleep 60\r');
  await new Promise((resolve) => setTimeout(resolve, 300));
  pty.type('\x03');
  await pty.until((rows) => rows.at(rows.findLastIndex((row) => row !== ''))?.trim() === 'own$');
  pty.type('exit 0\r');
  expect((await pty.exit).code).toBe(0);
});

it('has no --json', async () => {
  expect(await runCli(['shell', '--json'], { cwd: await openFolder() })).toMatchObject({ exitCode: 2 });
});
