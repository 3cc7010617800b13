/** Comparison of parameter values the way PostgreSQL means them: `256MB`, `262144kB` and 256 in MB are the same. */

const UNITS: Record<string, { of: 'bytes' | 'time'; factor: number }> = {
  B: { of: 'bytes', factor: 1 },
  kB: { of: 'bytes', factor: 1024 },
  MB: { of: 'bytes', factor: 1024 ** 2 },
  GB: { of: 'bytes', factor: 1024 ** 3 },
  TB: { of: 'bytes', factor: 1024 ** 4 },
  us: { of: 'time', factor: 1 },
  ms: { of: 'time', factor: 1e3 },
  s: { of: 'time', factor: 1e6 },
  min: { of: 'time', factor: 60e6 },
  h: { of: 'time', factor: 3600e6 },
  d: { of: 'time', factor: 86400e6 },
};

/** Unit of a bare number in the file (pg_settings.unit), for the parameters that a course is likely to set. */
const BASE_UNITS: Record<string, string> = {
  wal_keep_size: 'MB',
  max_wal_size: 'MB',
  min_wal_size: 'MB',
  max_slot_wal_keep_size: 'MB',
  shared_buffers: '8kB',
  wal_buffers: '8kB',
  effective_cache_size: '8kB',
  work_mem: 'kB',
  maintenance_work_mem: 'kB',
  wal_sender_timeout: 'ms',
  wal_receiver_timeout: 'ms',
  recovery_min_apply_delay: 'ms',
  wal_receiver_status_interval: 's',
  checkpoint_timeout: 's',
};

/**
 * @param unit pg_settings.unit of `actual`; null for a value from a file, whose base unit is looked up by name.
 */
export function sameValue(name: string, wanted: string, actual: string, unit: string | null = null): boolean {
  const base = unit ?? BASE_UNITS[name.toLowerCase()] ?? null;
  const bool = /^(on|off|true|false|yes|no)$/i.test(wanted.trim()) ? boolean(wanted) : null;
  if (bool !== null) return boolean(actual) === bool;
  const left = quantity(wanted, base);
  if (left !== null) return quantity(actual, base) === left;
  return wanted.trim().toLowerCase() === actual.trim().toLowerCase();
}

/** PostgreSQL takes any unique beginning of these words. */
function boolean(text: string): boolean | null {
  const word = text.trim().toLowerCase();
  if (word === '1' || word === 'on' || (word && ('true'.startsWith(word) || 'yes'.startsWith(word))))
    return true;
  const off = word === '0' || word === 'of' || word === 'off';
  return off || (word && ('false'.startsWith(word) || 'no'.startsWith(word))) ? false : null;
}

function quantity(text: string, base: string | null): string | null {
  const match = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*([A-Za-z]*)$/.exec(text.trim());
  if (!match) return null;
  const number = Number(match[1]);
  if (!match[2]) return base ? inBase(number, base) : String(number);
  const unit = UNITS[match[2]];
  return unit ? `${number * unit.factor} ${unit.of}` : null;
}

/** A base unit may have a number of its own: `8kB`. */
function inBase(number: number, base: string): string {
  const match = /^(\d*)(\w+)$/.exec(base);
  const unit = UNITS[match?.[2] ?? ''];
  return unit ? `${number * Number(match?.[1] || 1) * unit.factor} ${unit.of}` : String(number);
}
