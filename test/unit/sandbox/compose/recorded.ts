import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Case, Cases } from './cases/case.ts';
import { files } from './cases/files.ts';
import { interpolation } from './cases/interpolation.ts';
import { mounts } from './cases/mounts.ts';
import { schema } from './cases/schema.ts';
import { services } from './cases/services.ts';
import { yaml } from './cases/yaml.ts';

/** All cases, by topic. */
export const topics: Record<string, Cases> = { yaml, schema, services, mounts, interpolation, files };

/** What Docker Compose 2.26.1 answered. Paths of the workspace begin with `<ws>`. */
export interface Answer {
  topic: string;
  name: string;
  code: number;
  /** `docker compose config --format json`, parsed; null when it refused. */
  json: unknown;
  /** `docker compose config`; '' when it refused. */
  yaml: string;
  /** Without the time stamps of the log lines. */
  stderr: string;
}

const RECORD = new URL('record.jsonl', import.meta.url);

export async function recorded(): Promise<Map<string, Answer>> {
  const text = await readFile(RECORD, 'utf8');
  const answers = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Answer);
  return new Map(answers.map((answer) => [`${answer.topic}\0${answer.name}`, answer]));
}

/** Asks the Compose of this machine about every case, and writes down what it says. */
export async function record(): Promise<void> {
  const answers: Answer[] = [];
  for (const [topic, cases] of Object.entries(topics)) {
    for (const [name, one] of Object.entries(cases)) {
      answers.push(await inWorkspace(one, (workspace) => ask(topic, name, one, workspace)));
    }
  }
  await writeFile(RECORD, answers.map((answer) => `${JSON.stringify(answer)}\n`).join(''));
}

/** Lays the case out in a new folder, and removes it afterwards. */
export async function inWorkspace<T>(one: Case, work: (workspace: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(await realpath(tmpdir()), 'wt-compose-'));
  const workspace = path.join(folder, one.folder ?? 'lab');
  try {
    await mkdir(workspace);
    for (const [name, text] of Object.entries(one.files)) {
      const file = path.join(workspace, name);
      await mkdir(path.dirname(file), { recursive: true });
      await (text === null ? mkdir(file) : writeFile(file, text));
    }
    return await work(workspace);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The environment that every case has. */
export const ENV = { HOME: '/home/learner' };

async function ask(topic: string, name: string, one: Case, workspace: string): Promise<Answer> {
  const { files: named = [], project, directory } = one.args ?? {};
  const scope = [
    ...named.flatMap((file) => ['-f', file]),
    ...(project === undefined ? [] : ['-p', project]),
    ...(directory === undefined ? [] : ['--project-directory', directory]),
  ];
  const env = { ...ENV, PATH: process.env.PATH ?? '', ...one.env };
  const asked = (...format: string[]) => compose([...scope, 'config', ...format], workspace, env);
  const json = await asked('--format', 'json');
  const yaml = json.code === 0 ? await asked() : { stdout: '' };
  return {
    topic,
    name,
    code: json.code,
    json: json.code === 0 ? JSON.parse(json.stdout) : null,
    yaml: yaml.stdout,
    stderr: json.stderr.replaceAll(/^time="[^"]*" /gm, ''),
  };
}

function compose(
  args: string[],
  cwd: string,
  env: Record<string, string>,
): Promise<{ code: number; stdout: string; stderr: string }> {
  const anonymous = (text: string) => text.replaceAll(cwd, '<ws>').replaceAll(path.dirname(cwd), '<above>');
  return new Promise((resolve) => {
    execFile('docker', ['compose', ...args], { cwd, env }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
      resolve({ code, stdout: anonymous(stdout), stderr: anonymous(stderr) });
    });
  });
}
