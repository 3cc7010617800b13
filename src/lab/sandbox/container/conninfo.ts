/** Where a name and port of the network really are: a port of 127.0.0.1; 0 where nobody listens; null for a name that is not known. */
export type Locate = (host: string, port: number) => number | null;

/** A port on which nobody listens: a connection to it is refused at once. */
const NOBODY_LISTENS = 1;

/**
 * A standby's primary_conninfo for the server that runs here. Its own stays in its file as it is; the server gets
 * the address and port behind the name on its command line. null where there is nothing to change.
 */
export function realConninfo(conninfo: string, locate: Locate): string | null {
  const host = keyword(conninfo, 'host');
  if (host === null || host.startsWith('/')) return null;
  const port = locate(host, Number(keyword(conninfo, 'port') ?? 5432));
  if (port === null) return null;
  const bare = conninfo.replace(PAIR, (pair, key: string) =>
    key === 'port' || key === 'hostaddr' ? '' : pair,
  );
  return `${bare.trim()} hostaddr=127.0.0.1 port=${port === 0 ? NOBODY_LISTENS : port}`;
}

/** One `key = value` of a connection string, the value perhaps in quotes. */
const PAIR = /\b([a-z_]+)\s*=\s*('(?:[^'\\]|\\.)*'|(?:\\.|[^\s\\])*)\s*/g;

function keyword(conninfo: string, wanted: string): string | null {
  let found: string | null = null;
  for (const [, key, value = ''] of conninfo.matchAll(PAIR)) {
    if (key === wanted) found = value.startsWith("'") ? value.slice(1, -1).replace(/\\(.)/g, '$1') : value;
  }
  return found;
}
