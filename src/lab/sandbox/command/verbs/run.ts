import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { nameTaken } from '../../engine/names.ts';
import type { ContainerSpec, Mount } from '../../engine/types.ts';
import type { Action } from '../action.ts';
import { checkImage, isServer, readVolume } from '../policy.ts';
import { CommandError, refused } from '../refusal.ts';
import type { World } from '../world.ts';
import { insideOf, needTerminal, refuseDetached } from './exec.ts';

type Run = Extract<Action, { kind: 'run' }>;

/**
 * Runs one program as in a new container of the image. The container is gone afterwards with or without --rm: only
 * servers are kept, and those come from a compose file.
 */
export async function run(action: Run, world: World): Promise<number> {
  checkImage(action.image);
  refuseDetached(action, 'docker run');
  const argv = action.entrypoint ? [action.entrypoint, ...action.argv] : action.argv;
  if (isServer(argv))
    throw refused('the sandbox does not start a server with docker run', 'Use docker compose up');
  needTerminal(action, world);
  const spec = await specOf(action, argv, world);
  const settings = insideOf({ ...action, argv }, world);
  const code = await world.engine.inside({ container: null, spec, ...settings });
  return world.signal.aborted ? 130 : code;
}

async function specOf(action: Run, argv: string[], world: World): Promise<ContainerSpec> {
  const { engine } = world;
  const id = randomBytes(32).toString('hex');
  const mounts = await mountsOf(action.volumes, world);
  if (action.name !== null) {
    const holder = (await engine.containers()).find(({ spec }) => spec.name === action.name);
    if (holder) throw daemon(nameTaken(action.name, holder.id));
  }
  const network = await networkOf(action.network ?? 'bridge', world);
  // Docker makes what is not there. An engine that is confined does it itself, when nobody can change the path.
  for (const { type, source } of mounts) {
    if (type === 'bind') {
      if (!engine.confined) await makeSource(source);
    } else await engine.createVolume(source, null);
  }
  const { env } = insideOf(action, world);
  return {
    name: action.name ?? `run_${id.slice(0, 8)}`,
    service: null,
    project: null,
    hostname: id.slice(0, 12),
    image: action.image,
    command: argv,
    env,
    mounts,
    ports: [],
    networks: network === null ? [] : [{ name: network, aliases: action.name === null ? [] : [action.name] }],
    restart: 'no',
    configHash: '',
  };
}

async function mountsOf(volumes: string[], { cwd, engine }: World): Promise<Mount[]> {
  const mounts: Mount[] = [];
  for (const written of volumes) {
    const mount = await readVolume(written, { cwd, workspace: engine.workspace, invalid: daemon });
    if (mount === null) continue;
    if (mounts.some(({ target }) => target === mount.target))
      throw daemon(`Duplicate mount point: ${mount.target}`);
    mounts.push(mount);
  }
  return mounts;
}

async function makeSource(source: string): Promise<void> {
  try {
    await mkdir(source, { recursive: true });
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (code === 'EEXIST') return; // a file
    const reason = code === 'EACCES' ? 'permission denied' : message;
    throw daemon(`error while creating mount source path '${source}': mkdir ${source}: ${reason}`);
  }
}

/** The full name of a network; null for `none`. Throws Docker's words for one that is not there. */
async function networkOf(reference: string, { engine }: World): Promise<string | null> {
  if (reference === 'none') return null;
  if (reference === 'host' || reference.startsWith('container:'))
    throw refused(`the sandbox does not know the network ${reference}`, 'Use a network of your compose file');
  const all = await engine.networks();
  const name = reference === 'default' ? 'bridge' : reference;
  const found = all.find((one) => one.name === name) ?? all.find(({ id }) => id.startsWith(name));
  if (!found) throw daemon(`network ${reference} not found`);
  return found.name;
}

function daemon(message: string): CommandError {
  return new CommandError(
    `docker: Error response from daemon: ${message}\n\nRun 'docker run --help' for more information`,
    125,
  );
}
