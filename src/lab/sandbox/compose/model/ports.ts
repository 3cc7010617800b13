import { isIP } from 'node:net';
import { ComposeError, goType, isMapping, type Mapping, type Value } from '../value.ts';

/** Ports of a service in Compose's long form; a range of container ports becomes several. */
export function canonicalPorts(ports: Value[], path: string, most: number): Mapping[] {
  let count = 0;
  return ports.flatMap((item) => {
    if (isMapping(item)) return [longPort(item)];
    if (typeof item === 'string' || typeof item === 'number') {
      const parsed = parsePorts(String(item));
      count += parsed.length;
      if (count > most) throw new ComposeError(`${path}: more than ${most} ports`);
      return parsed.map(longPort);
    }
    throw new ComposeError(`${path}: invalid type ${goType(item)} for port`);
  });
}

function longPort(port: Mapping): Mapping {
  const { name, mode = 'ingress', host_ip, target, published, protocol = 'tcp', app_protocol } = port;
  return {
    ...(name && { name }),
    mode,
    ...(host_ip && { host_ip }),
    ...(target && { target }),
    ...(published !== undefined && published !== '' && { published: String(published) }),
    protocol,
    ...(app_protocol && { app_protocol }),
  };
}

interface Range {
  start: number;
  end: number;
}

/** Reads `ip:host:container/protocol`, in which all but the container's port may be left away. */
function parsePorts(text: string): Mapping[] {
  const { host_ip, host, container } = split(text);
  const [port = '', protocol = ''] = container.split('/');
  if (port === '') throw new ComposeError(`No port specified: ${text}<empty>`);
  const inside = range(port, 'containerPort');
  const outside = host === '' ? null : range(host, 'hostPort');
  const more = inside.end - inside.start;
  if (outside !== null && outside.end - outside.start !== more && more > 0) {
    throw new ComposeError(`Invalid ranges specified for container and host Ports: ${port} and ${host}`);
  }
  const proto = protocol === '' ? 'tcp' : protocol.toLowerCase();
  if (!['tcp', 'udp', 'sctp'].includes(proto)) throw new ComposeError(`Invalid proto: ${protocol}`);
  return Array.from({ length: more + 1 }, (_, i) => ({
    host_ip,
    target: inside.start + i,
    published: outside === null ? '' : published(outside, more, i),
    protocol: proto,
  }));
}

/** One container port with a range of host ports takes any of them. */
function published(outside: Range, more: number, i: number): string {
  const any = more === 0 && outside.end !== outside.start;
  return any ? `${outside.start}-${outside.end}` : String(outside.start + i);
}

function split(text: string): { host_ip: string; host: string; container: string } {
  const parts = text.split(':');
  const container = parts.pop() ?? '';
  const host = parts.pop() ?? '';
  const address = parts.join(':');
  return { host_ip: parts.length === 0 ? '' : ipAddress(address), host, container };
}

function ipAddress(written: string): string {
  const address = /^\[(.*)\]$/.exec(written)?.[1] ?? written;
  if (address === written && written.includes(':')) {
    const problem = `address ${written}:: too many colons in address`;
    throw new ComposeError(`Invalid ip address ${written}: ${problem}`);
  }
  if (address !== '' && isIP(address) === 0) throw new ComposeError(`Invalid ip address: ${address}`);
  return address;
}

const LAST_PORT = 65_535;

function range(text: string, what: string): Range {
  const [first = '', second] = text.split('-');
  const valid = (port: string) => /^\d+$/.test(port) && Number(port) <= LAST_PORT;
  const start = Number(first);
  const end = Number(second ?? first);
  if (!valid(first) || !valid(second ?? first) || end < start) {
    throw new ComposeError(`Invalid ${what}: ${text}`);
  }
  return { start, end };
}
