import { expect, it } from 'vitest';
import { asking, machineFailure, unlessGone } from '../../../../src/grade/docker-room/failures.ts';

const refusal = (statusCode: number, message: string) =>
  Promise.reject(
    Object.assign(new Error(`(HTTP code ${statusCode}) ${message}`), { statusCode, json: { message } }),
  );

it('tells the machine from the submission', async () => {
  await expect(
    asking(Promise.reject(Object.assign(new Error('x'), { code: 'ECONNREFUSED' })), 'p-'),
  ).rejects.toMatchObject({ name: 'UnusableError', next: expect.stringContaining('docker info') });
  await expect(asking(refusal(500, 'write /x: no space left on device'), 'p-')).rejects.toMatchObject({
    name: 'UnusableError',
    message: 'The disk of the Docker engine is full.',
  });
  await expect(asking(refusal(404, 'No such image: postgres:14'), 'p-')).rejects.toMatchObject({
    name: 'UnusableError',
  });
  await expect(asking(refusal(400, 'Invalid container name (p-le/ader)'), 'p-')).rejects.toMatchObject({
    name: 'EngineError',
    message: 'Invalid container name (le/ader)',
  });
  expect(machineFailure('Error: No such container: leader')).toBeNull();
});

it('takes what is gone for done, and nothing else', async () => {
  await unlessGone(refusal(404, 'No such container'), 'p-');
  await unlessGone(refusal(409, 'removal is already in progress'), 'p-');
  await expect(unlessGone(refusal(500, 'broken'), 'p-')).rejects.toThrow('broken');
});
