import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { bundledFixture } from '../helpers/bundled.ts';
import { Pty } from '../helpers/pty.ts';

let fixture: Awaited<ReturnType<typeof bundledFixture>>;
let pty: Pty | undefined;

beforeAll(async () => {
  fixture = await bundledFixture('test/pty/fixtures/plain.tsx');
});
afterEach(() => pty?.close());
afterAll(() => fixture.remove());

test('Ctrl-C stops the command, a second one ends the walk with 130', async () => {
  pty = new Pty([fixture.program], { columns: 50, rows: 12 });
  await pty.until('10 quit.');
  pty.type('1\r');
  await pty.until('Running, psql in leader:');
  pty.type('\x03');
  await pty.until('1 run again');
  pty.type('\x03');
  expect((await pty.exit).code).toBe(130);
  await pty.until('CODE 130');
});

test('no escape sequence is written', async () => {
  pty = new Pty([fixture.program], { env: { TERM: 'dumb' } });
  await pty.until('10 quit.');
  pty.type('lessons\r');
  await pty.until('or Enter to stay.');
  pty.type('\r');
  await pty.until((rows) => rows.filter((row) => row.includes('10 quit.')).length === 2);
  pty.type('q\r');
  expect((await pty.exit).code).toBe(0);
  expect(pty.raw).not.toContain('\x1b');
});
