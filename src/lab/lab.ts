import type {
  ComposeState,
  ContainerState,
  DataFolder,
  EngineState,
  ImageState,
  NodeName,
  ServerState,
} from '../observe/types.ts';

/** A server that could be asked. */
export type ServerUp = Extract<ServerState, { state: 'up' }>;

/** Something that keeps the lab from being used: one sentence, and the next step. */
export interface Problem {
  /** Stable name: `no-daemon`, `port-taken`, `foreign-container`, … */
  id: string;
  message: string;
  next: string;
}

/** The form of a documented command that fits this machine, and why it differs. `reasons` is empty when it does not. */
export interface Adaptation {
  command: string;
  reasons: string[];
}

export interface CommandResult {
  /** null when the command was ended by a signal. */
  exitCode: number | null;
  /** True when we ended it because the learner asked. */
  cancelled: boolean;
  durationMs: number;
}

export interface RunOptions {
  /** Called with text as it arrives, stdout and stderr together, in order. */
  onOutput(chunk: string): void;
  signal: AbortSignal;
}

/**
 * Runs SQL and returns the first column of the first row of the last statement, parsed as JSON (null: no row).
 * The SQL must cast its answer to text. Throws QueryError.
 */
export type Query = (sql: string) => Promise<unknown>;

/**
 * One of the two servers, in whatever this lab runs it. For one look: what `inspect` found stands for all that is
 * asked after it, so that it is looked for once. Take a new one for the next look.
 */
export interface LabNode {
  readonly name: NodeName;
  inspect(): Promise<ContainerState>;
  /**
   * Opens a short session on the server over TCP, as superuser. Throws QueryError when the server can't be asked.
   * Short, because the learner stops and restarts these servers all the time.
   */
  session<T>(use: (query: Query) => Promise<T>, options?: { database?: string }): Promise<T>;
  /** Last lines of the log, newest last. */
  logs(lines: number): Promise<string[]>;
  /** Looks into the data folder from outside the server, whoever owns it. */
  readData(): Promise<DataFolder>;
  /**
   * Puts back what the server said of itself, as the learner's files and a container have it: a lab that runs it
   * elsewhere than in a container has given it other paths and another port. `sql` is an expression that answers with
   * the JSON that `apply` needs for that. Absent where nothing is to be put back.
   */
  readonly asWritten?: { sql: string; apply(server: ServerUp, answer: unknown): ServerUp };
  /**
   * Puts a container's paths in place of the real ones in any text that the server said. Absent as `asWritten` is.
   */
  pathsAsWritten?(): Promise<(text: string) => string>;
}

/** Answer of a replication login over the network. `from` says from where it was tried. */
export type LoginAnswer =
  | { ok: true; systemId: string; timeline: number; from: string }
  | { ok: false; message: string; from: string };

/** A query that did not work. `code` is the SQLSTATE, or an errno such as ECONNREFUSED; '' when there is none. */
export class QueryError extends Error {
  readonly code: string;
  constructor(message: string, code: string) {
    super(message);
    this.name = 'QueryError';
    this.code = code;
  }
}

/** The place where commands run and servers live. */
export interface Lab {
  readonly kind: 'docker' | 'sandbox';
  /** The files in the workspace are somebody else's: no link is followed out of it, and no pipe is waited for. */
  readonly confined?: true;
  /** Absolute real path of the learner's folder. */
  readonly workspace: string;
  /** Compose project name. */
  readonly project: string;
  /** How a command is run here; also the environment of the learner's own shell. */
  readonly shell: { cwd: string; env: NodeJS.ProcessEnv };
  /** What keeps the lab from being used. Nothing wrong: []. */
  ready(signal?: AbortSignal): Promise<Problem[]>;
  engine(): Promise<EngineState>;
  image(): Promise<ImageState>;
  compose(): Promise<ComposeState>;
  node(name: NodeName): LabNode;
  /**
   * Logs in to the leader for replication, over the network, from another place than the leader itself, and asks
   * IDENTIFY_SYSTEM: the only proof of user, password, rule and network together.
   */
  replicationLogin(): Promise<LoginAnswer>;
  adapt(command: string): Promise<Adaptation>;
  run(command: string, options: RunOptions): Promise<CommandResult>;
  /** Removes what we made: containers, networks, data folders. Returns a line for each thing removed. */
  clear(signal?: AbortSignal): Promise<string[]>;
  close(): Promise<void>;
}
