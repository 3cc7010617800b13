import { ComposeError, isMapping, type Mapping } from '../value.ts';
import { type Field, fieldsOf, flag, same, size, struct, text } from './fields.ts';
import { absolutePath, cleanPath } from './paths.ts';

interface ParsedVolume {
  type: string;
  source: string;
  target: string;
  readOnly: boolean;
  bind: Mapping | null;
  volume: Mapping | null;
}

const PROPAGATIONS = ['rprivate', 'private', 'rshared', 'shared', 'rslave', 'slave'];

/** Reads `source:target:options`. A single letter before a colon is a Windows drive, so `a:/b` is one path. */
export function parseVolume(spec: string): ParsedVolume {
  if (spec === '') throw new ComposeError('invalid empty volume spec');
  if (spec.length <= 2) return { ...nothing, type: 'volume', target: spec };
  const parts = sections(spec);
  const problem = parts.includes('') ? 'empty section between colons' : 'too many colons';
  if (parts.includes('') || parts.length > 3) throw new ComposeError(`invalid spec: ${spec}: ${problem}`);
  const [first = '', second, options = ''] = parts;
  const volume = {
    ...nothing,
    ...(second === undefined ? { target: first } : { source: first, target: second }),
  };
  return typed(withOptions(volume, options.split(',')));
}

const nothing: ParsedVolume = { type: '', source: '', target: '', readOnly: false, bind: null, volume: null };

function sections(spec: string): string[] {
  const parts = [''];
  for (const char of spec) {
    const last = parts.at(-1) ?? '';
    if (char === ':' && !/^\p{L}$/u.test(last)) parts.push('');
    else parts[parts.length - 1] = last + char;
  }
  return parts;
}

/** Unknown options are ignored, as Compose does. */
function withOptions(volume: ParsedVolume, options: string[]): ParsedVolume {
  const of = (names: string[]) => options.findLast((option) => names.includes(option));
  const propagation = of(PROPAGATIONS);
  const selinux = of(['z', 'Z']);
  const bind = { ...(selinux && { selinux }), ...(propagation && { propagation }) };
  return {
    ...volume,
    readOnly: of(['ro', 'rw']) === 'ro',
    bind: Object.keys(bind).length > 0 ? bind : null,
    volume: of(['nocopy']) ? { nocopy: true } : null,
  };
}

function typed(volume: ParsedVolume): ParsedVolume {
  if (/^(?:[./~]|\\\\|\p{L}:)/u.test(volume.source)) {
    return { ...volume, type: 'bind', bind: { ...volume.bind, create_host_path: true } };
  }
  return { ...volume, type: 'volume', volume: volume.volume ?? {} };
}

const FIELDS: Record<string, Field> = {
  type: text,
  source: text,
  target: text,
  read_only: flag,
  consistency: text,
  bind: struct({ selinux: text, propagation: text, create_host_path: flag, recursive: text }),
  volume: struct({ nocopy: flag, subpath: text }),
  tmpfs: struct({ size, mode: same }),
};

/** Mounts in Compose's long form, with absolute sources. */
export const volumes: Field = (value, place) => {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  return value.map((item, i) => {
    const long = typeof item === 'string' ? longForm(parseVolume(item)) : isMapping(item) ? item : {};
    const { type, source = '', target = '' } = long;
    const isPath = type === 'bind' && typeof source === 'string' && source !== '';
    const cleaned = {
      ...long,
      source: isPath ? absolutePath(source, place.folders) : source,
      target: cleanPath(String(target)),
    };
    return fieldsOf(FIELDS, cleaned, { ...place, path: `${place.path}[${i}]` });
  });
};

function longForm({ type, source, target, readOnly, bind, volume }: ParsedVolume): Mapping {
  return { type, source, target, read_only: readOnly, ...(bind && { bind }), ...(volume && { volume }) };
}
