import { PassThrough } from 'node:stream';
import type Dockerode from 'dockerode';

export interface ExecResult {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/**
 * Runs a program in a running container and collects what it prints, at most 4 MiB a stream. Killed inside the
 * container after `timeoutSeconds`: closing our end does not stop it. Engine errors are thrown as they are.
 */
export async function execIn(
  docker: Dockerode,
  id: string,
  argv: string[],
  options: { env?: string[]; user?: string; timeoutSeconds?: number } = {},
): Promise<ExecResult> {
  const limit = String(options.timeoutSeconds ?? 10);
  const exec = await docker.getContainer(id).exec({
    Cmd: ['timeout', '-k', '1', limit, ...argv],
    AttachStdout: true,
    AttachStderr: true,
    ...(options.env ? { Env: options.env } : {}),
    ...(options.user ? { User: options.user } : {}),
  });
  const stream = await exec.start({ hijack: true, stdin: false });
  const output = await collect(docker, stream);
  // The engine may report the end of the stream just before it has noted the exit code.
  for (let attempt = 0; ; attempt++) {
    const info = await exec.inspect();
    if (!info.Running || attempt === 20) return { exitCode: info.ExitCode ?? -1, ...output };
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** Splits the engine's stream into stdout and stderr and waits for its end. */
export async function collect(
  docker: Dockerode,
  stream: NodeJS.ReadableStream,
): Promise<{ stdout: string; stderr: string }> {
  const out = new PassThrough();
  const err = new PassThrough();
  docker.modem.demuxStream(stream, out, err);
  const text = [gather(out), gather(err)];
  await new Promise<void>((resolve, reject) => {
    stream.on('end', resolve);
    stream.on('close', resolve);
    stream.on('error', reject);
  });
  out.end(); // demuxStream never ends them
  err.end();
  const [stdout = '', stderr = ''] = await Promise.all(text);
  return { stdout, stderr };
}

const LIMIT = 4 * 1024 * 1024;

async function gather(stream: PassThrough): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    if (size < LIMIT) chunks.push(chunk);
    size += chunk.length;
  }
  return Buffer.concat(chunks).toString('utf8');
}
