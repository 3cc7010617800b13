import { ComposeError } from '../value.ts';

/** Values of variables, and what is to be said to the learner on the way. */
export interface Variables {
  get(name: string): string | undefined;
  warn(message: string): void;
  /** Counts the characters that values have where they are put in. Throws when they are too many. */
  spend?: ((characters: number) => void) | undefined;
}

/** A `$…` that is none. `template`: the text in which it stands. */
export class InvalidTemplate extends Error {
  readonly template: string;

  constructor(template: string) {
    super(template);
    this.template = template;
  }
}

const NAME = /^[_a-zA-Z][_a-zA-Z0-9]*/;

/**
 * Puts the values of variables into a text: `$X`, `${X}`, `${X:-default}`, `${X-default}`, `${X:?error}`, `${X?error}`,
 * `${X:+instead}`, `${X+instead}`, and `$$` for a dollar. Any other `$` stands for itself.
 */
export function substitute(template: string, variables: Variables): string {
  let text = '';
  let rest = template;
  for (let at = rest.indexOf('$'); at !== -1; at = rest.indexOf('$')) {
    text += rest.slice(0, at);
    rest = rest.slice(at + 1);
    const name = NAME.exec(rest)?.[0];
    if (rest.startsWith('$')) {
      text += '$';
      rest = rest.slice(1);
    } else if (rest.startsWith('{')) {
      const end = closingBrace(rest);
      if (end === -1) throw new InvalidTemplate(template);
      text += braced(rest.slice(1, end), template, variables);
      rest = rest.slice(end + 1);
    } else if (name !== undefined) {
      text += value(name, variables);
      rest = rest.slice(name.length);
    } else {
      text += '$';
    }
  }
  return text + rest;
}

function value(name: string, variables: Variables): string {
  const found = variables.get(name);
  if (found === undefined) {
    variables.warn(`The ${JSON.stringify(name)} variable is not set. Defaulting to a blank string.`);
  }
  variables.spend?.(found?.length ?? 0);
  return found ?? '';
}

/** Where the brace closes that a text begins with; braces inside come in pairs. */
function closingBrace(text: string): number {
  let open = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '{') open += 1;
    if (text[i] === '}') open -= 1;
    if (open === 0) return i;
  }
  return -1;
}

function braced(inner: string, template: string, variables: Variables): string {
  const name = NAME.exec(inner)?.[0];
  if (name === undefined) throw new InvalidTemplate(template);
  if (inner === name) return value(name, variables);
  const [operator] = /^:?[-?+]/.exec(inner.slice(name.length)) ?? [];
  if (operator === undefined) throw new InvalidTemplate(template);
  const argument = inner.slice(name.length + operator.length);
  const found = variables.get(name);
  const missing = found === undefined || (operator.startsWith(':') && found === '');
  if (operator.endsWith('+')) return missing ? '' : substitute(argument, variables);
  if (!missing) {
    variables.spend?.(found.length);
    return found;
  }
  if (operator.endsWith('-')) return substitute(argument, variables);
  const reason = substitute(argument, variables);
  throw new ComposeError(`required variable ${name} is missing a value${reason === '' ? '' : `: ${reason}`}`);
}
