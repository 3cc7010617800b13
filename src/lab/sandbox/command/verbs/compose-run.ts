import { randomBytes } from 'node:crypto';
import { serviceSpec, startOrder, volumeName } from '../../compose/plan.ts';
import type { ContainerSpec, Mount } from '../../engine/types.ts';
import type { Action } from '../action.ts';
import { checkServices } from '../policy.ts';
import { CommandError } from '../refusal.ts';
import type { World } from '../world.ts';
import { awaitDependencies, ensureContainers, makeSurroundings, startInOrder } from './compose-up.ts';
import { needTerminal, readEnv, refuseDetached } from './exec.ts';
import { readVolumes, refuseServer, runOnce } from './one-off.ts';
import { chooseServices, openProject, type Project } from './project.ts';

type Run = Extract<Action, { kind: 'compose-run' }>;

/**
 * Runs one program as in a new container of a service, without its names and its ports. What the service depends on
 * is started first. As with `docker run`, the container is gone afterwards with or without --rm.
 */
export async function composeRun(action: Run, world: World): Promise<number> {
  const project = await openProject(action, world);
  const { config } = project;
  const { workspace } = world.engine;
  const { service } = action;
  chooseServices(project, [service]);
  refuseDetached(action, 'docker compose run');
  const argv = await argvOf(action);
  refuseServer(argv, 'docker compose run');
  const ordered = action.noDeps ? [service] : startOrder(config, [service]);
  await checkServices(config, ordered, workspace);
  const specs = ordered.map((one) => serviceSpec(config, one, workspace));
  const needed = specs.filter((one) => one.service !== service);
  const spec = await specOf(action, argv, project, world);

  await makeSurroundings(project, specs, { removeOrphans: false }, world);
  const asFound = { forced: [], noRecreate: false, graceSeconds: null };
  const containers = await ensureContainers(project, needed, asFound, world);
  await startInOrder(project, containers, world);
  await awaitDependencies(project, service, containers, world, () => {});
  // Compose gives a terminal where the screen is at stdout, unless it is told.
  const onScreen = (world.stdout as { isTTY?: boolean }).isTTY === true;
  const options = { ...action, tty: action.tty || (action.ttyOnScreen && onScreen) };
  needTerminal(options, world);
  return runOnce(spec, options, daemon, world);
}

/** Compose splits an entrypoint as it splits a command. The service's own command is not added to it. */
async function argvOf({ entrypoint, argv }: Run): Promise<string[]> {
  if (!entrypoint) return argv;
  const { shellWords } = await import('../../compose/model/words.ts');
  try {
    return [...shellWords(entrypoint), ...argv];
  } catch (error) {
    throw new CommandError((error as Error).message);
  }
}

async function specOf(
  action: Run,
  argv: string[],
  { name: project, config }: Project,
  world: World,
): Promise<ContainerSpec> {
  const service = serviceSpec(config, action.service, world.engine.workspace);
  const id = randomBytes(32).toString('hex');
  const name = action.name ?? `${project}-${action.service}-run-${id.slice(0, 12)}`;
  // A mount that is given takes the place of the service's own.
  const given = await readVolumes(action.volumes, daemon, world);
  const mounts = new Map<string, Mount>();
  for (const mount of service.mounts) mounts.set(mount.target, mount);
  for (const mount of given)
    mounts.set(
      mount.target,
      mount.type === 'volume' ? { ...mount, source: volumeName(config, mount.source) } : mount,
    );
  return {
    name,
    service: null,
    project: null,
    hostname: service.hostname || id.slice(0, 12),
    image: service.image,
    command: argv,
    env: { ...service.env, ...readEnv(action.env, world.env) },
    mounts: [...mounts.values()],
    ports: [],
    networks: service.networks.map((one) => ({ name: one.name, aliases: [name] })),
    restart: 'no',
    configHash: '',
  };
}

const daemon = (message: string) => new CommandError(`Error response from daemon: ${message}`);
