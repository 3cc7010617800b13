import type Dockerode from 'dockerode';
import { collect, type ExecResult } from './exec.ts';

/** Marks the containers that the tool makes for itself, so that `clear` finds what a killed tool left. */
export const HELPER_LABEL = 'io.github.pg-walkthrough.helper';

/**
 * Runs a program in a throw-away container of the image. The engine removes the container itself as soon as the
 * program has ended, also when we are killed meanwhile; its anonymous volume goes with it. The API is used rather
 * than `docker run`, which saves a process.
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
    labels?: Record<string, string>;
    /** root where it is left out. */
    user?: string;
  },
): Promise<ExecResult> {
  const container = await docker.createContainer({
    Image: options.image,
    Cmd: options.argv,
    Env: options.env ?? [],
    ...(options.user ? { User: options.user } : {}),
    Labels: { ...options.labels, [HELPER_LABEL]: options.project },
    HostConfig: {
      AutoRemove: true,
      ...(options.binds ? { Binds: options.binds } : {}),
      ...(options.network ? { NetworkMode: options.network } : {}),
    },
  });
  try {
    const stream = await container.attach({ stream: true, stdout: true, stderr: true });
    const output = collect(docker, stream);
    // Asked for before the start: afterwards the container may be gone already.
    const exit = container.wait({ condition: 'next-exit' }) as Promise<{ StatusCode: number }>;
    const [, { StatusCode: exitCode }, text] = await Promise.all([container.start(), exit, output]);
    return { exitCode, ...text };
  } catch (error) {
    // It never started, so nothing removes it but us.
    await container.remove({ force: true, v: true }).catch(() => {});
    throw error;
  }
}
