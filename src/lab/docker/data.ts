import { realpath } from 'node:fs/promises';
import type Dockerode from 'dockerode';
import type { ContainerState, DataFolder } from '../../observe/types.ts';
import { LISTING_SCRIPT, parseListing, readDataFolder } from '../data-folder.ts';
import { type ExecResult, execIn } from './exec.ts';
import { runHelper } from './helper.ts';

/** How to look into a folder that belongs to the server's user. */
export interface Through {
  docker(): Promise<Dockerode>;
  /** The node's container: asked first where it runs, because that is quicker. */
  container(): Promise<ContainerState>;
  image: string;
  project: string;
  labels?: Record<string, string>;
  /** Where the folder is somebody else's, who can put links in its place: runs a look while nothing of theirs runs. */
  still?<T>(look: () => Promise<T>): Promise<T>;
}

/** Reads a node's data folder; where we may not, in the node's container, or in a throw-away one. */
export async function readFolderThrough(folder: string, through: Through): Promise<DataFolder> {
  const confined = through.still !== undefined;
  try {
    if (confined && (await isElsewhere(folder))) return { state: 'missing' };
    return await readDataFolder(folder, { confined });
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (code !== 'EACCES' && code !== 'EPERM') return { state: 'unreadable', message };
  }
  try {
    const container = await through.container();
    const inside = container.state === 'running' ? await lookInside(container.id, through) : null;
    // A stranger's container may be too busy to look for us.
    if (inside !== null && (inside.exitCode === 0 || !confined)) return listed(inside);
    const { still = (look) => look() } = through;
    return await still(async () => {
      if (confined && (await isElsewhere(folder))) return { state: 'missing' };
      return listed(await lookFromOutside(folder, through));
    });
  } catch (error) {
    return { state: 'unreadable', message: error instanceof Error ? error.message : String(error) };
  }
}

const argvOf = (where: string) => ['sh', '-c', LISTING_SCRIPT, 'sh', where];

async function lookInside(id: string, { docker, still }: Through): Promise<ExecResult | null> {
  const looking = execIn(await docker(), id, argvOf('/var/lib/postgresql/data'));
  return still === undefined ? looking : looking.catch(() => null);
}

async function lookFromOutside(folder: string, through: Through): Promise<ExecResult> {
  const { docker, image, project, labels = {} } = through;
  const binds = [`${folder}:/data:ro`];
  return runHelper(await docker(), { image, argv: argvOf('/data'), project, labels, binds });
}

const listed = ({ exitCode, stdout, stderr }: ExecResult): DataFolder =>
  exitCode === 0 ? parseListing(stdout) : { state: 'unreadable', message: stderr.trim() };

/** Whether a folder is there, but by a link. */
async function isElsewhere(folder: string): Promise<boolean> {
  const real = await realpath(folder).catch((error: { code?: string }) => {
    // One that is not there is told by whoever reads it.
    if (error.code === 'ENOENT') return folder;
    throw error;
  });
  return real !== folder;
}
