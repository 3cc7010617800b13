import { firstValue, rethrow, toQueryError } from '../answer.ts';
import { type Query, QueryError } from '../lab.ts';
import type { Container } from './engine/types.ts';

const CONNECT_MS = 2000;
const STATEMENT_MS = 5000;

/** Opens a short session by the server's own socket, where every user is trusted, as inside of a container. */
export async function openSession<T>(
  { real, spec }: Container,
  login: { user: string; database: string },
  use: (query: Query) => Promise<T>,
): Promise<T> {
  const { default: pg } = await import('pg');
  const client = new pg.Client({
    host: real.socketFolder,
    port: real.socketPort,
    user: login.user,
    database: login.database,
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: STATEMENT_MS,
    statement_timeout: STATEMENT_MS,
    application_name: 'walkthrough',
    // A role's own search_path may put other functions before the server's; what is said at login counts more.
    options: '-c search_path=public',
  });
  client.on('error', () => {}); // a server that stops ends idle clients; the next query says so
  try {
    await client.connect().catch((error: unknown) => {
      throw notThere(error, spec.ports.find(({ published }) => published !== null)?.published ?? real.port);
    });
    return await use(async (sql) => firstValue(await client.query(sql).catch(rethrow)));
  } finally {
    await client.end().catch(() => {});
  }
}

/** A server that is not there is told of by its port, as in the other lab; the socket is the sandbox's own affair. */
function notThere(error: unknown, port: number): QueryError {
  const { code } = error as { code?: string };
  if (code === 'ENOENT' || code === 'ECONNREFUSED')
    return new QueryError(`connect ECONNREFUSED 127.0.0.1:${port}`, 'ECONNREFUSED');
  return toQueryError(error);
}
