import type { Client } from 'pg';
import { parameterOf } from '../connect.ts';
import type { Diagnostics } from './report.ts';

/** What came of a string of SQL: its last statement's result, as psql 14 shows it. */
export type Outcome =
  | { kind: 'rows'; columns: Column[]; rows: (string | null)[][]; tag: string }
  | { kind: 'command'; tag: string }
  | { kind: 'empty' }
  | { kind: 'error'; said: Diagnostics }
  /** The connection is gone. `said`: the server's last words. */
  | { kind: 'lost'; said: Diagnostics | null };

export interface Column {
  name: string;
  /** OID of its type. */
  type: number;
}

/** Data of COPY, to and from the client. */
export interface CopyStreams {
  /** Pieces to send for COPY … FROM STDIN, until it ends. */
  input: () => AsyncIterable<Buffer>;
  output: (piece: Buffer) => void;
}

/** The part of pg's wire connection that is used here; its type package leaves it out. */
interface Wire {
  query(text: string): void;
  sendCopyFromChunk(piece: Buffer): boolean;
  endCopyFrom(): void;
  sendCopyFail(reason: string): void;
  once(event: string, listener: () => void): void;
  off(event: string, listener: () => void): void;
}

/** An open connection, with what psql keeps of it. */
export interface Connection {
  client: Client;
  /** `I` idle, `T` in a transaction, `E` in a failed one. */
  transaction(): 'I' | 'T' | 'E';
  /** The server's settings as it reports them: `server_version`, `client_encoding` … */
  parameter(name: string): string;
  /** The server has ended it, and said this. */
  lastWords(): Diagnostics | null;
}

/** Follows an open client from now on. Notices go to `notice`. */
export function follow(client: Client, notice: (said: Diagnostics) => void): Connection {
  let words: Diagnostics | null = null;
  let status: 'I' | 'T' | 'E' = 'I';
  client.on('notice', (said) => notice(said as unknown as Diagnostics));
  client.on('error', (error) => {
    if ('severity' in error) words = error as unknown as Diagnostics;
  });
  const { connection } = client as unknown as { connection: NodeJS.EventEmitter };
  connection.on('readyForQuery', ({ status: now }: { status: 'I' | 'T' | 'E' }) => {
    status = now;
  });
  return {
    client,
    transaction: () => status,
    parameter: (name) => parameterOf(client, name),
    lastWords: () => words,
  };
}

/** Sends a string of one or more statements as it is, and waits until the server is ready for the next. */
export function runQuery(connection: Connection, text: string, copy: CopyStreams): Promise<Outcome> {
  const { client } = connection;
  const { connection: wire } = client as unknown as { connection: Wire };
  return new Promise((resolve) => {
    let columns: Column[] | null = null;
    let rows: (string | null)[][] = [];
    let outcome: Outcome = { kind: 'empty' };
    let settled = false;
    const settle = (result: Outcome) => {
      if (settled) return;
      settled = true;
      client.off('end', lost);
      wire.off('readyForQuery', ready);
      resolve(result);
    };
    const lost = () =>
      settle({ kind: 'lost', said: outcome.kind === 'error' ? outcome.said : connection.lastWords() });
    const ready = () => settle(outcome);
    client.once('end', lost);
    client.query({
      submit: () => wire.query(text),
      handleRowDescription: ({ fields }: { fields: { name: string; dataTypeID: number }[] }) => {
        columns = fields.map((field) => ({ name: field.name, type: field.dataTypeID }));
        rows = [];
      },
      handleDataRow: ({ fields }: { fields: (string | null)[] }) => {
        rows.push(fields);
      },
      handleCommandComplete: ({ text: tag }: { text: string }) => {
        outcome = columns ? { kind: 'rows', columns, rows, tag } : { kind: 'command', tag };
        columns = null;
        rows = [];
      },
      handleEmptyQuery: () => {
        outcome = { kind: 'empty' };
      },
      handleCopyInResponse: () => {
        sendCopy(wire, copy.input).catch((error) => wire.sendCopyFail(String(error)));
      },
      handleCopyData: ({ chunk }: { chunk: Buffer }) => copy.output(chunk),
      handleReadyForQuery: ready,
      handleError: (error: Diagnostics & Error) => {
        // Without a severity it is pg's own word for a connection that is gone.
        if (error.severity === undefined) return void lost();
        outcome = { kind: 'error', said: error };
        // The query is no longer pg's active one, so the end of it must be heard from the wire.
        wire.once('readyForQuery', ready);
      },
    } as never);
  });
}

async function sendCopy(wire: Wire, input: CopyStreams['input']): Promise<void> {
  for await (const piece of input()) wire.sendCopyFromChunk(piece);
  wire.endCopyFrom();
}

/** Asks the server to give up what it does for this session, by a connection of its own, as libpq does. */
export async function cancelQuery(client: Client): Promise<void> {
  const { processID, secretKey, host, port } = client as unknown as {
    processID: number;
    secretKey: number;
    host: string;
    port: number;
  };
  const { connect } = await import('node:net');
  const request = Buffer.alloc(16);
  request.writeInt32BE(16, 0);
  request.writeInt32BE(80877102, 4); // the protocol's number for a cancel request
  request.writeInt32BE(processID, 8);
  request.writeInt32BE(secretKey, 12);
  await new Promise<void>((resolve) => {
    const socket = host.startsWith('/') ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host);
    socket.once('error', () => resolve());
    socket.once('close', () => resolve());
    socket.end(request);
  });
}
