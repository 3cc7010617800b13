import { scannerError } from './error.ts';
import type { Reader } from './reader.ts';
import type { Token } from './token.ts';

/** `&name` or `*name`. */
export function scanAnchor(reader: Reader): Token {
  const mark = reader.mark();
  const kind = reader.take() === '*' ? 'alias' : 'anchor';
  let name = '';
  while (/[A-Za-z0-9_-]/.test(reader.char())) name += reader.take();
  if (name === '' || !(reader.isGap() || '?:,]}%@`'.includes(reader.char()))) {
    throw scannerError('did not find expected alphabetic or numeric character', mark, reader.mark());
  }
  return { kind, name, mark };
}

/** `!name`, `!!str` or `!<uri>`. */
export function scanTag(reader: Reader): Token {
  const mark = reader.mark();
  let name = reader.take();
  const allowed = reader.char() === '<' ? /[\w;/?:@&=+$.!~*'()%,[\]<>-]/ : /[\w;/?:@&=+$.!~*'()%-]/;
  while (allowed.test(reader.char())) name += reader.take();
  if (!reader.isGap()) {
    throw scannerError('did not find expected whitespace or line break', mark, reader.mark());
  }
  return { kind: 'tag', name, mark };
}

/** `%YAML 1.2` or `%TAG …`. */
export function scanDirective(reader: Reader): Token {
  const mark = reader.mark();
  reader.take();
  let name = '';
  while (!reader.isGap()) name += reader.take();
  if (name === '') throw scannerError('could not find expected directive name', mark, reader.mark());
  if (name !== 'YAML' && name !== 'TAG') {
    throw scannerError('found unknown directive name', mark, reader.mark());
  }
  const value = reader
    .takeRest()
    .replace(/(?:^|\s)#.*$/, '')
    .trim();
  return { kind: 'directive', name, value, mark };
}
