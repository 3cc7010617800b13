import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { framesOf } from '../../lab/docker/log-frames.ts';
import type { Ground } from './ground.ts';

export const logPath = ({ folder }: Pick<Ground, 'folder'>, id: string): string =>
  path.join(folder, `${id.slice(0, 12)}.log`);

/** Fetches a container's whole log, both streams in order, and answers the file that it is in now. */
export async function writeLog(ground: Ground, id: string): Promise<string> {
  const bytes = await ground.docker.getContainer(id).logs({ stdout: true, stderr: true, follow: false });
  const file = logPath(ground, id);
  await writeFile(file, Buffer.concat(framesOf(bytes).map(({ content }) => content)));
  return file;
}
