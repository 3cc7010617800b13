import { PassThrough, Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { runDocker } from '../../../../src/grade/docker-room/command.ts';
import type { Remark } from '../../../../src/grade/types.ts';
import { MemoryEngine } from '../../sandbox/command/memory-engine.ts';

async function run(line: string) {
  const remarks: Remark[] = [];
  const stderr = new PassThrough();
  const world = {
    engine: new MemoryEngine(),
    env: {},
    cwd: '/',
    stdin: Readable.from([]),
    stdout: new PassThrough().resume(),
    stderr,
    terminal: false,
    signal: new AbortController().signal,
  };
  const place = { where: 'a.sh', remark: (one: Remark) => void remarks.push(one) };
  const code = await runDocker(line.split(' '), world, place);
  return { code, text: String(stderr.read() ?? ''), remarks };
}

it.each([
  ['run -v /:/host postgres:14 ls', 'mount-outside'],
  ['run --pid=host postgres:14 ls', 'pid'],
  ['run nginx ls', 'image'],
  ['run --network=host postgres:14 ls', 'network'],
  ['build .', 'unknown-command'],
  ['run --privileged postgres:14 ls', 'privileged'],
])('makes a remark of %s', async (line, id) => {
  const { text, remarks } = await run(line);
  expect(remarks).toContainEqual(expect.objectContaining({ kind: 'policy', id, where: 'a.sh' }));
  expect(text).not.toMatch(/the sandbox|--lab docker/);
});

it.each([
  'exec -it leader ls',
  'run -it postgres:14 sh',
  'compose run -it leader ls',
  'compose run -t leader ls',
])('%s asks for a terminal, which is told', async (line) => {
  const { remarks } = await run(line);
  expect(remarks).toContainEqual(expect.objectContaining({ id: 'needs-terminal', where: 'a.sh' }));
});

it('a program of Compose has a terminal only where there is one', async () => {
  const { remarks } = await run('compose run leader ls');
  expect(remarks.map(({ id }) => id)).not.toContain('needs-terminal');
});

it('says what Docker says where Docker would refuse, with no remark', async () => {
  const { code, text, remarks } = await run('exec leader ls');
  expect({ code, text, remarks }).toEqual({
    code: 1,
    text: 'Error response from daemon: No such container: leader\n',
    remarks: [],
  });
});
