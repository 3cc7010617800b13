import type Dockerode from 'dockerode';
import { dataTargetOf } from '../../lab/sandbox/container/layout.ts';
import type { Container, ContainerRuntime, ContainerSpec } from '../../lab/sandbox/engine/types.ts';
import { LABEL } from './names.ts';
import type { Restarting } from './restarts.ts';

/** What Docker says of a time that has not been. */
const NEVER = /^0001-/;

/** A node as the port knows it: what was written, and where it really is. */
export function describe(
  info: Dockerode.ContainerInspectInfo,
  restarting: Restarting,
  prefix: string,
): Container {
  const { State: state, NetworkSettings: network } = info;
  const spec = specOf(info.Config.Labels);
  const [published] = network.Ports?.['5432/tcp'] ?? [];
  return {
    id: info.Id,
    createdAt: info.Created,
    spec: { ...spec, hostname: spec.hostname || info.Config.Hostname },
    runtime: {
      status: statusOf(state.Status, restarting),
      exitCode: state.ExitCode,
      restartCount: restarting.count,
      startedAt: NEVER.test(state.StartedAt) ? '' : state.StartedAt,
      finishedAt: NEVER.test(state.FinishedAt) ? '' : state.FinishedAt,
      pid: state.Running ? state.Pid : null,
      error: (restarting.error || state.Error || '').replaceAll(prefix, ''),
    },
    real: {
      tcpPort: published ? Number(published.HostPort) : null,
      port: 5432,
      socketFolder: '/var/run/postgresql',
      socketPort: 5432,
      dataFolder: dataTargetOf(spec),
      listenAddresses: null,
      addresses: Object.fromEntries(
        Object.entries(network.Networks ?? {}).map(([name, one]) => [
          name.startsWith(prefix) ? name.slice(prefix.length) : name,
          { address: one.IPAddress, prefix: one.IPPrefixLen, gateway: one.Gateway },
        ]),
      ),
    },
  };
}

export const specOf = (labels: Record<string, string>): ContainerSpec =>
  JSON.parse(labels[LABEL.spec] ?? 'null') as ContainerSpec;

function statusOf(status: string, restarting: Restarting): ContainerRuntime['status'] {
  if (restarting.waiting) return 'restarting';
  // One that the gate holds for a moment runs, for all that the submission can tell.
  if (status === 'running' || status === 'paused') return 'running';
  return status === 'created' ? 'created' : 'exited';
}
