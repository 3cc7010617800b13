/**
 * One snapshot of everything that checks need. Judges read this and nothing else, so a recorded observation
 * (plain JSON) is enough to test them.
 */

export type NodeName = 'leader' | 'follower';
export const NODES: readonly NodeName[] = ['leader', 'follower'];

export interface Observation {
  /** ISO time at which the snapshot was complete. */
  at: string;
  lab: 'docker' | 'sandbox';
  /** Absolute path of the learner's folder. */
  workspace: string;
  /** The compose project: the folder's name unless the learner says otherwise. */
  project: string;
  engine: EngineState;
  /** The image that the course names. */
  image: ImageState;
  /** Files of the workspace by relative path with `/`. A path that was asked for is always present. */
  files: Record<string, FileState>;
  compose: ComposeState;
  nodes: Record<NodeName, NodeState>;
  /** Results of the questions that must act. Only those that were asked for are here. */
  experiments: Experiments;
}

export type EngineState =
  | {
      state: 'up';
      /** Engine version, `28.2.2`. */
      version: string;
      os: string;
      arch: string;
      rootless: boolean;
      /** Compose version, `2.26.1`; null when `docker compose` is not there. */
      compose: string | null;
      /** The rule that found the endpoint: `DOCKER_HOST`, `docker context "desktop-linux"`, … */
      foundBy: string;
      endpoint: string;
    }
  | { state: 'down'; problem: string; next: string };

export type ImageState =
  | { state: 'present'; reference: string; id: string; arch: string; major: number | null }
  | { state: 'missing'; reference: string }
  | { state: 'unknown'; reference: string };

export type FileState =
  | { kind: 'missing' }
  | { kind: 'folder'; uid: number; mode: number /** null: we may not look inside. */; entries: number | null }
  | {
      kind: 'file';
      uid: number;
      mode: number;
      bytes: number;
      /** UTF-8 text; null when it is larger than 256 KiB or we may not read it. */
      text: string | null;
      /** For scripts only: what `bash -n` says; '' when it is content. */
      syntax?: string;
    }
  | { kind: 'other'; what: string };

export type ComposeState =
  | { state: 'missing' }
  /** `message` is what Docker Compose says of it. */
  | { state: 'invalid'; message: string }
  | { state: 'ok'; config: ComposeConfig }
  | { state: 'unknown'; message: string };

/** What `docker compose config --format json` resolves to; only the parts that we judge. */
export interface ComposeConfig {
  name: string;
  services: Record<string, ComposeService>;
  networks: Record<string, { name?: string; driver?: string; external?: boolean }>;
}

export interface ComposeService {
  image?: string;
  container_name?: string;
  hostname?: string;
  restart?: string;
  command?: string[] | string | null;
  entrypoint?: string[] | string | null;
  environment?: Record<string, string | null>;
  ports?: { target: number; published?: string; protocol?: string; host_ip?: string }[];
  volumes?: { type: string; source?: string; target: string; read_only?: boolean }[];
  networks?: Record<string, unknown>;
  depends_on?: Record<string, { condition: string }>;
}

export interface NodeState {
  container: ContainerState;
  server: ServerState;
  /** Only when a check asked for it: looking into a 0700 folder can take a helper container. */
  data?: DataFolder;
}

export type ContainerState =
  | { state: 'absent' }
  /** A container of the name that the course wants exists, but it belongs to something else. */
  | { state: 'foreign'; name: string; owner: string }
  | {
      state: 'running' | 'exited' | 'restarting' | 'paused' | 'created' | 'dead';
      id: string;
      name: string;
      image: string;
      imageId: string;
      exitCode: number;
      restartCount: number;
      startedAt: string;
      /** Address on the compose network, for comparison with pg_stat_replication.client_addr. */
      addresses: string[];
      networks: string[];
      /** Host port that leads to 5432 in the container; null when none does. */
      port: number | null;
      env: Record<string, string>;
      command: string[];
      mounts: { type: string; source: string; target: string }[];
    };

export type ServerState =
  /** `logs`: the last lines of the container's log, newest last. */
  | { state: 'down'; reason: string; logs: string[] }
  | {
      state: 'up';
      probe: Probe;
      /** Rules of pg_hba.conf for replication, as the file has them (not what is loaded). */
      hba: HbaState;
      /**
       * Last lines of the log, newest last. Read of a follower that did not replay the nonce: only its log tells a
       * slow one from one whose history has parted from the leader's. Absent where nobody asked.
       */
      logs?: string[];
    };

export type HbaState =
  | {
      state: 'read';
      rules: {
        line: number;
        type: string;
        database: string[];
        user: string[];
        address: string | null;
        method: string;
      }[];
      errors: { line: number; error: string }[];
    }
  | { state: 'unreadable'; message: string };

/** What one query tells of a server, primary or standby, PostgreSQL 14 to 18. LSNs are text such as `0/3027988`. */
export interface Probe {
  /** `server_version_num`, 140023. */
  version: number;
  systemId: string;
  inRecovery: boolean;
  /** On a primary the live timeline; on a standby the one received, null while nothing streams. */
  timeline: number | null;
  /** Current LSN of a primary, replayed LSN of a standby. */
  lsn: string | null;
  receivedLsn: string | null;
  replayPause: string | null;
  startedAt: string;
  confLoadedAt: string;
  /** True when pg_hba.conf was changed after the configuration was last loaded. */
  hbaChangedSinceLoad: boolean | null;
  settings: Record<string, Setting>;
  confErrors: { file: string | null; line: number | null; name: string | null; error: string | null }[];
  slots: Slot[];
  senders: Sender[];
  receiver: Receiver | null;
  /** Roles that may replicate or that the course names. `password` is the kind of verifier, never the verifier. */
  roles: {
    name: string;
    login: boolean;
    replication: boolean;
    superuser: boolean;
    password: 'none' | 'md5' | 'scram' | 'other';
  }[];
  databases: string[];
  /** Signal files in the data folder: standby.signal, recovery.signal, backup_label. */
  signals: string[];
  /** Bytes in pg_wal. */
  walBytes: number;
  /** Table the course is about, in the course's database; null when it is not there. */
  table: TableState | null;
  /** A table of that name in the maintenance database `postgres`: a common slip. */
  tableInPostgres: boolean;
}

export interface Setting {
  value: string;
  unit: string | null;
  source: string;
  file: string | null;
  line: number | null;
  pendingRestart: boolean;
}

export interface Slot {
  name: string;
  type: string;
  active: boolean;
  activePid: number | null;
  temporary: boolean;
  restartLsn: string | null;
  walStatus: string | null;
  /** Bytes of WAL between restart_lsn and the current LSN; null when nothing is reserved. */
  heldBytes: number | null;
}

export interface Sender {
  pid: number;
  user: string;
  application: string;
  address: string | null;
  state: string | null;
  sentLsn: string | null;
  flushLsn: string | null;
  replayLsn: string | null;
  /** Leader's LSN minus replay_lsn in bytes. NEGATIVE means that the standby went its own way (diverged). */
  lagBytes: number | null;
  /**
   * Seconds from the leader's flush of recent WAL to the news that it was replayed, as the leader measures them. While
   * replay stands still they grow with each message of the standby, every 10 s at the latest; null when there is no
   * news.
   */
  lagSeconds: number | null;
  syncState: string | null;
}

interface Receiver {
  pid: number | null;
  status: string;
  slot: string | null;
  host: string | null;
  port: number | null;
  timeline: number | null;
  /** Written to the file of WAL, and flushed to the disk. The first is 0/0 until something was received. */
  writtenLsn: string | null;
  flushedLsn: string | null;
}

export interface TableState {
  columns: { name: string; type: string; maxLength: number | null; nullable: boolean }[];
  primaryKey: string[];
  rowCount: number;
  /** First 100 rows as text, column order as in `columns`. */
  rows: (string | null)[][];
  /** Hash over all rows in primary key order. Equal contents, equal hash. */
  hash: string | null;
}

/** The node's data folder, read from outside the server. */
export type DataFolder =
  | { state: 'missing' }
  | { state: 'unreadable'; message: string }
  | {
      state: 'read';
      /** True when it holds nothing at all. */
      empty: boolean;
      /** Content of PG_VERSION, `14`; null when it is not there. */
      version: string | null;
      present: string[];
      /** From global/pg_control; null when it is not there. */
      control: ControlFile | null;
      /** postgresql.auto.conf, passwords masked. */
      autoConf: Record<string, string>;
    };

export interface ControlFile {
  systemId: string;
  /** DBState of pg_control.h: was it shut down as a primary or as a standby? */
  state:
    | 'starting up'
    | 'shut down'
    | 'shut down in recovery'
    | 'shutting down'
    | 'in crash recovery'
    | 'in archive recovery'
    | 'in production'
    | 'unknown';
  checkpoint: string;
  timeline: number;
}

export type ExperimentName = 'replication-login' | 'write-on-follower' | 'nonce';

export interface Experiments {
  /** IDENTIFY_SYSTEM over the network from another container than the leader, with the replication user's password. */
  'replication-login'?:
    | { state: 'accepted'; systemId: string; timeline: number; from: string }
    | { state: 'refused'; message: string; from: string }
    | { state: 'not-tried'; reason: string };
  /** A CREATE TABLE on the follower, rolled back whatever happens. */
  'write-on-follower'?:
    | { state: 'refused'; code: string; message: string }
    | { state: 'accepted' }
    | { state: 'not-tried'; reason: string };
  /** A WAL record written on the leader now, and whether the follower replayed it. */
  nonce?:
    | { state: 'arrived'; lsn: string; ms: number; leaderLsn: string; followerLsn: string }
    | { state: 'late'; lsn: string; waitedMs: number; leaderLsn: string; followerLsn: string | null }
    /** The follower is ahead of the leader: it wrote WAL of its own. `aheadBytes` > 0. */
    | { state: 'ahead'; lsn: string; aheadBytes: number; leaderLsn: string; followerLsn: string }
    | { state: 'not-tried'; reason: string };
}

/** A part of an observation. What was not asked for is left at its empty value. */
export type Part = 'engine' | 'image' | 'compose' | 'containers' | 'servers' | 'table';

/** What to look at. Only what the checks at hand need: each part costs time. */
export interface ObservationRequest {
  /** `servers` implies `containers`, `table` implies `servers`. */
  parts: readonly Part[];
  /** Workspace paths to read. */
  files: readonly string[];
  experiments: readonly ExperimentName[];
  /** Nodes whose data folder is to be read. */
  data: readonly NodeName[];
}
