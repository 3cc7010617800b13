import { ConninfoError, type Parameters, readConninfo, writeConninfo } from '../conninfo.ts';

/** Where a name and port of the network really are: a port of 127.0.0.1; 0 where nobody listens; null for a name that is not known. */
export type Locate = (host: string, port: number) => number | null;

/** A port on which nobody listens: a connection to it is refused at once. */
const NOBODY_LISTENS = 1;

/**
 * A standby's primary_conninfo for the server that runs here. Its own stays in its file as it is; the server gets
 * the address and port behind the name on its command line. null where there is nothing to change.
 */
export function realConninfo(conninfo: string, locate: Locate): string | null {
  const written = readable(conninfo);
  const host = written?.get('host');
  if (!written || !host || host.startsWith('/')) return null;
  const port = locate(host, Number(written.get('port') ?? 5432));
  if (port === null) return null;
  const real = new Map(written);
  real.set('hostaddr', '127.0.0.1').set('port', String(port === 0 ? NOBODY_LISTENS : port));
  return writeConninfo(real);
}

/** null for one that the server, too, can't read: it says so in its log. */
function readable(conninfo: string): Parameters | null {
  try {
    return readConninfo(conninfo);
  } catch (error) {
    if (error instanceof ConninfoError) return null;
    throw error;
  }
}
