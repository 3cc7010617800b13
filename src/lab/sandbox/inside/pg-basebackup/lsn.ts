/** Reads a WAL position as the server prints it, `0/E000028`: its two halves in hexadecimal digits. */
export function parseLsn(text: string): bigint {
  const [high = '', low = ''] = text.split('/');
  return (BigInt(`0x${high}`) << 32n) | BigInt(`0x${low}`);
}

export const formatLsn = (lsn: bigint): string =>
  `${(lsn >> 32n).toString(16)}/${(lsn & 0xffffffffn).toString(16)}`.toUpperCase();

/** Name of the file in pg_wal that holds a position; `size` is that of a segment, in bytes. */
export function segmentName(timeline: number, lsn: bigint, size: number): string {
  const number = lsn / BigInt(size);
  const perFile = 0x1_0000_0000n / BigInt(size);
  const digits = (value: bigint) => value.toString(16).toUpperCase().padStart(8, '0');
  return `${digits(BigInt(timeline))}${digits(number / perFile)}${digits(number % perFile)}`;
}

const UNITS: Record<string, number> = { B: 1, kB: 1024, MB: 1024 ** 2, GB: 1024 ** 3 };

/** Bytes of `16MB`, as SHOW prints wal_segment_size. */
export function parseSize(text: string): number {
  const [, digits = '', unit = ''] = /^(\d+)\s*([kMG]?B)$/.exec(text) ?? [];
  return Number(digits) * (UNITS[unit] ?? Number.NaN);
}
