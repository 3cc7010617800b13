import { mkdtemp, rm } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

export interface Door {
  socket: string;
  /** As when the engine dies: whatever is open ends, and nobody answers any more. */
  shut(): void;
  open(): void;
  close(): Promise<void>;
}

/** A socket of its own that leads to the engine, so that a test can take the engine away from one alone. */
export async function openDoor(): Promise<Door> {
  const folder = await mkdtemp(path.join(tmpdir(), 'door-'));
  const socket = path.join(folder, 'docker.sock');
  const open = new Set<net.Socket>();
  let shut = false;
  const server = net.createServer({ allowHalfOpen: true }, (client) => {
    if (shut) return void client.destroy();
    const engine = net.connect({ path: '/var/run/docker.sock', allowHalfOpen: true });
    for (const [one, other] of [
      [client, engine],
      [engine, client],
    ] as const) {
      open.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        open.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  const endAll = () => {
    for (const one of open) one.destroy();
  };
  return {
    socket,
    shut() {
      shut = true;
      endAll();
    },
    open() {
      shut = false;
    },
    async close() {
      endAll();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true, force: true });
    },
  };
}
