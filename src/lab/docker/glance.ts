import http from 'node:http';
import { findProgram } from '../find-program.ts';
import { clientOptions, type Endpoint } from './endpoint.ts';
import { describeFailure } from './engine.ts';

/** `ready`: it answers and has the image. `unknown`: only a proper look can tell. */
export type Glance = { state: 'ready' } | { state: 'down'; problem: string } | { state: 'unknown' };

/**
 * A first look at the engine behind a local socket, without the client library: that takes longer to load than the
 * first frame of the walk may take to appear.
 */
export async function glance(endpoint: Endpoint, env: NodeJS.ProcessEnv, image: string): Promise<Glance> {
  const options = clientOptions(endpoint.url);
  if (!options || !('socketPath' in options)) return { state: 'unknown' };
  const { socketPath } = options;
  try {
    const program = findProgram('docker', env);
    const found = await Promise.all([
      status(socketPath, '/_ping'),
      status(socketPath, `/images/${image}/json`),
    ]);
    const ready = found.every((one) => one === 200) && (await program) !== null;
    return { state: ready ? 'ready' : 'unknown' };
  } catch (error) {
    const { code } = error as { code?: string };
    if (code !== 'ENOENT' && code !== 'ECONNREFUSED') return { state: 'unknown' };
    return {
      state: 'down',
      problem: describeFailure(error, endpoint, await findProgram('docker', env)).problem,
    };
  }
}

/** HTTP status of a GET over a socket. Rejects when nobody answers within two seconds. */
function status(socketPath: string, path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = http.get({ socketPath, path, timeout: 2000, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    request.on('timeout', () => request.destroy(new Error('no answer')));
    request.on('error', reject);
  });
}
