import type { Client, ClientConfig } from 'pg';
import type { Route, Shown } from './types.ts';

export interface Login {
  user: string;
  database: string;
  /** PGPASSWORD; undefined where none is given. */
  password: string | undefined;
  /** `true`: a physical replication connection, as pg_basebackup opens it; `database`: one that also knows SQL. */
  replication?: boolean | 'database';
  application: string;
  /** Server options such as `-c work_mem=8MB` (PGOPTIONS). */
  options?: string | undefined;
}

/** A connection that libpq would not have got. The message is libpq's, without the program's name before it. */
export class ConnectError extends Error {
  /** The server asked for a password, and none was given. */
  readonly passwordNeeded: boolean;
  /** The server's answer; null where it gave none. */
  readonly sqlState: string | null;
  constructor(message: string, { passwordNeeded = false, sqlState = null as string | null } = {}) {
    super(message);
    this.name = 'ConnectError';
    this.passwordNeeded = passwordNeeded;
    this.sqlState = sqlState;
  }
}

class NoPassword extends Error {}

const CONNECT_MS = 10_000;

/** What servers report of their settings at login, by client. */
const reported = new WeakMap<Client, Map<string, string>>();

/** A setting that the server reports to its clients, as it is now: `server_version`, `client_encoding` …; '' for others. */
export const parameterOf = (client: Client, name: string): string => reported.get(client)?.get(name) ?? '';

/** Opens a session over a route. Values stay text, as the server sends them. Throws ConnectError. */
export async function connect(route: Route, login: Login): Promise<Client> {
  if (route.kind === 'unknown-host')
    throw new ConnectError(
      `could not translate host name "${route.host}" to address: Name or service not known`,
    );
  if (route.kind === 'refused' || route.kind === 'no-socket') throw refusal(route.shown);
  const { default: pg } = await import('pg');
  const { password } = login;
  const client = new pg.Client({
    host: route.kind === 'socket' ? route.folder : '127.0.0.1',
    port: route.port,
    user: login.user,
    database: login.database,
    // Not from the environment of this process: only what the command was given counts.
    password: () => {
      // libpq leaves then, without a try that the server would log as a wrong password.
      if (!password) throw new NoPassword();
      return password;
    },
    ssl: false,
    application_name: login.application,
    connectionTimeoutMillis: CONNECT_MS,
    types: { getTypeParser: () => (value: unknown) => value } as never,
  } as ClientConfig);
  const { connectionParameters } = client as unknown as { connectionParameters: object };
  // Set here, because pg takes what its config leaves out from PGOPTIONS and PGREPLICATION of this process.
  Object.assign(connectionParameters, {
    options: login.options,
    replication: login.replication ? String(login.replication) : undefined,
  });
  client.on('error', () => {}); // a server that goes away: the next query says so
  const parameters = new Map<string, string>();
  reported.set(client, parameters);
  const { connection } = client as unknown as { connection: NodeJS.EventEmitter };
  connection.on('parameterStatus', ({ parameterName, parameterValue }) => {
    parameters.set(parameterName, parameterValue);
  });
  try {
    await client.connect();
  } catch (error) {
    await client.end().catch(() => {});
    throw translate(error, route.shown);
  }
  return client;
}

function translate(error: unknown, shown: Shown): ConnectError {
  const failed = `${placeOf(shown)} failed:`;
  if (error instanceof NoPassword)
    return new ConnectError(`${failed} fe_sendauth: no password supplied`, { passwordNeeded: true });
  const { message, code, severity, detail, hint } = error as {
    message: string;
    code?: string;
    severity?: string;
    detail?: string;
    hint?: string;
  };
  if (severity !== undefined) {
    const lines = [`${failed} ${severity}:  ${message}`];
    if (detail !== undefined) lines.push(`DETAIL:  ${detail}`);
    if (hint !== undefined) lines.push(`HINT:  ${hint}`);
    return new ConnectError(lines.join('\n'), { sqlState: code ?? null });
  }
  if (['ECONNREFUSED', 'ENOENT'].includes(code ?? '')) return refusal(shown);
  if (code === 'ECONNRESET' || code === 'EPIPE' || message === 'Connection terminated unexpectedly')
    return new ConnectError(`${failed} ${SERVER_CLOSED}`);
  return new ConnectError(`${failed} ${message}`);
}

/** libpq's words for a server that is gone in the middle of something. */
export const SERVER_CLOSED = [
  'server closed the connection unexpectedly',
  '\tThis probably means the server terminated abnormally',
  '\tbefore or while processing the request.',
].join('\n');

function refusal(shown: Shown): ConnectError {
  return new ConnectError(
    shown.socket !== null
      ? `${placeOf(shown)} failed: No such file or directory\n\tIs the server running locally and accepting connections on that socket?`
      : `${placeOf(shown)} failed: Connection refused\n\tIs the server running on that host and accepting TCP/IP connections?`,
  );
}

/** `connection to server at "leader" (172.18.0.2), port 5432`, as libpq begins its messages. */
export function placeOf({ socket, host, address, port }: Shown): string {
  if (socket !== null) return `connection to server on socket "${socket}"`;
  const place = host === address ? `"${host}"` : `"${host}" (${address})`;
  return `connection to server at ${place}, port ${port}`;
}
