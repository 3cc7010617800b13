import { rm } from 'node:fs/promises';
import path from 'node:path';
import type Dockerode from 'dockerode';
import { EXIT, UserError } from '../../errors.ts';
import { fileReason } from '../../learn/file-reason.ts';
import { NODES, type NodeName } from '../../observe/types.ts';
import { DATA_FOLDERS } from '../workspace.ts';
import { type Owner, ourContainers } from './containers.ts';
import { HELPER_LABEL, runHelper } from './helper.ts';

/**
 * Removes what the course made on this machine: our containers, our networks, the data folders. Found by label
 * and folder, never by `docker compose down`, which takes whatever has the project's name.
 */
export async function clearDocker(docker: Dockerode, owner: Owner, image: string): Promise<string[]> {
  const removed: string[] = [];
  const { containers, projects } = await ourContainers(docker, owner);
  for (const container of containers) {
    // The learner may have given the file other services, or this folder may have been another project before.
    if (!NODES.includes(container.Labels['com.docker.compose.service'] as NodeName)) continue;
    await docker.getContainer(container.Id).remove({ force: true, v: true }).catch(unlessGone);
    removed.push(`container ${(container.Names[0] ?? container.Id).replace(/^\//, '')}`);
  }
  const helpers = await docker.listContainers({
    all: true,
    filters: { label: [`${HELPER_LABEL}=${owner.project}`] },
  });
  for (const helper of helpers) {
    await docker.getContainer(helper.Id).remove({ force: true, v: true }).catch(unlessGone);
    removed.push('a helper container of this tool');
  }
  const others = await docker.listContainers({ all: true });
  const networks = await docker.listNetworks();
  for (const network of networks) {
    if (!projects.includes(network.Labels?.['com.docker.compose.project'] ?? '')) continue;
    const { Containers: users = {} } = (await docker.getNetwork(network.Id).inspect()) as {
      Containers?: object;
    };
    // A container that is stopped is on it, too, but only the container knows that.
    const needed = others.some((container) => network.Name in (container.NetworkSettings?.Networks ?? {}));
    if (needed || Object.keys(users).length > 0) continue;
    await docker.getNetwork(network.Id).remove().catch(unlessGone);
    removed.push(`network ${network.Name}`);
  }
  for (const folder of DATA_FOLDERS) {
    if (await removeFolder(docker, owner, image, folder)) removed.push(`folder ${folder}`);
  }
  return removed;
}

/** Removes a data folder. It belongs to the server's user, so where we may not, root in a container does it. */
async function removeFolder(
  docker: Dockerode,
  owner: Owner,
  image: string,
  folder: string,
): Promise<boolean> {
  const target = path.join(owner.workspace, folder);
  try {
    await rm(target, { recursive: true });
    return true;
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === 'ENOENT') return false;
    if (code !== 'EACCES' && code !== 'EPERM') throw cantRemove(target, fileReason(error));
  }
  // The folder itself is a mount point in there: empty it, then remove it from outside.
  const argv = ['find', '/data', '-mindepth', '1', '-delete'];
  const binds = [`${target}:/data`];
  const result = await runHelper(docker, { image, project: owner.project, argv, binds }).catch(
    (error: Error) => ({ exitCode: -1, stderr: error.message }),
  );
  if (result.exitCode !== 0)
    throw cantRemove(target, `it belongs to the database server, and ${result.stderr.trim()}`);
  await rm(target, { recursive: true }).catch((error: unknown) => {
    throw cantRemove(target, fileReason(error));
  });
  return true;
}

function cantRemove(target: string, reason: string): UserError {
  return new UserError(
    `The folder ${target} can't be removed: ${reason.replace(/\.$/, '')}.`,
    `Remove it yourself, then reset again: sudo rm -rf '${target}'`,
    EXIT.unusable,
  );
}

function unlessGone(error: unknown): void {
  const { statusCode } = error as { statusCode?: number };
  if (statusCode !== 404 && statusCode !== 409) throw error;
}
