import type { Socket } from 'node:net';
import type Dockerode from 'dockerode';
import type { Client } from 'pg';
import type { ContainerState, NodeName } from '../../observe/types.ts';
import { firstValue, parseValue, rethrow, toQueryError } from '../answer.ts';
import { type Query, QueryError } from '../lab.ts';
import { execIn } from './exec.ts';

/** What a session needs to know of the course and the machine. */
export interface SessionTarget {
  node: NodeName;
  container: Extract<ContainerState, { id: string }>;
  /** Host on which published ports are reached. */
  host: string;
  superuser: string;
  password: string;
  database: string;
  /** Asked before psql is run in the container. Throws where its programs can't be believed. */
  believe?(): Promise<void>;
}

const CONNECT_MS = 2000;
const STATEMENT_MS = 5000;

/**
 * Opens a session through the published port; where that can't work although the server may be well (another
 * password, no or a wrong port mapping), through psql in the container. Both go over TCP: during the first start
 * a temporary server listens on the socket alone, and must not be taken for the real one.
 */
export async function openSession<T>(
  docker: Dockerode,
  target: SessionTarget,
  use: (query: Query) => Promise<T>,
): Promise<T> {
  if (target.container.port !== null) {
    const { default: pg } = await import('pg');
    const client = new pg.Client({
      host: target.host,
      port: target.container.port,
      user: target.superuser,
      password: target.container.env.POSTGRES_PASSWORD ?? target.password,
      database: target.database,
      connectionTimeoutMillis: CONNECT_MS,
      query_timeout: STATEMENT_MS,
      statement_timeout: STATEMENT_MS,
      application_name: 'walkthrough',
      // A role's own search_path may put other functions before the server's; what is said at login counts more.
      options: '-c search_path=public',
    });
    const measure = limitAnswers(client);
    client.on('error', () => {}); // a server that stops ends idle clients; the next query says so
    let connected = false;
    try {
      await client.connect();
      connected = true;
    } catch (error) {
      if (!worthTryingInside(error, target.container.startedAt)) throw toQueryError(error);
    }
    if (connected) {
      try {
        return await use(async (sql) => {
          measure();
          return firstValue(await client.query(sql).catch(rethrow));
        });
      } finally {
        await client.end().catch(() => {});
      }
    }
  }
  await target.believe?.();
  return use((sql) => psqlInside(docker, target, sql));
}

/** Bytes of one answer; the longest of an honest server has some 100 KB. */
const ANSWER_BYTES = 16 * 1024 * 1024;

/**
 * Hangs up on a server that answers with more than we could hold: rows of a stranger can be a gigabyte each, and no
 * text of Node is that long. Answers what begins a new count.
 */
function limitAnswers(client: Client): () => void {
  const { stream } = (client as unknown as { connection: { stream: Socket } }).connection;
  let bytes = 0;
  stream.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > ANSWER_BYTES)
      stream.destroy(new Error(`it answers with more than ${ANSWER_BYTES / 1024 / 1024} MB`));
  });
  return () => {
    bytes = 0;
  };
}

/** A container younger than this is taken to be starting when its port refuses. In milliseconds. */
const STARTING_MS = 10_000;

/**
 * 28P01, 28000: the server is there, but the password or the rule is not what we know. A refusal can mean that it
 * listens inside only; right after the start it means that it starts, and asking inside again and again would take
 * the processor from it.
 */
function worthTryingInside(error: unknown, startedAt: string): boolean {
  const code = (error as { code?: string }).code ?? '';
  const message = error instanceof Error ? error.message : '';
  if (['28P01', '28000'].includes(code)) return true;
  const refused =
    ['ECONNREFUSED', 'ECONNRESET'].includes(code) || /terminated unexpectedly|timeout expired/.test(message);
  return refused && Date.now() - Date.parse(startedAt) > STARTING_MS;
}

async function psqlInside(docker: Dockerode, target: SessionTarget, sql: string): Promise<unknown> {
  const argv = ['psql', '-XAtq', '-v', 'ON_ERROR_STOP=1', '-v', 'VERBOSITY=verbose'];
  const where = ['-h', '127.0.0.1', '-U', target.superuser, '-d', target.database];
  const result = await execIn(docker, target.container.id, [...argv, ...where, '-c', sql], {
    env: ['PGOPTIONS=-c search_path=public'],
  });
  if (result.exitCode !== 0) throw psqlError(result.stderr || result.stdout);
  const text = result.stdout.trim();
  return text === '' ? null : parseValue(text);
}

/**
 * Reads psql's verbose message: `ERROR:  25006: cannot execute …`. A refused connection comes without its code, and
 * the one that callers ask for is told by its words.
 */
function psqlError(text: string): QueryError {
  const line = text.split('\n').find((one) => /ERROR|FATAL|error:/.test(one)) ?? text.trim();
  const match = /(?:ERROR|FATAL):\s+(?:([0-9A-Z]{5}): )?(.*)/.exec(line);
  const message = match?.[2] ?? line;
  return new QueryError(
    message,
    match?.[1] ?? (/^database ".*" does not exist$/.test(message) ? '3D000' : ''),
  );
}
