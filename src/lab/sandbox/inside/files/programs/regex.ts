import { CLASSES } from '../pattern.ts';

/**
 * A POSIX regular expression (basic, or extended as with -E) as one of JavaScript. null for one that is wrong.
 * Alternatives match the first that fits, not the longest; that shows in sed only.
 */
export function posixRegExp(pattern: string, options: { extended: boolean; flags?: string }): RegExp | null {
  try {
    return new RegExp(translate(pattern, options.extended), `${options.flags ?? ''}`);
  } catch {
    return null;
  }
}

function translate(pattern: string, extended: boolean): string {
  let out = '';
  for (let at = 0; at < pattern.length; at += 1) {
    const char = pattern[at] ?? '';
    const start = out === '' || /(?:^|[^\\])(?:\(|\|)$/.test(out) || out === '^';
    if (char === '\\') {
      at += 1;
      const next = pattern[at];
      if (next === undefined) throw new SyntaxError('Trailing backslash');
      // In a basic expression the backslash gives these their meaning; in an extended one it takes it.
      if ('(){}|+?'.includes(next)) out += extended ? `\\${next}` : next;
      else if (/[1-9wWsSbB]/.test(next)) out += `\\${next}`;
      else if (next === '<' || next === '>') out += '\\b';
      else out += next === 'n' ? '\\n' : next === 't' ? '\\t' : next.replace(/[\\^$.*[\]/]/, '\\$&');
    } else if (char === '[') {
      const { source, end } = bracket(pattern, at);
      out += source;
      at = end;
    } else if ('(){}|+?'.includes(char)) out += extended ? char : `\\${char}`;
    else if (char === '*' && start) out += '\\*';
    else if (!extended && char === '^' && !start) out += '\\^';
    else if (!extended && char === '$' && at < pattern.length - 1 && !/^\\[)|]/.test(pattern.slice(at + 1)))
      out += '\\$';
    else if (char === ']' || char === '/') out += `\\${char}`;
    else out += char;
  }
  return out;
}

function bracket(pattern: string, start: number): { source: string; end: number } {
  let at = start + 1;
  const not = pattern[at] === '^';
  if (not) at += 1;
  let inside = '';
  for (let first = true; at < pattern.length; first = false) {
    const named = /^\[:([a-z]+):\]/.exec(pattern.slice(at));
    if (named) {
      inside += CLASSES[named[1] ?? ''] ?? '';
      at += named[0].length;
      continue;
    }
    const char = pattern[at] ?? '';
    if (char === ']' && !first) return { source: `[${not ? '^' : ''}${inside}]`, end: at };
    inside +=
      char === '\\' || char === '[' || char === ']' || (char === '^' && inside === '') ? `\\${char}` : char;
    at += 1;
  }
  throw new SyntaxError('Unmatched [');
}
