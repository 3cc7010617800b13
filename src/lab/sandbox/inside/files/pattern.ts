/** One component of a shell pattern as a regular expression. A backslash makes the next character an ordinary one. */
export function patternToRegExp(pattern: string): RegExp {
  let source = '';
  for (let at = 0; at < pattern.length; at += 1) {
    const char = pattern[at] ?? '';
    if (char === '\\' && at + 1 < pattern.length) {
      at += 1;
      source += escaped(pattern[at] ?? '');
    } else if (char === '*') source += '[^]*';
    else if (char === '?') source += '[^]';
    else if (char === '[') {
      const set = readSet(pattern, at);
      source += set ? set.source : '\\[';
      if (set) at = set.end;
    } else source += escaped(char);
  }
  return new RegExp(`^${source}$`);
}

/** Whether something in it stands for other characters. */
export function isPattern(text: string): boolean {
  return /[*?[]/.test(text.replace(/\\[\s\S]/g, ''));
}

export const unescapePattern = (text: string): string => text.replace(/\\([\s\S])/g, '$1');

export const escapePattern = (text: string): string => text.replace(/[\\*?[\]]/g, '\\$&');

const escaped = (char: string): string => char.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

/** `[abc]`, `[!a-z]`, `[[:digit:]]`; null where the bracket is not closed. */
function readSet(pattern: string, start: number): { source: string; end: number } | null {
  let at = start + 1;
  const not = /[!^]/.test(pattern[at] ?? '');
  if (not) at += 1;
  let inside = '';
  for (let first = true; at < pattern.length; first = false) {
    const named = /^\[:([a-z]+):\]/.exec(pattern.slice(at));
    if (named) {
      inside += CLASSES[named[1] ?? ''] ?? '';
      at += named[0].length;
      continue;
    }
    let char = pattern[at] ?? '';
    if (char === ']' && !first) return { source: `[${not ? '^' : ''}${inside}]`, end: at };
    if (char === '\\') {
      at += 1;
      char = pattern[at] ?? '';
    }
    inside += char === '-' ? '-' : escaped(char);
    at += 1;
  }
  return null;
}

/** POSIX character classes, for use between brackets of a regular expression. */
export const CLASSES: Record<string, string> = {
  alnum: 'A-Za-z0-9',
  alpha: 'A-Za-z',
  blank: ' \\t',
  digit: '0-9',
  lower: 'a-z',
  punct: '!-\\/:-@\\[-`{-~',
  space: '\\s',
  upper: 'A-Z',
  xdigit: '0-9A-Fa-f',
};
