import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseDocument } from 'yaml';
import { freePort } from './free-port.ts';

const LESSONS = fileURLToPath(new URL('../../lessons', import.meta.url));

export interface OwnCourse {
  /** Folder of the copied course: `--course`. */
  course: string;
  /** Workspace, not made yet: `--dir`. Its name is the compose project. */
  workspace: string;
  leader: string;
  follower: string;
  leaderPort: number;
  followerPort: number;
  /** Removes both folders. The lab must be cleared before. */
  remove(): Promise<void>;
}

/**
 * The built-in lessons under names and ports of their own, so that a test never meets a learner's pair: container
 * names and published ports are shared by the whole machine.
 */
export async function ownCourse(): Promise<OwnCourse> {
  const root = await mkdtemp(path.join(tmpdir(), 'walkthrough-'));
  const tag = path
    .basename(root)
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');
  const course = path.join(root, 'course');
  await cp(LESSONS, course, { recursive: true });
  const file = path.join(course, 'course.yaml');
  const document = parseDocument(await readFile(file, 'utf8'));
  const [leaderPort, followerPort] = [await freePort(), await freePort()];
  const [leader, follower] = [`${tag}-leader`, `${tag}-follower`];
  const names = { leader, follower, leader_port: String(leaderPort), follower_port: String(followerPort) };
  for (const [name, value] of Object.entries(names)) document.setIn(['names', name], value);
  await writeFile(file, document.toString());
  return {
    course,
    workspace: path.join(root, `solutions-${tag}`),
    leader,
    follower,
    leaderPort,
    followerPort,
    remove: () => rm(root, { recursive: true, force: true }),
  };
}
