import { writeConninfo } from '../../conninfo.ts';

/** What pg_basebackup knows of its own connection, by libpq's names and as it was given. */
export interface Used {
  user: string;
  password: string | undefined;
  /** null: the socket. */
  host: string | null;
  port: number;
  /** Only where one was asked for. */
  application: string | null;
  connectTimeout: string | null;
  sslmode: string | null;
  channelBinding: string | null;
  gssencmode: string | null;
  /** Of the system user. */
  home: string;
}

/**
 * The lines that -R adds to postgresql.auto.conf: all parameters of the connection, also those at their defaults, in
 * libpq's order, as the official build of version 14 writes them.
 */
export function recoveryConf(used: Used, slot: string | null): string {
  const parameters: [string, string | null][] = [
    ['user', used.user],
    ['password', used.password ?? null],
    // Where no password is given, libpq looks for one in this file.
    ['passfile', used.password === undefined ? `${used.home.replace(/\/$/, '')}/.pgpass` : null],
    ['channel_binding', used.channelBinding ?? 'prefer'],
    ['connect_timeout', used.connectTimeout],
    ['host', used.host],
    ['port', String(used.port)],
    ['application_name', used.application],
    ['sslmode', used.sslmode ?? 'prefer'],
    ['sslcompression', '0'],
    ['sslsni', '1'],
    ['ssl_min_protocol_version', 'TLSv1.2'],
    ['gssencmode', used.gssencmode ?? 'prefer'],
    ['krbsrvname', 'postgres'],
    ['target_session_attrs', 'any'],
  ];
  const conninfo = writeConninfo(
    parameters.filter((one): one is [string, string] => one[1] !== null && one[1] !== ''),
  );
  const lines = [`primary_conninfo = '${inConf(conninfo)}'`];
  if (slot !== null) lines.push(`primary_slot_name = '${slot}'`);
  return `${lines.join('\n')}\n`;
}

/** A string of postgresql.conf: quotes and backslashes twice. */
const inConf = (value: string): string => value.replace(/['\\]/g, '$&$&');
