import net from 'node:net';

/** A port that nobody listens on now. Asked of the system, so never 5433 or 5434 unless they are free and ephemeral. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', reject);
    server.listen(0, '0.0.0.0', () => {
      const { port } = server.address() as net.AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
