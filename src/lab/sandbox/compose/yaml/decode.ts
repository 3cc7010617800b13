import { ComposeError } from '../value.ts';

/** The text of a YAML file: UTF-8, or UTF-16 with a byte order mark. */
export function decodeText(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new ComposeError(`yaml: ${utf8Problem(bytes)}`);
  }
}

/** What is wrong with the first bytes that are not UTF-8, as go-yaml calls it. */
function utf8Problem(bytes: Uint8Array): string {
  for (let at = 0; at < bytes.length; ) {
    const width = widthOf(bytes[at] ?? 0);
    if (width === 0) return 'invalid leading UTF-8 octet';
    for (let i = 1; i < width; i++) {
      const next = bytes[at + i];
      if (next === undefined) return 'incomplete UTF-8 octet sequence';
      if ((next & 0xc0) !== 0x80) return 'invalid trailing UTF-8 octet';
    }
    at += width;
  }
  return 'invalid Unicode character';
}

/** Bytes that a character takes, by its first one; 0 where none begins so. */
function widthOf(first: number): number {
  if (first < 0x80) return 1;
  if ((first & 0xe0) === 0xc0) return 2;
  if ((first & 0xf0) === 0xe0) return 3;
  return (first & 0xf8) === 0xf0 ? 4 : 0;
}
