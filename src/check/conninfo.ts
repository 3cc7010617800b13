/**
 * Parses a libpq connection string, `host=leader user='my user'` or `postgresql://user@host:port/…`, into its
 * keywords. What can't be read is left out.
 */
export function parseConninfo(text: string): Record<string, string> {
  return /^postgres(ql)?:\/\//.test(text.trim()) ? parseUri(text.trim()) : parsePairs(text);
}

function parsePairs(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  const pair = /\s*(\w+)\s*=\s*(?:'((?:[^'\\]|\\.)*)'|((?:[^\s\\]|\\.)*))/gy;
  for (const [, name = '', quoted, bare = ''] of text.matchAll(pair)) {
    found[name] = (quoted ?? bare).replace(/\\(.)/g, '$1');
  }
  return found;
}

function parseUri(text: string): Record<string, string> {
  const match = /^\w+:\/\/(?:([^@/?]*)@)?([^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/.exec(text);
  const [, login = '', place = '', dbname = '', query = ''] = match ?? [];
  const hosts = place.split(',').map((one) => /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(one));
  const found: Record<string, string> = {
    user: login.split(':')[0] ?? '',
    host: hosts.map((host) => host?.[1] ?? '').join(','),
    port: hosts.map((host) => host?.[2] ?? '').join(','),
    dbname,
  };
  for (const [name, value] of new URLSearchParams(query)) found[name] = value;
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value.replaceAll(',', '') !== ''));
}
