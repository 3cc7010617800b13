import { constants, open, opendir, rename, rm, unlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable, Writable } from 'node:stream';

/** A command that a script asks for. */
export interface Ask {
  program: string;
  argv: string[];
  cwd: string;
  /** Its input is a pipe or a file: there would be no terminal either where the script was run by hand. */
  redirected: boolean;
  env: Record<string, string>;
  stdin: Readable;
  stdout: Writable;
  stderr: Writable;
  signal: AbortSignal;
}

/** What a script may ask for at most. */
const MOST = {
  /** Bytes of one ask, words and variables together. */
  ask: 256 * 1024,
  stdin: 64 * 1024 * 1024,
  atOnce: 8,
  inAll: 2000,
  /** Files in the folder, all told. */
  files: 5000,
  /** Pieces of an answer that were not shown yet. */
  pieces: 8,
  piece: 1024 * 1024,
};

const POLL_MS = 10;
/** An ask that is not complete by then never will be. */
const WRITING_MS = 3000;
const NAME = /^\d{1,10}\.\d{1,12}$/;

export interface SpoolOptions {
  /** The script writes here. */
  asks: string;
  /** Only we write here. */
  answers: string;
  /** Runs a command and answers its exit code. */
  serve(ask: Ask): Promise<number>;
  /** Told once, of a script that asks for too much: the script must be ended. */
  tooMuch(what: string): void;
  /** Told of what `serve` throws. */
  failed(error: unknown): void;
}

interface Call {
  name: string;
  done: Promise<void>;
  /** Looks at what the script has written for it since the last time. */
  tick(files: ReadonlySet<string>): Promise<void>;
  abort(): void;
}

/** Serves what a script asks for, until it is closed. */
export function openSpool(options: SpoolOptions): { close(): Promise<void> } {
  const calls = new Map<string, Call>();
  const seen = new Map<string, number>();
  const waiting: Parsed[] = [];
  let taken = 0;
  let closed = false;
  let said = false;
  const complain = (what: string) => {
    if (!said) options.tooMuch(what);
    said = true;
  };

  async function take(files: ReadonlySet<string>): Promise<void> {
    for (const file of files) {
      if (!file.endsWith('.ask')) continue;
      const name = file.slice(0, -'.ask'.length);
      const first = seen.get(name) ?? Date.now();
      seen.set(name, first);
      if (!NAME.test(name)) complain(`a file of its own making in the folder for commands`);
      else {
        const parsed = await readAsk(options.asks, name);
        if (parsed === 'incomplete') {
          if (Date.now() - first > WRITING_MS) complain('a command that is not complete');
          continue;
        }
        if (parsed === 'refused') complain(`a command that is longer than ${MOST.ask / 1024} KB, or no file`);
        else waiting.push(parsed);
      }
      await unlink(path.join(options.asks, file)).catch(() => {});
    }
    while (waiting.length > 0 && calls.size < MOST.atOnce && !said) {
      const next = waiting.shift() as Parsed;
      taken += 1;
      if (taken > MOST.inAll) complain(`more than ${MOST.inAll} commands`);
      else begin(next);
    }
  }

  function begin(parsed: Parsed): void {
    const call = openCall(parsed, options, complain);
    calls.set(parsed.name, call);
    void call.done.then(() => calls.delete(parsed.name));
  }

  const loop = (async () => {
    while (!closed) {
      try {
        const files = await namesIn(options.asks);
        if (files === null) complain(`more than ${MOST.files} files in the folder for commands`);
        else {
          if (!said) await take(files);
          await Promise.all([...calls.values()].map((call) => call.tick(files)));
        }
      } catch (error) {
        options.failed(error);
      }
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  })();

  return {
    async close() {
      closed = true;
      await loop;
      for (const call of calls.values()) call.abort();
      await Promise.all([...calls.values()].map(({ done }) => done));
    },
  };
}

/** The names of a folder's entries; null when there are too many to look at. */
async function namesIn(folder: string): Promise<Set<string> | null> {
  const names = new Set<string>();
  for await (const { name } of await opendir(folder)) {
    names.add(name);
    if (names.size > MOST.files) return null;
  }
  return names;
}

interface Parsed {
  name: string;
  program: string;
  cwd: string;
  redirected: boolean;
  env: Record<string, string>;
  argv: string[];
}

/** Opens a file that the script wrote. Never a link, and a pipe holds nobody up. */
const openPlain = (folder: string, name: string) =>
  open(path.join(folder, name), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);

async function readAsk(folder: string, name: string): Promise<Parsed | 'incomplete' | 'refused'> {
  const handle = await openPlain(folder, `${name}.ask`).catch(() => null);
  if (!handle) return 'refused';
  try {
    const stats = await handle.stat();
    if (!stats.isFile() || stats.size > MOST.ask) return 'refused';
    const buffer = Buffer.alloc(stats.size);
    const { bytesRead } = await handle.read(buffer, 0, stats.size, 0);
    const [count = '', ...fields] = buffer.subarray(0, bytesRead).toString('utf8').split('\0');
    if (fields.length <= Number(count)) return 'incomplete'; // the last one ends with a zero, too
    const [program = '', cwd = '/', redirected = '0', variables = '0'] = fields;
    const first = 4 + Number(variables);
    const env = Object.fromEntries(
      fields.slice(4, first).map((one) => {
        const at = one.indexOf('=');
        return [one.slice(0, at), one.slice(at + 1)];
      }),
    );
    const argv = fields.slice(first, Number(count));
    return { name, program, cwd: path.resolve('/', cwd), redirected: redirected === '1', env, argv };
  } finally {
    await handle.close();
  }
}

function openCall(
  { name, ...asked }: Parsed,
  { asks, answers, serve, failed }: SpoolOptions,
  complain: (what: string) => void,
): Call {
  const controller = new AbortController();
  const file = (ending: string) => path.join(answers, `${name}.${ending}`);
  let piece = 0;
  let shown = 0;
  let room: (() => void) | undefined;
  let last: Promise<void> = Promise.resolve();
  // Both streams are one row of pieces, so that they are shown in order.
  const put = (ending: string, content: Buffer | string): Promise<void> => {
    last = last.then(async () => {
      while (piece - shown >= MOST.pieces && !controller.signal.aborted)
        await new Promise<void>((resolve) => {
          room = resolve;
        });
      if (controller.signal.aborted && ending !== 'end') return;
      const draft = file('draft');
      await writeFile(draft, content);
      await rename(draft, file(`${piece}.${ending}`));
      piece += 1;
    });
    return last;
  };
  const input = openInput(asks, name, () => void writeFile(file('want'), '').catch(failed));
  const abort = () => {
    controller.abort();
    room?.();
  };
  const done = (async () => {
    let code = 125;
    try {
      const streams = { stdout: writer(put, 'out'), stderr: writer(put, 'err') };
      code = await serve({ ...asked, ...streams, stdin: input.stream, signal: controller.signal });
      await Promise.all(
        Object.values(streams).map((one) => new Promise<void>((resolve) => one.end(resolve))),
      );
    } catch (error) {
      failed(error);
    }
    await put('end', `${code}\n`).catch(failed);
    input.stream.destroy();
  })();
  return {
    name,
    done,
    abort,
    async tick(files) {
      if (files.has(`${name}.stop`)) abort();
      while (shown < piece && files.has(`${name}.${shown}`)) {
        await unlink(path.join(asks, `${name}.${shown}`)).catch(() => {});
        for (const ending of ['out', 'err']) await rm(file(`${shown}.${ending}`), { force: true });
        shown += 1;
      }
      if (piece - shown < MOST.pieces) room?.();
      if ((await input.tick(files)) === 'too much') {
        complain(`more than ${MOST.stdin / 1024 / 1024} MB of input for a command`);
        abort();
      }
    },
  };
}

function writer(put: (ending: string, content: Buffer) => Promise<void>, ending: string): Writable {
  const write = (chunks: Buffer[], done: (error?: Error) => void) => {
    const all = Buffer.concat(chunks);
    const parts: Promise<void>[] = [];
    for (let at = 0; at < all.length; at += MOST.piece)
      parts.push(put(ending, all.subarray(at, at + MOST.piece)));
    Promise.all(parts).then(() => done(), done);
  };
  return new Writable({
    write: (chunk: Buffer, _, done) => write([chunk], done),
    writev: (chunks, done) =>
      write(
        chunks.map(({ chunk }) => chunk as Buffer),
        done,
      ),
  });
}

/** What the script feeds to a command. Asked for when somebody reads it. */
function openInput(folder: string, name: string, want: () => void) {
  let wanted = false;
  let offset = 0;
  const stream = new Readable({
    read() {
      if (!wanted) want();
      wanted = true;
    },
  });
  return {
    stream,
    async tick(files: ReadonlySet<string>): Promise<'too much' | undefined> {
      if (!wanted || stream.destroyed || stream.readableEnded || stream.readableLength > MOST.piece) return;
      const handle = await openPlain(folder, `${name}.in`).catch(() => null);
      if (!handle) return;
      try {
        const stats = await handle.stat();
        if (!stats.isFile() || stats.size > MOST.stdin) return 'too much';
        const buffer = Buffer.alloc(Math.min(MOST.piece, stats.size - offset));
        const { bytesRead } = await handle.read(buffer, 0, buffer.length, offset);
        offset += bytesRead;
        if (bytesRead > 0) stream.push(buffer.subarray(0, bytesRead));
        else if (files.has(`${name}.eof`)) stream.push(null);
      } finally {
        await handle.close();
      }
    },
  };
}
