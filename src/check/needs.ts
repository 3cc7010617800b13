import type { NodeName, Observation, ServerState } from '../observe/types.ts';
import type { Verdict } from './finding.ts';
import { lastError, logsOf, START_MISTAKES, startCause } from './logs.ts';
import type { MistakeId } from './mistakes.ts';
import { cannotAsk, type Question, quote, type Trouble, trouble } from './verdict.ts';

/** What most checks stand on: an engine that answers, our own container, and a server in it that answers. */

export type UpServer = Extract<ServerState, { state: 'up' }>;

/**
 * A container that has run so long is not in a loop. Docker counts the same: after ten seconds it takes a start for a
 * good one, and begins its pauses between two starts anew.
 */
const STAYS_UP_MS = 10_000;

/** Every mistake that `serverTrouble` can name. */
export const SERVER_TROUBLE: readonly MistakeId[] = [
  'foreign-container',
  'containers-not-running',
  'container-restarting',
  'server-down',
  ...START_MISTAKES,
];

/** Mistakes of a check that needs a running server: `reach` can name these. */
export const REACH_TROUBLE: readonly MistakeId[] = ['no-engine', ...SERVER_TROUBLE];

/** An `error` verdict when no engine answers, else null. */
export function needEngine(observation: Observation): Verdict | null {
  const { engine } = observation;
  if (engine.state === 'up') return null;
  const question = { probe: 'the Docker engine', wanted: 'a Docker engine that answers' };
  return cannotAsk(
    question,
    'no-engine',
    quote(engine.problem),
    `Nothing can be asked without it. ${engine.next}`,
  );
}

/** The node's server, or the verdict that says why it can't be asked: `error` or `blocked`. */
export function reach(observation: Observation, node: NodeName): UpServer | Verdict {
  const engine = needEngine(observation);
  if (engine) return engine;
  const found = serverTrouble(observation, node);
  if (found) return { state: 'blocked', ...found };
  return upServer(observation, node) ?? { state: 'blocked', ...noAnswer(observation, node) };
}

/** The node's server when our own container runs and its server answers, else null. */
export function upServer(observation: Observation, node: NodeName): UpServer | null {
  const { container, server } = observation.nodes[node];
  return container.state === 'running' && server.state === 'up' ? server : null;
}

/** What keeps the node's server from answering, or null. */
export function serverTrouble(observation: Observation, node: NodeName): Trouble | null {
  if (upServer(observation, node)) return null;
  return containerTrouble(observation, node) ?? noAnswer(observation, node);
}

/** What keeps the node's container from running and staying up, or null. */
export function containerTrouble(observation: Observation, node: NodeName): Trouble | null {
  const { container, server } = observation.nodes[node];
  if (container.state === 'foreign') return foreign(observation, container);
  const question = {
    probe: `container ${node}`,
    wanted: `container ${node} of project ${observation.project} runs`,
  };
  if (container.state === 'absent') {
    return trouble(
      question,
      'containers-not-running',
      'no such container',
      `${node} has not been started yet.`,
    );
  }
  // A container that has just been started again looks healthy for a moment. One that has stayed up does not loop,
  // however often it was started again before: then the question is why its server does not answer.
  const age = Date.parse(observation.at) - Date.parse(container.startedAt);
  const young = container.state === 'running' && container.restartCount > 0 && age < STAYS_UP_MS;
  const loops = young && server.state === 'down';
  if (container.state === 'running' && !loops) return null;
  const cause = startCause(logsOf(observation.nodes[node]));
  if (container.state === 'restarting' || loops) {
    const { restartCount, exitCode } = container;
    const saw =
      restartCount > 1
        ? `it starts and stops again and again (${restartCount} restarts, exit code ${exitCode})`
        : `it ended and is started again (exit code ${exitCode})`;
    const line = cause?.line ?? lastError(logsOf(observation.nodes[node]));
    const why = cause?.means ?? `PostgreSQL ends right after its start, and \`restart: always\` hides that.`;
    return trouble(question, cause?.mistake ?? 'container-restarting', line ? `${saw}: ${line}` : saw, why);
  }
  const saw =
    container.state === 'exited'
      ? `it has stopped (exit code ${container.exitCode})`
      : `it is ${container.state}`;
  // Code 0 is an orderly stop: older lines of its log have nothing to do with it.
  if (container.state === 'exited' && container.exitCode !== 0 && cause) {
    return trouble(question, cause.mistake, `${saw}: ${cause.line}`, cause.means);
  }
  return trouble(
    question,
    'containers-not-running',
    saw,
    `${node} must run before anything can be asked of it.`,
  );
}

/** The container of that name belongs to something else. It must never be read as ours, nor touched. */
export function foreign(observation: Observation, container: { name: string; owner: string }): Trouble {
  const question: Question = {
    probe: `owner of container ${container.name}`,
    wanted: `container ${container.name} of project ${observation.project}`,
  };
  const saw = `container ${container.name} belongs to ${quote(container.owner)}`;
  const why =
    'A container name exists once on a machine. This one is not part of your lab, so we leave it alone.';
  return trouble(question, 'foreign-container', saw, why);
}

function noAnswer(observation: Observation, node: NodeName): Trouble {
  const { server } = observation.nodes[node];
  const reason = server.state === 'down' ? server.reason : 'no answer';
  const cause = startCause([...logsOf(observation.nodes[node]), reason]);
  const question = { probe: `a connection to ${node}`, wanted: `PostgreSQL on ${node} answers` };
  const why = 'The container runs, but PostgreSQL in it takes no connections. It may still be starting.';
  if (cause) return trouble(question, cause.mistake, `no answer: ${cause.line}`, cause.means);
  return trouble(question, 'server-down', quote(reason) || 'no answer', why);
}
