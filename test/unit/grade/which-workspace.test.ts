import { describe, expect, it } from 'vitest';
import { type Made, zipOf } from './archives.ts';
import { take } from './copies.ts';

/** What is graded of an archive in which the workspace is not simply the top. */
const takeAll = (...names: string[]) => take('zip', zipOf(names.map((name) => ({ name, content: name }))));

describe('a workspace is found', () => {
  it.each([
    ['however many folders are around it', ['home/anna/uni/db/ex3/solutions/compose.yml']],
    [
      'beside other files and folders',
      ['anna/essay.pdf', 'anna/pictures/1.png', 'anna/homework/compose.yml'],
    ],
    ['beside a folder that only has a leader, too', ['club/leader/photo.png', 'homework/compose.yml']],
    ['beside what an editor keeps', ['.history/homework/compose.yml', 'homework/compose.yml']],
    ['with another one in it', ['homework/compose.yml', 'homework/old/compose.yml']],
  ])('%s', async (_, names) => {
    const { copy, refused } = await takeAll(...names);
    expect(refused).toBeNull();
    expect(Object.keys(copy)).toContain('compose.yml');
  });
  it('without a compose file, by its folder', async () => {
    const { copy, refused } = await takeAll('anna/homework/leader/postgresql.conf');
    expect([refused, Object.keys(copy)]).toEqual([null, ['leader', 'leader/postgresql.conf']]);
  });
});

const encrypted = (name: string): Made => ({ name, content: 'x', claims: { flags: 0x801 } });
const folder = (name: string): Made => ({ name: `${name}/`, mode: 0o040755 });

describe('refused with one sentence is', () => {
  it.each<[string, Made[], string, string]>([
    [
      'more than one workspace',
      [{ name: 'solutions_old/compose.yml' }, { name: 'solutions/docker-compose.yml' }],
      'two-workspaces',
      'There are two workspaces in it: solutions, solutions_old. Keep one.',
    ],
    [
      'many of them',
      Array.from({ length: 7 }, (_, i) => ({ name: `a/try ${i}/compose.yml` })),
      'two-workspaces',
      'There are 7 workspaces in it: a/try 0, a/try 1, a/try 2, a/try 3, a/try 4 and 2 more. Keep one.',
    ],
    [
      'no workspace',
      [{ name: 'essay.pdf' }],
      'no-workspace',
      'anna has no docker-compose.yml, and no folder leader or follower.',
    ],
    [
      'an archive that is not alone',
      [{ name: 'essay.pdf' }, { name: 'solutions.zip' }],
      'no-workspace',
      'anna has no docker-compose.yml, and no folder leader or follower. Archives in it were not opened: solutions.zip. Keep one archive alone, or unpack it.',
    ],
    [
      'an archive with a password',
      [folder('solutions'), folder('solutions/leader'), encrypted('solutions/docker-compose.yml')],
      'encrypted',
      'anna needs a password. Pack it again without one.',
    ],
    [
      'one with folders and no file',
      [folder('leader'), folder('follower')],
      'empty-submission',
      'anna holds no file that can be graded.',
    ],
  ])('%s', async (_, entries, id, message) => {
    const { refused, copy, remarks } = await take('zip', zipOf(entries));
    expect({ refused, copy, remarks }).toEqual({
      refused: { kind: 'intake', id, where: 'anna', message },
      copy: {},
      remarks: [],
    });
  });
});
