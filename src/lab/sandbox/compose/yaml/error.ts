import { ComposeError } from '../value.ts';

/** A place in the text; line and column count from 0. */
export interface Mark {
  index: number;
  line: number;
  column: number;
}

/**
 * An error as go-yaml words it, the YAML library of Compose. It counts lines from 0 in the parser's errors and from 1
 * in the scanner's, names where the surrounding piece begins rather than the slip, and leaves line 0 away.
 */
function yamlError(problem: string, context: Mark | null, at: Mark, countsFrom: 0 | 1): ComposeError {
  const mark = context !== null && context.line !== 0 ? context : at;
  const line = mark.line === 0 ? '' : `line ${mark.line + countsFrom}: `;
  return new ComposeError(`yaml: ${line}${problem}`);
}

/** A slip that the scanner finds, while it makes tokens of characters. `context`: where the token begins. */
export function scannerError(problem: string, context: Mark, at: Mark): ComposeError {
  return yamlError(problem, context, at, 1);
}

/** A slip that the parser finds, while it makes nodes of tokens. `context`: where the collection begins. */
export function parserError(problem: string, context: Mark | null, at: Mark): ComposeError {
  return yamlError(problem, context, at, 0);
}
