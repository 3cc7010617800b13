import type { Reader } from './reader.ts';
import { SyntaxProblem } from './syntax.ts';

/** Words that end a list, where a command could begin. */
export const CLOSING = ['then', 'elif', 'else', 'fi', 'do', 'done', '}'];

/** What stands at the reader does not belong there. */
export function unexpected(reader: Reader, expecting: string | null = null): SyntaxProblem {
  const token = /^(?:\n|&&|\|\||;;|[;&|()<>]|[^\s;&|<>()]+)/.exec(reader.rest())?.[0] ?? '';
  const shown = token === '\n' ? 'newline' : token;
  const name = reader.flavour === 'sh' ? (token === '\n' ? 'newline' : `"${token}"`) : shown;
  return new SyntaxProblem(
    reader.flavour === 'sh'
      ? `Syntax error: ${/^\w/.test(token) && !CLOSING.includes(token) ? 'word' : name} unexpected${expecting ? ` (expecting ${expecting})` : ''}`
      : `syntax error near unexpected token \`${shown}'`,
    reader.line,
  );
}

/** The script ended too early. */
export function ended(reader: Reader, expecting: string | null): SyntaxProblem {
  return reader.flavour === 'sh'
    ? new SyntaxProblem(
        `Syntax error: end of file unexpected${expecting ? ` (expecting ${expecting})` : ''}`,
        reader.line,
      )
    : new SyntaxProblem('syntax error: unexpected end of file', reader.line + 1);
}
