/** Parameters of a connection, by libpq's names: host, port, dbname, user … */
export type Parameters = ReadonlyMap<string, string>;

/** A connection string that libpq refuses (exit code 2), or one that only the sandbox does (125). */
export class ConninfoError extends Error {
  readonly exitCode: number;
  constructor(message: string, exitCode: number) {
    super(message);
    this.name = 'ConninfoError';
    this.exitCode = exitCode;
  }
}

const KNOWN = new Set([
  'host',
  'hostaddr',
  'port',
  'dbname',
  'user',
  'password',
  'application_name',
  'fallback_application_name',
  'replication',
  'options',
  'sslmode',
  'connect_timeout',
  'client_encoding',
  'gssencmode',
  'channel_binding',
]);

/** Of libpq, but not of the sandbox. */
const FOREIGN = new Set([
  'service',
  'passfile',
  'keepalives',
  'keepalives_idle',
  'keepalives_interval',
  'keepalives_count',
  'tcp_user_timeout',
  'sslcompression',
  'sslcert',
  'sslkey',
  'sslpassword',
  'sslrootcert',
  'sslcrl',
  'sslcrldir',
  'sslsni',
  'requirepeer',
  'ssl_min_protocol_version',
  'ssl_max_protocol_version',
  'krbsrvname',
  'gsslib',
  'target_session_attrs',
]);

const URI = /^postgres(?:ql)?:\/\//;

const isUri = (text: string): boolean => URI.test(text);

/** Whether a word that stands for a database's name is a connection string. */
export const isConninfo = (word: string): boolean => URI.test(word) || word.includes('=');

/** Reads `host=leader user=x …` or `postgresql://…`; any names. Throws ConninfoError. */
export const readConninfo = (text: string): Parameters => (isUri(text) ? fromUri(text) : fromPairs(text));

/** Reads a connection string, of the options that psql and its sisters know here. Throws ConninfoError. */
export function parseConninfo(text: string): Parameters {
  const found = readConninfo(text);
  for (const key of found.keys()) {
    if (FOREIGN.has(key))
      throw new ConninfoError(`the sandbox does not know the connection option ${key} of psql`, 125);
    if (!KNOWN.has(key)) {
      const kind = isUri(text) ? 'invalid URI query parameter: ' : 'invalid connection option ';
      throw new ConninfoError(`${kind}"${key}"`, 2);
    }
  }
  return found;
}

/** Writes parameters in the form with equals signs, and quotes whatever is not plainly safe, as libpq's tools do. */
export const writeConninfo = (parameters: Iterable<readonly [string, string]>): string =>
  [...parameters].map(([name, value]) => `${name}=${quoted(value)}`).join(' ');

const quoted = (value: string): string =>
  /^[A-Za-z0-9_.]+$/.test(value) ? value : `'${value.replace(/['\\]/g, '\\$&')}'`;

function fromPairs(text: string): Map<string, string> {
  const found = new Map<string, string>();
  let at = 0;
  const skip = () => {
    while (/\s/.test(text[at] ?? '')) at += 1;
  };
  for (skip(); at < text.length; skip()) {
    const start = at;
    while (at < text.length && text[at] !== '=' && !/\s/.test(text[at] ?? '')) at += 1;
    const key = text.slice(start, at);
    skip();
    if (text[at] !== '=') throw new ConninfoError(`missing "=" after "${key}" in connection info string`, 2);
    at += 1;
    skip();
    const quoted = text[at] === "'";
    if (quoted) at += 1;
    let value = '';
    for (;;) {
      const char = text[at];
      if (char === undefined) {
        if (quoted) throw new ConninfoError('unterminated quoted string in connection info string', 2);
        break;
      }
      at += 1;
      if (char === '\\') {
        value += text[at] ?? '';
        at += 1;
      } else if (quoted ? char === "'" : /\s/.test(char)) break;
      else value += char;
    }
    found.set(key, value);
  }
  return found;
}

const AUTHORITY =
  /^(?:(?<user>[^:@/?]*)(?::(?<password>[^@/?]*))?@)?(?<host>\[[^\]]*\]|[^:/?]*)(?::(?<port>\d*))?(?:\/(?<dbname>[^?]*))?(?:\?(?<query>.*))?$/;

function fromUri(text: string): Map<string, string> {
  const parts = AUTHORITY.exec(text.replace(URI, ''))?.groups;
  if (!parts) throw new ConninfoError(`the sandbox's psql can't read this URI: "${text}"`, 125);
  const found = new Map<string, string>();
  for (const key of ['user', 'password', 'host', 'port', 'dbname'] as const) {
    const value = parts[key];
    if (value) found.set(key, decode(key === 'host' ? value.replace(/^\[|\]$/g, '') : value));
  }
  for (const pair of (parts.query ?? '').split('&').filter(Boolean)) {
    const [key = '', value] = pair.split('=');
    if (value === undefined)
      throw new ConninfoError(`missing key/value separator "=" in URI query parameter: "${key}"`, 2);
    found.set(decode(key), decode(value));
  }
  return found;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new ConninfoError(`invalid percent-encoded token: "${text}"`, 2);
  }
}
