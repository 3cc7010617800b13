import type Dockerode from 'dockerode';
import type { ClientConfig } from 'pg';
import type { ContainerState } from '../../observe/types.ts';
import type { LoginAnswer } from '../lab.ts';
import { type ExecResult, execIn } from './exec.ts';
import { runHelper } from './helper.ts';

const CONNECT_MS = 2000;

export interface LoginTarget {
  leader: ContainerState;
  follower: ContainerState;
  /** Host on which published ports are reached. */
  host: string;
  image: string;
  project: string;
  /** Name of the compose network, without the project. */
  network: string;
  user: string;
  password: string;
  /** Of the throw-away container. */
  labels?: Record<string, string>;
  /** Whether psql in the follower's container can be believed. */
  believes?(id: string): Promise<boolean>;
}

/**
 * IDENTIFY_SYSTEM on the leader over the network, never from the leader's own container, whose socket and 127.0.0.1
 * trust everybody.
 * - First from this machine, through the published port: the leader sees it come from the network's gateway, so it
 *   needs the user, its rights, the password and a loaded rule, as the follower will. A tenth of the time of the rest.
 * - Where that is refused, from another container, which is what counts: a rule may be for the follower's addresses
 *   alone. In the follower's container when it runs, else in a throw-away one on the same network. The password goes
 *   through the environment, so that it is in no process list.
 */
export async function replicationLogin(docker: Dockerode, target: LoginTarget): Promise<LoginAnswer> {
  const { leader, follower, user } = target;
  if (leader.state === 'running' && leader.port !== null) {
    const accepted = await loginFromHere({ ...target, port: leader.port });
    if (accepted) return accepted;
  }
  const address = `host=leader port=5432 user=${user} replication=true connect_timeout=5`;
  const argv = ['psql', '-XAt', address, '-c', 'IDENTIFY_SYSTEM'];
  const env = [`PGPASSWORD=${target.password}`];
  const network = networkOf(target);
  const near = follower.state === 'running' && follower.networks.includes(network);
  if (near && ((await target.believes?.(follower.id)) ?? true)) {
    return answer(await execIn(docker, follower.id, argv, { env }), `container ${follower.name}`);
  }
  const from = `a container on ${network}`;
  try {
    const result = await runHelper(docker, {
      image: target.image,
      argv,
      env,
      network,
      project: target.project,
      ...(target.labels ? { labels: target.labels } : {}),
    });
    return answer(result, from);
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error), from };
  }
}

/** Logs in through the published port; null when that does not work, for whatever reason. */
async function loginFromHere(target: LoginTarget & { port: number }): Promise<LoginAnswer | null> {
  const { default: pg } = await import('pg');
  const client = new pg.Client({
    host: target.host,
    port: target.port,
    user: target.user,
    password: target.password,
    replication: 'true',
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: CONNECT_MS,
  } as ClientConfig);
  client.on('error', () => {}); // a server that stops ends the connection; the query says so
  try {
    await client.connect();
    const { rows } = await client.query<{ systemid: string; timeline: number }>('IDENTIFY_SYSTEM');
    const [row] = rows;
    return row
      ? { ok: true, systemId: row.systemid, timeline: Number(row.timeline), from: 'this machine' }
      : null;
  } catch {
    return null;
  } finally {
    await client.end().catch(() => {});
  }
}

/** The leader's own network, as the engine names it; the documented name where the leader has none. */
function networkOf(target: LoginTarget): string {
  const documented = `${target.project}_${target.network}`;
  if (!('networks' in target.leader)) return documented;
  return target.leader.networks.includes(documented) ? documented : (target.leader.networks[0] ?? documented);
}

function answer(result: ExecResult, from: string): LoginAnswer {
  const [systemId = '', timeline = ''] = result.stdout.trim().split('|');
  if (result.exitCode === 0 && /^\d+$/.test(systemId))
    return { ok: true, systemId, timeline: Number(timeline), from };
  const message = (result.stderr || result.stdout).trim().replace(/^psql: error: /, '');
  return { ok: false, message: message || `psql ended with exit code ${result.exitCode}`, from };
}
