/** What a `docker` command line asks for, after parsing and before anything is done. One action, one interpretation. */
export type Action =
  | ({ kind: 'compose-up' } & ComposeScope & {
        services: string[];
        detach: boolean;
        wait: boolean;
        forceRecreate: boolean;
        noRecreate: boolean;
        noDeps: boolean;
        removeOrphans: boolean;
        graceSeconds: number | null;
      })
  | ({ kind: 'compose-down' } & ComposeScope & {
        volumes: boolean;
        removeOrphans: boolean;
        graceSeconds: number | null;
      })
  | ({ kind: 'compose-stop' | 'compose-restart' } & ComposeScope & {
        services: string[];
        graceSeconds: number | null;
      })
  | ({ kind: 'compose-start' } & ComposeScope & { services: string[] })
  | ({ kind: 'compose-rm' } & ComposeScope & {
        services: string[];
        stop: boolean;
        volumes: boolean;
      })
  | ({ kind: 'compose-ps' } & ComposeScope & {
        services: string[];
        all: boolean;
        quiet: boolean;
        format: string | null;
        listServices: boolean;
      })
  | ({ kind: 'compose-logs' } & ComposeScope & LogOptions & { services: string[]; prefix: boolean })
  | ({ kind: 'compose-exec' } & ComposeScope & { service: string } & ExecOptions)
  | ({ kind: 'compose-run' } & ComposeScope & {
        service: string;
        noDeps: boolean;
        /** Neither asked for nor refused: a terminal where the screen is at stdout. */
        ttyOnScreen: boolean;
      } & OneOffOptions)
  | ({ kind: 'compose-config' } & ComposeScope & {
        format: 'yaml' | 'json';
        quiet: boolean;
        list: 'services' | 'volumes' | 'images' | null;
      })
  | { kind: 'compose-version'; short: boolean; format: 'pretty' | 'json' }
  | { kind: 'compose-ls'; all: boolean }
  | ({ kind: 'exec'; container: string } & ExecOptions)
  | ({ kind: 'run'; image: string } & RunOptions)
  | { kind: 'ps'; all: boolean; quiet: boolean; noTrunc: boolean; filters: string[]; format: string | null }
  | ({ kind: 'logs'; container: string } & LogOptions)
  | { kind: 'inspect'; names: string[]; format: string | null; type: string | null }
  | { kind: 'start'; names: string[] }
  | { kind: 'stop' | 'restart'; names: string[]; graceSeconds: number | null }
  | { kind: 'kill'; names: string[]; signal: string }
  | { kind: 'rm'; names: string[]; force: boolean; volumes: boolean }
  | {
      kind: 'network-ls' | 'volume-ls' | 'image-ls';
      quiet: boolean;
      format: string | null;
      filters: string[];
      names: string[];
    }
  | { kind: 'network-inspect' | 'volume-inspect'; names: string[]; format: string | null }
  | { kind: 'pull'; image: string; quiet: boolean }
  | { kind: 'version' | 'info'; format: string | null }
  | { kind: 'client-version' }
  | { kind: 'help'; topic: string[] };

/** Options of `docker compose` that come before its verb. Paths as typed. */
export interface ComposeScope {
  files: string[];
  project: string | null;
  directory: string | null;
}

export interface ExecOptions {
  argv: string[];
  interactive: boolean;
  tty: boolean;
  /** As typed, `postgres` or `999:999`; null for the image's own, root. */
  user: string | null;
  /** `NAME=value`, or `NAME` for the value that it has here. */
  env: string[];
  workdir: string | null;
  detach: boolean;
}

interface RunOptions extends OneOffOptions {
  network: string | null;
}

interface OneOffOptions extends ExecOptions {
  remove: boolean;
  name: string | null;
  /** `source:target[:mode]`, as typed. */
  volumes: string[];
  entrypoint: string | null;
}

export interface LogOptions {
  follow: boolean;
  /** null: all. */
  tail: number | null;
  timestamps: boolean;
}

export type Parsed =
  | { ok: true; action: Action }
  /** 125 with `the sandbox does not know …`; 1 where Docker itself would refuse the line (a missing name). */
  | { ok: false; message: string; exitCode: number };
