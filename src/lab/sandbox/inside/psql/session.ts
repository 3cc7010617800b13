import { ConnectError, connect, placeOf } from '../connect.ts';
import type { Inside, Route } from '../types.ts';
import { write } from './output.ts';
import type { Style } from './print/table.ts';
import { type Connection, follow } from './query.ts';
import { type Diagnostics, report, type ShowContext, type Verbosity } from './report.ts';
import type { LineSource } from './source.ts';
import { SOCKET_FOLDER, type Target } from './target.ts';
import { isOn, type Variables, versionNumber } from './variables.ts';

/** The state of one psql. */
export interface Session {
  inside: Inside;
  style: Style;
  variables: Variables;
  connection: Connection | null;
  target: Target;
  /** Of the connection that is open. */
  route: Route | null;
  /** The script that is being read, for messages; null where psql names none. */
  script: { name: string; line: number } | null;
  timing: boolean;
  /** Commands come from a terminal: psql goes on after errors, and asks. */
  interactive: boolean;
  /** The last statement, for `\g` without one. */
  previous: string;
  /** Standard input, read line by line by whatever needs it. */
  stdin: LineSource;
  /** Asks for a password; null where that is not wanted or possible. */
  askPassword: ((prompt: string) => Promise<string>) | null;
  /** Of NOTIFY; told after the statement that is running. */
  notifications: string[];
  /** What Ctrl-C does while a command runs that is more than one statement; null: the statement is cancelled. */
  onInterrupt: (() => void) | null;
}

/** Ends psql at once with this exit code. */
export class Exit extends Error {
  readonly code: number;
  constructor(code: number) {
    super(`exit ${code}`);
    this.name = 'Exit';
    this.code = code;
  }
}

export const EXIT_USER = 3;
export const EXIT_BADCONN = 2;

export const out = (session: Session, text: string | Iterable<string>): Promise<void> =>
  write(session.inside.stdout, text);

/** A message of the server, or another that is no error of psql's own. */
export async function tell(session: Session, message: string): Promise<void> {
  await write(session.inside.stderr, `${locus(session)}${message}\n`);
}

/** An error of psql's own: it says so only where it also says where. */
export async function complain(session: Session, message: string): Promise<void> {
  const { script } = session;
  await write(session.inside.stderr, `${locus(session)}${script ? 'error: ' : ''}${message}\n`);
}

const locus = ({ script }: Session): string => (script ? `psql:${script.name}:${script.line}: ` : '');

export const quiet = (session: Session): boolean => isOn(session.variables, 'QUIET');

/** Text of an error or notice with the wanted verbosity. */
export function describeDiagnostics(
  session: Session,
  said: Diagnostics,
  query: string,
  isError: boolean,
): string {
  const { variables } = session;
  const verbosity = (variables.get('VERBOSITY') ?? 'default') as Verbosity;
  const context = (variables.get('SHOW_CONTEXT') ?? 'errors') as ShowContext;
  return report(said, query, verbosity, context, isError);
}

/** Opens a connection to the target, with a password from the terminal where one is needed. Throws ConnectError. */
export async function openConnection(session: Session, target: Target): Promise<void> {
  const route = await routeTo(session.inside, target);
  const { user, database, application, replication, options } = target;
  const login = { user, database, application, replication, options };
  let { password } = target;
  const attempt = () => connect(route, { ...login, password });
  const client = await attempt().catch(async (error: unknown) => {
    if (!(error instanceof ConnectError) || !error.passwordNeeded || !session.askPassword) throw error;
    password = await session.askPassword(`Password for user ${user}: `);
    return attempt();
  });
  const connection = follow(client, (said) => {
    // A reader of stderr that has gone is met again at the next message.
    tell(session, describeDiagnostics(session, said, '', false)).catch(() => {});
  });
  client.on('notification', ({ channel, payload, processId }) => {
    const text = payload ? ` with payload "${payload}"` : '';
    const line = `Asynchronous notification "${channel}"${text} received from server process with PID ${processId}.\n`;
    session.notifications.push(line);
  });
  await closeConnection(session);
  Object.assign(session, { connection, route, target: { ...target, password } });
  const version = connection.parameter('server_version');
  const { variables } = session;
  variables.set('DBNAME', database);
  variables.set('USER', user);
  variables.set('HOST', target.host ?? SOCKET_FOLDER);
  variables.set('PORT', String(target.port));
  variables.set('SERVER_VERSION_NAME', version);
  variables.set('SERVER_VERSION_NUM', versionNumber(version));
}

async function routeTo(inside: Inside, target: Target): Promise<Route> {
  const { host, port } = target;
  if (host?.startsWith('/')) {
    const socket = `${host}/.s.PGSQL.${port}`;
    return { kind: 'no-socket', shown: { socket, host, address: '', port } };
  }
  const route = await inside.network.route(host, port);
  // A stock server speaks no TLS. Only the network's names and addresses are reached by TCP that could have it.
  if (route.kind === 'tcp' && target.encrypted)
    throw new ConnectError(
      `${placeOf(route.shown)} failed: server does not support SSL, but SSL was required`,
    );
  return route;
}

export async function closeConnection(session: Session): Promise<void> {
  const { connection } = session;
  session.connection = null;
  await connection?.client.end().catch(() => {});
}
