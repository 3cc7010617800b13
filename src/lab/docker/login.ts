import type Dockerode from 'dockerode';
import type { ContainerState } from '../../observe/types.ts';
import type { LoginAnswer } from '../lab.ts';
import { type ExecResult, execIn } from './exec.ts';
import { runHelper } from './helper.ts';

export interface LoginTarget {
  leader: ContainerState;
  follower: ContainerState;
  image: string;
  project: string;
  /** Name of the compose network, without the project. */
  network: string;
  user: string;
  password: string;
}

/**
 * IDENTIFY_SYSTEM on the leader, from the follower's container when it runs (quicker), else from a throw-away
 * container on the same network. Never from the leader: its socket and 127.0.0.1 trust everybody. The password
 * goes through the environment, so that it is in no process list.
 */
export async function replicationLogin(docker: Dockerode, target: LoginTarget): Promise<LoginAnswer> {
  const argv = [
    'psql',
    '-XAt',
    `host=leader port=5432 user=${target.user} replication=true connect_timeout=5`,
    '-c',
    'IDENTIFY_SYSTEM',
  ];
  const env = [`PGPASSWORD=${target.password}`];
  const network = networkOf(target);
  if (target.follower.state === 'running' && target.follower.networks.includes(network)) {
    const from = `container ${target.follower.name}`;
    return answer(await execIn(docker, target.follower.id, argv, { env }), from);
  }
  const from = `a container on ${network}`;
  try {
    return answer(
      await runHelper(docker, { image: target.image, argv, env, network, project: target.project }),
      from,
    );
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error), from };
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
