import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { readCourse } from '../../../src/course/read.ts';
import { misnamedFiles } from '../../../src/grade/intake/misnamed.ts';
import { temporaryFolder } from '../learn/temp-folder.ts';

const ALL = [
  'docker-compose.yml',
  'leader/postgresql.conf',
  'leader/setup-leader.sh',
  'follower/postgresql.conf',
  'follower/setup-follower.sh',
  'inventory.sql',
];

/** Remarks about a copy with all files but one, and with others besides. */
async function without(missing: string, ...others: string[]) {
  const copy = await temporaryFolder();
  for (const file of [...ALL.filter((one) => !one.startsWith(missing)), ...others]) {
    await mkdir(path.join(copy, path.dirname(file)), { recursive: true });
    await writeFile(path.join(copy, file), '');
  }
  return misnamedFiles(copy, await readCourse('lessons'));
}

it.each([
  ['leader/setup-leader.sh', 'leader/setup_leader.sh'],
  ['leader/setup-leader.sh', 'leader/setup-leader.sh.txt'],
  ['leader/setup-leader.sh', 'leader/Setup Leader.sh'],
  ['leader/setup-leader.sh', 'leader/setup-leader (1).sh'],
  ['leader/setup-leader.sh', 'leader/setupleader.sh'],
  ['leader/postgresql.conf', 'leader/Postgresql.conf'],
  ['docker-compose.yml', 'docker_compose.yml'],
  ['docker-compose.yml', 'Compose.yaml'],
  ['docker-compose.yml', 'docker-compose.yml.txt'],
  ['inventory.sql', 'Inventory.SQL'],
])('without %s tells of %s', async (missing, there) => {
  expect(await without(missing, there)).toEqual([
    {
      kind: 'note',
      id: 'misnamed',
      where: there,
      message: `There is ${there}, but no ${missing}. Is that the file? Rename it.`,
    },
  ]);
});

it.each([
  ['leader/setup-leader.sh', 'leader/setup.sh'],
  ['leader/setup-leader.sh', 'setup_leader.sh'],
  ['leader/setup-leader.sh', 'leader/setup_leader.sh/inside'],
  ['docker-compose.yml', 'compose.yaml'],
  ['nothing', 'leader/setup_leader.sh'],
])('without %s says nothing of %s', async (missing, there) => {
  expect(await without(missing, there)).toEqual([]);
});

it('tells of a folder once, whatever is in it', async () => {
  expect(await without('leader/', 'Leader/postgresql.conf', 'Leader/setup_leader.sh')).toEqual([
    {
      kind: 'note',
      id: 'misnamed',
      where: 'Leader',
      message: 'There is a folder Leader, but no folder leader. Is that the folder? Rename it.',
    },
  ]);
});

it('looks for no name through a link, and prints none that steers a terminal', async () => {
  const copy = await temporaryFolder();
  await mkdir(path.join(copy, 'real'));
  await writeFile(path.join(copy, 'real', 'inventory\u202e.sql'), '');
  await writeFile(path.join(copy, 'inventory.sql.\x1b[2Jtxt'), '');
  await symlink('real', path.join(copy, 'Leader'));
  const remarks = await misnamedFiles(copy, await readCourse('lessons'));
  expect(remarks.map(({ where }) => where)).toEqual(['inventory.sql.[2Jtxt']);
});
