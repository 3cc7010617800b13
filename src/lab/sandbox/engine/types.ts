import type { Readable, Writable } from 'node:stream';

/**
 * What the sandbox keeps where Docker keeps containers: two (or more) PostgreSQL servers as processes of this
 * machine, with the names, mounts and states that the same compose file would give to containers.
 */

export type RestartPolicy = 'no' | 'always' | 'on-failure' | 'unless-stopped';

export interface Mount {
  type: 'bind' | 'volume';
  /** Absolute path on this machine (bind), or the name of the volume. */
  source: string;
  /** Absolute path in the container. */
  target: string;
  readOnly: boolean;
}

/** What a container is made from. */
export interface ContainerSpec {
  name: string;
  /** Compose service and project; null for what `docker run` makes. */
  service: string | null;
  project: string | null;
  hostname: string;
  image: string;
  /** What the image's entrypoint is given: `['postgres', '-c', 'config_file=…']`. */
  command: string[];
  env: Record<string, string>;
  mounts: Mount[];
  /** `published`: port of this machine, null where it is not published. */
  ports: { target: number; published: number | null }[];
  /** Full names, as `docker network ls` prints them, and the names under which others reach it there. */
  networks: { name: string; aliases: string[] }[];
  restart: RestartPolicy;
  /** Changes when the service's part of the compose file changes: then `up` makes the container anew. */
  configHash: string;
}

type Status = 'created' | 'running' | 'restarting' | 'exited';

/** Written by the container's own supervisor process, read by everybody. */
export interface ContainerRuntime {
  status: Status;
  /** Of the last server process that ended; 137 after SIGKILL, as Docker tells it. */
  exitCode: number;
  /** Times that the restart policy started it again since `start`. */
  restartCount: number;
  /** ISO times; '' for never. */
  startedAt: string;
  finishedAt: string;
  /** The server's process, null when none runs. */
  pid: number | null;
  /** Why it could not be started; '' otherwise. */
  error: string;
}

export interface Container {
  /** 64 hex digits. */
  id: string;
  createdAt: string;
  spec: ContainerSpec;
  runtime: ContainerRuntime;
  /** Where its server really listens on this machine. */
  real: RealServer;
}

interface RealServer {
  /** TCP port on 127.0.0.1 that stands for `port` in the container; null when it is not running or listens nowhere. */
  tcpPort: number | null;
  /** Port inside the container, 5432 unless the learner's file says otherwise. */
  port: number;
  /** Folder of the Unix socket, in which its name is `.s.PGSQL.<socketPort>`. */
  socketFolder: string;
  socketPort: number;
  /** Data folder on this machine. */
  dataFolder: string;
  /** listen_addresses of the learner's files when the server started; null: not known. */
  listenAddresses: string | null;
  /** Its address on each network, by the network's name. Absent where all servers are on 127.0.0.1. */
  addresses?: Record<string, { address: string; prefix: number; gateway: string }>;
}

export interface Network {
  /** 64 hex digits. */
  id: string;
  name: string;
  /** Compose project that made it; null for the three that every engine has. */
  project: string | null;
  driver: string;
  createdAt: string;
  /** Of an engine that has real ones. */
  subnet?: { Subnet: string; Gateway: string };
}

export interface Volume {
  name: string;
  project: string | null;
  createdAt: string;
}

/** An engine's refusal, in the words that Docker uses: `Conflict. The container name "/leader" is already in use …`. */
export class EngineError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'EngineError';
  }

  /** What the sandbox itself refuses. It is not said in Docker's name. */
  get own(): boolean {
    return this.message.startsWith('the sandbox');
  }
}

/** A program to be run as in a container. */
export interface ProgramInside {
  /** The container of `docker exec`, which runs; null for that of `docker run`, which `spec` describes. */
  container: Container | null;
  spec: ContainerSpec | null;
  argv: string[];
  /** As typed; null: root, the image's own. */
  user: string | null;
  /** Added to the container's environment. */
  env: Record<string, string>;
  /** null: `/`. */
  workdir: string | null;
  stdin: Readable;
  stdout: Writable;
  stderr: Writable;
  terminal: boolean;
  signal: AbortSignal;
}

/** The engine behind a sandbox's `docker` command. All methods throw EngineError for what the engine would refuse. */
export interface Engine {
  /** Absolute real path of the learner's folder. */
  readonly workspace: string;
  /** Commands read no file outside of the workspace, not by a link either: what they print goes to somebody else. */
  readonly confined?: true;
  containers(): Promise<Container[]>;
  /** By name, id, or a unique beginning of the id; null when there is none. */
  find(reference: string): Promise<Container | null>;
  /** Makes a container, does not start it. Refuses a name that is taken. Missing bind sources become folders, as with Docker. */
  create(spec: ContainerSpec): Promise<Container>;
  /** Starts its server in the background, as the image's entrypoint does. Returns once the process is there, not once it is ready. */
  start(id: string): Promise<void>;
  /** Ends its server: SIGINT (fast shutdown), SIGKILL after `graceSeconds` (10 unless said otherwise). */
  stop(id: string, graceSeconds?: number): Promise<void>;
  /** Sends a signal to the container's first process, the server. */
  signal(id: string, signal: NodeJS.Signals): Promise<void>;
  /** Removes it. Refuses a running one unless forced; then it is killed first. `volumes`: its anonymous ones, too. */
  remove(id: string, options: { force: boolean; volumes: boolean }): Promise<void>;
  /** The log's file, as long as the log is now: all output of the server since it was created, each line as it wrote it. */
  logFile(id: string): Promise<string>;
  /** Runs a program in a container, or in a new one that is gone afterwards. Answers its exit code. */
  inside(program: ProgramInside): Promise<number>;
  networks(): Promise<Network[]>;
  createNetwork(name: string, project: string | null): Promise<Network>;
  /** Refuses one that containers are still on. */
  removeNetwork(name: string): Promise<void>;
  volumes(): Promise<Volume[]>;
  createVolume(name: string, project: string | null): Promise<Volume>;
  removeVolume(name: string): Promise<void>;
  /** Folder of a volume on this machine. */
  volumeFolder(name: string): string;
  /** Makes what the learner changed in mounted files known to the server, as far as a running container sees it. Call before asking a server. */
  refresh(): Promise<void>;
}
