import { ConninfoError, isConninfo, type Parameters, parseConninfo } from '../../conninfo.ts';
import type { Inside } from '../types.ts';

/** Which server psql goes to, and as whom. */
export interface Target {
  /** null: the container's own socket. */
  host: string | null;
  port: number;
  database: string;
  user: string;
  password: string | undefined;
  replication: boolean | 'database';
  application: string;
  options: string | undefined;
  /** `sslmode` asks for an encrypted connection, which a stock server has not. */
  encrypted: boolean;
}

/** What was typed; null for what was not. */
export interface Wanted {
  host: string | null;
  port: string | null;
  dbname: string | null;
  user: string | null;
}

export const SOCKET_FOLDER = '/var/run/postgresql';

/**
 * Completes what was typed as libpq does: a connection string wins over options, then come the environment
 * (PGHOST, PGUSER …) and the system user. Throws ConninfoError.
 */
export function resolveTarget(
  wanted: Wanted,
  inside: Pick<Inside, 'env' | 'user'>,
  application: string,
): Target {
  const { env } = inside;
  const conninfo: Parameters =
    wanted.dbname !== null && isConninfo(wanted.dbname) ? parseConninfo(wanted.dbname) : new Map();
  const plainName = wanted.dbname !== null && isConninfo(wanted.dbname) ? null : wanted.dbname;
  const pick = (key: string, typed: string | null, variable: string) =>
    conninfo.get(key) || typed || env[variable] || null;
  const user = pick('user', wanted.user, 'PGUSER') ?? systemUser(inside.user);
  return {
    host: hostOf(pick('host', wanted.host, 'PGHOST')),
    port: portOf(pick('port', wanted.port, 'PGPORT')),
    database: pick('dbname', plainName, 'PGDATABASE') ?? user,
    user,
    password: conninfo.get('password') || env.PGPASSWORD || undefined,
    replication: replicationOf(conninfo.get('replication')),
    application:
      conninfo.get('application_name') ||
      env.PGAPPNAME ||
      conninfo.get('fallback_application_name') ||
      application,
    options: conninfo.get('options') || env.PGOPTIONS || undefined,
    encrypted: /^(require|verify-)/.test(conninfo.get('sslmode') ?? env.PGSSLMODE ?? ''),
  };
}

function hostOf(host: string | null): string | null {
  if (host?.includes(','))
    throw new ConninfoError(`the sandbox's psql does not know lists of hosts: "${host}"`, 125);
  return host?.replace(/\/+$/, '') === SOCKET_FOLDER ? null : host;
}

function portOf(typed: string | null): number {
  const port = Number(typed ?? 5432);
  if (!Number.isInteger(port) || !/^\s*\d+\s*$/.test(typed ?? '0'))
    throw new ConninfoError(`invalid integer value "${typed}" for connection option "port"`, 2);
  if (port < 1 || port > 65_535) throw new ConninfoError(`invalid port number: "${typed}"`, 2);
  return port;
}

function replicationOf(value: string | undefined): Target['replication'] {
  if (value === 'database') return 'database';
  return ['true', 'on', 'yes', '1'].includes(value ?? '');
}

/** Name for a user of the container: libpq looks a number up in its password file. */
function systemUser(user: string): string {
  const [name = ''] = user.split(':');
  if (name === '0' || name === '') return 'root';
  if (name === '999') return 'postgres';
  if (/^\d+$/.test(name)) throw new ConninfoError(`local user with ID ${name} does not exist`, 2);
  return name;
}
