import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cp,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  realpath,
  rm,
  writeFile,
} from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCourse } from '../../src/course/read.ts';
import { gradeBatch } from '../../src/grade/batch.ts';
import { openDockerRoom } from '../../src/grade/docker-room/room.ts';
import { takeCopy } from '../../src/grade/intake/copy.ts';
import { findSubmissions } from '../../src/grade/intake/find.ts';
import type { Limits } from '../../src/grade/room.ts';
import type { GradedSubmission, Grades } from '../../src/grade/types.ts';
import { type Attack, attacks, namesOf, SECRET } from '../helpers/attacks.ts';
import { leftOvers } from '../helpers/docker-room.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** A part that holds every kind of attack; or all of them by npm run test:attacks, which takes eight minutes. */
const DAILY = [
  ...['privileged', 'namespaces', 'mounts', 'yaml-bomb'],
  ...['links-handed-in', 'link-race', 'link-to-be-mended'],
  ...['fork-bomb', 'memory-hog', 'disk-filler', 'background', 'escapes'],
  ...['docker-options', 'strangers', 'network-out', 'outside-the-copy', 'forged-spool'],
  ...['system-catalog'],
  ...['zip-slip', 'zip-bomb', 'tar-links', 'names'],
];
/** WALKTHROUGH_ATTACKS: `all`, or the names of those that are to be tried, with commas. */
const wanted = process.env.WALKTHROUGH_ATTACKS;
const isWanted = (name: string) => wanted === 'all' || (wanted?.split(',') ?? DAILY).includes(name);

/** As small as the reference bears on a busy machine. */
const LIMITS: Limits = {
  node: { memoryMb: 512, cpus: 1, processes: 100 },
  script: { memoryMb: 128, cpus: 1, processes: 100, seconds: 20 },
  diskMb: 400,
};

let base = '';
let grades: Grades;
let before: Map<string, string>;
let after: Map<string, string>;
let stranger = { name: '', id: '' };
let listener: Server;
const visitors: string[] = [];
let list: Attack[] = [];
let mine: { processes: string[]; engine: string[] };

const docker = (...words: string[]) => execFileSync('docker', words, { encoding: 'utf8' }).trim();

beforeAll(async () => {
  base = await realpath(await mkdtemp(path.join(tmpdir(), 'grade-attacks-')));
  const scratch = path.join(base, 'scratch');
  const beside = path.join(scratch, 'beside');
  await mkdir(beside, { recursive: true });
  await writeFile(path.join(beside, 'secret'), `${SECRET}\n`);
  await writeFile(path.join(beside, 'victim'), 'as it was\n');
  const name = `walkthrough-test-stranger-${process.pid}`;
  const id = docker('run', '-d', '--name', name, '-e', `POSTGRES_PASSWORD=${SECRET}`, 'postgres:14');
  docker('exec', id, 'sh', '-c', `echo ${SECRET} >/secret`);
  const strangerAddress = docker('inspect', id, '--format', '{{.NetworkSettings.IPAddress}}');
  stranger = { name, id };
  listener = createServer((socket) => {
    visitors.push(socket.remoteAddress ?? '');
    socket.destroy();
  });
  await new Promise<void>((resolve) => listener.listen(0, '0.0.0.0', resolve));
  const { port } = listener.address() as { port: number };

  const submissions = path.join(base, 'submissions');
  await mkdir(submissions);
  list = attacks({ stranger: name, strangerId: id, strangerAddress, beside, port }).filter(({ name }) =>
    isWanted(name),
  );
  const reference = path.join(ROOT, 'assets/solutions');
  for (const [at, attack] of list.entries()) {
    await attack.make(path.join(submissions, `${String(at + 1).padStart(2, '0')}-${attack.name}`));
    if (at % 20 === 10)
      await cp(reference, path.join(submissions, `${String(at + 1).padStart(2, '0')}-reference`), {
        recursive: true,
      });
  }
  await cp(reference, path.join(submissions, '99-reference'), { recursive: true });

  before = await state(beside);
  const course = await readCourse(path.join(ROOT, 'lessons'));
  const { submissions: found } = await findSubmissions([submissions]);
  const none = async () => {};
  grades = await gradeBatch(
    {
      entries: found.map((one) => ({ name: one.name, copy: (into) => takeCopy(one, into) })),
      done: new Map(),
      jobs: 4,
      head: {
        schema: 'walkthrough/grades/v1',
        tool: 'test',
        course: { id: course.id, version: course.version, title: course.title },
        lab: 'docker',
        startedAt: new Date().toISOString(),
        maxScore: 100,
      },
      saveOne: none,
      saveAll: none,
      listener: {
        began() {},
        ended() {},
      },
    },
    { course, openRoom: openDockerRoom, limits: LIMITS, scratch, signal: new AbortController().signal },
  );
  after = await state(beside);
  mine = { processes: await processesIn(base), engine: leftOvers() };
}, 1_200_000);

afterAll(async () => {
  if (stranger.id) docker('rm', '-f', '-v', stranger.id);
  listener?.close();
  await rm(base, { recursive: true, force: true });
});

/** Checksums of what nobody may have changed: files of this machine, the folder beside the copies, the stranger. */
async function state(beside: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const files = [
    '/etc/passwd',
    '/etc/shadow',
    '/etc/group',
    '/etc/hosts',
    '/etc/ld.so.cache',
    '/usr/bin/docker',
  ];
  const folders = [
    beside,
    '/etc',
    '/',
    homedir(),
    path.join(homedir(), '.ssh'),
    path.join(ROOT, 'assets/solutions'),
  ];
  for (const folder of folders) {
    const names = await readdir(folder).catch(() => []);
    found.set(folder, names.sort().join('\n'));
  }
  for (const name of await readdir(beside)) files.push(path.join(beside, name));
  for (const file of files) {
    const content = await readFile(file).catch(() => Buffer.from('none'));
    const { mode = 0, uid = 0 } = (await lstat(file).catch(() => null)) ?? {};
    found.set(file, `${createHash('sha256').update(content).digest('hex')} ${mode} ${uid}`);
  }
  found.set(
    'stranger',
    docker('inspect', stranger.id, '--format', '{{.State.Status}} {{.State.Pid}} {{.RestartCount}}'),
  );
  found.set('secret', docker('exec', stranger.id, 'cat', '/secret'));
  return found;
}

/** Processes of this machine that have to do with a folder. */
async function processesIn(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => '');
    const words = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (cwd.startsWith(folder) || words.includes(folder) || words.includes('987654'))
      found.push(`${pid} ${cwd} ${words}`);
  }
  return found;
}

const recordOf = (name: string): GradedSubmission => {
  const record = grades.submissions.find((one) => one.name.replace(/^\d+-/, '') === name);
  if (!record) throw new Error(`${name} was not graded`);
  return record;
};

it('marks the reference in full, between the attacks and after them', () => {
  const references = grades.submissions.filter(({ name }) => name.endsWith('-reference'));
  expect(references.length).toBeGreaterThan(0);
  for (const { name, score, remarks } of references)
    expect({ name, score, remarks }).toEqual({ name, score: 100, remarks: [] });
});

it('gives every attack a mark', () => {
  const others = grades.submissions.filter(({ outcome }) => outcome !== 'graded');
  expect(others.map(({ name, problem }) => ({ name, problem }))).toEqual([]);
  expect(grades.submissions.length).toBeGreaterThan(list.length);
});

it('names what was tried', () => {
  const silent = list.flatMap(({ name, names = [] }) => {
    const said = namesOf(recordOf(name).remarks);
    const missing = names.filter((one) => !said.includes(one));
    return missing.length > 0 ? [{ name, missing, said }] : [];
  });
  expect(silent).toEqual([]);
});

it('gives the marks that are due, and none for what was forged', () => {
  const wrong = list.flatMap(({ name, score, most = 100, fails = [] }) => {
    const record = recordOf(name);
    const checks = record.lessons.flatMap((lesson) => lesson.checks);
    const known = checks.map(({ id }) => id);
    const passed = fails.filter((id) => checks.some((one) => one.id === id && one.state === 'passed'));
    const unknown = fails.filter((id) => known.length > 0 && !known.includes(id));
    const right = (score === undefined || record.score === score) && (record.score ?? 0) <= most;
    return right && passed.length === 0 && unknown.length === 0
      ? []
      : [{ name, score: record.score, passed, unknown }];
  });
  expect(wrong).toEqual([]);
});

it('leaves the machine and the containers of others as they were', () => {
  expect(Object.fromEntries(after)).toEqual(Object.fromEntries(before));
  expect(visitors).toEqual([]);
});

it('lets nobody out into the network', () => {
  if (!list.some(({ name }) => name === 'network-out')) return;
  const said = recordOf('network-out')
    .runs.map(({ output }) => output.text)
    .join('\n');
  expect(said).toContain('knocked');
  expect(said).not.toContain('reached-');
});

it('leaves nothing behind', async () => {
  expect(mine).toEqual({ processes: [], engine: [] });
  const left = await readdir(path.join(base, 'scratch'), { recursive: true });
  expect(left.filter((one) => !/^\d+$|^beside/.test(one))).toEqual([]);
});

describe('the record', () => {
  const texts = (value: unknown): string[] =>
    typeof value === 'string' ? [value] : Object.values(value ?? {}).flatMap(texts);

  it('holds nothing that steers a terminal', () => {
    const bad = texts(grades).filter((text) =>
      /[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/.test(text),
    );
    expect(bad.map((text) => JSON.stringify(text).slice(0, 200))).toEqual([]);
  });

  it('holds nothing of this machine', () => {
    const leaks = grades.submissions.flatMap((one) =>
      texts(one)
        .filter((text) => text.includes(SECRET) || /^root:[^:]*:\d/m.test(text))
        .map((text) => `${one.name}: ${text.slice(0, 300)}`),
    );
    expect(leaks).toEqual([]);
  });

  it('stays small', () => {
    const large = grades.submissions.filter((one) => JSON.stringify(one).length > 600_000);
    expect(large.map(({ name }) => name)).toEqual([]);
  });
});
