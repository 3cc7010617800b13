import { describe, expect, it } from 'vitest';
import { parseSudo } from '../../../../src/grade/docker-room/sudo.ts';

describe('sudo in a script', () => {
  it.each([
    ['rm -rf follower-data', null, ['rm', '-rf', 'follower-data']],
    ['-E -u postgres chown 999 x', 'postgres', ['chown', '999', 'x']],
    ['-n -- mkdir x', null, ['mkdir', 'x']],
    ['PGPASSWORD=x /bin/bash -c ls', null, ['/bin/bash', '-c', 'ls']],
    ['docker ps', null, ['docker', 'ps']],
  ])('reads %s', (line, user, argv) => {
    expect(parseSudo(line.split(' '))).toEqual({ user, argv });
  });

  it.each(['apt-get install x', '-C 9 ls', '', '-u root', '/tmp/rm x'])('refuses "%s" by name', (line) => {
    expect(() => parseSudo(line.split(' '))).toThrow(/the grader does not know/);
  });
});
