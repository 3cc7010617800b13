import { PassThrough, type Readable, Writable } from 'node:stream';
import { reason } from '../files/messages.ts';
import { openToRead, openToWrite } from '../files/operations.ts';
import type { Io, State } from './state.ts';
import { insideOf } from './state.ts';
import type { Redirect } from './syntax.ts';

/** A file that a redirection can't open, in the shell's words. */
export class RedirectError extends Error {
  readonly status: number;
  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

export interface Redirected {
  io: Io;
  /** Waits until all is written. */
  close(): Promise<void>;
}

/** Opens what a command's redirections name, one after the other. `text` gives their words. Throws RedirectError. */
export async function redirect(
  redirects: readonly Redirect[],
  state: State,
  before: Io,
  text: (redirect: Exclude<Redirect, { kind: 'copy' }>) => Promise<string>,
): Promise<Redirected> {
  const io = { ...before };
  const opened: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const end of opened) await end();
  };
  try {
    for (const one of redirects) {
      if (one.kind === 'copy') put(io, one.fd, one.from === 1 ? io.stdout : io.stderr);
      else if (one.kind === 'text') io.stdin = inputOf(await text(one));
      else if (one.kind === 'read') {
        const stream = await openInput(await text(one), state, io);
        io.stdin = stream;
        opened.push(async () => void stream.destroy());
      } else {
        const { stream, end } = await openOutput(await text(one), one.append, state, io);
        opened.push(end);
        put(io, one.fd, stream);
        if (one.both) io.stderr = stream;
      }
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { io, close };
}

function put(io: Io, fd: number, stream: Writable): void {
  if (fd === 1) io.stdout = stream;
  else io.stderr = stream;
}

function inputOf(text: string): Readable {
  const stream = new PassThrough();
  stream.end(text);
  return stream;
}

async function openInput(name: string, state: State, io: Io): Promise<Readable> {
  if (name === '/dev/null') return inputOf('');
  if (name === '/dev/stdin') {
    const stream = new PassThrough();
    return io.stdin.pipe(stream);
  }
  try {
    const handle = await openToRead(insideOf(state, io), name);
    const stream = handle.createReadStream();
    stream.on('error', () => {}); // it was left before its end
    return stream;
  } catch (error) {
    throw failure(state, name, 'open', error);
  }
}

interface Output {
  stream: Writable;
  end(): Promise<void>;
}

async function openOutput(name: string, append: boolean, state: State, io: Io): Promise<Output> {
  const standard = name === '/dev/stdout' ? io.stdout : name === '/dev/stderr' ? io.stderr : null;
  if (standard) return { stream: standard, end: async () => {} };
  if (name === '/dev/null') {
    return { stream: new Writable({ write: (_piece, _encoding, done) => done() }), end: async () => {} };
  }
  try {
    const handle = await openToWrite(insideOf(state, io), name, { append });
    const stream = handle.createWriteStream();
    stream.on('error', () => {}); // the writer is told by its stream
    const closed = new Promise<void>((resolve) => stream.once('close', resolve));
    return {
      stream,
      async end() {
        stream.end();
        await closed;
      },
    };
  } catch (error) {
    throw failure(state, name, 'create', error);
  }
}

function failure({ flavour }: State, name: string, doing: 'open' | 'create', error: unknown): RedirectError {
  const why = reason(error);
  if (flavour === 'bash') return new RedirectError(`${name}: ${why}`, 1);
  const missing = doing === 'create' ? 'Directory nonexistent' : 'No such file';
  return new RedirectError(
    `cannot ${doing} ${name}: ${why === 'No such file or directory' ? missing : why}`,
    2,
  );
}
