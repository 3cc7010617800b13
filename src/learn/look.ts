import { requestFor } from '../check/registry.ts';
import type { CheckSpec, Course } from '../course/types.ts';
import type { Observation, ObservationRequest, Part } from '../observe/types.ts';
import { allLastingChecks } from './examine.ts';

// What a look at the lab between two actions costs and tells. It is taken every second, so it must stay cheap:
// experiments and data folders can take a container each.

/** What every look contains. */
const FREE: readonly Part[] = ['containers', 'servers'];

/** The request with what every look contains: then the observation is one for the cluster panel, too. */
export function withServers(request: ObservationRequest): ObservationRequest {
  return { ...request, parts: [...new Set([...request.parts, ...FREE])] };
}

/** The same without what costs a container. */
export function shallow(request: ObservationRequest): ObservationRequest {
  return { ...withServers(request), experiments: [], data: [] };
}

/** True when a shallow look does not answer all of these checks. */
export function needsMore(specs: CheckSpec[]): boolean {
  const { experiments, data } = requestFor(specs);
  return experiments.length > 0 || data.length > 0;
}

/** Checks that every look at containers and servers answers: judged each time, so that the count of steps is true. */
export function freeChecks(course: Course): CheckSpec[] {
  return allLastingChecks(course).filter((spec) => {
    const { parts, ...rest } = requestFor([spec]);
    return (
      Object.values(rest).every((list) => list.length === 0) && parts.every((part) => FREE.includes(part))
    );
  });
}

/** What of an observation would change the answer of an experiment, without what moves all the time. */
export function shapeOf(taskId: string, observation: Observation): string {
  return JSON.stringify([
    taskId,
    ...Object.values(observation.nodes).map(({ container, server }) => [
      container.state === 'running' ? container.id + container.startedAt : container.state,
      server.state === 'up' && [
        server.probe.startedAt,
        server.probe.confLoadedAt,
        server.probe.inRecovery,
        server.probe.roles,
        server.probe.slots.map((slot) => [slot.name, slot.active, slot.restartLsn !== null]),
        server.probe.senders.map((sender) => [sender.pid, sender.state]),
        server.probe.receiver?.status,
        server.probe.replayPause,
        server.probe.table?.hash,
        server.hba,
      ],
    ]),
  ]);
}
