import { getopt, type OptionSpec } from './psql/getopt.ts';

const SPECS: readonly OptionSpec[] = [
  { long: 'help', short: '?' },
  { long: 'version', short: 'V' },
  { long: 'pgdata', short: 'D', argument: true },
  { long: 'mode', short: 'm', argument: true },
  { long: 'silent', short: 's' },
  { long: 'timeout', short: 't', argument: true },
  { long: 'wait', short: 'w' },
  { long: 'no-wait', short: 'W' },
  { long: 'core-files', short: 'c', foreign: true },
  { long: 'log', short: 'l', argument: true, foreign: true },
  { long: 'options', short: 'o', argument: true, foreign: true },
];

/** Operations of the real one that make no sense for a server that is the first process of its container. */
const FOREIGN: Record<string, string> = {
  init: 'The server makes its cluster at its first start',
  initdb: 'The server makes its cluster at its first start',
  start: 'Use docker start',
  restart: 'Use docker restart',
  logrotate: 'The log is in docker logs',
  kill: 'Use docker kill',
};

const SHUTDOWN_SIGNALS: Record<string, NodeJS.Signals> = {
  s: 'SIGTERM',
  smart: 'SIGTERM',
  f: 'SIGINT',
  fast: 'SIGINT',
  i: 'SIGQUIT',
  immediate: 'SIGQUIT',
};

export const TRY = 'Try "pg_ctl --help" for more information.';

/** A message for stderr and the exit code with it. */
export class CtlError extends Error {
  readonly exitCode: number;
  constructor(message: string, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

export interface Request {
  operation: Operation;
  directory: string | null;
  signal: NodeJS.Signals;
  silent: boolean;
  seconds: number;
  wait: boolean;
}

const OPERATIONS = ['reload', 'status', 'promote', 'stop'] as const;
export type Operation = (typeof OPERATIONS)[number];

/** Reads pg_ctl's command line; `argv` begins with its name. Throws CtlError. */
export function readRequest(argv: readonly string[]): Request {
  const parsed = getopt(argv, SPECS);
  // The image starts pg_ctl by its name, not by its path.
  if (!parsed.ok) throw new CtlError(parsed.message.replace(/^\/\S*\/pg_ctl:/, 'pg_ctl:'), parsed.exitCode);
  const request = {
    directory: null as string | null,
    signal: 'SIGINT' as NodeJS.Signals,
    silent: false,
    seconds: 60,
    wait: true,
  };
  const words: string[] = [];
  for (const word of parsed.words) {
    if (word.kind === 'word') words.push(word.value);
    else if (word.long === 'pgdata') request.directory = word.value;
    else if (word.long === 'silent') request.silent = true;
    else if (word.long === 'timeout') request.seconds = Number.parseInt(word.value, 10) || 0;
    else if (word.long === 'wait' || word.long === 'no-wait') request.wait = word.long === 'wait';
    else if (word.long === 'mode') {
      const signal = SHUTDOWN_SIGNALS[word.value];
      if (signal === undefined)
        throw new CtlError(`pg_ctl: unrecognized shutdown mode "${word.value}"\n${TRY}`);
      request.signal = signal;
    }
  }
  const [operation, extra] = words;
  if (operation === undefined) throw new CtlError(`pg_ctl: no operation specified\n${TRY}`);
  const hint = FOREIGN[operation];
  if (hint !== undefined)
    throw new CtlError(`the sandbox does not know the operation ${operation} of pg_ctl\n${hint}.`, 125);
  const known = OPERATIONS.find((one) => one === operation);
  if (known === undefined) throw new CtlError(`pg_ctl: unrecognized operation mode "${operation}"\n${TRY}`);
  if (extra !== undefined)
    throw new CtlError(`pg_ctl: too many command-line arguments (first is "${operation}")\n${TRY}`);
  return { ...request, operation: known };
}

export const USAGE = `pg_ctl is a utility to initialize, start, stop, or control a PostgreSQL server. This is the sandbox's own, smaller one.

Usage:
  pg_ctl reload     [-D DATADIR] [-s]
  pg_ctl status     [-D DATADIR]
  pg_ctl promote    [-D DATADIR] [-W] [-t SECS] [-s]
  pg_ctl stop       [-D DATADIR] [-m SHUTDOWN-MODE] [-W] [-t SECS] [-s]

  -D, --pgdata=DATADIR   location of the database storage area
  -s, --silent           only print errors, no informational messages
  -t, --timeout=SECS     seconds to wait when using -w option
  -w, --wait             wait until operation completes (default)
  -W, --no-wait          do not wait until operation completes
  -m, --mode=MODE        MODE can be "smart", "fast", or "immediate"
If the -D option is omitted, the environment variable PGDATA is used.
`;
