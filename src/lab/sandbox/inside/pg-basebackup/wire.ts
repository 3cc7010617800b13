import type { Socket } from 'node:net';
import type { Client } from 'pg';
import { lastWordsOf, type Said, ServerError, wordsOf } from './errors.ts';

/** What a server answers to a replication command, piece by piece. */
export type Answer =
  | { kind: 'row'; fields: (string | null)[] }
  /** The end of one of the command's results. */
  | { kind: 'complete' }
  /** Data follows; from here only or, for START_REPLICATION, both ways. */
  | { kind: 'copy' }
  | { kind: 'data'; chunk: Buffer }
  | { kind: 'copy-done' }
  /** The server waits for the next command. */
  | { kind: 'ready' };

type Heard = Answer | { kind: 'error'; text: string };

/** The part of pg's wire connection that is used here; its type package leaves it out. */
interface Connection extends NodeJS.EventEmitter {
  stream: Socket;
  query(text: string): void;
  sendCopyFromChunk(piece: Buffer): void;
  endCopyFrom(): void;
}

/** So many answers may wait before the socket is not read any more: tar data comes in pieces of 32 kB. */
const MOST_WAITING = 64;

/**
 * A replication connection. pg knows queries with one result; a base backup has several and data between them, so
 * the answers are heard from the wire below it.
 */
export class Wire {
  readonly #client: Client;
  readonly #connection: Connection;
  readonly #waiting: Heard[] = [];
  #wake: () => void = () => {};
  #lastWords: Said | null = null;
  #lost = false;
  /** It was ended from here: then its errors are of no interest. */
  aborted = false;

  /** `notice`: called with what the server says besides. */
  constructor(client: Client, notice: (text: string) => void) {
    this.#client = client;
    this.#connection = (client as unknown as { connection: Connection }).connection;
    const on = <Message>(event: string, heard: (message: Message) => Heard) =>
      this.#connection.on(event, (message: Message) => this.#hear(heard(message)));
    on<{ fields: (string | null)[] }>('dataRow', ({ fields }) => ({ kind: 'row', fields }));
    on('commandComplete', () => ({ kind: 'complete' }));
    on('copyOutResponse', () => ({ kind: 'copy' }));
    on('replicationStart', () => ({ kind: 'copy' }));
    // A copy: pg uses its read buffer again.
    on<{ chunk: Buffer }>('copyData', ({ chunk }) => ({ kind: 'data', chunk: Buffer.from(chunk) }));
    on('copyDone', () => ({ kind: 'copy-done' }));
    on('readyForQuery', () => ({ kind: 'ready' }));
    this.#connection.on('errorMessage', (said: Said) => {
      if (said.severity === 'ERROR') this.#hear({ kind: 'error', text: wordsOf(said) });
      else this.#lastWords = said;
    });
    client.on('notice', (said) => notice(wordsOf(said)));
    client.once('end', () => {
      this.#lost = true;
      this.#wake();
    });
  }

  /** Number of the server's process for this session. */
  get serverPid(): number {
    return (this.#client as unknown as { processID: number }).processID;
  }

  /** Sends a command. Its answers are for `next`, `result` and `data`. */
  begin(command: string): void {
    const ignore = () => {};
    // pg must have a query that is under way; else it takes the answers for a broken protocol.
    this.#client.query({
      submit: () => this.#connection.query(command),
      handleRowDescription: ignore,
      handleDataRow: ignore,
      handleCommandComplete: ignore,
      handleCopyData: ignore,
      handleReadyForQuery: ignore,
      handleError: ignore,
    } as never);
  }

  /** The next answer. Throws ServerError. */
  async next(): Promise<Answer> {
    for (;;) {
      const answer = this.#waiting.shift();
      if (answer) {
        if (this.#waiting.length === 0) this.#connection.stream.resume();
        if (answer.kind === 'error') throw new ServerError(answer.text);
        return answer;
      }
      if (this.#lost) throw new ServerError(lastWordsOf(this.#lastWords));
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** The rows of the command's next result. Throws ServerError. */
  async result(): Promise<(string | null)[][]> {
    const rows: (string | null)[][] = [];
    for (;;) {
      const answer = await this.next();
      if (answer.kind === 'row') rows.push(answer.fields);
      if (answer.kind === 'complete') return rows;
    }
  }

  /** The pieces of the data that comes next, to its end. Throws ServerError. */
  async *data(): AsyncGenerator<Buffer> {
    for (;;) {
      const answer = await this.next();
      if (answer.kind === 'data') yield answer.chunk;
      if (answer.kind === 'copy-done') return;
    }
  }

  /** Until the server waits for the next command. */
  async ready(): Promise<void> {
    while ((await this.next()).kind !== 'ready');
  }

  /** Runs a command with one result, and answers its rows. Throws ServerError. */
  async ask(command: string): Promise<(string | null)[][]> {
    this.begin(command);
    const rows = await this.result();
    await this.ready();
    return rows;
  }

  send(piece: Buffer): void {
    this.#connection.sendCopyFromChunk(piece);
  }

  endSending(): void {
    this.#connection.endCopyFrom();
  }

  /** Ends the session in good order. */
  async close(): Promise<void> {
    this.#lost = true;
    // Its end must be heard.
    this.#connection.stream.resume();
    await this.#client.end().catch(() => {});
  }

  /** Ends it at once, whatever the server does: nothing more is heard. */
  abort(): void {
    this.aborted = true;
    this.#waiting.length = 0;
    this.#lost = true;
    this.#connection.stream.destroy();
    this.#wake();
  }

  #hear(answer: Heard): void {
    if (this.#lost) return;
    this.#waiting.push(answer);
    if (this.#waiting.length > MOST_WAITING) this.#connection.stream.pause();
    this.#wake();
  }
}
