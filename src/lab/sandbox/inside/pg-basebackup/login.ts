import { type Parameters, parseConninfo } from '../../conninfo.ts';
import { ConnectError, connect, placeOf } from '../connect.ts';
import { resolveTarget, type Target } from '../psql/target.ts';
import { openTerminal } from '../psql/terminal.ts';
import { pieces } from '../streams.ts';
import type { Inside, Route } from '../types.ts';
import { BackupError } from './errors.ts';
import type { Options } from './options.ts';
import type { Used } from './recovery-conf.ts';
import { Wire } from './wire.ts';

/** The server to copy from. Opens as many connections as are asked for, and keeps a password that was typed. */
export interface Source {
  /** Throws BackupError. */
  open(): Promise<Wire>;
  /** The connection's parameters, for -R. */
  used(): Used;
}

type Wanted = Pick<Options, 'conninfo' | 'host' | 'port' | 'user' | 'neverPrompt'>;

/** Throws ConninfoError. */
export function newSource(wanted: Wanted, inside: Inside): Source {
  const { env } = inside;
  const given: Parameters = wanted.conninfo === null ? new Map() : parseConninfo(wanted.conninfo);
  const target = targetOf(wanted, given, inside);
  let { password } = target;
  return {
    async open() {
      const route = await inside.network.route(target.host, target.port);
      const login = () => attempt(route, { ...target, password }, inside);
      const first = await login();
      if (first instanceof Wire) return first;
      if (!first.passwordNeeded || wanted.neverPrompt) throw new BackupError(first.message);
      password = await askPassword(inside);
      const second = await login();
      if (second instanceof Wire) return second;
      throw new BackupError(second.message);
    },
    used: () => ({
      user: target.user,
      password,
      host: target.host,
      port: target.port,
      application: given.get('application_name') || env.PGAPPNAME || null,
      connectTimeout: given.get('connect_timeout') || env.PGCONNECT_TIMEOUT || null,
      sslmode: given.get('sslmode') || env.PGSSLMODE || null,
      channelBinding: given.get('channel_binding') || env.PGCHANNELBINDING || null,
      gssencmode: given.get('gssencmode') || env.PGGSSENCMODE || null,
      home: env.HOME || (inside.user === 'root' ? '/root' : '/var/lib/postgresql'),
    }),
  };
}

/** Options win over the connection string here, unlike in psql. */
function targetOf(wanted: Wanted, given: Parameters, inside: Inside): Target {
  const host = wanted.host ?? given.get('host') ?? null;
  if (host?.includes(',') || inside.env.PGHOST?.includes(','))
    throw new BackupError("the sandbox's pg_basebackup does not know lists of hosts", 125);
  const target = resolveTarget(
    {
      host,
      port: wanted.port ?? given.get('port') ?? null,
      user: wanted.user ?? given.get('user') ?? null,
      dbname: null,
    },
    inside,
    'pg_basebackup',
  );
  return {
    ...target,
    database: 'replication',
    password: given.get('password') || target.password,
    application: given.get('application_name') || target.application,
    encrypted: /^(require|verify-)/.test(given.get('sslmode') ?? '') || target.encrypted,
  };
}

/** Opens a connection and hears its notices, or answers why there is none. */
async function attempt(route: Route, target: Target, inside: Inside): Promise<Wire | ConnectError> {
  // A stock server speaks no TLS. Only the network's names and addresses are reached by TCP that could have it.
  if (route.kind === 'tcp' && target.encrypted)
    return new ConnectError(
      `${placeOf(route.shown)} failed: server does not support SSL, but SSL was required`,
    );
  try {
    const { user, database, password, application } = target;
    const client = await connect(route, { user, database, password, application, replication: true });
    return new Wire(client, (text) => inside.stderr.write(`${text}\n`));
  } catch (error) {
    if (error instanceof ConnectError) return error;
    throw error;
  }
}

/** Without a terminal the real one asks all the same, and reads the first line of standard input. */
async function askPassword(inside: Inside): Promise<string> {
  if (inside.terminal) {
    const terminal = openTerminal(inside, () => {});
    try {
      return await terminal.secret('Password: ');
    } finally {
      terminal.close();
    }
  }
  inside.stderr.write('Password: ');
  let typed = '';
  for await (const piece of pieces(inside.stdin, inside.signal)) {
    typed += piece;
    if (typed.includes('\n')) break;
  }
  inside.stderr.write('\n');
  return typed.split('\n')[0] ?? '';
}
