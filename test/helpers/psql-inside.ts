import { Readable, Writable } from 'node:stream';
import type { Inside, Program, Route } from '../../src/lab/sandbox/inside/types.ts';
import type { PlainServer } from './plain-server.ts';

export interface Said {
  stdout: string;
  stderr: string;
  code: number;
}

export interface Surroundings {
  stdin?: string | Readable;
  env?: Record<string, string>;
  user?: string;
  /** Paths of the container, and the real files at them. */
  files?: Record<string, string>;
  signal?: AbortSignal;
  /** A terminal is at both ends. */
  terminal?: boolean;
  /** Sees all output as it comes. */
  onOutput?: (text: string) => void;
}

/** Runs a program of the image as in a container whose own server is the plain one, with port 5432. */
export async function runInside(
  program: Program,
  argv: string[],
  server: Pick<PlainServer, 'port' | 'socketFolder'>,
  {
    stdin = '',
    env = {},
    user = 'postgres',
    files = {},
    signal,
    terminal = false,
    onOutput,
  }: Surroundings = {},
): Promise<Said> {
  const stdout = collector(onOutput);
  const stderr = collector(onOutput);
  const inside: Inside = {
    user,
    env,
    cwd: '/',
    stdin: typeof stdin === 'string' ? Readable.from(stdin === '' ? [] : [Buffer.from(stdin)]) : stdin,
    stdout: stdout.stream,
    stderr: stderr.stream,
    terminal,
    signal: signal ?? new AbortController().signal,
    files: {
      real: async (name) => {
        const found = files[name];
        return found === undefined ? null : { path: found, readOnly: true, mountPoint: false };
      },
      glob: async () => [],
      ownerName: () => 'postgres',
      account: () => null,
    },
    network: { route: async (host, port) => routeTo(server, host, port) },
    server: null,
  };
  const code = await program(argv, inside);
  return { stdout: stdout.text(), stderr: stderr.text(), code };
}

/** Only port 5432 of the container itself has a server; no other host is known. */
function routeTo(
  server: Pick<PlainServer, 'port' | 'socketFolder'>,
  host: string | null,
  port: number,
): Route {
  const socket = host === null ? `/var/run/postgresql/.s.PGSQL.${port}` : null;
  const shown = { socket, host: host ?? '', address: '127.0.0.1', port };
  if (host !== null && host !== '127.0.0.1' && host !== 'localhost') return { kind: 'unknown-host', host };
  if (port !== 5432) return { kind: host === null ? 'no-socket' : 'refused', shown };
  return host === null
    ? { kind: 'socket', folder: server.socketFolder, port: server.port, shown }
    : { kind: 'tcp', port: server.port, shown };
}

function collector(onOutput: Surroundings['onOutput']) {
  const pieces: Buffer[] = [];
  const stream = new Writable({
    write(piece, _, done) {
      pieces.push(Buffer.from(piece));
      onOutput?.(String(piece));
      done();
    },
  });
  return { stream, text: () => Buffer.concat(pieces).toString() };
}
