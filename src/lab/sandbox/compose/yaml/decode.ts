import { ComposeError } from '../value.ts';

/** The text of a YAML file: UTF-8, or UTF-16 with a byte order mark. */
export function decodeText(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new ComposeError(`yaml: ${utf8Problem(bytes)}`);
  }
}

const WHOLE = /^(?:[\0-\x7f]|[\xc0-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf7][\x80-\xbf]{3})*/;

/** What is wrong with the first bytes that are not UTF-8, as go-yaml calls it. */
function utf8Problem(bytes: Uint8Array): string {
  const rest = Buffer.from(bytes).toString('latin1').replace(WHOLE, '');
  if (/^[\x80-\xbf\xf8-\xff]/.test(rest)) return 'invalid leading UTF-8 octet';
  return /^.[\x80-\xbf]*$/.test(rest) ? 'incomplete UTF-8 octet sequence' : 'invalid trailing UTF-8 octet';
}
