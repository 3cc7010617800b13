import { randomBytes } from 'node:crypto';
import type { ContainerSpec } from '../../engine/types.ts';
import type { Action } from '../action.ts';
import { checkImage } from '../policy.ts';
import { CommandError, refused } from '../refusal.ts';
import type { World } from '../world.ts';
import { needTerminal, readEnv, refuseDetached } from './exec.ts';
import { readVolumes, refuseServer, runOnce } from './one-off.ts';

type Run = Extract<Action, { kind: 'run' }>;

/**
 * Runs one program as in a new container of the image. The container is gone afterwards with or without --rm: only
 * servers are kept, and those come from a compose file.
 */
export async function run(action: Run, world: World): Promise<number> {
  checkImage(action.image);
  refuseDetached(action, 'docker run');
  const argv = action.entrypoint ? [action.entrypoint, ...action.argv] : action.argv;
  refuseServer(argv, 'docker run');
  needTerminal(action, world);
  return runOnce(await specOf(action, argv, world), action, daemon, world);
}

async function specOf(action: Run, argv: string[], world: World): Promise<ContainerSpec> {
  const id = randomBytes(32).toString('hex');
  const mounts = await readVolumes(action.volumes, daemon, world);
  const again = mounts.find(({ target }, at) => mounts.findIndex((one) => one.target === target) < at);
  if (again) throw daemon(`Duplicate mount point: ${again.target}`);
  const network = await networkOf(action.network ?? 'bridge', world);
  return {
    name: action.name ?? `run_${id.slice(0, 8)}`,
    service: null,
    project: null,
    hostname: id.slice(0, 12),
    image: action.image,
    command: argv,
    env: readEnv(action.env, world.env),
    mounts,
    ports: [],
    networks: network === null ? [] : [{ name: network, aliases: action.name === null ? [] : [action.name] }],
    restart: 'no',
    configHash: '',
  };
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
