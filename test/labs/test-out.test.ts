import { afterAll, beforeAll, expect, it } from 'vitest';
import { startDriver } from '../../src/learn/driver.ts';
import type { Driver } from '../../src/learn/driver-types.ts';
import { layFiles, openPair, type Pair, startFollower, startLeader } from '../helpers/lab-pair.ts';

let pair: Pair;
const drivers: Driver[] = [];
beforeAll(async () => {
  pair = await openPair();
});
afterAll(async () => {
  for (const driver of drivers) driver.send({ kind: 'quit' });
  await Promise.all(drivers.map((driver) => driver.finished));
  await pair.remove();
});

/** Goes to each lesson of a walk that is new. Gives the steps that are offered to be counted as done. */
async function offered(): Promise<number[]> {
  const { course, lab } = pair;
  const driver = startDriver({ course, lab, startedAt: 'x', streamOutput: true, poll: false });
  drivers.push(driver);
  const idle = () => expect.poll(() => driver.getState().activity.kind, { timeout: 10_000 }).toBe('idle');
  await idle();
  const steps: number[] = [];
  for (const [index, { step }] of course.lessons.entries()) {
    driver.send({ kind: 'goto', lesson: index });
    await idle();
    if (driver.getState().mode.kind === 'test-out') steps.push(step);
    driver.send({ kind: 'close' });
  }
  return steps;
}

it('an empty folder has nothing to count as done but what the machine brings', async () => {
  expect(await offered()).toEqual([2]);
});

it('files that were written before are counted as done, up to where the servers begin', async () => {
  await layFiles(pair);
  // The scripts of lessons 8 and 9 are there too, but the servers are not.
  expect(await offered()).toEqual([1, 2, 3, 4, 5, 6]);
});

it('a pair that was built before is offered lesson by lesson, but for the last, which only shows it', async () => {
  await startLeader(pair);
  await startFollower(pair);
  await pair.allPass();
  expect(await offered()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
});
