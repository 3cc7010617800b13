import type { Client, ClientConfig } from 'pg';
import type { Route, Shown } from './types.ts';

export interface Login {
  user: string;
  database: string;
  /** PGPASSWORD; undefined where none is given. */
  password: string | undefined;
  /** `true`: a physical replication connection, as pg_basebackup opens it. */
  replication?: boolean;
  application: string;
}

/** A connection that libpq would not have got. The message is libpq's, without the program's name before it. */
export class ConnectError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ConnectError';
  }
}

const CONNECT_MS = 10_000;

/** Opens a session over a route. Values stay text, as the server sends them. Throws ConnectError. */
export async function connect(route: Route, login: Login): Promise<Client> {
  if (route.kind === 'unknown-host')
    throw new ConnectError(
      `could not translate host name "${route.host}" to address: Name or service not known`,
    );
  if (route.kind === 'refused' || route.kind === 'no-socket') throw refusal(route.shown, 'nobody listens');
  const { default: pg } = await import('pg');
  const client = new pg.Client({
    host: route.kind === 'socket' ? route.folder : '127.0.0.1',
    port: route.port,
    user: login.user,
    database: login.database,
    // Not from the environment of this process: only what the command was given counts.
    password: () => login.password ?? '',
    ssl: false,
    application_name: login.application,
    connectionTimeoutMillis: CONNECT_MS,
    types: { getTypeParser: () => (value: unknown) => value } as never,
    ...(login.replication ? { replication: 'true' } : {}),
  } as ClientConfig);
  client.on('error', () => {}); // a server that goes away: the next query says so
  try {
    await client.connect();
  } catch (error) {
    await client.end().catch(() => {});
    throw translate(error, route.shown, login);
  }
  return client;
}

function translate(error: unknown, shown: Shown, login: Login): ConnectError {
  const { message, code, severity } = error as { message: string; code?: string; severity?: string };
  if (severity !== undefined) {
    // A server that wants a password and gets an empty one says the same as for a wrong one; libpq does not send it.
    if (login.password === undefined && code === '28P01')
      return new ConnectError(`${where(shown)} failed: fe_sendauth: no password supplied`);
    return new ConnectError(`${where(shown)} failed: ${severity}:  ${message}`);
  }
  if (login.password === undefined && /password must be/.test(message))
    return new ConnectError(`${where(shown)} failed: fe_sendauth: no password supplied`);
  if (['ECONNREFUSED', 'ENOENT', 'ECONNRESET'].includes(code ?? '')) return refusal(shown, message);
  return new ConnectError(`${where(shown)} failed: ${message}`);
}

function refusal(shown: Shown, _cause: string): ConnectError {
  return new ConnectError(
    shown.socket !== null
      ? `${where(shown)} failed: No such file or directory\n\tIs the server running locally and accepting connections on that socket?`
      : `${where(shown)} failed: Connection refused\n\tIs the server running on that host and accepting TCP/IP connections?`,
  );
}

function where({ socket, host, address, port }: Shown): string {
  if (socket !== null) return `connection to server on socket "${socket}"`;
  const place = host === address ? `"${host}"` : `"${host}" (${address})`;
  return `connection to server at ${place}, port ${port}`;
}
