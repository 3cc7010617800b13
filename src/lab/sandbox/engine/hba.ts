/**
 * The rules that the server really reads. In Docker a connection comes from the container itself (its socket, its
 * 127.0.0.1) or from another address on the network. In the sandbox what comes from the container itself comes by
 * the socket, and all others from 127.0.0.1. So:
 * - `trust` for 127.0.0.1, ::1 or localhost speaks of the container itself and must not let the others in;
 * - a rule for addresses of a Docker network speaks of the others.
 * Line for line the same, so that line numbers in messages are those of the learner's file. `names` are those of
 * the containers.
 */
export function effectiveRules(text: string, names: readonly string[] = []): string {
  return text
    .split('\n')
    .map((line) => effectiveRule(line, names))
    .join('\n');
}

/** The address of a rule as the learner wrote it, without its mask; null for a line that has none. */
export function ruleAddress(line: string): string | null {
  return RULE.exec(line)?.[2]?.replaceAll('"', '').split('/')[0] ?? null;
}

/** An address that no connection of this machine has: the limited broadcast. */
const NOBODY = '255.255.255.255/32';
const EVERY_OTHER = '127.0.0.1/32';

/** A rule's line: type, databases, users, address, perhaps a mask, method and options. */
const RULE =
  /^(\s*(?:host|hostssl|hostnossl|hostgssenc|hostnogssenc)\s+(?:"[^"]*"|\S+)\s+(?:"[^"]*"|\S+)\s+)("?[^\s"]+"?)(\s+)(\S+)(.*)$/;

function effectiveRule(line: string, names: readonly string[]): string {
  const match = RULE.exec(line);
  if (!match) return line;
  const [, before = '', quoted = '', gap = ' ', next = '', rest = ''] = match;
  const address = quoted.replaceAll('"', '');
  // Address and mask may be two words.
  const mask = /^\d+\.\d+\.\d+\.\d+$/.test(address) && /^\d+\.\d+\.\d+\.\d+$/.test(next) ? next : null;
  const method = mask === null ? next : (rest.trim().split(/\s+/)[0] ?? '');
  const kind = names.includes(address) ? 'network' : whoIsMeant(address, mask);
  if (kind === 'itself' && method === 'trust') return put(NOBODY);
  if (kind === 'network') return put(EVERY_OTHER);
  return line;

  function put(replacement: string): string {
    return mask === null ? `${before}${replacement}${gap}${next}${rest}` : `${before}${replacement}${rest}`;
  }
}

function whoIsMeant(address: string, mask: string | null): 'itself' | 'network' | 'other' {
  if (/^(?:localhost|::1(?:\/128)?|samehost)$/i.test(address)) return 'itself';
  if (/^samenet$/i.test(address)) return 'network';
  const [ip = '', bits] = address.split('/');
  const own = toNumber(ip);
  if (own === null) return 'other';
  const length = mask === null ? Number(bits ?? 32) : bitsOf(mask);
  if (!(length >= 0 && length <= 32)) return 'other';
  if (length > 0 && covers(own, length, toNumber('127.0.0.1'))) return 'itself';
  return DOCKER_ADDRESSES.some(
    (one) => covers(own, length, toNumber(one)) || covers(toNumber(one) ?? 0, 16, own),
  )
    ? 'network'
    : 'other';
}

/** One address of each of the networks from which an engine takes its bridges, unless it is told otherwise. */
const DOCKER_ADDRESSES = [
  ...Array.from({ length: 15 }, (_, index) => `172.${17 + index}.0.2`),
  ...Array.from({ length: 16 }, (_, index) => `192.168.${index * 16}.2`),
];

function covers(network: number, length: number, address: number | null): boolean {
  if (address === null) return false;
  if (length === 0) return true;
  const shift = 32 - length;
  return network >>> shift === address >>> shift;
}

function toNumber(ip: string): number | null {
  const parts = ip.split('.').map(Number);
  if (parts.length !== 4 || parts.some((part) => !Number.isInteger(part) || part < 0 || part > 255))
    return null;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}

function bitsOf(mask: string): number {
  const value = toNumber(mask);
  if (value === null) return -1;
  const length = value.toString(2).replace(/0+$/, '').length;
  return value === 0 ? 0 : value.toString(2).padStart(32, '0').includes('01') ? -1 : length;
}
