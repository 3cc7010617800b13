import type { LoginAnswer } from '../lab.ts';
import type { Container } from './engine/types.ts';
import { connect } from './inside/connect.ts';
import type { Route, Shown } from './inside/types.ts';
import { ADDRESS } from './state.ts';

/** IDENTIFY_SYSTEM on the leader, over TCP, as another container would ask it. */
export async function replicationLogin(
  containers: readonly Container[],
  { network, user, password }: { network: string; user: string; password: string },
): Promise<LoginAnswer> {
  const running = (service: string) =>
    containers.find(({ spec, runtime }) => spec.service === service && runtime.status === 'running');
  const [leader, follower] = [running('leader'), running('follower')];
  const from = follower ? `container ${follower.spec.name}` : `a container on ${network}`;
  try {
    const login = { user, database: user, password, replication: true, application: 'psql' };
    const client = await connect(routeTo(leader), login);
    try {
      const { rows } = await client.query<{ systemid: string; timeline: string }>('IDENTIFY_SYSTEM');
      const [row] = rows;
      if (!row) return { ok: false, message: 'the server said nothing', from };
      return { ok: true, systemId: row.systemid, timeline: Number(row.timeline), from: 'this machine' };
    } finally {
      await client.end().catch(() => {});
    }
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error), from };
  }
}

function routeTo(leader: Container | undefined): Route {
  if (!leader) return { kind: 'unknown-host', host: 'leader' };
  const shown: Shown = { socket: null, host: 'leader', address: ADDRESS, port: 5432 };
  const { tcpPort, port } = leader.real;
  return tcpPort !== null && port === 5432
    ? { kind: 'tcp', port: tcpPort, shown }
    : { kind: 'refused', shown };
}
