import { describe, expect, it } from 'vitest';
import { takenPortProblems } from '../../../src/lab/taken-ports.ts';

const NEXT = 'Stop it:\nnpx walkthrough reset --dir /home/ann/first';
const leader = { node: 'leader', port: 6001, holder: 'the sandbox of /home/ann/first', next: NEXT };
const follower = { ...leader, node: 'follower', port: 6002 };

describe('taken ports', () => {
  it('that one holder has are said once', () => {
    expect(takenPortProblems([leader, follower], true)).toEqual([
      {
        id: 'port-taken',
        message:
          'Ports 6001 and 6002, which the leader and the follower need, are taken by the sandbox of /home/ann/first.',
        next: `${NEXT}\nOr give the leader and the follower other left numbers under ports in docker-compose.yml.`,
      },
    ]);
  });

  it('that two holders have are said one by one', () => {
    const found = takenPortProblems([leader, { ...follower, holder: 'the container "redis"' }], true);
    expect(found.map(({ message }) => message)).toEqual([
      'Port 6001, which the leader needs, is taken by the sandbox of /home/ann/first.',
      'Port 6002, which the follower needs, is taken by the container "redis".',
    ]);
    expect(found[1]?.next).toBe(
      `${NEXT}\nOr give the follower another left number under ports in docker-compose.yml.`,
    );
  });

  it('of which each is freed in its own way are said one by one', () => {
    const found = takenPortProblems([leader, { ...follower, next: 'Stop the other one.' }], true);
    expect(found.map(({ next }) => next.split('\n')[0])).toEqual(['Stop it:', 'Stop the other one.']);
  });

  it('no number can be changed in a file that is not there yet', () => {
    expect(takenPortProblems([leader], false)).toMatchObject([{ next: NEXT }]);
  });
});
