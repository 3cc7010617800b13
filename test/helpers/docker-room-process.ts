import { cp, mkdtemp, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { readCourse } from '../../src/course/read.ts';
import { openDockerRoom } from '../../src/grade/docker-room/room.ts';
import { LIMITS } from '../../src/grade/room.ts';

/** A process that opens a room, starts its leader, says where the copy is, and waits to be killed. */
const root = await realpath(await mkdtemp(path.join(tmpdir(), 'grade-')));
const workspace = path.join(root, 'solutions');
const here = (place: string) => fileURLToPath(new URL(place, import.meta.url));
await cp(here('../../assets/solutions'), workspace, { recursive: true });
const { names } = await readCourse(here('../../lessons'));
const room = await openDockerRoom({ workspace, names, limits: LIMITS });
await room.docker(['compose', 'up', '-d', 'leader']);
console.log(root);
setInterval(() => {}, 1000);
