import net from 'node:net';
import type Dockerode from 'dockerode';
import type { EngineState } from '../../observe/types.ts';
import { findProgram } from '../find-program.ts';
import type { Problem } from '../lab.ts';
import { findPortHolder, type TakenPort, takenPortProblems } from '../taken-ports.ts';
import { bashProblems } from '../workspace.ts';
import { type Owner, ourContainers, strangers } from './containers.ts';

/** Oldest Compose whose `up --wait`, `config --format json` and labels we rely on. */
const COMPOSE_MINIMUM = '2.20';

/** Compares dotted versions by their first two numbers. Compose's major is 5 by now, so never compare text. */
export function versionAtLeast(version: string, minimum: string): boolean {
  const parts = (text: string) =>
    text
      .replace(/^v/i, '')
      .split('.')
      .map((part) => Number.parseInt(part, 10) || 0);
  const [major = 0, minor = 0] = parts(version);
  const [wantedMajor = 0, wantedMinor = 0] = parts(minimum);
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}

/** Programs that the lessons' commands need, and that a shell would not find. */
export async function programProblems(env: NodeJS.ProcessEnv): Promise<Problem[]> {
  const problems: Problem[] = [];
  if ((await findProgram('docker', env)) === null) {
    problems.push({
      id: 'no-docker-command',
      message: 'There is no docker command on your PATH.',
      next: 'Install the Docker CLI with its Compose plugin: https://docs.docker.com/get-docker/',
    });
  }
  problems.push(...(await bashProblems(env)));
  return problems;
}

/** Problems of the engine itself. */
export function engineProblems(engine: EngineState): Problem[] {
  if (engine.state === 'down') return [{ id: 'no-engine', message: engine.problem, next: engine.next }];
  if (engine.os === 'windows') {
    return [
      {
        id: 'windows-containers',
        message: 'Docker is set to Windows containers, and this course needs Linux ones.',
        next: 'Right-click the Docker icon and choose "Switch to Linux containers".',
      },
    ];
  }
  if (engine.compose === null) {
    return [
      {
        id: 'no-compose',
        message: 'The docker command has no Compose plugin: "docker compose" does not work here.',
        next: 'Install the package docker-compose-plugin. The old program docker-compose (version 1) is not enough.',
      },
    ];
  }
  if (!versionAtLeast(engine.compose, COMPOSE_MINIMUM)) {
    return [
      {
        id: 'compose-too-old',
        message: `Docker Compose ${engine.compose} is too old: ${COMPOSE_MINIMUM} or later is needed.`,
        next: 'Update Docker Desktop, or the package docker-compose-plugin.',
      },
    ];
  }
  return [];
}

/** Names and ports that something else has. What is ours already is no problem. */
export async function conflictProblems(
  docker: Dockerode,
  owner: Owner,
  wanted: { names: string[]; ports: { node: string; port: number }[]; hasFile: boolean },
): Promise<Problem[]> {
  const problems: Problem[] = [];
  const inTheWay = await strangers(docker, owner, wanted.names);
  for (const stranger of inTheWay) {
    problems.push(
      stranger.folder === undefined
        ? {
            id: 'foreign-container',
            message: `The container "${stranger.name}" is in the way: it is not from this folder, it belongs to ${stranger.owner}.`,
            next: `This tool does not touch it. Look at it, and if you do not need it any more: docker rm -f ${stranger.name}\nIf it is of another walk of yours, end that one: npx walkthrough reset --dir FOLDER`,
          }
        : {
            id: 'foreign-container',
            message: `The folder ${stranger.folder} has the same compose project name, "${owner.project}", and a container "${stranger.name}".`,
            next: 'This tool does not touch it. Choose a folder with another name: --dir.',
          },
    );
  }
  const all = await docker.listContainers();
  const { containers } = await ourContainers(docker, owner);
  const ours = new Set(containers.map(({ Id }) => Id));
  const taken: TakenPort[] = [];
  for (const { node, port } of wanted.ports) {
    const holder = all.find((container) => container.Ports.some((one) => one.PublicPort === port));
    if (holder && ours.has(holder.Id)) continue;
    if (holder) {
      const name = (holder.Names[0] ?? holder.Id).replace(/^\//, '');
      const next = `Stop it, then try again: docker stop ${name}`;
      taken.push({ node, port, holder: `the container "${name}"`, next });
    } else if (await portTaken(port)) {
      const next = `Stop it, then try again. To find it: ${findPortHolder(port)}`;
      taken.push({ node, port, holder: 'another program', next });
    }
  }
  return [...problems, ...takenPortProblems(taken, wanted.hasFile)];
}

/** True when nobody can listen on the port any more, on any address, as a published port would. */
export function portTaken(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'EADDRINUSE'));
    server.listen({ port, host: '0.0.0.0', exclusive: true }, () => server.close(() => resolve(false)));
  });
}

/** A colon parts the two sides of a mount, so such a folder can't be mounted. */
export function colonProblems(workspace: string): Problem[] {
  if (process.platform === 'win32' || !workspace.includes(':')) return [];
  return [
    {
      id: 'workspace-colon',
      message: `The path of the folder ${workspace} has a colon in it, and Docker can't mount such a folder.`,
      next: 'Choose another folder with --dir.',
    },
  ];
}
