import type Dockerode from 'dockerode';
import { collect, type ExecResult } from './exec.ts';

/** Marks the containers that the tool makes for itself, so that `clear` finds what a killed tool left. */
export const HELPER_LABEL = 'io.github.pg-walkthrough.helper';

/**
 * Runs a program in a throw-away container of the image and removes the container, whatever happens. The API is
 * used rather than `docker run`: it saves a process and leaves nothing behind when we are killed before the start.
 */
export async function runHelper(
  docker: Dockerode,
  options: {
    image: string;
    argv: string[];
    project: string;
    env?: string[];
    binds?: string[];
    network?: string;
  },
): Promise<ExecResult> {
  const container = await docker.createContainer({
    Image: options.image,
    Cmd: options.argv,
    Env: options.env ?? [],
    Labels: { [HELPER_LABEL]: options.project },
    HostConfig: {
      ...(options.binds ? { Binds: options.binds } : {}),
      ...(options.network ? { NetworkMode: options.network } : {}),
    },
  });
  try {
    const stream = await container.attach({ stream: true, stdout: true, stderr: true });
    const output = collect(docker, stream);
    await container.start();
    const [{ StatusCode: exitCode }, text] = await Promise.all([
      container.wait() as Promise<{ StatusCode: number }>,
      output,
    ]);
    return { exitCode, ...text };
  } finally {
    // Volumes too: the image declares one for its data folder, and each helper would leave an anonymous one.
    await container.remove({ force: true, v: true }).catch(() => {});
  }
}
