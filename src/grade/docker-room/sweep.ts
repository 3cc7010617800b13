import { mkdir, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type Dockerode from 'dockerode';
import { findEndpoint } from '../../lab/docker/endpoint.ts';
import { connect, withLimit } from '../../lab/docker/engine.ts';
import { runHelper } from '../../lab/docker/helper.ts';
import { EngineError } from '../../lab/sandbox/engine/types.ts';
import { asking, engineGone, unlessGone } from './failures.ts';
import type { Ground } from './ground.ts';
import { FOLDER, forsakenFolder, LABEL, prefixOf } from './names.ts';

/**
 * Removes the rooms whose process has ended without closing them: it was killed, or its machine went down. Answers
 * their ids. Throws UnusableError.
 */
export async function sweepRooms(env: NodeJS.ProcessEnv = process.env): Promise<string[]> {
  const endpoint = await findEndpoint(env);
  const docker = await connect(endpoint, env);
  if (!docker) throw engineGone(`${endpoint.url} can't be reached`);
  return sweep(docker);
}

export async function sweep(docker: Dockerode): Promise<string[]> {
  const filters = { label: [LABEL.room] };
  const found = await asking(
    Promise.all([
      docker.listContainers({ all: true, filters }),
      docker.listNetworks({ filters }),
      docker.listVolumes({ filters: JSON.stringify(filters) as never }),
    ]),
    '',
  );
  const [containers, networks, { Volumes: volumes }] = found;
  const labels = [...containers, ...networks, ...(volumes ?? [])].map(({ Labels }) => Labels ?? {});
  const rooms = new Map<string, string>();
  for (const one of labels) {
    const folder = forsakenFolder(one[LABEL.owner]);
    if (folder !== null) rooms.set(one[LABEL.room] ?? '', folder);
  }
  for (const [id, folder] of rooms) {
    await removeAll(docker, id).catch((error: unknown) => {
      // Another room may just be removing it, too. What is left over is removed by the next one.
      if (!(error instanceof EngineError)) throw error;
    });
    // A label is only a text: nothing else is removed by what it says.
    const place = path.join(await realpath(tmpdir()), path.basename(folder));
    if (folder === place && path.basename(folder).startsWith(FOLDER))
      await rm(folder, { recursive: true, force: true });
  }
  return [...rooms.keys()];
}

/** Without a code: the stack has come to its end. */
const BEYOND_US = new Set(['EACCES', 'EPERM', 'ENOTEMPTY', 'ENAMETOOLONG', 'ELOOP', 'EMFILE']);

/** Removes all that a room has on the engine. Answers a line for each. */
export async function removeAll(docker: Dockerode, id: string): Promise<string[]> {
  const prefix = prefixOf(id);
  const filters = { label: [`${LABEL.room}=${id}`] };
  const removed: string[] = [];
  const containers = await asking(docker.listContainers({ all: true, filters }), prefix);
  await Promise.all(
    containers.map(async ({ Id, Names }) => {
      await unlessGone(docker.getContainer(Id).remove({ force: true, v: true }), prefix);
      removed.push(`container ${(Names[0] ?? Id).replace(`/${prefix}`, '')}`);
    }),
  );
  for (const { Id, Name } of await asking(docker.listNetworks({ filters }), prefix)) {
    await unlessGone(docker.getNetwork(Id).remove(), prefix);
    removed.push(`network ${Name.replace(prefix, '')}`);
  }
  const { Volumes: volumes } = await asking(
    docker.listVolumes({ filters: JSON.stringify(filters) as never }),
    prefix,
  );
  for (const { Name } of volumes ?? []) {
    await unlessGone(docker.getVolume(encodeURIComponent(Name)).remove({ force: true }), prefix);
    removed.push(`volume ${Name.replace(prefix, '')}`);
  }
  return removed;
}

/** A data folder has a thousand files. */
const REMOVE_MS = 120_000;

/**
 * Removes the copy. What we may not remove, or can't, is removed by root in a container: files of the server's user,
 * and folders in folders until no path is long enough for them.
 */
export async function removeCopy({ docker, image, labels, workspace, prefix }: Ground): Promise<void> {
  try {
    await rm(workspace, { recursive: true, force: true });
    return;
  } catch (error) {
    const { code } = error as { code?: string };
    if (code !== undefined && !BEYOND_US.has(code)) throw error;
  }
  await mkdir(workspace, { recursive: true });
  const argv = ['find', '/data', '-mindepth', '1', '-delete'];
  await asking(
    withLimit(
      runHelper(docker, {
        image,
        argv,
        labels,
        project: prefix,
        binds: [`${workspace}:/data`],
        network: 'none',
      }),
      REMOVE_MS,
    ),
    prefix,
  );
  await rm(workspace, { recursive: true, force: true });
}
