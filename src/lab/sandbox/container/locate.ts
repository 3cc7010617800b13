import type { Store, StoredContainer } from '../engine/store.ts';
import type { Locate } from './conninfo.ts';

/** How the server of one container finds the others: by names on the networks that both are on. */
export async function locatorFor(
  store: Store,
  self: StoredContainer,
  containers: readonly StoredContainer[],
): Promise<Locate> {
  const ports = new Map<string, number>();
  for (const { id } of containers) ports.set(id, (await store.runtime(id))?.port ?? 5432);
  const at = (one: StoredContainer, port: number) => (port === (ports.get(one.id) ?? 5432) ? one.tcpPort : 0);
  return (host, port) => {
    if (/^(?:localhost|127\.\d+\.\d+\.\d+|::1)$/i.test(host)) return at(self, port);
    const other = containers.find((one) => knows(self, one, host));
    return other ? at(other, port) : null;
  };
}

function knows(self: StoredContainer, other: StoredContainer, host: string): boolean {
  const name = host.toLowerCase();
  return other.spec.networks.some(
    (network) =>
      self.spec.networks.some((own) => own.name === network.name) &&
      [other.spec.name, other.id.slice(0, 12), ...network.aliases].some((one) => one.toLowerCase() === name),
  );
}
