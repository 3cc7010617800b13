import { createHash } from 'node:crypto';
import { chmod, lstat, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';

/** The sandbox can't be used here: one sentence and the next step. */
export class SandboxError extends Error {
  readonly id: string;
  readonly next: string;
  constructor(id: string, message: string, next: string) {
    super(message);
    this.name = 'SandboxError';
    this.id = id;
    this.next = next;
  }
}

/** What lies between this folder and a socket file in it: `/run/<12>/<8>/.s.PGSQL.65535`. */
const BELOW = 1 + 3 + 1 + 12 + 1 + 8 + 1 + 15;
/** sun_path is 104 bytes on macOS (108 on Linux), its last one a zero. */
const SOCKET_PATH_BYTES = 103;

/**
 * The one folder outside of the workspace in which the sandbox writes: a copy of the server's programs where the
 * installed ones can't be used in place, sockets, and what running servers read. Short enough for a socket's path,
 * which is why it is not in the workspace. WALKTHROUGH_CACHE names another one.
 */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  const own = env.WALKTHROUGH_CACHE;
  if (own) return path.resolve(own);
  const uid = process.getuid?.() ?? 0;
  // The servers of root run as another user, who can't look into root's home.
  if (uid === 0) return '/var/cache/pg-walkthrough';
  const base =
    process.platform === 'darwin'
      ? path.join(homedir(), 'Library', 'Caches')
      : env.XDG_CACHE_HOME || path.join(homedir(), '.cache');
  const folder = path.join(base, 'pg-walkthrough');
  return Buffer.byteLength(folder) + BELOW <= SOCKET_PATH_BYTES ? folder : `/var/tmp/pg-walkthrough-${uid}`;
}

/**
 * Makes the cache folder. Throws SandboxError where that can't be, where it is somebody else's, or where a socket's
 * path would be too long.
 */
export async function openCache(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const folder = cacheFolder(env);
  const other = 'Name another folder for it: WALKTHROUGH_CACHE=/some/short/folder';
  if (Buffer.byteLength(folder) + BELOW > SOCKET_PATH_BYTES)
    throw new SandboxError(
      'cache-path-too-long',
      `The cache folder's path ${folder} is too long for a socket.`,
      other,
    );
  const root = process.getuid?.() === 0;
  try {
    await mkdir(folder, { recursive: true, mode: root ? 0o755 : 0o700 });
    const stats = await lstat(folder);
    if (!stats.isDirectory() || (process.getuid && stats.uid !== process.getuid()))
      throw new SandboxError('cache-foreign', `The cache folder ${folder} belongs to somebody else.`, other);
    // Whatever the umask: the servers of root run as another user.
    if (root) await chmod(folder, 0o755);
  } catch (error) {
    if (error instanceof SandboxError) throw error;
    const reason = error instanceof Error ? error.message.replace(/^E[A-Z]+: /, '') : String(error);
    throw new SandboxError(
      'cache-not-writable',
      `The cache folder ${folder} can't be made: ${reason}.`,
      other,
    );
  }
  return folder;
}

/** The part of the cache that a workspace's running servers use. */
export function runFolder(cache: string, workspace: string): string {
  return path.join(cache, 'run', createHash('sha256').update(workspace).digest('hex').slice(0, 12));
}

const OWNER_FILE = 'workspace';

/** Notes whose run folder it is, so that another workspace can tell who has a port. */
export async function noteOwner(folder: string, workspace: string): Promise<void> {
  await writeFile(path.join(folder, OWNER_FILE), workspace);
}

/** Other workspaces that have or had servers on this machine, for this user. */
export async function otherWorkspaces(cache: string, workspace: string): Promise<string[]> {
  const runs = await readdir(path.join(cache, 'run')).catch(() => []);
  const found = await Promise.all(
    runs.map((run) => readFile(path.join(cache, 'run', run, OWNER_FILE), 'utf8').catch(() => '')),
  );
  return found.filter((one) => one !== '' && one !== workspace);
}
