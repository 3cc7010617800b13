import { imageId, knownImage } from '../../image.ts';
import type { Action } from '../action.ts';
import { fullTime } from '../ago.ts';
import { containerRow, isUp } from '../container-row.ts';
import { containerFilter, filterBy, matchesName } from '../filters.ts';
import { type Listing, printListing } from '../listing.ts';
import { say, type World } from '../world.ts';

type ListAction = Extract<Action, { kind: 'network-ls' | 'volume-ls' | 'image-ls' }>;

/** Titles of a container list that are not the key in capitals. */
export const CONTAINER_TITLES = {
  ID: 'CONTAINER ID',
  CreatedAt: 'CREATED AT',
  RunningFor: 'CREATED',
  LocalVolumes: 'LOCAL VOLUMES',
};

export async function ps(action: Extract<Action, { kind: 'ps' }>, world: World): Promise<number> {
  const { engine } = world;
  const keep = containerFilter(action.filters, engine.workspace);
  // To ask for a status is to ask for stopped ones, too.
  const all = action.all || action.filters.some((one) => /^(?:status|exited)=/.test(one));
  const found = (await engine.containers()).filter((one) => (all || isUp(one)) && keep(one));
  found.sort((a, b) => (a.createdAt > b.createdAt ? -1 : 1));
  const now = Date.now();
  const rows = found.map((one) =>
    containerRow(one, { workspace: engine.workspace, now, full: action.noTrunc }),
  );
  if (action.quiet) for (const { ID } of rows) say(world, String(ID));
  else printListing(world, { rows, ...CONTAINERS }, action.format);
  return 0;
}

const CONTAINERS: Omit<Listing, 'rows'> = {
  columns: [
    ['ID', 'CONTAINER ID'],
    ['Image', 'IMAGE'],
    ['Command', 'COMMAND'],
    ['RunningFor', 'CREATED'],
    ['Status', 'STATUS'],
    ['Ports', 'PORTS'],
    ['Names', 'NAMES'],
  ],
  titles: CONTAINER_TITLES,
  type: 'formatter.ContainerContext',
};

export async function networkLs(action: ListAction, world: World): Promise<number> {
  const keep = filterBy<Awaited<ReturnType<World['engine']['networks']>>[number]>(
    action.filters,
    {
      name: ({ name }, value) => matchesName(name, value),
      id: ({ id }, value) => id.startsWith(value),
      driver: ({ driver }, value) => driver === value,
      type: ({ project }, value) => (value === 'custom') === (project !== null),
    },
    ['dangling', 'label', 'scope'],
  );
  const found = (await world.engine.networks()).filter(keep).sort((a, b) => (a.name < b.name ? -1 : 1));
  const rows = found.map(({ id, name, driver, createdAt }) => ({
    CreatedAt: fullTime(createdAt),
    Driver: driver,
    ID: id.slice(0, 12),
    IPv6: 'false',
    Internal: 'false',
    Labels: '',
    Name: name,
    Scope: 'local',
  }));
  if (action.quiet) for (const { ID } of rows) say(world, ID);
  else printListing(world, { rows, ...NETWORKS }, action.format);
  return 0;
}

const NETWORKS: Omit<Listing, 'rows'> = {
  columns: [
    ['ID', 'NETWORK ID'],
    ['Name', 'NAME'],
    ['Driver', 'DRIVER'],
    ['Scope', 'SCOPE'],
  ],
  titles: { ID: 'NETWORK ID', CreatedAt: 'CREATED AT' },
  type: 'network.networkContext',
};

export async function volumeLs(action: ListAction, world: World): Promise<number> {
  const mounted = new Set(
    (await world.engine.containers()).flatMap(({ spec }) => spec.mounts.map(({ source }) => source)),
  );
  const keep = filterBy<Awaited<ReturnType<World['engine']['volumes']>>[number]>(
    action.filters,
    {
      name: ({ name }, value) => matchesName(name, value),
      driver: (_, value) => value === 'local',
      dangling: ({ name }, value) => ['1', 'true'].includes(value) !== mounted.has(name),
    },
    ['label'],
  );
  const found = (await world.engine.volumes()).filter(keep).sort((a, b) => (a.name < b.name ? -1 : 1));
  const rows = found.map(({ name, project }) => ({
    Driver: 'local',
    Labels: project === null ? '' : `com.docker.compose.project=${project}`,
    Name: name,
    Scope: 'local',
    Size: 'N/A',
  }));
  if (action.quiet) for (const { Name } of rows) say(world, Name);
  else printListing(world, { rows, ...VOLUMES }, action.format);
  return 0;
}

const VOLUMES: Omit<Listing, 'rows'> = {
  columns: [
    ['Driver', 'DRIVER'],
    ['Name', 'VOLUME NAME'],
  ],
  titles: { Name: 'VOLUME NAME' },
  type: 'formatter.volumeContext',
};

/** The one image that the sandbox stands for, and the other names under which containers use it. */
export async function imageLs(action: ListAction, world: World): Promise<number> {
  const keep = filterBy<{ Repository: string; Tag: string }>(
    action.filters,
    { reference: ({ Repository, Tag }, value) => named(value, Repository, Tag) },
    ['before', 'dangling', 'label', 'since', 'until'],
  );
  const used = (await world.engine.containers()).flatMap(({ spec }) => knownImage(spec.image)?.tag ?? []);
  const tags = [...new Set(['14', ...used])];
  const rows = tags
    .map((tag) => ({
      CreatedAt: 'N/A',
      CreatedSince: 'N/A',
      Digest: '<none>',
      ID: imageId().slice(7, 19),
      Repository: 'postgres',
      Size: 'N/A',
      Tag: tag,
    }))
    .filter((row) => keep(row) && action.names.every((name) => named(name, row.Repository, row.Tag)));
  if (action.quiet) for (const { ID } of rows) say(world, ID);
  else printListing(world, { rows, ...IMAGES }, action.format);
  return 0;
}

const named = (reference: string, repository: string, tag: string): boolean =>
  reference === repository || reference === `${repository}:${tag}`;

const IMAGES: Omit<Listing, 'rows'> = {
  columns: [
    ['Repository', 'REPOSITORY'],
    ['Tag', 'TAG'],
    ['ID', 'IMAGE ID'],
    ['CreatedSince', 'CREATED'],
    ['Size', 'SIZE'],
  ],
  titles: { ID: 'IMAGE ID', CreatedSince: 'CREATED', CreatedAt: 'CREATED AT' },
  type: 'formatter.imageContext',
};
