import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { readCourse } from '../../../src/course/read.ts';
import { homeFolder } from '../../../src/grade/home-folder.ts';
import { temporaryFolder } from '../learn/temp-folder.ts';

async function homeOf(follower: string, leader = ''): Promise<string> {
  const copy = await temporaryFolder();
  for (const [file, text] of [
    ['leader/setup-leader.sh', leader],
    ['follower/setup-follower.sh', follower],
  ] as const) {
    await mkdir(path.join(copy, path.dirname(file)), { recursive: true });
    await writeFile(path.join(copy, file), text);
  }
  const { name, remarks } = await homeFolder(copy, await readCourse('lessons'));
  expect(remarks.map(({ where, message }) => `${where}: ${message}`)).toEqual(
    name === 'solutions'
      ? []
      : [expect.stringMatching(new RegExp(`^(?:leader|follower)/setup.*\\.sh: .*folder called ${name},`))],
  );
  return name;
}

it.each([
  ['docker run --network=w3_replication-net x', 'w3'],
  ['docker run --network "my-work_2_replication-net" x', 'my-work_2'],
  ['NET=hw_replication-net\n# hw_replication-net is the network', 'hw'],
])('%s was run in the folder %s', async (script, name) => {
  expect(await homeOf(script)).toBe(name);
});

it.each([
  'docker run --network=solutions_replication-net x',
  'docker run --network=replication-net x',
  'docker run --network=_replication-net x',
  'docker run --network=My_replication-net x',
  'docker run --network=$(basename "$PWD")_replication-net x',
  'docker run --network=$project_replication-net x',
  'docker run --network=w3_replication-network x',
  'docker run --network=w3_replication-net_2 x',
  `docker run --network=${'a'.repeat(61)}_replication-net x`,
  'docker run --network=a_replication-net x\ndocker run --network=b_replication-net x',
  '',
])('%s tells of no other folder than the reference', async (script) => {
  expect(await homeOf(script)).toBe('solutions');
});

it('looks into all scripts, which must agree', async () => {
  expect(await homeOf('', 'docker network inspect w3_replication-net')).toBe('w3');
  expect(await homeOf('--network=w4_replication-net', 'docker network inspect w3_replication-net')).toBe(
    'solutions',
  );
});
