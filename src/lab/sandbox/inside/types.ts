import type { Readable, Writable } from 'node:stream';

/** A program of the image, as far as the sandbox knows it. `argv` begins with its name. Answers its exit code. */
export type Program = (argv: string[], inside: Inside) => Promise<number>;

/** Where a program runs: what a process in the container would find around itself. */
export interface Inside {
  /** System user of the container: `root`, `postgres`, or a number. */
  user: string;
  env: Record<string, string>;
  /** Working folder, a path of the container. */
  cwd: string;
  stdin: Readable;
  stdout: Writable;
  stderr: Writable;
  /** A terminal is at both ends (`-it`). */
  terminal: boolean;
  signal: AbortSignal;
  files: Files;
  network: Network;
  /** The server of this very container; null in one that `docker run` made for another program. */
  server: Server | null;
}

/** What `pg_ctl` needs of the container's own server. */
export interface Server {
  /** Process number of the postmaster here, null when it is not running. */
  pid(): Promise<number | null>;
  /** Makes mounted files known, then SIGHUP. */
  reload(): Promise<void>;
  /** Sends a signal to the postmaster. */
  signal(signal: NodeJS.Signals): Promise<void>;
  /** The data folder as a path of the container. */
  dataFolder: string;
  /** What it was started with, in paths of the container: `['postgres', '-c', 'config_file=…']`. */
  command: readonly string[];
}

/** The container's file system: only what is mounted exists. */
export interface Files {
  /**
   * The real path for a path of the container (relative ones from `cwd`), links resolved as in the container.
   * null where nothing is mounted, or where it would leave the mounts. The last part need not exist.
   */
  real(containerPath: string, cwd: string): Promise<RealPath | null>;
  /** Paths of the container that match a shell pattern, sorted; [] when none does. */
  glob(pattern: string, cwd: string): Promise<string[]>;
  /** Name of the owner as the container would print it: `postgres` for the server's user, `root`. */
  ownerName(uid: number): string;
  /** Real user and group for a name or number of the container; null for a user that is not known there. */
  account(name: string): { uid: number; gid: number } | null;
}

export interface RealPath {
  /** Absolute path on this machine. */
  path: string;
  readOnly: boolean;
  /** It is a mount itself: it can be emptied, not removed ("Device or resource busy"). */
  mountPoint: boolean;
}

/** How a client in the container finds servers. */
export interface Network {
  /** `host` null: the container's own Unix socket. Ports are the container's. */
  route(host: string | null, port: number): Promise<Route>;
}

export type Route =
  /** Also 127.0.0.1 and localhost of the container: only connections from inside come by them, and they are trusted. */
  | { kind: 'socket'; folder: string; port: number; shown: Shown }
  | { kind: 'tcp'; port: number; shown: Shown }
  /** The name or address is known, but nothing listens there. */
  | { kind: 'refused'; shown: Shown }
  /** No such socket file: the server is not running. */
  | { kind: 'no-socket'; shown: Shown }
  | { kind: 'unknown-host'; host: string };

/** The server as the client names it in messages. */
export interface Shown {
  /** `/var/run/postgresql/.s.PGSQL.5432`, or null for TCP. */
  socket: string | null;
  host: string;
  address: string;
  port: number;
}
