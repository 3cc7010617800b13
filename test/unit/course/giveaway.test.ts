import { describe, expect, it } from 'vitest';
import { givesAway } from '../../../src/course/giveaway.ts';

const COMMAND = `docker exec leader psql -c \\
  "CREATE ROLE replicator WITH LOGIN"
ls -l`;

describe('givesAway', () => {
  it.each([
    ['the command in other blanks and case', 'docker  ps', 'Type `Docker ps`.'],
    ['a command of one word', 'ls', 'Try `ls` here.'],
    ['one line of several', COMMAND, 'docker exec leader psql -c "CREATE ROLE replicator WITH LOGIN"'],
    ['the statement in the command', COMMAND, 'Say "create role replicator with login;" to the server.'],
  ])('finds %s', (_, command, hint) => {
    expect(givesAway(hint, command)).toBe(true);
  });

  it.each([
    ['the program alone', COMMAND, 'psql runs inside the container leader.'],
    ['a short line of several', COMMAND, '`ls -l` shows the owner.'],
    ['a word that ends like the command', 'ls', 'It tells which tools are there.'],
    ['no command at all', '', 'Look into the folder.'],
  ])('allows %s', (_, command, hint) => {
    expect(givesAway(hint, command)).toBe(false);
  });
});
