import { ConninfoError } from '../conninfo.ts';
import { ConnectError, connect } from './connect.ts';
import { getopt, type OptionSpec } from './psql/getopt.ts';
import { PSQL_VERSION } from './psql/options.ts';
import { resolveTarget, SOCKET_FOLDER, type Target, type Wanted } from './psql/target.ts';
import type { Inside, Program } from './types.ts';

const SPECS: readonly OptionSpec[] = [
  { long: 'dbname', short: 'd', argument: true },
  { long: 'host', short: 'h', argument: true },
  { long: 'port', short: 'p', argument: true },
  { long: 'quiet', short: 'q' },
  { long: 'timeout', short: 't', argument: true },
  { long: 'username', short: 'U', argument: true },
  { long: 'version', short: 'V' },
  { long: 'help', short: '?' },
];

const ANSWERS = ['accepting connections', 'rejecting connections', 'no response', 'no attempt'] as const;

/** Asks whether a server accepts connections. Needs no valid user, password or database. */
export const pgIsReady: Program = async (argv, inside) => {
  const parsed = getopt(argv, SPECS);
  if (!parsed.ok) {
    inside.stderr.write(`${parsed.message}\n`);
    // 3: no attempt was made.
    return parsed.exitCode === 1 ? 3 : parsed.exitCode;
  }
  const wanted: Wanted = { host: null, port: null, dbname: null, user: null };
  let quiet = false;
  let timeoutMs = 3000;
  for (const word of parsed.words) {
    if (word.kind === 'word') {
      inside.stderr.write(`pg_isready: error: too many command-line arguments (first is "${word.value}")\n`);
      inside.stderr.write('Try "pg_isready --help" for more information.\n');
      return 3;
    }
    if (word.long === 'version') {
      inside.stdout.write(`pg_isready (PostgreSQL) ${PSQL_VERSION}\n`);
      return 0;
    }
    if (word.long === 'help') {
      inside.stdout.write(USAGE);
      return 0;
    }
    if (word.long === 'quiet') quiet = true;
    else if (word.long === 'timeout') timeoutMs = 1000 * (Number.parseInt(word.value, 10) || 0);
    else if (word.long === 'username') wanted.user = word.value;
    else if (word.long === 'host' || word.long === 'port' || word.long === 'dbname')
      wanted[word.long] = word.value;
  }
  const { code, place } = await check(inside, wanted, timeoutMs);
  if (!quiet && place !== null) inside.stdout.write(`${place} - ${ANSWERS[code]}\n`);
  return code;
};

interface Verdict {
  code: 0 | 1 | 2 | 3;
  /** `/var/run/postgresql:5432`; null where the parameters could not be read. */
  place: string | null;
}

async function check(inside: Inside, wanted: Wanted, timeoutMs: number): Promise<Verdict> {
  let target: Target;
  try {
    target = resolveTarget(wanted, inside, 'pg_isready');
  } catch (error) {
    if (!(error instanceof ConninfoError)) throw error;
    // The real one leaves a wrong port to the attempt, which then fails.
    if (wanted.port !== null) return { code: 2, place: `${wanted.host ?? SOCKET_FOLDER}:${wanted.port}` };
    inside.stderr.write(`pg_isready: error: ${error.message}\n`);
    return { code: 3, place: null };
  }
  const place = `${target.host ?? SOCKET_FOLDER}:${target.port}`;
  const late = new Promise<Verdict['code']>((resolve) => {
    if (timeoutMs > 0) setTimeout(() => resolve(2), timeoutMs).unref();
  });
  return { code: await Promise.race([attempt(inside, target), late]), place };
}

async function attempt(inside: Inside, target: Target): Promise<Verdict['code']> {
  if (target.host?.startsWith('/')) return 2;
  const route = await inside.network.route(target.host, target.port);
  try {
    const { user, database, password, application } = target;
    const client = await connect(route, { user, database, password, application });
    await client.end();
    return 0;
  } catch (error) {
    if (!(error instanceof ConnectError)) throw error;
    if (error.sqlState === '57P03') return 1;
    // Any other answer is one of a server that would let somebody in.
    return error.sqlState !== null || error.passwordNeeded ? 0 : 2;
  }
}

const USAGE = `pg_isready issues a connection check to a PostgreSQL database.

Usage:
  pg_isready [OPTION]...

  -d, --dbname=DBNAME      database name
  -h, --host=HOSTNAME      database server host
  -p, --port=PORT          database server port
  -q, --quiet              run quietly
  -t, --timeout=SECS       seconds to wait when attempting connection, 0 disables (default: 3)
  -U, --username=USERNAME  user name to connect as
`;
