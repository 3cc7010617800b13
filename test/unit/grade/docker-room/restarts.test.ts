import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { keepRestarts } from '../../../../src/grade/docker-room/restarts.ts';

/** A container that ends with these exit codes, one after the other, and then runs on. */
function ending(...codes: number[]) {
  let starts = 0;
  const restarts = keepRestarts(
    () => (codes.length > 0 ? Promise.resolve(codes.shift() ?? 0) : new Promise<never>(() => {})),
    async () => {
      starts += 1;
    },
  );
  return { restarts, starts: () => starts };
}

it.each([
  ['always', 0, 1],
  ['unless-stopped', 1, 1],
  ['on-failure', 1, 1],
  ['on-failure', 0, 0],
  ['no', 1, 0],
] as const)('with the policy %s, after exit code %i, starts it %i times', async (policy, code, times) => {
  const { restarts, starts } = ending(code);
  restarts.begin('a', policy);
  await sleep(20);
  expect(restarts.of('a').waiting).toBe(times > 0);
  await sleep(200);
  expect(starts()).toBe(times);
  expect(restarts.of('a')).toMatchObject({ count: times, waiting: false, error: '' });
});

it('waits longer each time', async () => {
  const { restarts, starts } = ending(1, 1, 1);
  restarts.begin('a', 'always');
  await sleep(200);
  expect(starts()).toBe(1); // after 100 ms, and again 200 ms later
  await sleep(700);
  expect(starts()).toBe(3);
});

it('leaves one alone that a command has ended', async () => {
  const { restarts, starts } = ending(1);
  restarts.begin('a', 'always');
  restarts.end('a');
  await sleep(200);
  expect(starts()).toBe(0);
});

it('tells why one can not be started again', async () => {
  const restarts = keepRestarts(
    async () => 1,
    async () => {
      throw new Error('a link');
    },
  );
  restarts.begin('a', 'always');
  await sleep(200);
  expect(restarts.of('a')).toMatchObject({ waiting: false, error: 'a link' });
});
