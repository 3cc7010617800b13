import { type Lab, type LabNode, type Query, QueryError, type ServerUp } from '../lab/lab.ts';
import { sendNonce, tryLogin, tryWrite } from './experiments.ts';
import { readFileStates } from './files.ts';
import {
  HBA_SQL,
  serverSql,
  serverWithoutHbaSql,
  tableExistsSql,
  tableSql,
  toHba,
  toProbe,
  toTable,
} from './probe.ts';
import {
  type ContainerState,
  type Experiments,
  type HbaState,
  NODES,
  type NodeName,
  type NodeState,
  type Observation,
  type ObservationRequest,
  type Part,
  type ServerState,
} from './types.ts';

/** What the course is about, as far as looking at it needs. */
export interface Subject {
  image: string;
  /** Table in the course's database. */
  table: string;
}

const LOG_LINES = 40;
/** Why an engine is not known that nobody has asked. */
const UNASKED = 'not asked';

/** Whether the observation tells of engine, containers and servers, or of something else only. */
export const tellsOfServers = ({ engine }: Observation): boolean =>
  engine.state === 'up' || engine.problem !== UNASKED;

const NOT_ASKED: ServerState = { state: 'down', reason: 'not asked', logs: [] };

/**
 * Looks at everything that is asked for, in one go. Never throws for the state of the lab: what can't be seen is
 * part of the answer.
 */
export async function observe(lab: Lab, subject: Subject, request: ObservationRequest): Promise<Observation> {
  const wants = (part: Part) => request.parts.includes(part);
  const withServers = wants('servers') || wants('table') || request.experiments.length > 0;
  const withContainers = wants('containers') || withServers;
  const needsEngine = withContainers || wants('engine') || wants('image');

  const [files, engine, image, compose, nodes] = await Promise.all([
    readFileStates(lab.workspace, request.files, { confined: lab.confined ?? false }),
    needsEngine ? lab.engine() : ({ state: 'down', problem: UNASKED, next: '' } as const),
    wants('image') ? lab.image() : ({ state: 'unknown', reference: subject.image } as const),
    wants('compose') ? lab.compose() : ({ state: 'unknown', message: 'not asked' } as const),
    withContainers
      ? lookAtNodes(lab, subject, { ...request, withServers, withTable: wants('table') })
      : nothing(),
  ]);
  const observation: Observation = {
    at: new Date().toISOString(),
    lab: lab.kind,
    workspace: lab.workspace,
    project: lab.project,
    engine,
    image,
    files,
    compose,
    nodes: nodes.states,
    experiments: nodes.experiments,
  };
  for (const node of request.data) observation.nodes[node].data = await lab.node(node).readData();
  return observation;
}

interface NodesAnswer {
  states: Record<NodeName, NodeState>;
  experiments: Experiments;
}

function nothing(): NodesAnswer {
  const empty = (): NodeState => ({ container: { state: 'absent' }, server: NOT_ASKED });
  return { states: { leader: empty(), follower: empty() }, experiments: {} };
}

type NodesRequest = ObservationRequest & { withServers: boolean; withTable: boolean };

/** Containers and servers of both nodes; the experiments run while both sessions are open. */
async function lookAtNodes(lab: Lab, subject: Subject, request: NodesRequest): Promise<NodesAnswer> {
  const answer = nothing();
  const nodes = { leader: lab.node('leader'), follower: lab.node('follower') };
  try {
    await Promise.all(
      NODES.map(async (name) => {
        answer.states[name].container = await nodes[name].inspect();
      }),
    );
  } catch {
    return answer; // the engine went away; `engine` says so
  }
  if (!request.withServers) return answer;
  const wants = (name: keyof Experiments) => request.experiments.includes(name);
  const login = wants('replication-login') ? tryLoginIfUp(lab, answer.states.leader.container) : undefined;

  let release: () => void = () => {};
  const done = new Promise<void>((resolve) => {
    release = resolve;
  });
  // Each session stays open until the experiments, which need both, are over.
  const sessions = NODES.map((name) =>
    visit(nodes[name], subject, answer.states[name], request.withTable, done),
  );
  const [leader, follower] = await Promise.all(sessions.map((session) => session.ready));
  try {
    if (wants('write-on-follower')) {
      answer.experiments['write-on-follower'] = follower
        ? await tryWrite(follower)
        : notTried('the follower can not be asked');
    }
    if (wants('nonce')) {
      answer.experiments.nonce = await tryNonce(answer.states, leader ?? null, follower ?? null);
      const { server } = answer.states.follower;
      if (server.state === 'up' && answer.experiments.nonce.state !== 'arrived')
        server.logs = await logsOf(nodes.follower);
    }
    if (login) answer.experiments['replication-login'] = await login;
  } finally {
    release();
    await Promise.all(sessions.map((session) => session.closed));
  }
  return answer;
}

/** The log's last lines; none when the container has gone in the meantime. */
async function logsOf(node: LabNode): Promise<string[]> {
  return node.logs(LOG_LINES).catch(() => []);
}

const notTried = (reason: string) => ({ state: 'not-tried', reason }) as const;

async function tryLoginIfUp(
  lab: Lab,
  leader: ContainerState,
): Promise<NonNullable<Experiments['replication-login']>> {
  if (leader.state !== 'running') return notTried('the leader is not running');
  try {
    return await tryLogin(lab);
  } catch (error) {
    return notTried(error instanceof Error ? error.message : String(error));
  }
}

async function tryNonce(
  states: Record<NodeName, NodeState>,
  leader: Query | null,
  follower: Query | null,
): Promise<NonNullable<Experiments['nonce']>> {
  const { server } = states.leader;
  if (!leader || server.state === 'down') return notTried('the leader can not be asked');
  if (!follower) return notTried('the follower can not be asked');
  if (server.probe.inRecovery) return notTried('the leader is in recovery, so it takes no writes');
  try {
    return await sendNonce(leader, follower);
  } catch (error) {
    return notTried(error instanceof Error ? error.message : String(error));
  }
}

interface Visit {
  /** The open session once the server was probed; null when it can't be asked. */
  ready: Promise<Query | null>;
  closed: Promise<void>;
}

/** Opens a session on a node, fills in what the server says, and holds the session open until `done`. */
function visit(
  node: LabNode,
  subject: Subject,
  state: NodeState,
  withTable: boolean,
  done: Promise<void>,
): Visit {
  let opened: (query: Query | null) => void = () => {};
  const ready = new Promise<Query | null>((resolve) => {
    opened = resolve;
  });
  const look = async (query: Query, table: string | null): Promise<void> => {
    state.server = await probeServer(node, query, table);
    opened(query);
    await done;
  };
  const run = async (): Promise<void> => {
    if (state.container.state !== 'running') {
      const logs = 'id' in state.container ? await logsOf(node) : [];
      state.server = { state: 'down', reason: 'its container is not running', logs };
      return;
    }
    try {
      await node
        .session((query) => look(query, withTable ? subject.table : null))
        .catch((error: unknown) => {
          // 3D000: the database is not there. The server is, and that is what counts here.
          if (!(error instanceof QueryError && error.code === '3D000')) throw error;
          return node.session((query) => look(query, null), { database: 'postgres' });
        });
      if (withTable && state.server.state === 'up' && state.server.probe.table === null) {
        state.server.probe.tableInPostgres = await node
          .session((query) => query(tableExistsSql(subject.table)), { database: 'postgres' })
          .then((exists) => exists === true)
          .catch(() => false);
      }
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      state.server = { state: 'down', reason, logs: await logsOf(node) };
    }
  };
  const closed = run().finally(() => opened(null));
  return { ready, closed };
}

async function probeServer(node: LabNode, query: Query, table: string | null): Promise<ServerState> {
  const { asWritten } = node;
  const { probe: said, hba, extra } = await askServer(query, asWritten?.sql);
  const probe = toProbe(said);
  if (table !== null && (await query(tableExistsSql(table))) === true)
    probe.table = toTable(await query(tableSql(table)));
  const server: ServerUp = { state: 'up', probe, hba };
  return asWritten ? asWritten.apply(server, extra) : server;
}

async function askServer(
  query: Query,
  extraSql: string | undefined,
): Promise<{ probe: unknown; hba: HbaState; extra: unknown }> {
  try {
    const { hba, ...rest } = (await query(serverSql(extraSql))) as Record<'probe' | 'hba' | 'extra', unknown>;
    return { ...rest, hba: toHba(hba) };
  } catch {
    const rest = (await query(serverWithoutHbaSql(extraSql))) as Record<'probe' | 'extra', unknown>;
    const hba: HbaState = await query(HBA_SQL).then(toHba, (error: Error) => ({
      state: 'unreadable',
      message: error.message,
    }));
    return { ...rest, hba };
  }
}
