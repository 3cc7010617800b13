import { getopt, type OptionSpec } from './getopt.ts';
import { DEFAULT_STYLE, type Style } from './print/table.ts';
import { applyPset } from './pset.ts';

/** What psql's command line asks for. */
export interface Options {
  dbname: string | null;
  host: string | null;
  port: string | null;
  user: string | null;
  /** In the order in which they were typed. */
  actions: { kind: 'command' | 'file'; text: string }[];
  style: Style;
  variables: Map<string, string>;
  list: boolean;
  singleTransaction: boolean;
  neverPrompt: boolean;
}

export type OptionsResult =
  | { ok: true; options: Options; warnings: string[] }
  /** Not an error: the text for stdout. */
  | { ok: false; stdout: string }
  | { ok: false; message: string; exitCode: number };

export const PSQL_VERSION = '14.23';

const SPECS: readonly OptionSpec[] = [
  { long: 'echo-all', short: 'a' },
  { long: 'no-align', short: 'A' },
  { long: 'echo-errors', short: 'b' },
  { long: 'command', short: 'c', argument: true },
  { long: 'csv' },
  { long: 'dbname', short: 'd', argument: true },
  { long: 'echo-queries', short: 'e' },
  { long: 'echo-hidden', short: 'E', foreign: true },
  { long: 'file', short: 'f', argument: true },
  { long: 'field-separator', short: 'F', argument: true },
  { long: 'field-separator-zero', short: 'z' },
  { long: 'host', short: 'h', argument: true },
  { long: 'html', short: 'H', foreign: true },
  { long: 'list', short: 'l' },
  { long: 'log-file', short: 'L', argument: true, foreign: true },
  { long: 'no-readline', short: 'n' },
  { long: 'single-transaction', short: '1' },
  { long: 'output', short: 'o', argument: true, foreign: true },
  { long: 'port', short: 'p', argument: true },
  { long: 'pset', short: 'P', argument: true },
  { long: 'quiet', short: 'q' },
  { long: 'record-separator', short: 'R', argument: true },
  { long: 'record-separator-zero', short: '0' },
  { long: 'single-step', short: 's', foreign: true },
  { long: 'single-line', short: 'S', foreign: true },
  { long: 'tuples-only', short: 't' },
  { long: 'table-attr', short: 'T', argument: true, foreign: true },
  { long: 'username', short: 'U', argument: true },
  { long: 'set', short: 'v', argument: true },
  { long: 'variable', argument: true },
  { long: 'version', short: 'V' },
  { long: 'no-password', short: 'w' },
  { long: 'password', short: 'W', foreign: true },
  { long: 'expanded', short: 'x' },
  { long: 'no-psqlrc', short: 'X' },
  { long: 'help', short: '?' },
];

/** Reads psql's command line; `argv` begins with its name. */
export function parseOptions(argv: readonly string[]): OptionsResult {
  const parsed = getopt(argv, SPECS);
  if (!parsed.ok) return parsed;
  const options: Options = {
    dbname: null,
    host: null,
    port: null,
    user: null,
    actions: [],
    style: { ...DEFAULT_STYLE },
    variables: new Map(),
    list: false,
    singleTransaction: false,
    neverPrompt: false,
  };
  const positional: string[] = [];
  for (const word of parsed.words) {
    if (word.kind === 'word') positional.push(word.value);
    else if (word.long === 'version') return { ok: false, stdout: `psql (PostgreSQL) ${PSQL_VERSION}\n` };
    else if (word.long === 'help') return { ok: false, stdout: USAGE };
    else {
      const refused = apply(options, word.long, word.value);
      if (refused !== null) return refused;
    }
  }
  const warnings: string[] = [];
  for (const value of positional) {
    if (options.dbname === null) options.dbname = value;
    else if (options.user === null) options.user = value;
    else warnings.push(`psql: warning: extra command-line argument "${value}" ignored`);
  }
  return { ok: true, options, warnings };
}

function apply(options: Options, long: string, value: string): OptionsResult | null {
  const { style, variables } = options;
  if (long === 'no-align') style.format = 'unaligned';
  else if (long === 'csv') style.format = 'csv';
  else if (long === 'command' || long === 'file') options.actions.push({ kind: long, text: value });
  else if (long === 'dbname') options.dbname = value;
  else if (long === 'host') options.host = value;
  else if (long === 'port') options.port = value;
  else if (long === 'username') options.user = value;
  else if (long === 'list') options.list = true;
  else if (long === 'single-transaction') options.singleTransaction = true;
  else if (long === 'no-password') options.neverPrompt = true;
  else if (long === 'echo-all') variables.set('ECHO', 'all');
  else if (long === 'echo-errors') variables.set('ECHO', 'errors');
  else if (long === 'echo-queries') variables.set('ECHO', 'queries');
  else if (long === 'quiet') variables.set('QUIET', 'on');
  else if (long === 'field-separator') style.fieldSeparator = value;
  else if (long === 'field-separator-zero') style.fieldSeparator = '\0';
  else if (long === 'record-separator') style.recordSeparator = value;
  else if (long === 'record-separator-zero') style.recordSeparator = '\0';
  else if (long === 'tuples-only') style.tuplesOnly = true;
  else if (long === 'expanded') style.expanded = 'on';
  else if (long === 'set' || long === 'variable') return setVariable(variables, value);
  else if (long === 'pset') {
    const [name = '', ...rest] = value.split('=');
    const done = applyPset(style, name, rest.length > 0 ? rest.join('=') : null);
    if (!done.ok)
      return done.foreign
        ? { ok: false, message: done.message, exitCode: 125 }
        : {
            ok: false,
            message: `psql: error: ${done.message}\npsql: fatal: could not set printing parameter "${name}"`,
            exitCode: 1,
          };
  }
  return null;
}

function setVariable(variables: Map<string, string>, assignment: string): OptionsResult | null {
  const at = assignment.indexOf('=');
  const name = at < 0 ? assignment : assignment.slice(0, at);
  if (!isVariableName(name))
    return { ok: false, message: `psql: error: invalid variable name: "${name}"`, exitCode: 1 };
  // `-v NAME` without a value unsets it.
  if (at < 0) variables.delete(name);
  else variables.set(name, assignment.slice(at + 1));
  return null;
}

export const isVariableName = (name: string): boolean => /^[A-Za-z0-9_\u0080-\uffff]+$/.test(name);

const USAGE = `psql is the PostgreSQL interactive terminal. This is the sandbox's own, smaller one.

Usage:
  psql [OPTION]... [DBNAME [USERNAME]]

The sandbox knows these options:
  -c COMMAND   run this command and leave     -f FILE   run the commands of this file
  -d DBNAME    database                       -U NAME   database user
  -h HOST      server, or folder of a socket  -p PORT   port of the server
  -l           list the databases             -V        print the version
  -v NAME=VALUE  set a variable               -P VAR[=ARG]  set how results look
  -1           all in one transaction         -w        never ask for a password
  -x -t -A -F -R -z -0 --csv                  how results look
  -a -b -e -q -X -n                           what else is printed and read
`;
