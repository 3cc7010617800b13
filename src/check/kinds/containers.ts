import type { NodeName, Observation } from '../../observe/types.ts';
import { choice, flag, nodes, only } from '../args.ts';
import { ArgumentError, type CheckKind } from '../kind.ts';
import { containerTrouble, foreign, needEngine, SERVER_TROUBLE, serverTrouble } from '../needs.ts';
import { and, passed, type Trouble, trouble } from '../verdict.ts';

const ACCEPTS = ['are', 'ready'] as const;

interface ContainersArgs {
  nodes: NodeName[];
  are: 'running' | 'gone' | 'stopped';
  /** With `running`: PostgreSQL answers too. */
  ready: boolean;
}

export const containers: CheckKind<ContainersArgs> = {
  kind: 'containers',
  accepts: ACCEPTS,
  mistakes: ['no-engine', ...SERVER_TROUBLE, 'containers-still-there', 'follower-running'],
  parse(raw) {
    only(raw, 'containers', ACCEPTS);
    const are = choice(raw, 'are', ['running', 'gone', 'stopped'], 'running');
    const ready = flag(raw, 'ready');
    if (ready && are !== 'running')
      throw new ArgumentError('ready', '"ready" goes only with "are: running".');
    return { nodes: nodes(raw, 'containers'), are, ready };
  },
  title({ nodes, are, ready }) {
    const verb = nodes.length === 1 ? 'is' : 'are';
    const state = are === 'running' ? (ready ? 'up and PostgreSQL answers' : 'running') : are;
    return `${nodes.length === 1 ? 'container' : 'containers'} ${and(nodes)} ${verb} ${state}`;
  },
  why({ are }) {
    if (are === 'gone') return 'A fresh start needs a clean place. An old container keeps its old set-up.';
    if (are === 'stopped') return 'The data folder must not change under a running server.';
    return 'Everything else is asked of the servers in these containers.';
  },
  // The log tells why a container does not stay up, and it comes with the servers.
  reads: ({ are }) => ({ parts: [are === 'running' ? 'servers' : 'containers'] }),
  judge(observation, args) {
    const down = needEngine(observation);
    if (down) return down;
    for (const name of args.nodes) {
      const found = troubleOf(observation, name, args);
      if (found) return { state: 'failed', ...found };
    }
    const question = {
      probe: `${args.nodes.length === 1 ? 'container' : 'containers'} ${and(args.nodes)}`,
      wanted: containers.title(args),
    };
    return passed(question, and(args.nodes.map((name) => `${name}: ${stateOf(observation, name)}`)));
  },
};

function troubleOf(observation: Observation, name: NodeName, args: ContainersArgs): Trouble | null {
  const { container } = observation.nodes[name];
  if (args.are === 'running') {
    return args.ready ? serverTrouble(observation, name) : containerTrouble(observation, name);
  }
  if (container.state === 'foreign') return foreign(observation, container);
  const question = { probe: `container ${name}`, wanted: `container ${name} is ${args.are}` };
  const saw = `${name} ${container.state === 'exited' ? 'has stopped' : `is ${container.state}`}`;
  if (args.are === 'gone' && container.state !== 'absent') {
    return trouble(question, 'containers-still-there', saw, containers.why(args));
  }
  const moving =
    container.state === 'running' || container.state === 'restarting' || container.state === 'paused';
  if (args.are === 'stopped' && moving) {
    const mistake = name === 'follower' ? 'follower-running' : 'containers-still-there';
    const why =
      'While it runs it holds its data folder and the replication slot, so a base backup can not take them.';
    return trouble(question, mistake, saw, name === 'follower' ? why : containers.why(args));
  }
  return null;
}

function stateOf(observation: Observation, name: NodeName): string {
  const { state } = observation.nodes[name].container;
  return state === 'absent' ? 'no container' : state;
}
