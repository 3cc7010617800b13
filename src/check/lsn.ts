/**
 * WAL positions. `0/3027988` is two hexadecimal halves of one 64-bit byte position. They must not be compared as
 * text: `0/9` is before `0/10`, and PostgreSQL 19 pads with zeros.
 */
export function parseLsn(text: string): bigint | null {
  const match = /^([0-9a-f]{1,8})\/([0-9a-f]{1,8})$/i.exec(text.trim());
  return match ? (BigInt(`0x${match[1]}`) << 32n) | BigInt(`0x${match[2]}`) : null;
}

/** Bytes from `from` to `to`; negative when `to` is before it, null when either is no LSN. */
export function bytesBetween(from: string | null, to: string | null): bigint | null {
  const start = from === null ? null : parseLsn(from);
  const end = to === null ? null : parseLsn(to);
  return start === null || end === null ? null : end - start;
}
