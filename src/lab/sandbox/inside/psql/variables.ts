import { isVariableName, PSQL_VERSION } from './options.ts';
import { toBoolean } from './pset.ts';

/** psql's variables; some steer psql itself and take certain values only. */
export type Variables = Map<string, string>;

const CHOICES: Record<string, readonly string[]> = {
  ECHO: ['none', 'errors', 'queries', 'all'],
  VERBOSITY: ['default', 'terse', 'verbose', 'sqlstate'],
  SHOW_CONTEXT: ['never', 'errors', 'always'],
};
/** How psql lists them in its complaint. */
const SHOWN_CHOICES: Record<string, string> = {
  ECHO: 'none, errors, queries, all',
  VERBOSITY: 'default, verbose, terse, sqlstate',
  SHOW_CONTEXT: 'never, errors, always',
};

/** Booleans; for those with a value, it is the only one that the sandbox's psql can be set to. */
const BOOLEANS: Record<string, string | null> = {
  ON_ERROR_STOP: null,
  QUIET: null,
  AUTOCOMMIT: 'on',
  ON_ERROR_ROLLBACK: 'off',
  SINGLELINE: 'off',
  SINGLESTEP: 'off',
  ECHO_HIDDEN: 'off',
  HIDE_TABLEAM: 'off',
  HIDE_TOAST_COMPRESSION: 'off',
};

export function newVariables(): Variables {
  return new Map([
    ['AUTOCOMMIT', 'on'],
    ['COMP_KEYWORD_CASE', 'preserve-upper'],
    ['ECHO', 'none'],
    ['ECHO_HIDDEN', 'off'],
    ['ENCODING', 'UTF8'],
    ['FETCH_COUNT', '0'],
    ['HIDE_TABLEAM', 'off'],
    ['HIDE_TOAST_COMPRESSION', 'off'],
    ['HISTCONTROL', 'none'],
    ['HISTSIZE', '500'],
    ['IGNOREEOF', '0'],
    ['LAST_ERROR_MESSAGE', ''],
    ['LAST_ERROR_SQLSTATE', '00000'],
    ['ON_ERROR_ROLLBACK', 'off'],
    ['ON_ERROR_STOP', 'off'],
    ['PROMPT1', '%/%R%x%# '],
    ['PROMPT2', '%/%R%x%# '],
    ['PROMPT3', '>> '],
    ['QUIET', 'off'],
    ['SHOW_CONTEXT', 'errors'],
    ['SINGLELINE', 'off'],
    ['SINGLESTEP', 'off'],
    ['VERBOSITY', 'default'],
    ['VERSION', `PostgreSQL ${PSQL_VERSION}`],
    ['VERSION_NAME', PSQL_VERSION],
    ['VERSION_NUM', versionNumber(PSQL_VERSION)],
  ]);
}

/** `14.23` is 140023. */
export function versionNumber(version: string): string {
  const [major = 0, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  return String(major * 10_000 + minor);
}

/** Sets a variable as `\set` does. Answers what is wrong, or null. */
export function setVariable(variables: Variables, name: string, value: string): string | null {
  if (!isVariableName(name)) return `invalid variable name: "${name}"`;
  const choices = CHOICES[name];
  if (choices) {
    const choice = value.toLowerCase();
    if (!choices.includes(choice))
      return `unrecognized value "${value}" for "${name}"\nAvailable values are: ${SHOWN_CHOICES[name]}.`;
    variables.set(name, choice);
    return null;
  }
  const only = BOOLEANS[name];
  if (only === undefined) {
    variables.set(name, value);
    return null;
  }
  const on = value === '' ? true : toBoolean(value);
  if (on === null) return `unrecognized value "${value}" for "${name}": Boolean expected`;
  if (only !== null && only !== (on ? 'on' : 'off'))
    return `the sandbox's psql does not know ${name} ${on ? 'on' : 'off'}`;
  // psql keeps what was typed, except that nothing means on.
  variables.set(name, value === '' ? 'on' : value);
  return null;
}

/** Removes a variable; those that steer psql go back to what they were. */
export function unsetVariable(variables: Variables, name: string): string | null {
  if (!isVariableName(name)) return `invalid variable name: "${name}"`;
  const first = newVariables().get(name);
  const special = name in CHOICES || name in BOOLEANS;
  if (special && first !== undefined)
    variables.set(name, name in BOOLEANS && name !== 'AUTOCOMMIT' ? 'off' : first);
  else variables.delete(name);
  return null;
}

export const isOn = (variables: Variables, name: string): boolean =>
  toBoolean(variables.get(name) ?? '') === true;
