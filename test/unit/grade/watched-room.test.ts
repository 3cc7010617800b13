import { expect, it } from 'vitest';
import { type CleanRoom, LIMITS, type Ran, UnusableError } from '../../../src/grade/room.ts';
import { watchedRooms } from '../../../src/grade/watched-room.ts';

const RAN: Ran = { exitCode: 0, timedOut: false, ms: 1, output: { text: '', bytes: 0, cut: 0 } };

/** A room that fails where it is closed, and what was told of it. */
async function watched(label: string) {
  const told: string[] = [];
  const room: CleanRoom = {
    lab: {} as CleanRoom['lab'],
    docker: async () => RAN,
    script: async () => RAN,
    assertSound: async () => {},
    remarks: () => [],
    close: () => Promise.reject(new UnusableError('The engine is gone.', 'Start it.')),
  };
  const workspace = `/scratch/0/${label}/solutions`;
  const open = watchedRooms(
    async () => room,
    (copy, what) => told.push(`${copy === workspace} ${what}`),
  );
  return { told, room: await open({ workspace, names: {}, limits: LIMITS }) };
}

it('tells what is done in a room, in the words before the first option', async () => {
  const { told, room } = await watched('own');
  expect(await room.docker(['compose', 'up', '-d', 'leader'])).toBe(RAN);
  await room.docker(['rm', '-f', 'x']);
  await room.script('leader/setup-leader.sh');
  expect(told).toEqual([
    'true makes room for it',
    'true docker compose up',
    'true looks at the servers',
    'true docker rm',
    'true looks at the servers',
    'true bash leader/setup-leader.sh',
    'true looks at the servers',
  ]);
});

it('says that it is the second copy, and fails as the room does', async () => {
  const { told, room } = await watched('mended');
  await expect(room.close()).rejects.toThrow('The engine is gone.');
  expect(told.slice(0, 2)).toEqual(['true second copy: makes room for it', 'true second copy: cleans up']);
});
