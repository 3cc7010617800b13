import { execFileSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { readCourse } from '../../src/course/read.ts';
import { openDockerRoom } from '../../src/grade/docker-room/room.ts';
import { type CleanRoom, LIMITS, type Limits, type Ran } from '../../src/grade/room.ts';
import { observe } from '../../src/observe/observe.ts';
import type { Observation } from '../../src/observe/types.ts';

const SOLUTIONS = fileURLToPath(new URL('../../assets/solutions', import.meta.url));
export const LESSONS = fileURLToPath(new URL('../../lessons', import.meta.url));
const LABEL = 'io.github.pg-walkthrough.room';

export interface TestRoom {
  room: CleanRoom;
  /** The copy. */
  workspace: string;
  /** Writes a script into the copy and runs it. */
  bash(text: string): Promise<Ran>;
  /** Runs a docker command that must work; answers its output. */
  must(...argv: string[]): Promise<string>;
  /** Waits until the node's server takes connections over TCP. */
  ready(node: string): Promise<void>;
  observe(): Promise<Observation>;
}

/** A room with a copy of the reference solution; gone when the test ends. */
export async function openRoom(limits: Partial<Limits> = {}): Promise<TestRoom> {
  const root = await realpath(await mkdtemp(path.join(tmpdir(), 'grade-')));
  const workspace = path.join(root, 'solutions');
  await cp(SOLUTIONS, workspace, { recursive: true });
  const { names } = await readCourse(LESSONS);
  const room = await openDockerRoom({ workspace, names, limits: { ...LIMITS, ...limits } });
  onTestFinished(async () => {
    await room.close();
    await rm(root, { recursive: true, force: true });
  });
  let scripts = 0;
  const must = async (...argv: string[]) => {
    const { exitCode, output } = await room.docker(argv);
    if (exitCode !== 0) throw new Error(`docker ${argv.join(' ')}: ${exitCode}\n${output.text}`);
    return output.text;
  };
  return {
    room,
    workspace,
    must,
    async bash(text) {
      scripts += 1;
      await mkdir(path.join(workspace, 'tried'), { recursive: true });
      const file = `tried/${scripts}.sh`;
      await writeFile(path.join(workspace, file), text);
      return room.script(file);
    },
    async ready(node) {
      for (let attempt = 0; attempt < 150; attempt++) {
        const asked = ['exec', node, 'pg_isready', '-q', '-h', '127.0.0.1', '-U', 'postgres'];
        if ((await room.docker(asked)).exitCode === 0) return;
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
      throw new Error(`${node} is not ready:\n${(await room.docker(['logs', node])).output.text}`);
    },
    observe: () =>
      observe(
        room.lab,
        { image: 'postgres:14', table: 'inventory' },
        {
          parts: ['engine', 'image', 'compose', 'servers'],
          files: [],
          experiments: ['replication-login', 'nonce'],
          data: ['leader', 'follower'],
        },
      ),
  };
}

/** Brings the reference solution to where its follower streams. Answers the milliseconds that it took. */
export async function wholeCourse({ room, must, ready, observe }: TestRoom): Promise<number> {
  const began = Date.now();
  await must('compose', 'up', '-d', 'leader');
  await ready('leader');
  for (const script of ['leader/setup-leader.sh', 'follower/setup-follower.sh']) {
    const { exitCode, output } = await room.script(script);
    if (exitCode !== 0) throw new Error(`${script}: ${exitCode}\n${output.text}`);
  }
  await must('compose', 'up', '-d', 'follower');
  await ready('follower');
  const took = Date.now() - began;
  for (let attempt = 0; attempt < 50; attempt++) {
    const { server } = (await observe()).nodes.leader;
    if (server.state === 'up' && server.probe.senders.some(({ state }) => state === 'streaming')) break;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return took;
}

/** Everything that a process, this one or another, has on the engine with the label of a room. */
export function leftOvers(pid = process.pid): string[] {
  const own = `${LABEL}.owner`;
  const lists = [
    ['ps', '-a', '--format', `{{.ID}} {{.Label "${own}"}}`],
    ['network', 'ls', '--format', `{{.Name}} {{.Label "${own}"}}`],
    ['volume', 'ls', '--format', `{{.Name}} {{.Label "${own}"}}`],
  ];
  return lists.flatMap((words) =>
    execFileSync('docker', [...words, '--filter', `label=${LABEL}`], { encoding: 'utf8' })
      .split('\n')
      .filter((line) => line.includes(`"pid":${pid},`)),
  );
}
