import { ComposeError } from '../value.ts';

/**
 * Splits a command as Compose does, by a subset of the shell's rules: quotes and backslashes count, and what follows
 * `;`, `&`, `|`, `<` or `>` is dropped in silence, since no shell runs the line.
 */
export function shellWords(line: string): string[] {
  const words: string[] = [];
  let word = '';
  let begun = false;
  let quote = '';
  let escaped = false;
  const finish = () => {
    if (begun) words.push(word);
    word = '';
    begun = false;
  };
  for (const char of line) {
    if (escaped) {
      word += char;
      escaped = false;
    } else if (char === '\\' && quote !== "'") {
      begun = true;
      escaped = true;
    } else if (quote !== '') {
      if (char === quote) quote = '';
      else word += char;
    } else if (char === '"' || char === "'") {
      begun = true;
      quote = char;
    } else if (/[ \t\r\n]/.test(char)) {
      finish();
    } else if (/[;&|<>]/.test(char)) {
      break;
    } else if (/[()]/.test(char) && !word.startsWith('$')) {
      throw new ComposeError('invalid command line string');
    } else {
      begun = true;
      word += char;
    }
  }
  if (escaped || quote !== '') throw new ComposeError('invalid command line string');
  finish();
  return words;
}
